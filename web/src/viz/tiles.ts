/** Tiles of a file beside the launch, below the map: pictures in web Mercator around the pad. Loaded when such a file is there. */

import { PMTiles, TileType, type Header, type RangeResponse } from "pmtiles";

/** A picture and where it lies: its edges, m east and north of the pad. */
export interface Tile { picture: ImageBitmap; west: number; east: number; south: number; north: number }
export interface Tiles { attribution: string; raster: boolean; around: (half: number, pixels: number) => Promise<Tile[]> }

const A = 6_378_137, E2 = 0.00669437999014;  // of WGS 84: half its longer axis (m), and the square of its eccentricity
const MOST = 36;  // pictures of one map
const KINDS: Partial<Record<TileType, string>> = { [TileType.Png]: "image/png", [TileType.Jpeg]: "image/jpeg", [TileType.Webp]: "image/webp" };

/** Where a point lies in web Mercator, both from 0 to 1: eastwards, southwards. */
export function mercator(latitude: number, longitude: number): [number, number] {
  const s = Math.sin((latitude * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)];
}

/** Metres to the east and to the north for a radian of longitude and of latitude. */
function metres(latitude: number): [number, number] {
  const phi = (latitude * Math.PI) / 180, w = 1 - E2 * Math.sin(phi) ** 2;
  return [(A * Math.cos(phi)) / Math.sqrt(w), (A * (1 - E2)) / w ** 1.5];
}

/** The zoom at which a tile's 256 pixels are about as fine as the map's: of those that the file has. */
export function zoomOf(half: number, pixels: number, latitude: number, low: number, high: number): number {
  const wanted = Math.round(Math.log2((2 * Math.PI * metres(latitude)[0] * pixels) / (2 * half * 256)));
  return Math.max(low, Math.min(high, wanted));
}

/** The tiles that show so far around the pad: a number for each, and its edges; scales are those at the pad. */
export function covering(latitude: number, longitude: number, half: number, zoom: number): { x: number; y: number; west: number; east: number; south: number; north: number }[] {
  const n = 2 ** zoom, [perEast, perNorth] = metres(latitude), [px, py] = mercator(latitude, longitude), far = (1.01 * half) / (2 * Math.PI * perEast), out = [];
  const east = (x: number): number => 2 * Math.PI * (x / n - px) * perEast, north = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) - (latitude * Math.PI) / 180) * perNorth;
  for (let y = Math.max(0, Math.floor((py - far) * n)); y <= Math.min(n - 1, Math.floor((py + far) * n)); y++)
    for (let x = Math.floor((px - far) * n); x <= Math.floor((px + far) * n); x++)
      out.push({ x: ((x % n) + n) % n, y, west: east(x), east: east(x + 1), north: north(y), south: north(y + 1) });
  return out;
}

/** The tiles of a file around a pad; `read`: so many of its bytes from there. */
export async function open(name: string, read: (first: number, length: number) => Promise<ArrayBuffer>, latitude: number, longitude: number): Promise<Tiles> {
  const getBytes = async (first: number, length: number): Promise<RangeResponse> => ({ data: await read(first, length) });
  const file = new PMTiles({ getKey: () => name, getBytes }), header: Header = await file.getHeader(), kind = KINDS[header.tileType];
  const said = (await file.getMetadata().catch(() => null)) as { attribution?: unknown } | null;
  const attribution = typeof said?.attribution === "string" ? plain(said.attribution) : "";
  const kept = new Map<string, Promise<ImageBitmap | null>>();
  const picture = async (z: number, x: number, y: number): Promise<ImageBitmap | null> => {
    try {
      const found = await file.getZxy(z, x, y);
      return found === undefined ? null : await createImageBitmap(new Blob([found.data], { type: kind! }));
    } catch { return null; }  // no such tile, or no picture
  };
  const around = async (half: number, pixels: number): Promise<Tile[]> => {
    let zoom = zoomOf(half, pixels, latitude, header.minZoom, header.maxZoom), wanted = covering(latitude, longitude, half, zoom);
    while (wanted.length > MOST && zoom > header.minZoom) wanted = covering(latitude, longitude, half, --zoom);
    const got = await Promise.all(wanted.slice(0, MOST).map(async (w) => {
      const key = `${zoom} ${w.x} ${w.y}`;
      if (!kept.has(key)) kept.set(key, picture(zoom, w.x, w.y));
      return { ...w, picture: await kept.get(key)! };
    }));
    return got.filter((g): g is typeof g & { picture: ImageBitmap } => g.picture !== null);
  };
  return { attribution, raster: kind !== undefined, around };
}

/** What a text with marks says. */
function plain(text: string): string {
  return (new DOMParser().parseFromString(text, "text/html").body.textContent ?? "").trim().slice(0, 200);
}

/** The landing room: where many flights come down, with everything that may go wrong. */

import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { aim, aiming, busy, draft, edit, FEW, flyMany, judge, judgement, language, MORE, piece, scatter, system, scattering, t, theme, tileFiles, unit, watched } from "../core/store";
import { LaunchFields } from "./room";
import { colour } from "../viz/colours";
import { round } from "./flight";
import type { Aiming, Verdict } from "../core/protocol";

import type { Tile, Tiles } from "../viz/tiles";

const tiles = signal<Tiles | null>(null);
/** The pictures below the map, and of which map. */
const below = signal<{ of: string; pictures: Tile[] }>({ of: "", pictures: [] });
async function openTiles(latitude: number, longitude: number): Promise<void> {
  tiles.value = null;
  below.value = { of: "", pictures: [] };
  try {
    const [first] = await tileFiles();
    if (first !== undefined) tiles.value = await (await import("../viz/tiles")).open(first.name, (from, length) => piece(first.name, from, length), latitude, longitude);
  } catch { /* the map stays plain */ }
}
async function lay(half: number, pixels: number): Promise<void> {
  const own = tiles.value, of = `${half} ${pixels}`;
  if (own === null || !own.raster || below.value.of === of) return;
  below.value = { of, pictures: below.value.pictures };
  const pictures = await own.around(half, pixels);
  if (tiles.value === own && below.value.of === of) below.value = { of, pictures };
}

const COLOURS = ["--blue", "--orange", "--red", "--green", "--violet", "--quiet"];

export function Landing() {
  const s = scatter.value, canvas = useRef<HTMLCanvasElement>(null);
  void [theme.value, language.value, below.value, tiles.value];
  const pad = s?.head.pad;
  useEffect(() => { if (pad !== undefined) void openTiles(pad[0]!, pad[1]!); }, [pad?.join(" ")]);
  useEffect(() => { watched.value = true; return () => { watched.value = false; }; }, []);
  useEffect(() => {
    if (scattering.value) return;
    if (s === null) flyMany(FEW);
    else if (s.head.flights === FEW && !s.head.tried) flyMany(MORE);
  }, [s]);
  useEffect(() => {
    if (s === null || canvas.current === null) return undefined;
    const here = canvas.current, watch = new ResizeObserver(() => { draw(here, s, aiming.value, below.value.pictures); void lay(reach(s, aiming.value), here.width); });
    watch.observe(here.parentElement!);  // says its size at once, and again when that changes
    return () => watch.disconnect();
  });
  return (
    <div class="landing">
      <div class="row">{[FEW, MORE, 100_000].map((n) => <button key={n} onClick={() => flyMany(n)}>{t("fly")}: {n.toLocaleString(language.value)}</button>)}<span role="status">{s === null ? "" : `${s.head.flights.toLocaleString(language.value)} ${t("flights")}${s.head.tried ? `, ${t("quick")}` : ""} `}{scattering.value && draft.value === null ? t("flying") : ""}</span></div>
      <div class="where"><div class="map"><canvas ref={canvas} role="img" aria-label={t("landing")} />{tiles.value === null ? null : <small class="tiles quiet">{tiles.value.raster ? tiles.value.attribution : t("onlyraster")}</small>}</div>
      {s === null ? null : (
        <div><table><caption>{t("modes")}</caption><thead><tr><th scope="col">{t("modes")}</th><th scope="col" class="number">{t("probability")}</th></tr></thead>
          <tbody>{s.head.modes.map((m, k) => <tr key={m.name}><th scope="row"><i class={`swatch s${Math.min(k, 5)}`} /> {m.name}</th><td class="number">{(100 * m.probability).toPrecision(2)} %</td></tr>)}</tbody></table></div>
      )}<LaunchFields of={["rail.", "weather."]} /></div>
      <div class="row"><button id="judge" disabled={busy.value.has("judge")} onClick={judge}>{t("judge")}</button><button id="aim" disabled={busy.value.has("aim")} onClick={aim}>{t("aim")}</button><span role="status">{busy.value.has("judge") || busy.value.has("aim") ? t("flying") : ""}</span></div>
      <Judged /><Aimed />
    </div>
  );
}

const MARK: Record<Verdict, string> = { pass: "✓", fail: "✕", "not evaluated": "?" };
const SHADE: Record<Verdict, string> = { pass: "good", fail: "bad", "not evaluated": "look" };
const share = (p: number): string => `${(100 * p).toPrecision(p > 0 && p < 0.0995 ? 2 : 3)} %`;

function Judged() {
  const j = judgement.value, u = system.value;
  const said = (v: Verdict): string => t(v === "not evaluated" ? "open_" : v);
  if (j === null) return null;
  if (j.error) return <p class="warned bad" role="alert">{j.error}</p>;
  return (
    <section class="judged" aria-live="polite">
      <h2 class={SHADE[j.summary.verdict]} data-verdict={j.summary.verdict}><i>{MARK[j.summary.verdict]}</i> {said(j.summary.verdict)} <small>{j.flights.toLocaleString(language.value)} {t("judgedby")}</small></h2>
      <div class="wide" tabIndex={0} role="region" aria-label={t("judge")}><table><thead><tr><th scope="col">{t("rule")}</th><th scope="col"><span class="only-read">{t("judge")}</span></th><th scope="col" class="number">{t("is")}</th><th scope="col" class="number">{t("limit")}</th><th scope="col" class="number">{t("complies")}</th></tr></thead>
        {[...new Set(j.lines.map((l) => l.pack))].map((pack) => <tbody key={pack}><tr><th scope="rowgroup" colSpan={5} class="pack">{pack}</th></tr>{j.lines.filter((l) => l.pack === pack).map((l) => (
          <tr key={l.title} data-rule={l.verdict}><th scope="row" title={l.source}>{l.title}{l.confirmed ? "" : ` (${t("unconfirmed")})`}{l.verdict !== "pass" && l.why[u] ? <small>{l.why[u]}</small> : null}</th><td class={`verdict ${SHADE[l.verdict]}`}><i>{MARK[l.verdict]}</i> {said(l.verdict)}</td><td class="number">{l.is[u]}</td><td class="number">{l.limit[u]}</td><td class="number">{l.complies === null ? "-" : share(l.complies)}</td></tr>))}</tbody>)}</table></div>
      {j.casualties ? <p>{j.casualties}</p> : null}{j.notes.map((n) => <p key={n.metric} class="warned">{n[u]}</p>)}
    </section>
  );
}

function Aimed() {
  const a = aiming.value, u = system.value;
  if (a === null) return null;
  if (a.error) return <p class="warned bad" role="alert">{a.error}</p>;
  return (
    <section class="aimed" aria-live="polite"><h2>{t("aim")}</h2>
      {a.aims.length === 0 ? <p class="warned">{t("notaimed")}: {a.not_aimed}</p> : <>
        <div class="wide" tabIndex={0} role="region" aria-label={t("aim")}><table><thead><tr><th scope="col">{t("rail")}</th><th scope="col" class="number">{t("q.apogee_agl")}</th><th scope="col" class="number">{t("plannedbad")}</th><th scope="col" class="number">{t("ballisticbad")}</th><th scope="col" class="number">{t("mainbad")}</th><th scope="col" class="number">{t("edge")}</th><th scope="col"><span class="only-read">{t("aimuse")}</span></th></tr></thead>
          <tbody>{a.aims.filter((x, k) => k < 5 || x.own).map((x) => <tr key={`${x.azimuth_deg} ${x.elevation_deg}`}><th scope="row">{x.shown.rail}{x.own ? ` (${t("yours")})` : ""}</th><td class="number">{x.shown.apogee[u]}</td><td class="number">{share(x.planned_bad)}</td><td class="number">{share(x.ballistic_bad)}</td><td class="number">{share(x.main_at_apogee_bad)}</td><td class="number">{x.shown.margin[u]}</td>
            <td>{x.own ? null : <button aria-label={`${t("aimuse")}: ${x.shown.rail}`} onClick={() => edit({ kind: "set", way: ["rail", "azimuth"], value: `${Number(((x.azimuth_deg + 360) % 360).toFixed(3))} deg` }, { kind: "set", way: ["rail", "elevation"], value: `${Number(x.elevation_deg.toFixed(3))} deg` })}>{t("aimuse")}</button>}</td></tr>)}</tbody></table></div>
        <p class="quiet">{t("badly")}</p></>}
      <h3>{t("reach")}</h3>
      <ul>{a.reach.map((r) => <li key={r.kind + r.distance_m}>{r.kind}: <b>{r.shown.distance[u]}</b>, {r.shown.when[u]}</li>)}</ul>
    </section>
  );
}

/** How far the map shows to each side of the pad, m. */
function reach(s: NonNullable<typeof scatter.value>, a: Aiming | null): number {
  let far = 10;
  for (let k = 0; k < s.east.length; k++) far = Math.max(far, Math.abs(s.east[k]!), Math.abs(s.north[k]!));
  for (const r of a?.reach?.slice(0, 1) ?? []) far = Math.max(far, r.distance_m);
  return far * 1.08;
}

function draw(canvas: HTMLCanvasElement, s: NonNullable<typeof scatter.value>, a: Aiming | null, pictures: Tile[]): void {
  const size = canvas.parentElement!.clientWidth, dpr = devicePixelRatio, c = canvas.getContext("2d")!;
  canvas.width = canvas.height = size * dpr;
  c.scale(dpr, dpr);
  c.clearRect(0, 0, size, size);
  const half = reach(s, a), x = (e: number): number => (e / half + 1) * (size / 2), y = (n: number): number => (1 - n / half) * (size / 2);
  const ring = (outline: [number, number][], close: boolean): void => {
    c.beginPath();
    outline.forEach(([e, n], k) => (k === 0 ? c.moveTo(x(e), y(n)) : c.lineTo(x(e), y(n))));
    if (close) c.closePath();
  };
  c.globalAlpha = 0.6;
  for (const p of pictures) c.drawImage(p.picture, x(p.west), y(p.north), x(p.east) - x(p.west), y(p.south) - y(p.north));
  c.globalAlpha = 1;
  const [name, factor] = unit("length"), step = round((half * factor) / 2.5) / factor;
  c.strokeStyle = colour("--line");
  c.fillStyle = colour("--quiet");
  c.font = "12px system-ui";
  for (let r = step; r < half * 1.42; r += step) {
    c.beginPath();
    c.arc(x(0), y(0), (r / half) * (size / 2), 0, 2 * Math.PI);
    c.stroke();
    if (r < half) c.fillText(`${(r * factor).toLocaleString(language.value)} ${name}`, x(0) + 4, y(r) - 3);
  }
  for (const p of s.head.shapes) {
    ring(p.outline, p.kind !== "road");
    c.strokeStyle = p.kind === "boundary" || p.kind === "keep in" ? colour("--green") : colour("--orange");
    c.stroke();
    const [e, n] = p.outline[0] ?? [0, 0];
    c.fillText(p.name, x(e) + 3, y(n) - 3);
  }
  for (let k = s.east.length - 1; k >= 0; k--) {
    c.fillStyle = colour(COLOURS[Math.min(s.mode[k]!, 5)]!);
    c.globalAlpha = 0.6;
    c.fillRect(x(s.east[k]!) - 1, y(s.north[k]!) - 1, 2.5, 2.5);
  }
  c.globalAlpha = 1;
  c.strokeStyle = colour("--ink");
  c.fillStyle = colour("--ink");
  for (const e of s.head.ellipse) {
    ring(e.outline, true);
    c.stroke();
    const top = e.outline.reduce((a, b) => (b[1] > a[1] ? b : a));
    c.fillText(`${100 * e.share} %`, x(top[0]), y(top[1]) - 4);
  }
  const best = a?.aims[0];
  if (best !== undefined && best.elevation_deg < 89.999) {
    const angle = (best.azimuth_deg * Math.PI) / 180, long = 0.12 * size;
    c.strokeStyle = c.fillStyle = colour("--violet");
    c.lineWidth = 2.5;
    c.beginPath();
    c.moveTo(x(0), y(0));
    c.lineTo(x(0) + long * Math.sin(angle), y(0) - long * Math.cos(angle));
    c.stroke();
    c.lineWidth = 1;
    c.fillText(`${t("rail")} ${best.shown.rail}`, x(0) + long * Math.sin(angle) + 4, y(0) - long * Math.cos(angle));
  }
  for (const r of a?.reach.slice(0, 1) ?? []) {
    c.strokeStyle = colour("--red");
    c.setLineDash([6, 5]);
    c.beginPath();
    c.arc(x(0), y(0), (r.distance_m / half) * (size / 2), 0, 2 * Math.PI);
    c.stroke();
    c.setLineDash([]);
  }
  c.fillStyle = colour("--ink");
  c.beginPath();
  c.moveTo(x(0), y(0) - 7);
  c.lineTo(x(0) + 6, y(0) + 5);
  c.lineTo(x(0) - 6, y(0) + 5);
  c.fill();
  c.fillText("N ↑", size - 34, 18);
}

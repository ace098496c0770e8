/** The flight in space, to be played: three.js, loaded when it is first shown. Metres; x east, y up, z south. */

import { BufferGeometry, Color, ConeGeometry, CylinderGeometry, Float32BufferAttribute, GridHelper, Group, HemisphereLight, DirectionalLight, Line, LineBasicMaterial, Mesh, MeshLambertMaterial, PerspectiveCamera, Scene, SphereGeometry, Vector3, WebGLRenderer, DoubleSide } from "three";
import type { Answer } from "../core/protocol";
import { nose } from "../core/space";

export type View = "pad" | "chase" | "side" | "top";

export class Replay3d {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(45, 1, 0.5, 200_000);
  private readonly rocket = new Group();
  private readonly canopy: Mesh;
  private readonly plume: Mesh;
  private a: Answer | null = null;
  private track: Line | null = null;
  private room = { x: 0, z: 0, top: 1, size: 1 };  // the middle of the flight, its top, and what a view of all of it has to hold
  view: View = "side";
  larger = 1;

  constructor(private readonly canvas: HTMLCanvasElement, dark: boolean) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.scene.background = new Color(dark ? 0x12181f : 0xdfe9f3);
    this.scene.add(new HemisphereLight(0xffffff, 0x667755, 2.2));
    const sun = new DirectionalLight(0xffffff, 1.6);
    sun.position.set(1, 2, 1);
    this.scene.add(sun);
    this.canopy = new Mesh(new SphereGeometry(1, 20, 10, 0, 2 * Math.PI, 0, Math.PI / 2), new MeshLambertMaterial({ color: 0xd9622b, side: DoubleSide }));
    this.plume = new Mesh(new ConeGeometry(0.4, 1, 12), new MeshLambertMaterial({ color: 0xffc14d, emissive: 0xff8800 }));
    this.scene.add(this.rocket, this.canopy);
  }

  show(a: Answer): void {
    this.a = a;
    const s = (n: string): Float32Array => a.series.get(n)!;
    const e = s("east"), n = s("north"), h = s("height"), speed = s("speed");
    const most = Math.max(...speed, 1), at: number[] = [], colours: number[] = [], c = new Color();
    for (let k = 0; k < e.length; k++) {
      at.push(e[k]!, h[k]!, -n[k]!);
      c.setHSL(0.62 - 0.58 * Math.min(1, speed[k]! / most), 0.75, 0.5);
      colours.push(c.r, c.g, c.b);
    }
    if (this.track !== null) { this.scene.remove(this.track); this.track.geometry.dispose(); }
    const line = new BufferGeometry();
    line.setAttribute("position", new Float32BufferAttribute(at, 3));
    line.setAttribute("color", new Float32BufferAttribute(colours, 3));
    this.track = new Line(line, new LineBasicMaterial({ vertexColors: true }));
    this.scene.add(this.track);
    this.scene.children.filter((x) => x instanceof GridHelper).forEach((x) => this.scene.remove(x));
    const west = Math.min(0, ...e), east = Math.max(0, ...e), south = Math.min(0, ...n), north = Math.max(0, ...n), top = Math.max(...h, 1);
    this.room = { x: (west + east) / 2, z: -(south + north) / 2, top, size: Math.max(top, east - west, north - south) };
    const far = Math.max(200, 2.4 * Math.max(...e.map(Math.abs), ...n.map(Math.abs)));
    this.scene.add(new GridHelper(far, 20, 0x6b7785, 0xa8b4a0));
    this.model();
  }

  private model(): void {
    const d = this.a!.head.drawing, length = d.length, body = d.shapes.filter((s) => s.kind === "body").flatMap((s) => s.points.map((p) => Math.abs(p[1])));
    const r = Math.max(...body, 0.005), cone = Math.min(6 * r, 0.3 * length), paint = new MeshLambertMaterial({ color: 0xe6edf5 }), red = new MeshLambertMaterial({ color: 0xb3261e, side: DoubleSide });
    this.rocket.clear();
    const tube = new Mesh(new CylinderGeometry(r, r, length - cone, 20), paint), tip = new Mesh(new ConeGeometry(r, cone, 20), red);
    tube.position.y = -(cone + (length - cone) / 2);
    tip.position.y = -cone / 2;
    this.rocket.add(tube, tip);
    const fins = d.shapes.filter((s) => s.kind === "fin" && s.points.some((p) => Math.abs(p[1]) > 1.2 * r)), names = new Set<string>();
    for (const f of fins) {
      if (names.has(f.part)) continue;
      names.add(f.part);
      const sign = f.points.reduce((sum, p) => sum + p[1], 0) >= 0 ? 1 : -1, g = new BufferGeometry(), corners = f.points.map((p) => [sign * p[1], -p[0], 0] as const), flat: number[] = [];
      for (let k = 1; k + 1 < corners.length; k++) for (const p of [corners[0]!, corners[k]!, corners[k + 1]!]) flat.push(...p);
      g.setAttribute("position", new Float32BufferAttribute(flat, 3));
      g.computeVertexNormals();
      for (let k = 0; k < 4; k++) {
        const fin = new Mesh(g, red);
        fin.rotation.y = (k * Math.PI) / 2;
        this.rocket.add(fin);
      }
    }
    this.plume.scale.set(2 * r, 0.6 * length, 2 * r);
    this.plume.rotation.x = Math.PI;
    this.plume.position.y = -1.3 * length;
    this.rocket.add(this.plume);
  }

  /** Draws the flight at a time, s from ignition. */
  at(time: number): { height: number; speed: number } {
    const a = this.a!, s = (n: string): Float32Array => a.series.get(n)!, times = s("time");
    let k = 0;
    while (k < times.length - 2 && times[k + 1]! <= time) k++;
    const x = Math.min(1, Math.max(0, (time - times[k]!) / Math.max(times[k + 1]! - times[k]!, 1e-9)));
    const v = (n: string): number => { const y = s(n); const i = y[k]! + x * (y[k + 1]! - y[k]!); return Number.isFinite(i) ? i : 0; };
    const place = new Vector3(v("east"), v("height"), -v("north")), under = s("under_canopy")[k]! > 0.5, length = a.head.drawing.length;
    const far = this.camera.position.distanceTo(place), size = this.larger > 1 ? Math.max(1, (0.09 * far) / length) : 1;
    const [east, north, up] = nose(v("qw"), v("qx"), v("qy"), v("qz")); // the model's nose is up its y
    this.rocket.quaternion.setFromUnitVectors(new Vector3(0, 1, 0), under ? new Vector3(0, -1, 0) : new Vector3(east, up, -north).normalize());
    this.rocket.position.copy(place);
    this.rocket.scale.setScalar(size);
    this.plume.visible = v("thrust") > 1;
    this.canopy.visible = under;
    this.canopy.scale.setScalar(0.5 * length * size);
    this.canopy.position.copy(place).add(new Vector3(0, 1.1 * length * size, 0));
    this.look(place, length);
    this.renderer.render(this.scene, this.camera);
    return { height: v("height"), speed: v("speed") };
  }

  private look(place: Vector3, length: number): void {
    const { x, z, top, size } = this.room, c = this.camera;
    c.up.set(0, 1, 0);
    if (this.view === "pad") c.position.set(0.12 * top + 20, 2, 0.12 * top + 20);
    else if (this.view === "chase") c.position.copy(place).add(new Vector3(4 * length + 3, length, 4 * length + 3));
    else if (this.view === "top") { c.position.set(x, 1.5 * size + top, z + 0.01); c.up.set(0, 0, -1); }
    else c.position.set(x + 0.4 * size, 0.5 * top + 0.1 * size, z + 1.5 * size);
    if (this.view === "side") c.lookAt(x, 0.5 * top, z);
    else if (this.view === "top") c.lookAt(x, 0, z);
    else c.lookAt(place);
  }

  resize(width: number, height: number): void {
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
  }

  destroy(): void {
    this.renderer.dispose();
    this.canvas.remove();
  }
}

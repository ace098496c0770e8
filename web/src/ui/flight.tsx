/** The flight room: plots against time with one cursor, and the way over the ground. */

import { useEffect, useRef } from "preact/hooks";
import { effect } from "@preact/signals";
import { answer, beside, language, pinned, t, unit } from "../core/store";
import type { Answer, Beside } from "../core/protocol";
import { colour } from "../viz/colours";
import { Plot, type Line, type Picture } from "../viz/plot";

export type Kind = "altitude" | "speed" | "acceleration" | "stability" | "thrust";
const times = (a: Float32Array, factor: number): number[] => Array.from(a, (v) => v * factor);
const DEG = 180 / Math.PI;

/** Colours of flights that are laid over, in order; each has a dash of its own too. */
export const SHADES = ["--violet", "--green", "--red", "--orange", "--quiet"] as const;
const MAIN: Record<Kind, string> = { altitude: "height", speed: "speed", acceleration: "acceleration", stability: "stability", thrust: "thrust" };
const UNIT: Record<Kind, string> = { altitude: "length", speed: "speed", acceleration: "acceleration", stability: "", thrust: "force" };

/** The curves of one plot, of the flights that are laid over; a log begins at lift-off, and is drawn from there. */
function over(kind: Kind, a: Answer, all: Beside[]): NonNullable<Picture["over"]> {
  const late = a.head.events.find((e) => e.name === "lift-off")?.time ?? 0, f = UNIT[kind] === "" ? 1 : unit(UNIT[kind])[1];
  return all.map((b, k) => ({ label: b.name, colour: SHADES[k % SHADES.length]!, dash: [[8, 3], [3, 3], [10, 3, 2, 3]][k % 3]!, time: b.answer.series.get("time")!.map((x) => x + (b.log ? late : 0)), values: b.answer.series.get(MAIN[kind])!.map((v) => v * f) }))
    .filter((o) => o.values.some((v) => Number.isFinite(v)));
}

function picture(kind: Kind, a: Answer, ghost: Answer | null): Picture {
  const s = (name: string): Float32Array => a.series.get(name) ?? new Float32Array();
  const blue = colour("--blue"), orange = colour("--orange"), green = colour("--green"), time = s("time");
  const apogee = a.head.events.find((e) => e.name === "apogee")?.time, end = time[time.length - 1] ?? 1;
  const events = a.head.events.filter((e) => e.name !== "free of the rail" && e.name !== "lift-off");
  const line = (label: string, name: string, colour: string, factor: number, dash?: number[]): Line => ({ label, values: times(s(name), factor), colour, ...(dash ? { dash } : {}) });
  const axis = (label: string) => [{ label, scale: "y" }];
  const behind = (name: string, factor: number) => (ghost === null ? undefined : { time: ghost.series.get("time")!, values: new Float32Array(times(ghost.series.get(name)!, factor)) });
  const base = { time, events, end, whole: true, timeLabel: t("time") };
  if (kind === "altitude") {
    const [u, f] = unit("length");
    return { ...base, lines: [line(t("h"), "height", blue, f), line(t("altimeter"), "pressure_altitude", orange, f, [6, 4])], axes: axis(`${t("altitude")}, ${u}`), ghost: behind("height", f) };
  }
  if (kind === "speed") {
    const [u, f] = unit("speed");
    return { ...base, lines: [line(t("ground"), "speed", blue, f), line(t("air"), "airspeed", green, f), line(t("climb"), "vertical_speed", orange, f, [6, 4])], axes: axis(`${t("speed")}, ${u}`), ghost: behind("speed", f) };
  }
  const up = apogee === undefined ? end : Math.min(1.05 * apogee, end), n = Math.max(2, time.findIndex((x) => x > up) + 1 || time.length);
  const cut = (l: Line): Line => ({ ...l, values: Array.from(l.values).slice(0, n) });
  const part = { ...base, time: time.slice(0, n), end: up, whole: false };
  if (kind === "acceleration") {
    const [u, f] = unit("acceleration");
    return { ...part, lines: [cut(line(t("acceleration"), "acceleration", blue, f))], axes: axis(`${t("acceleration")}, ${u}`), ghost: behind("acceleration", f) };
  }
  if (kind === "stability") return { ...part, lines: [cut(line(t("margin"), "stability", blue, 1)), { ...cut(line(t("alpha"), "angle_of_attack", orange, DEG, [6, 4])), scale: "deg" }], axes: [{ label: t("margin"), scale: "y" }, { label: t("alpha"), scale: "deg", side: 1 }], ghost: behind("stability", 1) };
  const [force, ff] = unit("force"), [kg, fm] = unit("mass");
  return { ...part, lines: [cut(line(t("thrust"), "thrust", orange, ff)), { ...cut(line(t("massrow"), "mass", blue, fm, [6, 4])), scale: "m" }], axes: [{ label: force, scale: "y" }, { label: kg, scale: "m", side: 1 }], ghost: behind("thrust", ff) };
}

/** A plot that is drawn again by what it shows, in the same frame as the numbers; the page around it is not made anew. */
export function Drawn({ draw, height }: { draw: (plot: Plot) => void; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = place.current!, plot = new Plot(here, height), stop = effect(() => draw(plot));
    const watch = new ResizeObserver(() => plot.resize(here.clientWidth));
    watch.observe(here);
    return () => { stop(); watch.disconnect(); plot.destroy(); };
  }, []);
  return <div ref={place} />;
}

export function Chart({ kind, height }: { kind: Kind; height: number }) {
  const draw = (plot: Plot): void => {
    const a = answer.value;
    if (a !== null && a.head.error === null && a.head.series.points > 1) plot.update({ ...picture(kind, a, pinned.value), over: over(kind, a, beside.value) });
  };
  return <div class="chart" data-chart={kind}><h2 class="small">{t(kind)}</h2><Drawn draw={draw} height={height} /></div>;
}

/** A round length for a scale bar, in the unit shown. */
export function round(size: number): number {
  const ten = 10 ** Math.floor(Math.log10(size));
  return ten * (size / ten >= 5 ? 5 : size / ten >= 2 ? 2 : 1);
}

export function Ground() {
  const a = answer.value;
  if (a === null || a.head.series.points < 2) return null;
  const e = a.series.get("east")!, n = a.series.get("north")!, under = a.series.get("under_canopy")!;
  const first = under.findIndex((u) => u > 0), split = first < 0 ? e.length : first;
  let w = Math.min(0, ...e), x = Math.max(0, ...e), y0 = Math.min(0, ...n), y1 = Math.max(0, ...n);
  const span = Math.max(x - w, y1 - y0, 10) * 1.15, cx = (w + x) / 2, cy = (y0 + y1) / 2;
  w = cx - span / 2; x = cx + span / 2; y0 = cy - span / 2; y1 = cy + span / 2;
  const [name, factor] = unit("length"), bar = round((span * factor) / 4) / factor;
  const line = (from: number, to: number): string => Array.from({ length: Math.max(0, to - from) }, (_, k) => `${e[from + k]!.toFixed(1)},${(-n[from + k]!).toFixed(1)}`).join(" ");
  const u = span / 100, last = e.length - 1;
  return (
    <div class="chart ground"><h2 class="small">{t("track")}</h2>
      <svg viewBox={`${w} ${-y1} ${span} ${span}`} role="img" aria-label={t("track")} stroke-width={u * 0.6}>
        <polyline points={line(0, split + 1)} class="rise" /><polyline points={line(split, e.length)} class="fall" />
        <path d={`M0 ${-2.4 * u}l${1.8 * u} ${3.6 * u}h${-3.6 * u}z`} class="pad" /><circle cx={e[last]} cy={-n[last]!} r={1.6 * u} class="touch" />
        <g class="scale"><path d={`M${w + 4 * u} ${-y0 - 4 * u}h${bar}`} /><text x={w + 4 * u} y={-y0 - 6 * u} font-size={4 * u}>{(bar * factor).toLocaleString(language.value)} {name}</text>
          <path d={`M${x - 6 * u} ${-y1 + 12 * u}v${-7 * u}m${-1.6 * u} ${2.4 * u}l${1.6 * u} ${-2.4 * u}l${1.6 * u} ${2.4 * u}`} /><text x={x - 7.4 * u} y={-y1 + 16.5 * u} font-size={4 * u}>N</text></g>
      </svg>
    </div>
  );
}

/** The motor room: a motor of grains under its sliders, as `motor simulate` burns it. */

import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { burn, burnLevel, burnt, edit, language, motorSaid, state, system, t, theme, unburnt, unit } from "../core/store";
import { at, type Value, type Way } from "../core/protocol";
import { measure, range, withNumber } from "../core/measure";
import { colour } from "../viz/colours";
import type { Plot } from "../viz/plot";
import { Drawn } from "./flight";

const LEVELS = ["quasi-steady", "transient", "one-dimensional"] as const;
const tried = signal<{ way: Way; value: Value } | null>(null);
/** How far through the burn the pictures are, 0 to 1. */
const through = signal(0);

/** The places of a motor's file that are a number with a unit, or a count: what a slider moves. */
function places(said: Value | undefined): { way: Way; label: string; value: Value }[] {
  const out: { way: Way; label: string; value: Value }[] = [];
  const look = (way: Way, keys: readonly string[], label: string): void => {
    const here = at(said, way);
    if (typeof here !== "object" || here === null || Array.isArray(here)) return;
    for (const k of Object.keys(here)) if (keys.length === 0 ? measure(here[k]) !== null && k !== "propellant" : keys.includes(k)) out.push({ way: [...way, k], label: `${label} ${k.replaceAll("_", " ")}`, value: here[k]! });
  };
  look(["nozzle"], ["throat", "exit"], t("nozzle"));
  const grains = at(said, ["grains"]);
  if (Array.isArray(grains)) grains.forEach((_, k) => look(["grains", k], [], `${t("grain")} ${k + 1}`));
  return out;
}

function Slider({ way, label, committed }: { way: Way; label: string; committed: Value }) {
  const now = tried.value !== null && JSON.stringify(tried.value.way) === JSON.stringify(way) ? tried.value.value : committed;
  const m = measure(now), whole = typeof committed === "number" && way[way.length - 1] !== "exponent", mc = measure(committed);
  if (m === null || mc === null) return null;
  const r = whole && Number.isInteger(committed) ? { low: 1, high: Math.max(8, 2 * (committed as number)), step: 1, digits: 0 } : range(mc, "length"), id = `m-${way.join("-")}`;
  const moved = (e: { currentTarget: HTMLInputElement }): Value => withNumber(m, Number(e.currentTarget.value), r.digits);
  return (
    <div class="field" data-field={way.join(".")}>
      <label for={id}>{label}</label>
      <input id={id} type="text" value={String(now)} autocomplete="off" spellcheck={false} onChange={(e) => { const text = e.currentTarget.value.trim(); if (text !== String(committed)) edit({ kind: "set", way: ["motor", ...way], value: typeof committed === "number" && /^[\d.]+$/.test(text) ? Number(text) : text }); }} />
      <input type="range" aria-label={`${label}: ${t("value")}`} min={r.low} max={r.high} step={r.step} value={m.number}
        onInput={(e) => { tried.value = { way, value: moved(e) }; burn([tried.value], burnLevel.value); }}
        onChange={(e) => { tried.value = { way, value: moved(e) }; edit({ kind: "set", way: ["motor", ...way], value: tried.value.value }); }} />
    </div>
  );
}

export function MotorRoom() {
  const b = burnt.value, motor = JSON.stringify(state.value?.said?.motor ?? null), texts = state.value?.texts;
  useEffect(() => burn([], burnLevel.value), [motor]);
  useEffect(() => { tried.value = null; }, [texts]);
  if (b === null) return <p class="wait">{t("opening")}</p>;
  if (b.none || b.curves === undefined) return <div class="texts"><section><p>{unburnt.value !== null && !b.none ? unburnt.value : t("nograins")}</p></section></div>;
  const number = (key: string, digits = 3): string => { const v = b.figures[key]; return typeof v === "number" ? Number(v.toPrecision(digits)).toLocaleString(language.value) : "–"; };
  const [pu, pf] = unit("chamber pressure"), shown = (key: string, f: number): string => { const v = b.figures[key]; return typeof v === "number" ? Number((v * f).toPrecision(3)).toLocaleString(language.value) : "–"; }, [fu, ff] = unit("force");
  return (
    <div class={`motorroom${unburnt.value !== null ? " old" : ""}`}>
      <section class="panel" aria-label={t("motor")}>
        <h2>{b.file}</h2>
        <div class="field wide-field"><label for="level">{t("level")}</label><select id="level" value={burnLevel.value} onChange={(e) => { burnLevel.value = e.currentTarget.value; burn([], burnLevel.value); }}><option value="">{t("asfile")}</option>{LEVELS.map((l) => <option key={l} value={l}>{l}</option>)}</select></div>
        {b.editable ? places(motorSaid.value ?? undefined).map((p) => <Slider key={p.way.join(".")} way={p.way} label={p.label} committed={p.value} />) : <p>{t("notedited")}</p>}
      </section>
      <div class="middle">
        {unburnt.value === null ? null : <p class="warned bad" role="alert">{unburnt.value}</p>}
        <dl class="figures" id="burnfigures"><div><dt>{t("impulse")}</dt><dd>{number("impulse_n_s", 4)} N s ({String(b.figures.designation)})</dd></div><div><dt>{t("peakpressure")}</dt><dd>{shown("peak_pressure_pa", pf)} {pu}</dd></div><div><dt>{t("peakthrust")}</dt><dd>{shown("peak_thrust_n", ff)} {fu}</dd></div><div><dt>Kn</dt><dd>{number("kn_initial")} … {number("kn_peak")}</dd></div><div><dt>{t("burntime")}</dt><dd>{number("burn_time_s")} s</dd></div><div><dt>{t("port")}</dt><dd>{number("port_to_throat")}</dd></div></dl>
        <Sections />
        <Curve name="thrust" /><Curve name="pressure" /><Curve name="kn" />
        <section class="warnings" aria-live="polite">{b.alerts.map((a) => <p key={a.text.metric} class={`warned ${a.serious ? "bad" : ""}`}>{a.text[system.value]}</p>)}</section>
      </div>
    </div>
  );
}

function Curve({ name }: { name: "thrust" | "pressure" | "kn" }) {
  const draw = (plot: Plot): void => {
    const c = burnt.value?.curves;
    if (c === undefined) return;
    const of = (values: (number | null)[], f: number): number[] => values.map((v) => (v === null ? NaN : v * f));
    const [pu, pf] = unit("chamber pressure"), [fu, ff] = unit("force"), base = { time: c.time_s, events: [], end: c.time_s.at(-1) ?? 1, timeLabel: t("time") };
    if (name === "thrust") plot.update({ ...base, lines: [{ label: t("thrustonly"), values: of(c.thrust_n, ff), colour: colour("--orange") }], axes: [{ label: fu, scale: "y" }] });
    else if (name === "pressure") plot.update({ ...base, lines: [{ label: t("beforenozzle"), values: of(c.pressure_pa, pf), colour: colour("--blue") }, { label: t("forward"), values: of(c.head_pressure_pa, pf), colour: colour("--green"), dash: [6, 4] }], axes: [{ label: pu, scale: "y" }] });
    else plot.update({ ...base, lines: [{ label: "Kn", values: of(c.kn, 1), colour: colour("--green") }], axes: [{ label: "Kn", scale: "y" }] });
  };
  return <div class="chart" data-chart={`burn-${name}`}><h2 class="small">{t(name === "thrust" ? "thrustonly" : name === "pressure" ? "pressure" : "knwords")}</h2><Drawn draw={draw} height={190} /></div>;
}

function Sections() {
  const b = burnt.value!, n = b.curves.time_s.length - 1, k = Math.min(n, Math.round(through.value * n));
  const [name, f] = unit("small size");
  return (
    <section class="chart"><h2 class="small">{t("regress")}</h2>
      <div class="row sections">{b.sections.map((s, i) => <figure key={i}><Picture section={s} at={k} /><figcaption>{s.count} × {s.type}, {Number((s.diameter_m * f).toPrecision(4)).toLocaleString(language.value)} × {Number((s.length_m * f).toPrecision(4)).toLocaleString(language.value)} {name}</figcaption></figure>)}</div>
      <input type="range" class="time" min={0} max={1} step={0.005} value={through.value} aria-label={t("regresstime")} onInput={(e) => (through.value = Number(e.currentTarget.value))} />
      <output>{(b.curves.time_s[k] ?? 0).toFixed(2)} s</output>
    </section>
  );
}

function Picture({ section: s, at: k }: { section: NonNullable<typeof burnt.value>["sections"][number]; at: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  void theme.value;
  useEffect(() => {
    const c = canvas.current!.getContext("2d")!, n = s.across, image = c.createImageData(n, n), gone = (s.burnt[k] ?? 0) * 254;
    const dark = theme.value === "dark", [fuel, flame, air] = dark ? [[181, 129, 84], [255, 140, 60], [40, 48, 58]] : [[170, 112, 66], [240, 120, 40], [228, 233, 240]];
    for (let i = 0; i < n * n; i++) {
      const v = s.picture[i]!;
      if (v === 255) continue;
      const ink = v <= gone ? air! : v <= gone + 10 ? flame! : fuel!;
      image.data.set([ink[0]!, ink[1]!, ink[2]!, 255], 4 * i);
    }
    c.putImageData(image, 0, 0);
  });
  return <canvas ref={canvas} class="section" width={s.across} height={s.across} role="img" aria-label={`${s.type}: ${t("regress")}`} />;
}

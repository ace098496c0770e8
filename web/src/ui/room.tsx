/** The design room: parts, the drawing with its handles, fields of what is chosen. */

import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { computed } from "@preact/signals";
import { ask, draft, drawing, edit, failure, fields, followed, head, selected, setValue, state, t, tryValue, unit, valueAt } from "../core/store";
import { note } from "../core/frame";
import { at, wayOf, type Field, type Motor, type Value, type Way } from "../core/protocol";
import { fromMetres, measure, range, withNumber } from "../core/measure";
import { signal } from "@preact/signals";

const same = (a: Way, b: Way): boolean => a.length === b.length && a.every((w, k) => w === b[k]);
const part = computed(() => at(state.value?.said ?? undefined, selected.value) as Record<string, Value> | undefined);

/** Lists of parts with where they stand: of the rocket, or of each of its stages. */
function lists(said: Value | undefined): { way: Way; name: string }[] {
  const stages = at(said, ["rocket", "stages"]);
  if (Array.isArray(stages)) return stages.map((s, k) => ({ way: ["rocket", "stages", k, "parts"], name: String((s as Record<string, Value>).name ?? k + 1) }));
  return [{ way: ["rocket", "parts"], name: "" }];
}

function Branch({ way, depth }: { way: Way; depth: number }) {
  const list = at(state.value?.said ?? undefined, way);
  if (!Array.isArray(list)) return null;
  return (
    <ul class="branch">
      {list.map((p, k) => {
        const own = [...way, k], said = p as Record<string, Value>;
        return (
          <li key={k}>
            <button class="leaf" style={{ paddingLeft: `${0.5 + depth * 0.9}rem` }} aria-current={same(selected.value, own) ? "true" : undefined} onClick={() => (selected.value = own)}>
              <span>{String(said.name ?? said.type)}</span>
              {said.name ? <small>{String(said.type)}</small> : null}
            </button>
            <Branch way={[...own, "parts"]} depth={depth + 1} />
          </li>
        );
      })}
    </ul>
  );
}

export function Tree() {
  const said = state.value?.said ?? undefined;
  return (
    <nav class="tree" aria-label={t("parts")}>
      <button class="leaf" aria-current={selected.value.length === 0 ? "true" : undefined} onClick={() => (selected.value = [])}><span>{t("launch")}</span></button>
      {lists(said).map((l) => (
        <div key={l.name}>
          {l.name ? <h2 class="small">{l.name}</h2> : null}
          <Branch way={l.way} depth={0} />
          <Adder way={l.way} kinds={OUTER} />
        </div>
      ))}
    </nav>
  );
}

/** What a new part begins as: small enough to stand in any rocket, of the size of what is there. */
function begun(kind: string, said: Value | undefined): Record<string, Value> {
  const first = at(said, ["rocket", "parts", 0]) ?? at(said, ["rocket", "stages", 0, "parts", 0]);
  const diameter = (first as Record<string, Value> | undefined)?.diameter ?? "50 mm";
  const wide = measure(diameter);
  const share = (s: number): string => (wide === null ? "20 mm" : String(withNumber({ ...wide, rest: "", unit: wide.unit || "m" }, wide.number * s, wide.digits + 1)));
  const made: Record<string, Record<string, Value>> = {
    "nose cone": { shape: "ogive", length: share(3), diameter, wall: "2 mm" }, "body tube": { length: share(6), diameter, wall: "1 mm" }, transition: { shape: "conical", length: share(1), fore_diameter: diameter, aft_diameter: share(0.8), wall: "1 mm" },
    "trapezoidal fins": { position: "bottom", count: 3, root_chord: share(2), tip_chord: share(1), span: share(1), sweep: share(0.8), thickness: "3 mm" }, "elliptical fins": { position: "bottom", count: 3, root_chord: share(2), span: share(1), thickness: "3 mm" },
    "inner tube": { length: share(2), diameter: share(0.8), wall: "1 mm" }, "tube coupler": { length: share(1), diameter: share(0.95), wall: "1 mm" }, "centring ring": { length: "3 mm", diameter: share(0.9), inner_diameter: share(0.5) }, bulkhead: { length: "5 mm", diameter: share(0.9) },
    "launch lug": { length: "40 mm", diameter: "6 mm" }, "rail buttons": { count: 2, spacing: share(4) }, mass: { mass: "20 g", length: share(0.5), diameter: share(0.5) }, parachute: { diameter: share(8), deploy: { event: "apogee" } }, streamer: { length: share(10), width: share(1), deploy: { event: "apogee" } }, "shock cord": { length: "3 m", mass: "20 g" },
  };
  return { type: kind, ...(made[kind] ?? {}) };
}

const KINDS = ["nose cone", "body tube", "transition", "trapezoidal fins", "elliptical fins", "inner tube", "tube coupler", "centring ring", "bulkhead", "launch lug", "rail buttons", "mass", "parachute", "streamer", "shock cord"];

/** What stands in a row from the nose back; all else lies in or on one of these. */
const OUTER = ["nose cone", "body tube", "transition"];

function Adder({ way, kinds = KINDS }: { way: Way; kinds?: string[] }) {
  return (
    <label class="adder">
      <span class="only-read">{t("add")}</span>
      <select value="" onChange={(e) => {
        const kind = e.currentTarget.value;
        e.currentTarget.value = "";
        if (kind === "") return;
        const list = at(state.value?.said ?? undefined, way);
        const n = Array.isArray(list) ? list.length : 0;
        edit({ kind: "insert", way, index: n, value: begun(kind, state.value?.said ?? undefined) });
        selected.value = [...way, n];
      }}>
        <option value="">+ {t("add")}</option>
        {kinds.map((k) => <option key={k} value={k}>{k}</option>)}
      </select>
    </label>
  );
}

/** One field: its text as written, and a slider where that is a number. */
function Entry({ way, field }: { way: Way; field: Field }) {
  const now = useMemo(() => computed(() => valueAt(way)), [way.join(".")]), value = now.value, shown = value === undefined || value === null ? "" : String(value);
  const id = `f-${way.join("-")}`, m = measure(value);
  const base = useRef<{ key: string; range: ReturnType<typeof range> } | null>(null);
  const committed = at(state.value?.said ?? undefined, way), mc = measure(committed);
  const key = `${way.join(".")}=${String(committed)}`;
  if (mc !== null && base.current?.key !== key) base.current = { key, range: range(mc, field.kind) };
  const r = base.current?.range;
  const slide = m !== null && r !== undefined && field.kind !== "" && field.choices.length === 0;
  const wrong = failure.value?.key?.endsWith(`.${field.name}`) && same(way, ["rocket", ...wayOf(failure.value.key.replace(/^rocket\./, ""))]);
  return (
    <div class="field" data-field={field.name}>
      <label for={id} title={`${field.meaning}${field.example ? ` (${field.example})` : ""}`}>{field.name.replaceAll("_", " ")}{field.needed ? " *" : ""}</label>
      {field.choices.length > 0 ? (
        <select id={id} value={shown} onChange={(e) => setValue(way, e.currentTarget.value === "true" ? true : e.currentTarget.value === "false" ? false : e.currentTarget.value)}>
          {field.needed && shown !== "" ? null : <option value="">{field.default === null || field.default === "" ? t("notsaid") : String(field.default)}</option>}
          {field.choices.map((c) => <option key={c} value={c}>{c}</option>)}
        </select>
      ) : (
        <input id={id} type="text" value={shown} placeholder={field.default === null || field.default === "" ? t("notsaid") : String(field.default)} aria-invalid={wrong ? "true" : undefined} autocomplete="off" spellcheck={false}
          onChange={(e) => {
            const text = e.currentTarget.value.trim();
            if (text === shown) return;
            setValue(way, field.whole && /^\d+$/.test(text) ? Number(text) : field.kind === "number" && /^[\d.]+$/.test(text) ? Number(text) : text);
          }} />
      )}
      {slide ? (
        <input type="range" aria-label={`${field.name.replaceAll("_", " ")}: ${t("value")}`} min={r.low} max={r.high} step={r.step} value={m.number}
          onInput={(e) => tryValue(way, withNumber(m, Number(e.currentTarget.value), Math.max(r.digits, 0)))}
          onChange={(e) => setValue(way, withNumber(m, Number(e.currentTarget.value), Math.max(r.digits, 0)))} />
      ) : null}
      {field.meaning !== field.name.replaceAll("_", " ") ? <small class="means">{field.meaning}</small> : null}
    </div>
  );
}

export function Panel() {
  const f = fields.value;
  if (f === null) return null;
  const way = selected.value, said = part.value;
  if (way.length === 0 || said === undefined) return <LaunchPanel />;
  const known = f.parts[String(said.type)] ?? [];
  const order = (x: Field): number => (WHERE.includes(x.name) ? 2 : x.kind === "" ? 1 : 0);
  const stated = known.filter((x) => x.name in said || x.needed).sort((a, b) => order(a) - order(b)), rest = known.filter((x) => !stated.includes(x) && x.name !== "deploy" && x.name !== "outline" && x.name !== "points");
  const list = way.slice(0, -1), k = way[way.length - 1] as number;
  const length = (at(state.value?.said ?? undefined, list) as Value[]).length;
  return (
    <section class="panel" aria-label={String(said.type)}>
      <header>
        <h2>{String(said.name ?? said.type)}</h2>
        <div class="row">
          <button onClick={() => { edit({ kind: "move", way: list, index: k, to: k - 1 }); selected.value = [...list, k - 1]; }} disabled={k === 0} title={t("up")} aria-label={t("up")}>↑</button>
          <button onClick={() => { edit({ kind: "move", way: list, index: k, to: k + 1 }); selected.value = [...list, k + 1]; }} disabled={k >= length - 1} title={t("down")} aria-label={t("down")}>↓</button>
          <button onClick={() => edit({ kind: "insert", way: list, index: k + 1, value: said })}>{t("copy")}</button>
          <button class="danger" onClick={() => { selected.value = []; edit({ kind: "remove", way }); }}>{t("remove")}</button>
        </div>
      </header>
      {stated.map((x) => typeof said[x.name] === "object" && said[x.name] !== null ? <Nested key={x.name} way={[...way, x.name]} field={x} /> : <Entry key={x.name} way={[...way, x.name]} field={x} />)}
      {"parts" in (f.parts[String(said.type)] ?? {}) ? null : <div class="inner"><Adder way={[...way, "parts"]} /></div>}
      <details><summary>{t("hidden")}</summary>{rest.map((x) => <Entry key={x.name} way={[...way, x.name]} field={x} />)}</details>
    </section>
  );
}

/** Where a part lies and what it is called stand behind what it is. */
const WHERE = ["name", "position", "offset", "material"];

function Nested({ way, field }: { way: Way; field: Field }) {
  const value = valueAt(way) as Record<string, Value>;
  if (Array.isArray(value)) return <div class="field"><label>{field.name}</label><code>{JSON.stringify(value).slice(0, 200)}</code></div>;
  return (
    <fieldset>
      <legend>{field.name}</legend>
      {Object.keys(value).map((k) => <Entry key={k} way={[...way, k]} field={{ name: k, kind: measure(value[k])?.unit ? "length" : "", meaning: "", example: "", needed: false, default: null, choices: k === "event" ? ["apogee", "altitude", "ejection", "never", "launch"] : [], whole: false }} />)}
    </fieldset>
  );
}

function LaunchPanel() {
  return (
    <section class="panel" aria-label={t("launch")}>
      <h2>{t("launch")}</h2>
      <MotorPicker />
      <Fields of={[""]} />
    </section>
  );
}

/** Of the launch what stands under some keys, where what it does is looked at. */
export function LaunchFields({ of }: { of: string[] }) {
  return fields.value === null ? null : <section class="panel" aria-label={t("launch")}><h2 class="small">{t("launch")}</h2><Fields of={of} /></section>;
}

function Fields({ of }: { of: string[] }) {
  return (
    <>
      {fields.value!.launch.filter((x) => x.path !== "motor" && of.some((o) => x.path.startsWith(o))).map((x) => {
        const way = x.path.split("."), parent = at(state.value?.said ?? undefined, way.slice(0, -1));
        if (x.path.startsWith("weather.wind.") && (typeof parent !== "object" || parent === null)) return null;
        const value = at(state.value?.said ?? undefined, way);
        if (typeof value === "object" && value !== null) return null;
        return <Entry key={x.path} way={way} field={{ name: way.slice(-2).join(" "), kind: x.kind, meaning: x.meaning, example: x.example, needed: false, default: null, choices: [], whole: false }} />;
      })}
    </>
  );
}

const query = signal(""), found = signal<Motor[]>([]);
let typing = 0;

function MotorPicker() {
  const said = state.value?.said ?? undefined, motor = at(said, ["motor"]), several = at(said, ["motors"]);
  const now = typeof motor === "string" ? motor : motor && typeof motor === "object" ? String((motor as Record<string, Value>).name ?? (motor as Record<string, Value>).file ?? (motor as Record<string, Value>).curve) : null;
  const look = (text: string): void => {
    query.value = text;
    clearTimeout(typing);
    typing = window.setTimeout(() => void ask<Motor[]>(`/api/motors?q=${encodeURIComponent(text)}`).then((m) => (found.value = m)), 150);
  };
  if (Array.isArray(several)) return <p>{several.length} {t("motor")}: {t("files")}</p>;
  const way: Way = motor && typeof motor === "object" && "name" in motor ? ["motor", "name"] : ["motor"];
  return (
    <div class="motor">
      <div class="field"><label for="motor-q">{t("motor")}: <b>{now}</b></label>
        <input id="motor-q" type="search" placeholder={t("search")} value={query.value} onInput={(e) => look(e.currentTarget.value)} /></div>
      {query.value.trim() === "" ? null : (
        <ul class="motors">
          {found.value.map((m) => {
            const name = `${m.maker_short} ${m.designation}`;
            return (
              <li key={name + m.length_m}>
                <button onClick={() => { query.value = ""; found.value = []; setValue(way.length === 2 && (motor as Record<string, Value>).propellant_mass !== undefined ? ["motor"] : way, name); }}>
                  <b>{name}</b>
                  <small>{(m.diameter_m * 1000).toFixed(0)} mm · {m.impulse_n_s.toPrecision(3)} N s · {m.average_thrust_n.toPrecision(3)} N · {m.burn_time_s.toFixed(1)} s{m.delays_s?.length ? ` · ${t("delays")} ${m.delays_s.join(", ")}` : ""}{m.available ? "" : ` · ${t("outofproduction")}`}</small>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** Which way the arrow keys push a handle: aft, and outwards. */
const ARROWS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

interface Handle { x: number; y: number; to: (x: number, y: number) => { way: Way; metres: number }[] }

/** What can be dragged of the chosen part, from its polygon: the lengths that its corners stand for. */
function handles(): Handle[] {
  const d = drawing.value, way = selected.value, said = part.value;
  if (d === null || said === undefined) return [];
  const key = way.slice(1).reduce<string>((text, w) => (typeof w === "number" ? `${text}[${w}]` : text === "" ? w : `${text}.${w}`), "");
  const shape = d.shapes.filter((s) => s.part === key);
  if (shape.length === 0) return [];
  const points = shape.flatMap((s) => s.points), x0 = Math.min(...points.map((p) => p[0])), x1 = Math.max(...points.map((p) => p[0]));
  if (said.type === "trapezoidal fins") {
    const one = shape.reduce((a, b) => (Math.max(...a.points.map((p) => p[1])) >= Math.max(...b.points.map((p) => p[1])) ? a : b)).points;
    const root = Math.min(...one.map((p) => Math.abs(p[1]))), tip = Math.max(...one.map((p) => Math.abs(p[1])));
    const up = one.some((p) => p[1] > 0) ? 1 : -1, span = tip - root;
    const tips = one.filter((p) => Math.abs(Math.abs(p[1]) - tip) < 1e-6).map((p) => p[0]), roots = one.filter((p) => Math.abs(Math.abs(p[1]) - root) < 1e-6).map((p) => p[0]);
    const le = Math.min(...tips), te = Math.max(...tips), front = Math.min(...roots), aft = Math.max(...roots), scale = metres(said.span);
    const stretch = scale === null || span <= 0 ? 1 : scale / span;
    return [
      { x: le, y: up * tip, to: (x, y) => [{ way: [...way, "span"], metres: Math.max(0.001, (up * y - root) * stretch) }, { way: [...way, "sweep"], metres: x - front }] },
      { x: te, y: up * tip, to: (x) => [{ way: [...way, "tip_chord"], metres: Math.max(0, x - le) }] },
      { x: aft, y: up * root, to: (x) => [{ way: [...way, "root_chord"], metres: Math.max(0.001, x - front) }] },
    ];
  }
  if (["nose cone", "body tube", "transition"].includes(String(said.type))) return [{ x: x1, y: 0, to: (x) => [{ way: [...way, "length"], metres: Math.max(0.001, x - x0) }] }];
  if (String(said.type) === "elliptical fins") {
    const tip = points.reduce((a, b) => (Math.abs(b[1]) > Math.abs(a[1]) ? b : a)), root = Math.min(...points.map((p) => Math.abs(p[1])));
    return [{ x: tip[0], y: tip[1], to: (_x, y) => [{ way: [...way, "span"], metres: Math.max(0.001, Math.abs(y) - root) }] }];
  }
  return [];
}

function metres(value: Value | undefined): number | null {
  const m = measure(value);
  const f = m === null ? undefined : ({ m: 1, cm: 0.01, mm: 0.001, in: 0.0254, ft: 0.3048 } as Record<string, number>)[m.unit];
  return m === null || f === undefined ? null : m.number * f;
}

export function Drawing() {
  const h = head.value, d = drawing.value, svg = useRef<SVGSVGElement>(null), drag = useRef<Handle | null>(null), last = useRef<{ way: Way; value: string }[]>([]);
  useLayoutEffect(() => { if (draft.peek() !== null) note(followed, performance.now()); }, [d]);
  if (h === null || d === null) return <div class="drawing empty">{h?.error?.text ?? t("opening")}</div>;
  const pad = Math.max(d.length * 0.03, d.reach * 0.4), low = -d.reach - pad, tall = 2 * (d.reach + pad), wide = d.length + 2 * pad;
  const dot = Math.max(wide / 130, tall / 60);
  const place = (e: PointerEvent): [number, number] => {
    const m = svg.current!.getScreenCTM()!.inverse();
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(m);
    return [p.x, -p.y];
  };
  const written = (to: Handle, x: number, y: number): { way: Way; value: string }[] => to.to(x, y).flatMap((c) => {
    const value = fromMetres(measure(at(state.value?.said ?? undefined, c.way)), c.metres);
    return value === null ? [] : [{ way: c.way, value }];
  });
  const pressed = (e: KeyboardEvent, to: Handle): void => {
    const [dx, dy] = ARROWS[e.key] ?? [0, 0], step = e.shiftKey ? 0.01 : 0.001;
    if (dx === 0 && dy === 0) return;
    e.preventDefault();
    const now = written(to, to.x, to.y), changes = written(to, to.x + dx * step, to.y + dy * step).filter((c, k) => c.value !== now[k]?.value);
    if (changes.length > 0) edit(...changes.map((c) => ({ kind: "set" as const, way: c.way, value: c.value })));
  };
  const moved = (e: PointerEvent): void => {
    if (drag.current === null) return;
    last.current = written(drag.current, ...place(e));
    if (last.current[0]) tryValue(last.current[0].way, last.current[0].value);
  };
  const ended = (): void => {
    if (drag.current === null) return;
    drag.current = null;
    if (last.current.length > 0) edit(...last.current.map((c) => ({ kind: "set" as const, way: c.way, value: c.value })));
    last.current = [];
  };
  const pickable = (key: string): Way => ["rocket", ...wayOf(key)];
  const [name, factor] = unit("size"), [small, less] = unit("small size");
  const size = (m: number): string => (Math.abs(m) < 1 ? `${(m * less).toPrecision(4)} ${small}` : `${(m * factor).toPrecision(4)} ${name}`);
  return (
    <figure class="drawing">
      <svg ref={svg} viewBox={`${-pad} ${low} ${wide} ${tall}`} role="group" aria-label={`${h.title}, ${t("seen")}`} onPointerMove={moved} onPointerUp={ended} onPointerCancel={ended}>
        <g transform="scale(1,-1)" stroke-width={wide / 700}>
          {d.shapes.map((s, k) => s.kind === "mark" ? <circle key={k} cx={s.points[0]![0]} cy={s.points[0]![1]} r={dot * 0.7} class="mark" onClick={() => (selected.value = pickable(s.part))} /> : (
            <polygon key={k} points={s.points.map((p) => p.join(",")).join(" ")} class={`${s.kind}${s.part !== "" && same(selected.value, pickable(s.part)) ? " chosen" : ""}`} onClick={() => s.part !== "" && (selected.value = pickable(s.part))}>
              {s.part ? <title>{String((at(state.value?.said ?? undefined, pickable(s.part)) as Record<string, Value> | undefined)?.type ?? "")}</title> : null}
            </polygon>
          ))}
          {h.cg === null ? null : <g class="cg" transform={`translate(${h.cg},0)`}><circle r={dot} /><path d={`M${-dot} 0H${dot}M0 ${-dot}V${dot}`} /></g>}
          {h.cp === null ? null : <g class="cp" transform={`translate(${h.cp},0)`}><path d={`M${-dot} ${-dot}L${dot} ${dot}M${-dot} ${dot}L${dot} ${-dot}`} /></g>}
          {handles().map((x, k) => <circle key={k} class="handle" cx={x.x} cy={x.y} r={dot * 1.15} tabindex={0} role="button" aria-label={`${[...new Set(x.to(x.x, x.y).map((c) => String(c.way[c.way.length - 1]).replaceAll("_", " ")))].join(", ")}: ${t("arrows")}`} onKeyDown={(e) => pressed(e, x)} onPointerDown={(e) => { drag.current = x; (e.target as Element).setPointerCapture(e.pointerId); }} />)}
        </g>
      </svg>
      <figcaption>
        <span class="key"><svg viewBox="-1.2 -1.2 2.4 2.4" class="cg"><circle r="1" /><path d="M-1 0H1M0 -1V1" /></svg> {t("cgword")} {h.cg === null ? "" : size(h.cg)}</span>
        <span class="key"><svg viewBox="-1.2 -1.2 2.4 2.4" class="cp"><path d="M-1 -1L1 1M-1 1L1 -1" /></svg> {t("cpword")} {h.cp === null ? "" : size(h.cp)}</span>
        <small>{t("seen")}</small>
      </figcaption>
    </figure>
  );
}

export function useKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const pressed = (e: KeyboardEvent): void => {
      if (!(e.ctrlKey || e.metaKey) || (e.target instanceof HTMLInputElement && e.target.type !== "range")) return;
      if (e.key === "z" && !e.shiftKey) { e.preventDefault(); undo(); }
      if (e.key === "y" || (e.key === "z" && e.shiftKey)) { e.preventDefault(); redo(); }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

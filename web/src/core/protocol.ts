/** What the server says and is told. Shapes are those of `downrange.console`. */

export type Way = (string | number)[];
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Said = { [key: string]: Value };
export type Change = { kind: "set" | "remove" | "insert" | "move"; way: Way; value?: Value; index?: number; to?: number };
export type Judged = "good" | "look" | "bad" | "";
export type System = "metric" | "us";

export interface StripItem {
  name: string; key: string; unit: string; meaning: string; topic: string | null; value: number | null; state: Judged; why: Record<System, string[]>; shown: Record<System, string>;
}
export interface Shape { part: string; kind: "body" | "fin" | "inside" | "mark" | "motor"; points: [number, number][] }
export interface Drawing { shapes: Shape[]; length: number; reach: number }
export interface FlightEvent { name: string; time: number; height: number; speed: number }
export interface Warned { text: Record<System, string>; about: string | null; grave: boolean }
export interface Band { mean_m: number; sigma_m: number; p5_m: number; p95_m: number; moved_most_by: { what: string; sigma_m: number; assumed: boolean }[]; shown: Record<System, string> }
export interface Head {
  error: { text: string; key: string | null } | null; settled: boolean; title: string; result: string; fit_to_fly: boolean; strip: StripItem[];
  events: FlightEvent[]; warnings: Warned[]; drawing: Drawing; cg: number | null; cp: number | null;
  assumed?: string[]; apogee_band?: Band | null; interpreted: boolean; figures: Record<string, unknown>;
  series: { names: string[]; rows: number; points: number };
}
export interface Answer { head: Head; series: Map<string, Float32Array> }
export interface Scatter {
  head: { error: { text: string } | null; flights: number; tried: boolean; modes: { name: string; probability: number }[]; bands: Record<string, Record<System, string>>; shapes: { name: string; kind: string; outline: [number, number][] }[]; ellipse: { share: number; outline: [number, number][] }[] };
  east: Float32Array; north: Float32Array; mode: Float32Array;
}
export interface Explained {
  type: "explained"; topic: string; error?: string; question: string; answer: number | null; unit: string; words: string; by_hand: number | null; because: string | null; more: string | null;
  given: { symbol: string; value: number; unit: string; what: string; source: string }[]; steps: { equation: string; numbers: string; value: number; unit: string; words: string }[];
  moves: { what: string; value: number | null; more: number | null }[];
}
export interface State { type: "state"; said: Said | null; motor: Said | null; error: string | null; files: Record<string, string>; texts: Record<string, string>; unsaved: boolean; undo: boolean; redo: boolean; conflict: boolean; replaced: number }
export interface Field { name: string; kind: string; meaning: string; example: string; needed: boolean; default: Value; choices: string[]; whole: boolean }
export interface LaunchField { path: string; kind: string; meaning: string; example: string }
export interface Fields { parts: Record<string, Field[]>; launch: LaunchField[]; units: Record<string, Record<System, [string, number]>> }
export interface Motor { designation: string; maker_short: string; class: string; diameter_m: number; length_m: number; impulse_n_s: number; average_thrust_n: number; burn_time_s: number; delays_s: number[] | null; plugged: boolean | null; available: boolean }
export interface Start { open: boolean; templates: Record<string, string>; examples: Record<string, string>; recent: { key: string; name: string; folder: string }[]; folder: string; projects: { name: string }[] }

/** An answer from its frame: length of the head, the head as JSON, then the numbers. */
export function unframe(data: ArrayBuffer): Answer {
  const length = new DataView(data).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as Head;
  const series = new Map<string, Float32Array>();
  const { names, rows, points } = head.series;
  for (let k = 0; k < rows; k++) series.set(names[k]!, new Float32Array(data, 4 + length + 4 * points * k, points));
  return { head, series };
}

/** A key as the server writes it, like `parts[1].parts[0]`, as a way in the rocket. */
export function wayOf(key: string): Way {
  return key.replace(/\[(\d+)\]/g, ".$1").split(".").filter((w) => w !== "").map((w) => (/^\d+$/.test(w) ? Number(w) : w));
}

/** The value at a way, or nothing. */
export function at(said: Value | undefined, way: Way): Value | undefined {
  let value: Value | undefined = said;
  for (const step of way) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as { [key: string]: Value })[step as string];
  }
  return value;
}

type Each = Record<System, string>;
export interface Judgement {
  type: "judged"; error?: string; flights: number; casualties: string; notes: Each[]; summary: { verdict: Verdict };
  lines: { pack: string; title: string; verdict: Verdict; confirmed: boolean; source: string; is: Each; limit: Each; complies: number | null; why: Each }[];
}
export type Verdict = "pass" | "fail" | "open";
export interface Aiming {
  type: "aimed"; error?: string; not_aimed: string;
  aims: { azimuth_deg: number; elevation_deg: number; own: boolean; planned_bad: number; ballistic_bad: number; main_at_apogee_bad: number; shown: { rail: string; apogee: Each; margin: Each; ballistic: Each } }[];
  reach: { kind: string; distance_m: number; shown: { distance: Each; when: Each } }[];
}
export interface Difference { path: string; was: string; is: string }
export interface History {
  type: "history"; git: boolean; variants: string[];
  versions: { name: string; time: string; who: string; words: string; numbers: Record<string, { value: number | null; shown: Each }>; changes: Difference[]; more: number; error: string }[];
}
export interface Burnt {
  type: "burnt"; error: string | null; none?: boolean; key?: string | null; file: string; editable: boolean; figures: Record<string, unknown>;
  curves: { time_s: number[]; thrust_n: (number | null)[]; pressure_pa: (number | null)[]; head_pressure_pa: (number | null)[]; kn: (number | null)[] };
  sections: { type: string; count: number; diameter_m: number; length_m: number; across: number; picture: number[]; burnt: number[] }[];
  alerts: { text: Each; serious: boolean }[];
}
/** A flight that is laid over the one that is shown: a variant, another motor, or a log. */
export interface Beside { name: string; log: boolean; apogee: Each | null; notes: string[]; answer: Answer }

/** Made from `downrange.console.heads` and `messages` by `python builders/page_types.py`; not to be edited. */

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type System = "metric" | "us";
export type Judged = "good" | "look" | "bad" | "";
export type Said = Record<string, Value>;
export type Way = (string | number)[];
export type Verdict = "pass" | "fail" | "not evaluated";
export type Message = State | Explained | Judgement | Aiming | Differ | History | Burnt | Refused | Closed | Many;
/** Words in each system of units. */
export interface Each {
  metric: string;
  us: string;
}
/** Sentences in each system of units. */
export interface Reasons {
  metric: string[];
  us: string[];
}
/** The unit of a kind in each system: its name, and how many of it one SI unit is. */
export interface Unit {
  metric: [string, number];
  us: [string, number];
}
/** Why there is no answer, and the key of the files that it is about, where it is one. */
export interface Fault {
  text: string;
  key: string | null;
}
/** What follows a head: rows of so many numbers each, by name. */
export interface Block {
  names: string[];
  rows: number;
  points: number;
}
/** A number of the strip: what it is, what it is shown as, and whether it passes. */
export interface StripItem {
  name: string;
  key: string;
  unit: string;
  meaning: string;
  topic: string | null;
  value: number | null;
  state: Judged;
  why: Reasons;
  shown: Each;
}
/** A polygon of the drawing and the part that it shows, m: aft of the nose tip, across. */
export interface Shape {
  part: string;
  kind: "body" | "fin" | "inside" | "mark" | "motor";
  points: [number, number][];
}
/** What stands on the pad, seen from the side; m. */
export interface Drawing {
  shapes: Shape[];
  length: number;
  reach: number;
}
/** What happens in a flight: s, m above the pad, m/s. */
export interface FlightEvent {
  name: string;
  time: number;
  height: number;
  speed: number;
}
/** A warning, the quantity that it is about, and whether the rocket should not fly so. */
export interface Warned {
  text: Each;
  about: string | null;
  grave: boolean;
}
/** An input that moves the apogee, and by how much it alone does. */
export interface Mover {
  what: string;
  sigma_m: number;
  assumed: boolean;
}
/** How well the apogee is known. */
export interface Band {
  mean_m: number;
  sigma_m: number;
  p5_m: number;
  p25_m: number;
  p75_m: number;
  p95_m: number;
  moved_most_by: Mover[];
  shown: Each;
}
/** The head of a flight's answer; at rest with all its figures, and what was assumed. */
export interface Head {
  error: Fault | null;
  settled: boolean;
  interpreted: boolean;
  title: string;
  result: string;
  fit_to_fly: boolean;
  strip: StripItem[];
  events: FlightEvent[];
  warnings: Warned[];
  drawing: Drawing;
  cg: number | null;
  cp: number | null;
  figures?: Record<string, unknown>;
  assumed?: string[];
  apogee_band?: Band | null;
  series: Block;
}
/** The head of an answer of a project that cannot fly. */
export interface Unflown {
  error: Fault;
  settled: boolean;
  series: Block;
}
/** The head of another design's flight, to be laid over the one shown. */
export interface BesideHead {
  error: Fault | null;
  settled: boolean;
  interpreted: boolean;
  title: string;
  result: string;
  fit_to_fly: boolean;
  strip: StripItem[];
  events: FlightEvent[];
  warnings: Warned[];
  drawing: Drawing;
  cg: number | null;
  cp: number | null;
  figures?: Record<string, unknown>;
  assumed?: string[];
  apogee_band?: Band | null;
  series: Block;
  beside: string;
}
/** What a log shows to have happened, s from lift-off. */
export interface LogEvent {
  name: string;
  time: number;
  height: null;
  speed: null;
}
/** The head of a log as it was reconstructed, to be laid over the flight shown. */
export interface LogHead {
  error: Fault | null;
  beside: string;
  settled: boolean;
  events: LogEvent[];
  log: true;
  apogee: Each;
  notes: string[];
  series: Block;
}
/** A mode of failure and its probability. */
export interface Mode {
  name: string;
  probability: number;
}
/** An ellipse around a share of the normal landings, m east and north of the pad. */
export interface Ellipse {
  share: number;
  outline: [number, number][];
}
/** A ring of the ground around the pad, m east and north of it. */
export interface Ring {
  name: string;
  kind: string;
  outline: [number, number][];
}
/** The head of where many flights land. */
export interface ScatterHead {
  scatter: true;
  tried: boolean;
  error: Fault | null;
  flights: number;
  seed: number;
  modes: Mode[];
  bands: Record<string, Each>;
  ellipse: Ellipse[];
  shapes: Ring[];
  pad: number[];
  series: Block;
}
/** One change of a project, as a page asks for it: `project.document.Change`. */
export interface Change {
  kind: "set" | "remove" | "insert" | "move";
  way: Way;
  value?: Value;
  index?: number;
  to?: number;
}
/** A number that a sum begins with, and where it comes from. */
export interface Given {
  symbol: string;
  value: number;
  unit: string;
  what: string;
  source: string;
}
/** A step of a sum: the equation, with numbers in it, and what it gives. */
export interface Step {
  symbol: string;
  equation: string;
  numbers: string;
  value: number;
  unit: string;
  words: string;
}
/** What the answer becomes by a change, and how much more that is. */
export interface Move {
  what: string;
  value: number | null;
  more: number | null;
}
/** A number explained. */
export interface Explained {
  type: "explained";
  error?: string;
  topic: string;
  question: string;
  answer: number | null;
  unit: string;
  key: string | null;
  words: string;
  given: Given[];
  steps: Step[];
  by_hand: number | null;
  because: string | null;
  moves: Move[];
  more: string | null;
}
/** How a project stands: what its files say, as values and as texts. */
export interface State {
  type: "state";
  said: Said | null;
  motor: Said | null;
  error: string | null;
  files: Record<string, string>;
  texts: Record<string, string>;
  unsaved: boolean;
  undo: boolean;
  redo: boolean;
  conflict: boolean;
  replaced: number;
}
/** Many flights are compiled by now, so that a page can ask for some at rest; told once. */
export interface Many {
  type: "many";
}
/** A field of a part. */
export interface Field {
  name: string;
  kind: string;
  meaning: string;
  example: string;
  needed: boolean;
  default: string | number | boolean | null;
  choices: string[];
  whole: boolean;
}
/** A field of a launch, by its dotted path. */
export interface LaunchField {
  path: string;
  kind: string;
  meaning: string;
  example: string;
}
/** What a page edits: by type of part, of the launch, and the units. */
export interface Fields {
  parts: Record<string, Field[]>;
  launch: LaunchField[];
  units: Record<string, Unit>;
}
/** A motor of the catalogue. */
export interface Motor {
  class: string;
  designation: string;
  maker_short: string;
  diameter_m: number;
  length_m: number;
  impulse_n_s: number;
  average_thrust_n: number;
  burn_time_s: number;
  delays_s: number[] | null;
  plugged: boolean | null;
  available: boolean;
}
/** A project that was opened lately. */
export interface Recent {
  key: string;
  name: string;
  folder: string;
}
/** A project in the studio's folder. */
export interface Named {
  name: string;
}
/** What the start page offers. */
export interface Start {
  open: boolean;
  templates: Record<string, string>;
  examples: Record<string, string>;
  folder: string;
  projects: Named[];
  recent: Recent[];
}
/** A rule's answer. */
export interface Line {
  is: Each;
  pack: string;
  title: string;
  verdict: Verdict;
  confirmed: boolean;
  source: string;
  limit: Each;
  complies: number | null;
  why: Each;
}
/** What `downrange safety --json` says. */
export interface Summary {
  verdict: Verdict;
  rules: Record<string, unknown>[];
  risk: Record<string, unknown> | null;
  notes: string[];
}
/** GO or NO-GO, line by line. */
export interface Judgement {
  type: "judged";
  error?: string;
  flights: number;
  lines: Line[];
  casualties: string;
  notes: Each[];
  summary: Summary;
}
/** A setting of the rail in words. */
export interface AimShown {
  rail: string;
  apogee: Each;
  margin: Each;
  ballistic: Each;
}
/** A setting of the rail and the shares of flights that end badly with it. */
export interface Aimed {
  azimuth_deg: number;
  elevation_deg: number;
  own: boolean;
  apogee_agl_m: number;
  planned_bad: number;
  ballistic_bad: number;
  main_at_apogee_bad: number;
  planned_east_m: number;
  planned_north_m: number;
  ballistic_east_m: number;
  ballistic_north_m: number;
  margin_m: number | null;
  shown: AimShown;
}
/** How far, and when, in words. */
export interface ReachShown {
  distance: Each;
  when: Each;
}
/** How far a rocket can come down from the pad. */
export interface Reached {
  kind: string;
  distance_m: number;
  elevation_deg: number;
  wind_m_s: number;
  late_s: number;
  body: string | null;
  shown: ReachShown;
}
/** Where to point the rail; why nowhere, in `not_aimed`. */
export interface Aiming {
  type: "aimed";
  error?: string;
  aims: Aimed[];
  not_aimed: string;
  reach: Reached[];
  drift: Record<string, unknown>[];
  hold: Record<string, unknown>[];
}
/** What comes in place of one of these where the project cannot fly. */
export interface Unanswered {
  type: "explained" | "judged" | "aimed";
  error: string;
  topic?: string;
}
/** A value of the files by its path: what it was and is; empty where it was or is not there. */
export interface Difference {
  is: string;
  path: string;
  was: string;
}
/** In what the project differs from what is pinned; null where it does not open. */
export interface Differ {
  type: "differ";
  changes: Difference[] | null;
}
/** A number and how it is shown. */
export interface Number {
  value: number | null;
  shown: Each;
}
/** What a project was, what it flew, and what was changed of the one before. */
export interface Version {
  name: string;
  time: string;
  who: string;
  words: string;
  numbers: Record<string, Number>;
  changes: Difference[];
  more: number;
  error: string;
}
/** What a project was, newest first, and its variants. */
export interface History {
  type: "history";
  git: boolean;
  versions: Version[];
  variants: string[];
}
/** A firing against time. */
export interface Curves {
  time_s: number[];
  thrust_n: (number | null)[];
  pressure_pa: (number | null)[];
  head_pressure_pa: (number | null)[];
  kn: (number | null)[];
}
/** A grain's section as a square picture, and how much of its web is burnt at each point of the curves. */
export interface Section {
  type: string;
  count: number;
  diameter_m: number;
  length_m: number;
  across: number;
  picture: number[];
  burnt: number[];
}
/** What is wrong with a firing. */
export interface Alert {
  text: Each;
  serious: boolean;
}
/** A motor of grains as it burns; `none` where the motor is another kind. */
export interface Burnt {
  type: "burnt";
  error: string | null;
  key?: string | null;
  none?: boolean;
  file: string;
  editable: boolean;
  figures: Record<string, unknown>;
  curves: Curves;
  sections: Section[];
  alerts: Alert[];
}
/** What comes in place of `Burnt` where the motor does not burn. */
export interface Unburnt {
  type: "burnt";
  error: string;
  key: string | null;
  none?: boolean;
}
/** What cannot be done, to the page that asked for it. */
export interface Refused {
  type: "refused";
  text: string;
}
/** Why a project is not opened. */
export interface Closed {
  type: "closed";
  text: string;
}

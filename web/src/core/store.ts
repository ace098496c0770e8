/** What the page knows, as signals; and the line to the server. */

import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import { between, type Drawn } from "./between";
import { eachFrame, note, whenSeen } from "./frame";
import { measure } from "./measure";
import { at, unframe, type Aiming, type Answer, type Beside, type BesideHead, type Burnt, type Change, type Difference, type Drawing, type History, type Judgement, type Explained, type Fields, type Head, type LogHead, type Message, type Scatter, type State, type System, type Value, type Way } from "./protocol";
import { WORDS, type Key, type Language, LANGUAGES } from "./words";

const kept = (name: string, fallback: string): string => localStorage.getItem(`downrange.${name}`) ?? fallback;
const keep = (name: string, value: string): void => localStorage.setItem(`downrange.${name}`, value);

export const system = signal<System>(kept("units", "metric") as System);
export const language = signal<Language>((LANGUAGES as readonly string[]).includes(kept("language", "en")) ? (kept("language", "en") as Language) : "en");
export const theme = signal<string>(kept("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
export const state = signal<State | null>(null);
export const answer = signal<Answer | null>(null);
export const pinned = signal<Answer | null>(null);
export const fields = signal<Fields | null>(null);
export const scatter = signal<Scatter | null>(null);
export const scattering = signal(false);
/** Why the project as it stands cannot fly; the last flight that could stays. */
export const failure = signal<Head["error"]>(null);
export const explained = signal<Explained | null>(null);
export const judgement = signal<Judgement | null>(null);
export const aiming = signal<Aiming | null>(null);
export const past = signal<History | null>(null);
export const differing = signal<Difference[] | null>(null);
export const beside = signal<Beside[]>([]);
/** What the motor's file says, without what is being tried: a slider keeps its ends while it is dragged. */
export const motorSaid = computed(() => (state.value?.motor ?? null) as Value);
export const burnLevel = signal("");
export const burnt = signal<Burnt | null>(null);
/** Why what is tried in the motor room does not burn; the last firing that could stays. */
export const unburnt = signal<string | null>(null);
/** What is under way of what takes a while: `judge`, `aim`, `history`, `beside`. */
export const busy = signal<ReadonlySet<string>>(new Set());
/** Whether the numbers shown are older than what was last changed. */
export const moving = signal(false);
export const refused = signal<string | null>(null);
export const connected = signal<"opening" | "open" | "lost" | "closed">("opening");
export const selected = signal<Way>([]);
export const cursor = signal<number | null>(null);
/** What is being dragged, as typed so far: shown before the server has it. */
export const draft = signal<{ way: Way; value: Value } | null>(null);

export const t = (key: Key): string => WORDS[language.value][key];
/** From what was dragged to its flight drawn, ms, of each flight that was asked for so; what `benchmarks/studio.py` reads. */
export const latency: number[] = [];
/** How long many flights took until where they landed was drawn, ms; what the benchmark reads too. */
export const landedAfter: { flights: number; ms: number }[] = [];
/** When the drawing followed what is dragged, ms. */
export const followed: number[] = [];

/** What is read, as the object that it was while it says the same: what shows it is not made again. */
export function steady<T>(read: () => T): ReadonlySignal<T> {
  let text: string | undefined, old: T;
  return computed(() => {
    const now = read(), said = JSON.stringify(now);
    if (said !== text) { text = said; old = now; }
    return old;
  });
}

export function choose(name: "units" | "language" | "theme", value: string): void {
  keep(name, value);
  if (name === "units") system.value = value as System;
  else if (name === "language") language.value = value as Language;
  else theme.value = value;
}

/** The value at a way, with what is being dragged in its place. */
export function valueAt(way: Way): Value | undefined {
  const d = draft.value;
  if (d !== null && d.way.length === way.length && d.way.every((w, k) => w === way[k])) return d.value;
  return at(state.value?.said ?? undefined, way);
}

export const token = (): string => {
  const given = /token=([\w-]+)/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem("downrange.token", given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem("downrange.token") ?? "";
};

export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, { ...init, headers: { ...(init.headers ?? {}), Authorization: `Bearer ${token()}` } });
  const said = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(said.error ?? response.statusText);
  return said;
}

/** Some bytes of a file of tiles. */
export async function piece(name: string, first: number, length: number): Promise<ArrayBuffer> {
  const response = await fetch(`/tiles/${encodeURIComponent(name)}`, { headers: { Authorization: `Bearer ${token()}`, "x-project": encodeURIComponent(project), Range: `bytes=${first}-${first + length - 1}` } });
  if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
  return response.arrayBuffer();
}
/** The files of tiles beside the launch file. */
export const tileFiles = (): Promise<{ name: string }[]> => ask("/api/tiles", { headers: { "x-project": encodeURIComponent(project) } });

let socket: WebSocket | null = null;
let project = "";
let untold = false;  // an edit is sent, and its state has not come back
interface Tried { way: Way; value: Value; since: number }
let newest: Tried | null = null;  // what was dragged and is not asked yet
let underway: Tried | null = null;  // what is asked and not answered yet
let again = 0;

/** Opens the line to a project. `otherwise`: what to do where the server has none by that name, instead of saying so. */
export function connect(name: string, otherwise: (() => void) | null = null): void {
  project = name;
  connected.value = "opening";
  const line = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  line.binaryType = "arraybuffer";
  socket = line;
  const refuse = (): void => { const then = otherwise!; otherwise = null; socket = null; then(); };
  line.onopen = () => line.send(JSON.stringify({ token: token(), project }));
  line.onmessage = (e: MessageEvent<string | ArrayBuffer>) => {
    if (typeof e.data !== "string") { flown(e.data); return; }
    const said = JSON.parse(e.data) as Message;
    if (said.type === "closed" && otherwise !== null) { refuse(); return; }
    otherwise = null;
    if (said.type === "many") { ready = true; bands(); } else heard(said);
  };
  line.onclose = () => {
    if (socket !== line || connected.value === "closed") return;
    if (otherwise !== null) { refuse(); return; }
    connected.value = "lost";
    newest = underway = bandNext = null;
    untold = ready = scattering.value = burning = moving.value = false;
    rested = null;
    busy.value = new Set();
    clearTimeout(again);
    again = window.setTimeout(() => connect(project), 2000);
  };
}

/** A design is pinned, or none: what differs from it is asked for at once and after each change. */
export let pinnedSaid: unknown = null;
export function pin(on: boolean): void {
  pinned.value = on ? answer.value : null;
  pinnedSaid = on ? (state.value?.said ?? null) : null;
  differing.value = on ? [] : null;
}
const differ = (): void => { if (pinnedSaid !== null) send({ do: "differ", before: pinnedSaid }); };

const waited = (what: string, on: boolean): void => { const next = new Set(busy.value); if (on) next.add(what); else next.delete(what); busy.value = next; };
function wonder(what: string, said: object = {}): void {
  waited(what, true);
  send({ do: what, ...said });
}
export const judge = (): void => wonder("judge");
export const aim = (): void => wonder("aim");
export const remember = (): void => wonder("history");
export const keepVariant = (name: string): void => send({ do: "keep", name });
export const layOver = (what: "variant" | "motor", name: string): void => wonder("beside", { what, name });
export const liftOver = (name: string): void => { beside.value = beside.value.filter((b) => b.name !== name); };
export async function layLog(file: File): Promise<void> {
  waited("beside", true);
  try {
    const response = await fetch("/api/log", { method: "POST", body: file, headers: { Authorization: `Bearer ${token()}`, "x-name": encodeURIComponent(file.name), "x-project": encodeURIComponent(project) } });
    if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
    laid(unframe(await response.arrayBuffer()));
  } catch (e) { refused.value = (e as Error).message; }
  waited("beside", false);
}
function laid(a: Answer): void {
  waited("beside", false);
  const h = a.head as unknown as BesideHead | LogHead;
  if (h.error !== null) { refused.value = h.error.text; return; }
  const own = { name: h.beside, log: "log" in h, apogee: "log" in h ? h.apogee : (h.strip.find((i) => i.name === "apogee_agl")?.shown ?? null), notes: "log" in h ? h.notes : [], answer: a };
  beside.value = [...beside.value.filter((b) => b.name !== own.name), own].slice(-5);
}

/** The motor room asks for a firing: one question is under way, and of what comes meanwhile the newest is asked next. */
let burning = false;
let burnNext: { changes: { way: Way; value: Value }[]; level: string } | null = null;
export function burn(changes: { way: Way; value: Value }[], level: string): void {
  burnNext = { changes, level };
  if (!burning) passBurn();
}
function passBurn(): void {
  if (burnNext === null) return;
  burning = true;
  send({ do: "burn", ...burnNext });
  burnNext = null;
}
function fired(b: Burnt): void {
  burning = false;
  unburnt.value = b.error;
  if (b.error === null || b.none || burnt.value === null) burnt.value = b;
  passBurn();
}

export const explain = (topic: string): void => send({ do: "explain", topic });

const ABOUT: Record<string, string> = { judged: "judge", aimed: "aim", history: "history" };
function heard(said: Message): void {
  if (said.type in ABOUT) waited(ABOUT[said.type]!, false);
  if (said.type === "judged") judgement.value = said;
  if (said.type === "aimed") aiming.value = said;
  if (said.type === "history") past.value = said;
  if (said.type === "differ") differing.value = said.changes ?? differing.value;
  if (said.type === "burnt") fired(said);
  if (said.type === "explained") explained.value = said;
  if (said.type === "state") {
    connected.value = "open";
    if (state.value !== null && !alike(state.value, said)) outdate();
    state.value = said;
    released.value = draft.value ?? released.value;
    draft.value = null;
    untold = false;
    if (burnt.value !== null && !burnt.value.none) burn([], burnLevel.value);
    differ();
  } else if (said.type === "refused") {
    busy.value = new Set();
    burning = false;
    moving.value = false;
    refused.value = said.text;
  }
  else if (said.type === "closed") {
    connected.value = "closed";
    refused.value = said.text;
  }
}

function flown(data: ArrayBuffer): void {
  const a = unframe(data), h = a.head as Head & { scatter?: boolean };
  if (h.scatter) { landed(a); return; }
  if ("beside" in h) { laid(a); return; }
  const of = underway;
  underway = null;
  rested = h;
  if (newest !== null) pass();  // first: the server flies the next while this is drawn
  if (of !== null && a.head.error === null) learn(of.value, a.head.drawing);
  show({ a, of });
  bands();
}

let ready = false;  // whether many flights are compiled there
let rested: Head | null = null;  // of the newest answer
let unasked = false;  // whether the flights under way were asked for by nobody
/** At rest, after all else that is told of a design, few flights say how far its numbers spread. */
function bands(): void {
  if (!ready || rested?.apogee_band === undefined || untold || underway !== null || draft.value !== null || scatter.value !== null || scattering.value) return;
  flyMany(FEW);
  unasked = true;
}
/** How far the numbers spread that are shown: nothing while something is dragged, unless many flights follow that. */
const dragging = computed(() => draft.value !== null);
export const spread = computed(() => { const s = scatter.value; return s === null || (dragging.value && !s.head.tried) ? null : s.head.bands; });

function landed(a: Answer): void {
  const h = a.head as unknown as Scatter["head"];
  scattering.value = false;
  if (bandNext !== null) passBand();
  if (h.error !== null) { if (!h.tried && (watched.value || !unasked)) refused.value = h.error.text; return; }
  if (h.tried && draft.value === null) {  // let go meanwhile: of where it was left
    if (!scattering.value && watched.value) flyMany(FEW);
    return;
  }
  scatter.value = { head: h, east: a.series.get("east")!, north: a.series.get("north")!, mode: a.series.get("mode")! };
  const since = manySince;
  requestAnimationFrame(() => whenSeen(() => { if (landedAfter.length < 1000) landedAfter.push({ flights: h.flights, ms: performance.now() - since }); }));
}

/** Flights while something is dragged and at once after, and then at rest. */
export const FEW = 200, MORE = 10_000;
/** Whether the landing room is open: many flights follow what is dragged, and more when it is let go. */
export const watched = signal(false);
let bandNext: { way: Way; value: Value } | null = null;
let manySince = 0;
let many = 0;  // flights that are under way
/** Few flights of what is dragged: one campaign is under way, and of what comes meanwhile the newest is flown next. */
function band(way: Way, value: Value): void {
  bandNext = { way, value };
  if (!scattering.value || many > FEW) passBand();
}
function passBand(): void {
  const next = bandNext!;
  bandNext = null;
  flyMany(FEW, next);
}

/** What came is drawn with the next frame: of several only the last. */
const show = eachFrame(({ a, of }: { a: Answer; of: Tried | null }) => batch(() => {
  released.value = null;
  failure.value = a.head.error;
  if (a.head.error === null || answer.value === null) answer.value = a;
  if (of !== null) {
    whenSeen(() => note(latency, performance.now() - of.since));
    if (underway === null) moving.value = false;
  } else if (!untold && underway === null && (a.head.settled || a.head.error !== null)) moving.value = false;
}));

function send(said: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
}

/** Something is dragged: one question is under way, and of what comes meanwhile the newest is asked next. */
export function tryValue(way: Way, value: Value): void {
  if (draft.value === null || String(draft.value.way) !== String(way)) forget(at(state.value?.said ?? undefined, way));
  draft.value = { way, value };
  moving.value = true;
  newest = { way, value, since: performance.now() };
  if (underway === null) pass();
  if (watched.value) band(way, value);
}

function pass(): void {
  underway = newest!;
  newest = null;
  send({ do: "try", way: underway.way, value: underway.value });
}

/** What was dragged last, until the flight of where it was left is there. */
const released = signal<{ way: Way; value: Value } | null>(null);
/** How the drawing moved with what is dragged: as it was before, farthest from that, and last. */
let moved: { first: Drawn; far: Drawn; last: Drawn } | null = null;
function forget(committed: Value | undefined): void {
  const m = measure(committed), h = head.value;
  const first = m === null || h === null || h.error !== null ? null : { value: m.number, drawing: h.drawing };
  moved = first === null ? null : { first, far: first, last: first };
}
function learn(value: Value, drawing: Drawing): void {
  const m = measure(value);
  if (m === null || moved === null) return;
  const last = { value: m.number, drawing }, away = (d: Drawn): number => Math.abs(d.value - moved!.first.value);
  moved = { ...moved, last, far: away(last) >= away(moved.far) ? last : moved.far };
}
/** The drawing as it is shown: while something is dragged, moved on to where that is now. */
export const drawing = computed((): Drawing | null => {
  const h = head.value, d = draft.value ?? released.value, m = d === null ? null : measure(d.value);
  if (h === null || h.drawing === undefined) return null;
  return m === null || moved === null ? h.drawing : between(moved.first, moved.far, moved.last, m.number);
});

export function edit(...changes: Change[]): void {
  newest = underway = bandNext = null;
  refused.value = null;
  stale();
  send({ do: "edit", changes });
}
/** Something is changed: what was found out of how it was before is taken away, and the numbers are marked as old, at once. */
function stale(): void {
  moving.value = true;
  untold = true;
  outdate();
}
function outdate(): void {
  scatter.value = null;
  judgement.value = null;
  aiming.value = null;
}
/** Whether the files say the same, and so do those that they name. */
const alike = (a: State, b: State): boolean => a.replaced === b.replaced && JSON.stringify(a.texts) === JSON.stringify(b.texts);
export const setValue = (way: Way, value: Value): void => edit(value === "" ? { kind: "remove", way } : { kind: "set", way, value });
export const undo = (): void => { stale(); send({ do: "undo" }); };
export const redo = (): void => { stale(); send({ do: "redo" }); };
export const settle = (which: "mine" | "theirs"): void => send({ do: which });
export function flyMany(flights: number, tried: { way: Way; value: Value } | null = null): void {
  scattering.value = true;
  unasked = false;
  many = flights;
  manySince = performance.now();
  send({ do: "scatter", flights, ...tried });
}

export const head = computed(() => answer.value?.head ?? null);
/** The unit of a kind in the chosen system: its name, and how many of it one SI unit is. */
export function unit(kind: string): [string, number] {
  return fields.value?.units[kind]?.[system.value] ?? ["", 1];
}

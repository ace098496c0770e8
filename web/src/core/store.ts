/** What the page knows, as signals; and the line to the server. */

import { computed, signal } from "@preact/signals";
import { at, unframe, type Answer, type Change, type Explained, type Fields, type Head, type Scatter, type State, type System, type Value, type Way } from "./protocol";
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
export const refused = signal<string | null>(null);
export const connected = signal<"opening" | "open" | "lost" | "closed">("opening");
export const selected = signal<Way>([]);
export const cursor = signal<number | null>(null);
/** What is being dragged, as typed so far: shown before the server has it. */
export const draft = signal<{ way: Way; value: Value } | null>(null);

export const t = (key: Key): string => WORDS[language.value][key];
/** From what was dragged to its flight drawn, ms, of each flight that was asked for so; what `benchmarks/studio.py` reads. */
export const latency: number[] = [];

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

let socket: WebSocket | null = null;
let project = "";
let waiting = false;
let newest: { way: Way; value: Value; since: number } | null = null;
let asked = 0;
let again = 0;

export function connect(name: string): void {
  project = name;
  connected.value = "opening";
  const line = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  line.binaryType = "arraybuffer";
  socket = line;
  line.onopen = () => line.send(JSON.stringify({ token: token(), project }));
  line.onmessage = (e: MessageEvent<string | ArrayBuffer>) => (typeof e.data === "string" ? heard(JSON.parse(e.data)) : flown(e.data));
  line.onclose = () => {
    if (socket !== line || connected.value === "closed") return;
    connected.value = "lost";
    waiting = false;
    clearTimeout(again);
    again = window.setTimeout(() => connect(project), 2000);
  };
}

export const explain = (topic: string): void => send({ do: "explain", topic });

function heard(said: { type: string; text?: string } | State | Explained): void {
  if (said.type === "explained") explained.value = said as Explained;
  if (said.type === "state") {
    connected.value = "open";
    state.value = said as State;
    draft.value = null;
  } else if (said.type === "refused") refused.value = (said as { text: string }).text;
  else if (said.type === "closed") {
    connected.value = "closed";
    refused.value = (said as { text: string }).text;
  }
}

function flown(data: ArrayBuffer): void {
  const a = unframe(data);
  if ("east" in Object.fromEntries(a.series) && (a.head as unknown as { scatter?: boolean }).scatter) {
    scattering.value = false;
    scatter.value = { head: a.head as unknown as Scatter["head"], east: a.series.get("east")!, north: a.series.get("north")!, mode: a.series.get("mode")! };
    return;
  }
  if ((a.head as unknown as { scatter?: boolean }).scatter) {
    scattering.value = false;
    refused.value = a.head.error?.text ?? null;
    return;
  }
  failure.value = a.head.error;
  if (a.head.error === null || answer.value === null) answer.value = a;
  if (waiting) {
    const since = asked;
    waiting = false;
    requestAnimationFrame(() => setTimeout(() => latency.push(performance.now() - since)));  // the frame after which it is on the screen
    if (newest !== null) pass();
  }
}

function send(said: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(said));
}

/** Something is dragged: one question is under way, and of what comes meanwhile the newest is asked next. */
export function tryValue(way: Way, value: Value): void {
  draft.value = { way, value };
  newest = { way, value, since: performance.now() };
  if (!waiting) pass();
}

function pass(): void {
  const next = newest!;
  newest = null;
  waiting = true;
  asked = next.since;
  send({ do: "try", way: next.way, value: next.value });
}

export function edit(...changes: Change[]): void {
  newest = null;
  waiting = false;
  scatter.value = null;
  refused.value = null;
  send({ do: "edit", changes });
}
export const setValue = (way: Way, value: Value): void => edit(value === "" ? { kind: "remove", way } : { kind: "set", way, value });
export const undo = (): void => send({ do: "undo" });
export const redo = (): void => send({ do: "redo" });
export const settle = (which: "mine" | "theirs"): void => send({ do: which });
export function flyMany(flights: number): void {
  scattering.value = true;
  send({ do: "scatter", flights });
}

export const head = computed(() => answer.value?.head ?? null);
/** The unit of a kind in the chosen system: its name, and how many of it one SI unit is. */
export function unit(kind: string): [string, number] {
  return fields.value?.units[kind]?.[system.value] ?? ["", 1];
}

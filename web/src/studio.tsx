import { render } from "preact";
import { useEffect } from "preact/hooks";
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import "uplot/dist/uPlot.min.css";
import "./studio.css";
import { ask, choose, connect, connected, explain, failure, fields, followed, head, landedAfter, language, latency, moving, pin, pinned, redo, refused, settle, spread, state, steady, system, t, theme, undo } from "./core/store";
import { LANGUAGES, WORDS, type Key } from "./core/words";
import { colour } from "./viz/colours";
import type { Fields, Start, StripItem } from "./core/protocol";
import { Drawing, Panel, Tree, useKeys } from "./ui/room";
import { Chart, Ground, type Kind } from "./ui/flight";
import { Landing } from "./ui/landing";
import { Sheet } from "./ui/sheet";
import { Replay } from "./ui/replay";
import { Differing, History } from "./ui/history";
import { MotorRoom } from "./ui/motor";
import { Beside } from "./ui/beside";

const tab = signal<"design" | "motorroom" | "flight" | "replay" | "landing" | "history" | "files">("design");
const start = signal<Start | null>(null);
const project = signal<string | null>(null);
const opened = signal<string | null>(null);

const SIGN = { good: "✓", look: "▲", bad: "✕", "": "" } as const;

/** How far a number is from that of the pinned design: in its own unit where that is calibres, else as a share. */
function by(now: StripItem, before: StripItem): string {
  if (now.value === null || before.value === null) return "";
  const share = !now.key.endsWith("_cal"), d = share ? (100 * (now.value - before.value)) / Math.abs(before.value) : now.value - before.value;
  return Number.isFinite(d) ? ` (${d < 0 ? "−" : "+"}${Math.abs(d).toFixed(share ? 1 : 2)}${share ? "\u00a0%" : ""})` : "";
}

/** Each number by its name, so that a tile is made anew only when it shows something else. */
const items = new Map<string, ReadonlySignal<StripItem | undefined>>();
function itemOf(name: string): ReadonlySignal<StripItem | undefined> {
  const made = items.get(name) ?? steady(() => { const i = head.value?.strip?.find((x) => x.name === name); return i === undefined || pinned.value !== null ? i : { ...i, value: null }; });
  items.set(name, made);
  return made;
}
const names = steady(() => (head.value?.strip ?? []).map((i) => i.name));
const title = computed(() => head.value?.title ?? "");
const apogeeBand = steady(() => head.value?.apogee_band ?? null);
const old = computed(() => !head.value?.settled || moving.value);

function Tile({ name: own }: { name: string }) {
  const item = itemOf(own).value;
  if (item === undefined) return null;
  const name = t(`q.${own}` as Key), before = pinned.value?.head.strip?.find((i) => i.name === own), sys = system.value;
  const known = own === "apogee_agl" ? apogeeBand.value : null, band = known?.shown[sys] ?? spread.value?.[own]?.[sys];
  const more = opened.value === own;
  return (
    <div class={`tile ${item.state}`} data-tile={own}>
      <button aria-expanded={more} onClick={() => (opened.value = more ? null : own)}>
        <span class="name">{item.state ? <i title={t(`state_${item.state}` as Key)} aria-label={t(`state_${item.state}` as Key)}>{SIGN[item.state]}</i> : null}{name}</span>
        <b>{item.shown[sys]}</b>
        <small class="band" title={band ? t("band") : undefined}>{band}</small>
        {before ? <small class="was">{t("pinned")} {before.shown[sys]}{by(item, before)}</small> : null}
      </button>
      {more ? <div class="why" role="note"><p>{item.meaning}</p>{item.why[sys].map((w) => <p key={w} class="warned">{w}</p>)}{known ? <p>{t("moved")}: {known.moved_most_by.map((m) => m.what.replace("unsaid.", `${t("notstated")}: `).replaceAll("_", " ")).join(", ")}</p> : null}{item.topic ? <button onClick={() => explain(item.topic!)}>{t("how")}</button> : null} <button onClick={() => (opened.value = null)}>{t("closed")}</button></div> : null}
    </div>
  );
}

function Strip() {
  return <section class={`strip${old.value ? " moving" : ""}${failure.value ? " old" : ""}`} aria-label={t("hidden")} id="numbers">{names.value.map((n) => <Tile key={n} name={n} />)}</section>;
}

function Top() {
  const s = state.value;
  return (
    <header class="top">
      {s === null ? null : <a class="skip" href="#numbers">{t("skip")}</a>}
      <strong class="brand">downrange <span>{t("studio")}</span></strong>
      {s === null ? null : <span class="title">{title}</span>}
      <span class="grow" />
      {s === null ? null : <>
        <span class={`saved ${s.unsaved ? "no" : ""}`} role="status">{s.unsaved ? t("notsaved") : t("saved")}</span>
        <button onClick={undo} disabled={!s.undo} title="Ctrl+Z">{t("undo")}</button><button onClick={redo} disabled={!s.redo} title="Ctrl+Y">{t("redo")}</button>
        <button aria-pressed={pinned.value !== null} onClick={() => pin(pinned.value === null)}>{pinned.value === null ? t("pin") : t("unpin")}</button></>}
      <label><span class="only-read">{t("units")}</span><select id="units" value={system.value} onChange={(e) => choose("units", e.currentTarget.value)}><option value="metric">{t("metric")}</option><option value="us">{t("us")}</option></select></label>
      <label><span class="only-read">{t("language")}</span><select id="language" value={language.value} onChange={(e) => choose("language", e.currentTarget.value)}>{LANGUAGES.map((l) => <option key={l} value={l}>{WORDS[l]["lang.name"]}</option>)}</select></label>
      <button id="theme" onClick={() => choose("theme", theme.value === "dark" ? "light" : "dark")}>{theme.value === "dark" ? t("light") : t("dark")}</button>
    </header>
  );
}

const told = steady(() => { const h = head.value; return h === null ? null : { error: h.error, warnings: h.warnings ?? [], assumed: h.assumed ?? [], settled: h.settled, interpreted: h.interpreted }; });

function Warnings() {
  const h = told.value, wrong = failure.value;
  if (h === null) return null;
  return (
    <section class="warnings" aria-live="polite"><h2 class="small">{t("warnings")}</h2>
      {wrong ? <p class="warned bad" role="alert">{wrong.text}{wrong.key ? ` (${wrong.key})` : ""}</p> : null}
      {!wrong && !h.error && h.warnings.length === 0 ? <p>{t("nothingwrong")}</p> : null}
      {h.warnings.map((w) => <p key={w.text.metric} class={`warned ${w.grave ? "bad" : ""}`}>{w.text[system.value]}</p>)}
      {h.assumed.length ? <p class="quiet">{t("assumed")}: {h.assumed.join("; ")}.</p> : null}
      {h.error || wrong ? null : <p class="quiet">{h.settled ? t("settled") : t("quick")}.</p>}
      {h.interpreted && !h.settled ? <p class="quiet">{t("kernel")}</p> : null}
    </section>
  );
}

function Room() {
  useKeys(undo, redo);
  const s = state.value;
  const kinds: Kind[] = ["altitude", "speed", "acceleration", "stability", "thrust"];
  return (
    <main>
      <h1 class="only-read">{title.value || t("studio")}</h1>
      {s?.conflict ? <div class="bar" role="alert">{t("conflict")} <button onClick={() => settle("mine")}>{t("mine")}</button> <button onClick={() => settle("theirs")}>{t("theirs")}</button></div> : null}
      {s?.error ? <div class="bar" role="alert">{s.error}</div> : null}
      {refused.value ? <div class="bar" role="alert">{refused.value} <button onClick={() => (refused.value = null)}>{t("closed")}</button></div> : null}
      <Strip />
      <Differing />
      <Sheet />
      <div class="tabs" role="tablist">{(["design", "motorroom", "flight", "replay", "landing", "history", "files"] as const).map((n) => <button key={n} role="tab" id={`tab-${n}`} aria-selected={tab.value === n} aria-controls="room" onClick={() => (tab.value = n)}>{t(n)}</button>)}</div>
      <div id="room" role="tabpanel" aria-labelledby={`tab-${tab.value}`} class={`tab-${tab.value}`}>
        {tab.value === "design" ? <><Tree /><div class="middle"><Drawing /><Chart kind="altitude" height={240} /><Warnings /></div><Panel /></> : null}
        {tab.value === "flight" ? <div class="charts"><Beside />{kinds.map((k) => <Chart key={k} kind={k} height={250} />)}<Ground /></div> : null}
        {tab.value === "motorroom" ? <MotorRoom /> : null}
        {tab.value === "history" ? <History /> : null}
        {tab.value === "replay" ? <Replay /> : null}
        {tab.value === "landing" ? <Landing /> : null}
        {tab.value === "files" ? <div class="texts">{Object.entries(s?.texts ?? {}).map(([role, text]) => <section key={role}><h2 class="small">{s!.files[role]}</h2><pre tabIndex={0}>{text}</pre></section>)}</div> : null}
      </div>
    </main>
  );
}

async function opening(what: Promise<{ name: string }>): Promise<void> {
  try { project.value = (await what).name; } catch (e) { refused.value = (e as Error).message; }
}
const make = (said: object): Promise<void> => opening(ask<{ name: string }>("/api/new", { method: "POST", body: JSON.stringify(said) }));
const bring = (file: File): Promise<void> => opening(ask<{ name: string }>("/api/import", { method: "POST", body: file, headers: { "x-name": encodeURIComponent(file.name) } }));

function StartPage() {
  const s = start.value;
  if (s === null) return <p class="wait" role="status">{t("opening")}</p>;
  const named = (form: HTMLFormElement): string => (form.elements.namedItem("name") as HTMLInputElement).value.trim();
  return (
    <main class="start" onDragOver={(e) => e.preventDefault()} onDrop={(e) => { e.preventDefault(); const f = e.dataTransfer?.files[0]; if (f) void bring(f); }}>
      <h1>{t("welcome")}</h1>
      {refused.value ? <p class="bar" role="alert">{refused.value}</p> : null}
      {s.recent.length === 0 ? null : <section><h2>{t("recents")}</h2><ul class="list">{s.recent.map((p) => <li key={p.key}><button title={p.folder} onClick={() => (project.value = p.key)}>{p.name}</button></li>)}</ul></section>}
      {s.projects.length === 0 ? null : <section><h2>{t("projects")} {s.folder}</h2><ul class="list">{s.projects.map((p) => <li key={p.name}><button onClick={() => (project.value = p.name)}>{p.name}</button></li>)}</ul></section>}
      <section><h2>{t("new")}</h2>
        {Object.entries(s.templates).map(([k, text]) => <form key={k} class="card" onSubmit={(e) => { e.preventDefault(); void make({ name: named(e.currentTarget) || k, template: k }); }}><p><b>{k}</b> {text}</p><label>{t("name")} <input name="name" placeholder={k} autocomplete="off" /></label><button>{t("create")}</button></form>)}</section>
      <section><h2>{t("drop")}</h2><input type="file" accept=".ork,.rkt,.CDX1,.cdx1" aria-label={t("drop")} onChange={(e) => { const f = e.currentTarget.files?.[0]; if (f) void bring(f); }} /> <span class="quiet">{t("dropwords")}</span></section>
      <section><h2>{t("examples")}</h2>
        {Object.entries(s.examples).map(([k, text]) => <form key={k} class="card" onSubmit={(e) => { e.preventDefault(); void make({ name: k, example: k }); }}><p><b>{k.replaceAll("_", " ")}</b> {text}</p><button aria-label={`${t("openexample")}: ${k.replaceAll("_", " ")}`}>{t("openexample")}</button></form>)}</section>
    </main>
  );
}

/** The project that the server was started with is asked for at once; where there is none, what can be begun with. */
function begin(): void {
  connect("", () => void ask<Start>("/api/start").then((s) => { start.value = s; if (s.open) project.value = ""; }).catch((e: Error) => (refused.value = e.message)));
  void ask<Fields>("/api/fields").then((f) => (fields.value = f)).catch((e: Error) => (refused.value = e.message));
}

function App() {
  const name = project.value;
  useEffect(() => { if (name !== null) { refused.value = null; connect(name); } }, [name]);
  const begun = name !== null || state.value !== null;
  return (
    <>
      <Top />
      {connected.value === "lost" ? <section class="bar" role="alert" aria-label={t("studio")}>{t("lost")}</section> : null}
      {!begun || connected.value === "closed" ? (start.value === null && refused.value ? <p class="bar" role="alert">{refused.value}</p> : <StartPage />) : state.value === null ? <p class="wait" role="status">{t("opening")}</p> : <Room />}
    </>
  );
}

begin();
effect(() => { colour("--page"); document.documentElement.lang = language.value; });
Object.assign(window, { studio: { latency, followed, landedAfter } });
render(<App />, document.getElementById("studio")!);

/** What is laid over the plots of the flight room: variants, other motors, logs. */

import { signal } from "@preact/signals";
import { ask, beside, busy, layLog, layOver, liftOver, past, remember, system, t } from "../core/store";
import type { Motor } from "../core/protocol";
import { useEffect } from "preact/hooks";
import { SHADES } from "./flight";

const found = signal<Motor[]>([]);
let typing = 0;

export function Beside() {
  useEffect(() => { if (past.value === null) remember(); }, []);
  const look = (text: string): void => { clearTimeout(typing); typing = window.setTimeout(() => void ask<Motor[]>(`/api/motors?q=${encodeURIComponent(text)}`).then((m) => (found.value = text.trim() === "" ? [] : m.slice(0, 12))), 150); };
  const full = busy.value.has("beside");
  return (
    <section class="chart laid" aria-label={t("beside")}><h2 class="small">{t("beside")}</h2>
      {(past.value?.variants.length ?? 0) === 0 ? null : <label class="line">{t("layvariant")} <select value="" disabled={full} onChange={(e) => { const v = e.currentTarget.value; e.currentTarget.value = ""; if (v !== "") layOver("variant", v); }}><option value="">+</option>{past.value!.variants.map((v) => <option key={v} value={v}>{v}</option>)}</select></label>}
      <label class="line">{t("laymotor")} <input id="lay-motor" type="search" placeholder={t("search")} autocomplete="off" onInput={(e) => look(e.currentTarget.value)} /></label>
      {found.value.length === 0 ? null : <ul class="motors">{found.value.map((m) => { const name = `${m.maker_short} ${m.designation}`; return <li key={name + m.length_m}><button disabled={full} onClick={() => { found.value = []; layOver("motor", name); }}><b>{name}</b></button></li>; })}</ul>}
      <label class="line">{t("laylog")} <input id="lay-log" type="file" disabled={full} onChange={(e) => { const f = e.currentTarget.files?.[0]; e.currentTarget.value = ""; if (f) void layLog(f); }} /></label>
      <p role="status" class="quiet">{full ? t("flying") : ""}</p>
      <ul class="over">{beside.value.map((b, k) => <li key={b.name}><i class={`swatch ${SHADES[k % SHADES.length]!.slice(2)}`} /> <b>{b.name}</b> {b.apogee === null ? "" : `${t("q.apogee_agl")} ${b.apogee[system.value]}`} <button aria-label={`${t("liftoff")}: ${b.name}`} onClick={() => liftOver(b.name)}>{t("liftoff")}</button>{b.notes.length === 0 ? null : <details><summary>{t("warnings")}</summary><ul>{b.notes.map((n) => <li key={n}>{n}</li>)}</ul></details>}</li>)}</ul>
    </section>
  );
}

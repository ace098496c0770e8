/** What differs from the pinned design, named variants, and what each change of the past did. */

import { useEffect } from "preact/hooks";
import { busy, differing, keepVariant, language, layOver, liftOver, beside, past, pinned, remember, state, system, t } from "../core/store";
import type { Difference, History as Past } from "../core/protocol";

function Changes({ changes }: { changes: Difference[] }) {
  return <ul class="changes">{changes.map((c) => <li key={c.path}><code>{c.path}</code> {c.was || "–"} → {c.is || "–"}</li>)}</ul>;
}

/** Beside the strip while a design is pinned. */
export function Differing() {
  const d = differing.value;
  if (pinned.value === null || d === null) return null;
  return <details class="bar differs"><summary>{d.length === 0 ? t("alike") : `${d.length} ${t("differs")}`}</summary><Changes changes={d} /></details>;
}

function change(now: number | null | undefined, before: number | null | undefined, relative: boolean): string {
  if (now == null || before == null) return "";
  const by = relative ? (100 * (now - before)) / before : now - before;
  return Number.isFinite(by) ? ` (${by >= 0 ? "+" : "−"}${Math.abs(by).toFixed(relative ? 1 : 2)}${relative ? " %" : ""})` : "";
}

export function History() {
  const p = past.value, texts = state.value?.texts;
  useEffect(remember, [texts]);
  return (
    <div class="history">
      <section class="card-plain"><h2>{t("variants")}</h2>
        <p class="quiet">{t("variantwords")}</p>
        <form class="row" onSubmit={(e) => { e.preventDefault(); const box = e.currentTarget.elements.namedItem("variant") as HTMLInputElement; if (box.value.trim() !== "") { keepVariant(box.value.trim()); box.value = ""; } }}>
          <label>{t("variantname")} <input name="variant" maxLength={40} autocomplete="off" /></label><button>{t("keepas")}</button></form>
        <ul class="list">{(p?.variants ?? []).map((v) => <li key={v}><label><input type="checkbox" checked={beside.value.some((b) => b.name === v)} disabled={busy.value.has("beside")} onChange={(e) => (e.currentTarget.checked ? layOver("variant", v) : liftOver(v))} /> {v}</label></li>)}</ul>
      </section>
      <section class="card-plain"><h2>{t("history")}</h2>
        <p class="quiet" role="status">{busy.value.has("history") ? t("flying") : p === null ? "" : t(p.git ? "fromgit" : "fromkept")}</p>
        {p === null || p.versions.length === 0 ? <p>{t("nohistory")}</p> : <Table past={p} />}
      </section>
    </div>
  );
}

function Table({ past: p }: { past: Past }) {
  const sys = system.value, when = (time: string): string => { const d = new Date(time); return Number.isNaN(d.getTime()) ? time : d.toLocaleString(language.value, { dateStyle: "short", timeStyle: "short" }); };
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("history")}><table class="versions"><thead><tr><th scope="col">{t("when")}</th><th scope="col">{t("whatchanged")}</th><th scope="col" class="number">{t("q.apogee_agl")}</th><th scope="col" class="number">{t("q.static_margin")}</th><th scope="col" class="number">{t("q.min_stability")}</th></tr></thead>
      <tbody>{p.versions.map((v, k) => {
        const before = p.versions[k + 1];
        const cell = (n: string): string => `${v.numbers[n]?.shown[sys] ?? "-"}${change(v.numbers[n]?.value, before?.numbers[n]?.value, n === "apogee_agl")}`;
        return <tr key={`${v.time}${v.name}${k}`}><th scope="row">{when(v.time)}{v.name ? <><br /><small>{v.name} {v.who}</small></> : null}</th><td>{v.words ? <b>{v.words}</b> : null}{v.error ? <span class="warned bad">{v.error}</span> : null}<Changes changes={v.changes} />{v.more > 0 ? <small>+ {v.more}</small> : null}</td><td class="number">{cell("apogee_agl")}</td><td class="number">{cell("static_margin")}</td><td class="number">{cell("min_stability")}</td></tr>;
      })}</tbody></table></div>
  );
}

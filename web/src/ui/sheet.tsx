/** A number explained: the sum with its numbers, where they come from, and what moves it most. */

import { useEffect, useRef } from "preact/hooks";
import { explained, t } from "../core/store";

const number = (v: number | null): string => (v === null ? "–" : Math.abs(v) >= 1000 ? v.toLocaleString("en", { maximumFractionDigits: 0 }) : String(Number(v.toPrecision(5))));

export function Sheet() {
  const e = explained.value, dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { if (e !== null && dialog.current !== null && !dialog.current.open) dialog.current.showModal(); }, [e]);
  if (e === null) return null;
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby="sheet-title" onClose={() => (explained.value = null)}>
      <button class="close" autofocus onClick={() => dialog.current?.close()}>{t("closed")}</button>
      {e.error ? <><h2 id="sheet-title">{e.topic}</h2><p>{e.error}</p></> : <>
        <h2 id="sheet-title">{e.question}</h2><p>{e.words}</p>
        <h3>{t("given")}</h3>
        <div class="wide"><table><tbody>{e.given.map((g) => <tr key={g.symbol}><th scope="row">{g.symbol}</th><td class="number">{number(g.value)} {g.unit}</td><td>{g.what}</td><td class="quiet">{g.source}</td></tr>)}</tbody></table></div>
        <h3>{t("sum")}</h3>
        {e.steps.map((s, k) => <div key={k} class="step"><p>{s.words}</p><code>{s.equation}</code><code>= {s.numbers} = <b>{number(s.value)} {s.unit}</b></code></div>)}
        <p>{e.by_hand === null ? null : <>{t("byhand")} {number(e.by_hand)} {e.unit}; {t("program")} <b>{number(e.answer)} {e.unit}</b>{e.because ? ` (${e.because})` : ""}.</>}</p>
        {e.moves.length === 0 ? null : <div class="wide"><table><thead><tr><th scope="col">{t("moved")}</th><th scope="col" class="number">{t("then")}</th><th scope="col" class="number">{t("change")}</th></tr></thead><tbody>{e.moves.map((m) => <tr key={m.what}><td>{m.what}</td><td class="number">{number(m.value)} {e.unit}</td><td class="number">{m.more !== null && m.more > 0 ? "+" : ""}{number(m.more)}</td></tr>)}</tbody></table></div>}
        {e.more ? <p class="quiet">{e.more}</p> : null}</>}
    </dialog>
  );
}

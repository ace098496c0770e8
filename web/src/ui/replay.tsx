/** The flight played in space; the time is that of all plots. */

import { useEffect, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import { answer, cursor, t, theme, unit } from "../core/store";
import type { Replay3d, View } from "../viz/scene";

const view = signal<View>("side"), playing = signal(false), larger = signal(true), failed = signal<string | null>(null);
const VIEWS = { pad: "viewpad", chase: "viewchase", side: "viewside", top: "viewtop" } as const;

export function Replay() {
  const canvas = useRef<HTMLCanvasElement>(null), scene = useRef<Replay3d | null>(null), said = useRef<HTMLOutputElement>(null), slider = useRef<HTMLInputElement>(null);
  const a = answer.value, end = a === null || a.head.series.points < 2 ? 1 : a.series.get("time")!.at(-1)!;
  useEffect(() => {
    let frame = 0, last = 0, gone = false, time = cursor.value ?? 0;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    playing.value = !still;
    void import("../viz/scene").then(({ Replay3d }) => {
      if (gone || canvas.current === null) return;
      try { scene.current = new Replay3d(canvas.current, theme.value === "dark"); } catch { failed.value = "WebGL"; return; }
      let shown: unknown = null, sized = "";
      const tick = (now: number): void => {
        frame = requestAnimationFrame(tick);
        const s = scene.current!, b = answer.value;
        if (gone || canvas.current?.parentElement == null || b === null || b.head.error !== null || b.head.series.points < 2) return;
        const box = canvas.current.parentElement, wide = box.clientWidth, high = Math.round(Math.min(0.62 * wide, 0.65 * innerHeight));
        if (sized !== `${wide} ${high} ${devicePixelRatio}`) { sized = `${wide} ${high} ${devicePixelRatio}`; canvas.current.style.height = `${high}px`; s.resize(wide, high); }
        if (shown !== b) { s.show(b); shown = b; }
        const until = b.series.get("time")!.at(-1)!;
        if (playing.value) { time += Math.min(0.1, (now - last) / 1000) * Math.max(1, until / 25); if (time > until) { time = until; playing.value = false; } } else if (slider.current !== null) time = Number(slider.current.value);
        last = now;
        if (playing.value && slider.current !== null) slider.current.value = String(time);
        s.view = view.value;
        s.larger = larger.value ? 2 : 1;
        const at = s.at(time), [lu, lf] = unit("length"), [vu, vf] = unit("speed");
        if (said.current !== null) said.current.value = `${time.toFixed(1)} s · ${(at.height * lf).toFixed(0)} ${lu} · ${(at.speed * vf).toFixed(0)} ${vu}`;
      };
      frame = requestAnimationFrame(tick);
    });
    return () => { gone = true; cancelAnimationFrame(frame); scene.current?.destroy(); scene.current = null; };
  }, [theme.value]);
  return (
    <div class="replay">
      <div class="row">
        <button onClick={() => { if (!playing.value && slider.current !== null && Number(slider.current.value) >= end - 0.01) slider.current.value = "0"; playing.value = !playing.value; }}>{playing.value ? t("pause") : t("play")}</button>
        <label>{t("view")} <select value={view.value} onChange={(e) => (view.value = e.currentTarget.value as View)}>{(Object.keys(VIEWS) as View[]).map((v) => <option key={v} value={v}>{t(VIEWS[v])}</option>)}</select></label>
        <label><input type="checkbox" checked={larger.value} onChange={(e) => (larger.value = e.currentTarget.checked)} /> {t("bigger")}</label>
        <output ref={said} />
      </div>
      {failed.value ? <p role="alert">{failed.value}</p> : null}
      <div><canvas ref={canvas} key={theme.value} role="img" aria-label={t("replay")} /></div>
      <input ref={slider} type="range" class="time" min={0} max={end} step={0.01} defaultValue="0" aria-label={t("time")} onInput={(e) => { playing.value = false; cursor.value = Number(e.currentTarget.value); }} />
    </div>
  );
}

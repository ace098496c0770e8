/** The landing room: where many flights come down, with everything that may go wrong. */

import { useEffect, useRef } from "preact/hooks";
import { flyMany, language, scatter, scattering, t, theme, unit } from "../core/store";
import { round } from "./flight";

const COLOURS = ["--blue", "--orange", "--red", "--green", "--violet", "--quiet"];

export function Landing() {
  const s = scatter.value, canvas = useRef<HTMLCanvasElement>(null);
  void [theme.value, language.value];
  useEffect(() => { if (s === null && !scattering.value) flyMany(200); }, [s]);
  useEffect(() => { if (s !== null && canvas.current !== null) draw(canvas.current, s); });
  return (
    <div class="landing">
      <div class="row">{[200, 10_000, 100_000].map((n) => <button key={n} disabled={scattering.value} onClick={() => flyMany(n)}>{t("fly")}: {n.toLocaleString(language.value)}</button>)}<span role="status">{scattering.value ? t("flying") : s === null ? "" : `${s.head.flights.toLocaleString(language.value)} ${t("flights")}`}</span></div>
      <div class="map"><canvas ref={canvas} role="img" aria-label={t("landing")} /></div>
      {s === null ? null : (
        <table><caption>{t("modes")}</caption><thead><tr><th scope="col">{t("modes")}</th><th scope="col" class="number">{t("probability")}</th></tr></thead>
          <tbody>{s.head.modes.map((m, k) => <tr key={m.name}><th scope="row"><i class={`swatch s${Math.min(k, 5)}`} /> {m.name}</th><td class="number">{(100 * m.probability).toPrecision(2)} %</td></tr>)}</tbody></table>
      )}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, s: NonNullable<typeof scatter.value>): void {
  const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const size = canvas.parentElement!.clientWidth, dpr = devicePixelRatio, c = canvas.getContext("2d")!;
  canvas.width = canvas.height = size * dpr;
  canvas.style.width = canvas.style.height = `${size}px`;
  c.scale(dpr, dpr);
  c.clearRect(0, 0, size, size);
  let far = 10;
  for (let k = 0; k < s.east.length; k++) far = Math.max(far, Math.abs(s.east[k]!), Math.abs(s.north[k]!));
  const half = far * 1.08, x = (e: number): number => (e / half + 1) * (size / 2), y = (n: number): number => (1 - n / half) * (size / 2);
  const ring = (outline: [number, number][], close: boolean): void => {
    c.beginPath();
    outline.forEach(([e, n], k) => (k === 0 ? c.moveTo(x(e), y(n)) : c.lineTo(x(e), y(n))));
    if (close) c.closePath();
  };
  const [name, factor] = unit("length"), step = round((half * factor) / 2.5) / factor;
  c.strokeStyle = css("--line");
  c.fillStyle = css("--quiet");
  c.font = "12px system-ui";
  for (let r = step; r < half * 1.42; r += step) {
    c.beginPath();
    c.arc(x(0), y(0), (r / half) * (size / 2), 0, 2 * Math.PI);
    c.stroke();
    if (r < half) c.fillText(`${(r * factor).toLocaleString(language.value)} ${name}`, x(0) + 4, y(r) - 3);
  }
  for (const p of s.head.shapes) {
    ring(p.outline, p.kind !== "road");
    c.strokeStyle = p.kind === "boundary" || p.kind === "keep in" ? css("--green") : css("--orange");
    c.stroke();
    const [e, n] = p.outline[0] ?? [0, 0];
    c.fillText(p.name, x(e) + 3, y(n) - 3);
  }
  for (let k = s.east.length - 1; k >= 0; k--) {
    c.fillStyle = css(COLOURS[Math.min(s.mode[k]!, 5)]!);
    c.globalAlpha = 0.6;
    c.fillRect(x(s.east[k]!) - 1, y(s.north[k]!) - 1, 2.5, 2.5);
  }
  c.globalAlpha = 1;
  c.strokeStyle = css("--ink");
  c.fillStyle = css("--ink");
  for (const e of s.head.ellipse) {
    ring(e.outline, true);
    c.stroke();
    const top = e.outline.reduce((a, b) => (b[1] > a[1] ? b : a));
    c.fillText(`${100 * e.share} %`, x(top[0]), y(top[1]) - 4);
  }
  c.beginPath();
  c.moveTo(x(0), y(0) - 7);
  c.lineTo(x(0) + 6, y(0) + 5);
  c.lineTo(x(0) - 6, y(0) + 5);
  c.fill();
  c.fillText("N ↑", size - 34, 18);
}

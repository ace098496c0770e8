/** A plot against time: uPlot with a cursor that all plots share, events, and the pinned flight behind. */

import uPlot from "uplot";
import { effect } from "@preact/signals";
import { beyond } from "../core/over";
import { cursor } from "../core/store";
import { colour } from "./colours";

export interface Line { label: string; values: Float32Array | number[]; colour: string; dash?: number[]; scale?: string }
export interface Picture { time: Float32Array | number[]; lines: Line[]; ghost?: { time: Float32Array; values: Float32Array } | undefined; over?: { label: string; colour: string; dash: number[]; time: Float32Array; values: Float32Array }[]; events: { name: string; time: number }[]; axes: { label: string; scale: string; side?: number }[]; end: number; whole?: boolean; timeLabel: string }

const FONT = "12px system-ui";  // of all texts: each other one is found anew in every frame
const listed = (values: Float32Array | number[]): (number | null)[] => Array.from(values, (v) => (Number.isFinite(v) ? v : null));

/** Values of one curve at the times of another, straight between. */
export function resampled(time: ArrayLike<number>, from: ArrayLike<number>, values: ArrayLike<number>): (number | null)[] {
  const out: (number | null)[] = [];
  let k = 0;
  for (let i = 0; i < time.length; i++) {
    const x = time[i]!;
    while (k < from.length - 2 && from[k + 1]! < x) k++;
    const a = from[k]!, b = from[k + 1]!;
    const y = values[k]! + ((values[k + 1]! - values[k]!) * (x - a)) / Math.max(b - a, 1e-9);
    out.push(x < from[0]! || x > from[from.length - 1]! || !Number.isFinite(y) ? null : y);
  }
  return out;
}

export class Plot {
  private plot: uPlot | null = null;
  private key = "";
  private readonly stop: () => void;
  private picture: Picture | null = null;

  constructor(private readonly place: HTMLElement, private readonly height: number) {
    this.stop = effect(() => {
      const x = cursor.value;
      if (this.plot === null) return;
      if (x === null) this.plot.setCursor({ left: -10, top: -10 }, false);
      else this.plot.setCursor({ left: this.plot.valToPos(x, "x"), top: 10 }, false);
    });
  }

  update(p: Picture): void {
    this.picture = p;
    const over = p.over ?? [], later = p.whole ? beyond(p.end, over) : [];
    const time = [...p.time, ...later], none = later.map(() => null);
    const rows: (number | null)[][] = [time, ...p.lines.map((l) => [...listed(l.values), ...none])];
    if (p.ghost !== undefined) rows.push(resampled(time, p.ghost.time, p.ghost.values));
    for (const o of over) rows.push(resampled(time, o.time, o.values));
    const key = JSON.stringify([p.lines.map((l) => [l.label, l.colour]), p.axes, p.ghost !== undefined, over.map((o) => o.label), colour("--ink")]);
    if (this.plot === null || key !== this.key) {
      this.plot?.destroy();
      this.key = key;
      this.plot = new uPlot(this.options(p), rows as uPlot.AlignedData, this.place);
    } else this.plot.setData(rows as uPlot.AlignedData);
  }

  resize(width: number): void {
    this.plot?.setSize({ width, height: this.height });
  }

  destroy(): void {
    this.stop();
    this.plot?.destroy();
  }

  private options(p: Picture): uPlot.Options {
    const ink = colour("--ink"), faint = colour("--line");
    const axis = { stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { stroke: faint }, font: FONT, labelFont: FONT };
    return {
      width: Math.max(this.place.clientWidth, 200), height: this.height, legend: { live: true }, cursor: { drag: { x: true, y: false }, points: { size: 6 } },
      scales: { x: { time: false, range: (_u, low, high) => [low, high] } },
      axes: [{ ...axis, label: p.timeLabel, labelSize: 18, size: 32 }, ...p.axes.map((a) => ({ ...axis, label: a.label, scale: a.scale, side: a.side ?? 3, size: 56, labelSize: 18 }))],
      series: [{ label: p.timeLabel }, ...p.lines.map((l) => ({ label: l.label, stroke: l.colour, width: 2, pxAlign: 0, scale: l.scale ?? "y", ...(l.dash ? { dash: l.dash } : {}) })), ...(p.ghost === undefined ? [] : [{ label: "◌", stroke: colour("--ghost"), width: 2, dash: [4, 4], scale: "y" }]), ...(p.over ?? []).map((o) => ({ label: o.label, stroke: colour(o.colour), width: 1.6, dash: o.dash, scale: "y" }))],
      hooks: {
        setCursor: [(u) => { const x = u.cursor.left === undefined || u.cursor.left < 0 ? null : u.posToVal(u.cursor.left, "x"); if (u.root.matches(":hover")) cursor.value = x; }],
        draw: [(u) => this.marks(u)],
      },
    };
  }

  private marks(u: uPlot): void {
    const c = u.ctx;
    c.save();
    c.strokeStyle = colour("--faint");
    c.fillStyle = colour("--quiet");
    c.font = `${12 * devicePixelRatio}px system-ui`;
    c.textAlign = "left";
    c.textBaseline = "alphabetic";
    c.setLineDash([2, 3]);
    const taken: [number, number][] = [], right = u.bbox.left + u.bbox.width, gap = 3 * devicePixelRatio;
    const events = [...(this.picture?.events ?? [])].sort((a, b) => Number(b.name === "apogee") - Number(a.name === "apogee"));  // its name first, where there is room for one only
    for (const e of events) {
      const x = u.valToPos(e.time, "x", true);
      if (x < u.bbox.left || x > right) continue;
      c.beginPath();
      c.moveTo(x, u.bbox.top);
      c.lineTo(x, u.bbox.top + u.bbox.height);
      c.stroke();
      const wide = c.measureText(e.name).width + 2 * gap;
      const from = [x, x - wide].find((at) => at >= u.bbox.left && at + wide <= right && taken.every(([a, b]) => at >= b || at + wide <= a));
      if (from === undefined) continue;
      c.fillText(e.name, from + gap, u.bbox.top + 11 * devicePixelRatio);
      taken.push([from, from + wide]);
    }
    c.restore();
  }
}

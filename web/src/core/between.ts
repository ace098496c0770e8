/** The drawing of a value that is being dragged, until the server's is there: straight on from two that are, as lengths move corners. No number is made so. */

import type { Drawing } from "./protocol";

/** A drawing of the server's, and the value that it was made for. */
export interface Drawn { value: number; drawing: Drawing }

const FAR = 3;  // as many times as far beyond as the two are apart: what is drawn then is the last that is known

/** The drawing at `value`, from the last known and the way it moved from `a` to `b`; the last where that cannot be said. */
export function between(a: Drawn, b: Drawn, last: Drawn, value: number): Drawing {
  const apart = b.value - a.value, s = (value - last.value) / apart, d = last.drawing;
  if (apart === 0 || s === 0 || Math.abs(s) > FAR || !alike(a.drawing, b.drawing) || !alike(b.drawing, d)) return d;
  const shapes = d.shapes.map((shape, k) => {
    const from = a.drawing.shapes[k]!.points, to = b.drawing.shapes[k]!.points;
    return { ...shape, points: shape.points.map((p, i): [number, number] => [p[0] + s * (to[i]![0] - from[i]![0]), p[1] + s * (to[i]![1] - from[i]![1])]) };
  });
  return { shapes, length: d.length + s * (b.drawing.length - a.drawing.length), reach: d.reach + s * (b.drawing.reach - a.drawing.reach) };
}

/** Whether two drawings have the same parts with as many corners. */
function alike(a: Drawing, b: Drawing): boolean {
  return a.shapes.length === b.shapes.length && a.shapes.every((s, k) => { const o = b.shapes[k]!; return s.part === o.part && s.kind === o.kind && s.points.length === o.points.length; });
}

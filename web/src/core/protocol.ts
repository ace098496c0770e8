/** What the server says, as a page holds it. The types of what is sent are in `messages`, which is made from the server's. */

import type { Each, Head, ScatterHead, Value, Way } from "./messages";

export type * from "./messages";

export interface Answer { head: Head; series: Map<string, Float32Array> }
export interface Scatter { head: ScatterHead; east: Float32Array; north: Float32Array; mode: Float32Array }

/** An answer from its frame: length of the head, the head as JSON, then the numbers. */
export function unframe(data: ArrayBuffer): Answer {
  const length = new DataView(data).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length))) as Head;
  const series = new Map<string, Float32Array>();
  const { names, rows, points } = head.series;
  for (let k = 0; k < rows; k++) series.set(names[k]!, new Float32Array(data, 4 + length + 4 * points * k, points));
  return { head, series };
}

/** A key as the server writes it, like `parts[1].parts[0]`, as a way in the rocket. */
export function wayOf(key: string): Way {
  return key.replace(/\[(\d+)\]/g, ".$1").split(".").filter((w) => w !== "").map((w) => (/^\d+$/.test(w) ? Number(w) : w));
}

/** The value at a way, or nothing. */
export function at(said: Value | undefined, way: Way): Value | undefined {
  let value: Value | undefined = said;
  for (const step of way) {
    if (value === null || typeof value !== "object") return undefined;
    value = (value as { [key: string]: Value })[step as string];
  }
  return value;
}

/** A flight that is laid over the one that is shown: a variant, another motor, or a log. */
export interface Beside { name: string; log: boolean; apogee: Each | null; notes: string[]; answer: Answer }

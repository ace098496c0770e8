/** Quantities as people write them: `54 mm ± 0.5 mm`. A slider moves the number and leaves unit and uncertainty as they were written. */

export interface Measure { number: number; digits: number; unit: string; rest: string }

const FORM = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([^\d±+\-\s][^±]*?)?\s*((?:±|\+\/-).*)?$/i;

export function measure(text: unknown): Measure | null {
  if (typeof text === "number") return { number: text, digits: decimals(String(text)), unit: "", rest: "" };
  if (typeof text !== "string") return null;
  const m = FORM.exec(text);
  return m === null ? null : { number: Number(m[1]), digits: decimals(m[1]!), unit: (m[2] ?? "").trim(), rest: (m[3] ?? "").trim() };
}

function decimals(number: string): number {
  return /\.(\d+)/.exec(number)?.[1]?.length ?? 0;
}

/** The text with another number. */
export function withNumber(m: Measure, number: number, digits = m.digits): string | number {
  const text = String(Number(number.toFixed(Math.max(digits, 0))));
  const out = [text, m.unit, m.rest].filter((w) => w !== "").join(" ");
  return m.unit === "" && m.rest === "" ? Number(text) : out;
}

/** Where a slider of a number goes: from nothing (or as far below zero) to twice as much, in some 200 steps of 1, 2 or 5. */
export function range(m: Measure, kind: string): { low: number; high: number; step: number; digits: number } {
  if (kind === "angle" && Math.abs(m.number) <= 90 && m.unit.startsWith("deg")) return { low: m.number < 0 ? -90 : 0, high: 90, step: 0.5, digits: 1 };
  const size = Math.abs(m.number) || 1;
  const rough = size / 100;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * (rough / ten >= 5 ? 5 : rough / ten >= 2 ? 2 : 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const high = Number((2 * size).toFixed(digits));
  return { low: m.number < 0 ? -high : 0, high, step, digits };
}

/** Metres in the unit that a measure is written in, where that is one of length that a page knows. */
const LENGTHS: Record<string, number> = { m: 1, cm: 0.01, mm: 0.001, in: 0.0254, inch: 0.0254, inches: 0.0254, ft: 0.3048, "": 1 };
export function fromMetres(m: Measure | null, metres: number): string | null {
  if (m === null) return `${Number((metres * 1000).toFixed(1))} mm`;
  const unit = LENGTHS[m.unit];
  if (unit === undefined) return null;
  const digits = Math.max(0, Math.round(-Math.log10(0.0005 / unit)));
  return String(withNumber({ ...m, unit: m.unit || "m" }, metres / unit, digits));
}

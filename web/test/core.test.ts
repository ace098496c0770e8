import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { between } from "../src/core/between";
import { eachFrame, note } from "../src/core/frame";
import { fromMetres, measure, range, withNumber } from "../src/core/measure";
import { beyond } from "../src/core/over";
import { at, unframe, wayOf } from "../src/core/protocol";
import { nose } from "../src/core/space";
import { covering, mercator, zoomOf } from "../src/viz/tiles";
import { WORDS, LANGUAGES } from "../src/core/words";

test("a quantity keeps unit and uncertainty when its number moves", () => {
  const m = measure("4 mm ± 1 mm")!;
  assert.deepEqual(m, { number: 4, digits: 0, unit: "mm", rest: "± 1 mm" });
  assert.equal(withNumber(m, 5.25, 1), "5.3 mm ± 1 mm");
  assert.equal(withNumber(measure(0.75)!, 0.5), 0.5);
  assert.equal(withNumber(measure("84 deg")!, 85), "85 deg");
  assert.equal(measure("1 1/2 in"), null);
  assert.equal(measure("fiberglass"), null);
  assert.equal(measure({ uniform: [1, 2] }), null);
});

test("a slider goes from nothing to twice as much in steps of 1, 2 or 5", () => {
  assert.deepEqual(range(measure("105 mm")!, "length"), { low: 0, high: 210, step: 1, digits: 0 });
  assert.deepEqual(range(measure("0.3 m")!, "length"), { low: 0, high: 0.6, step: 0.002, digits: 3 });
  assert.deepEqual(range(measure("-2 deg")!, "length"), { low: -4, high: 4, step: 0.02, digits: 2 });
  assert.deepEqual(range(measure("84 deg")!, "angle"), { low: 0, high: 90, step: 0.5, digits: 1 });
});

test("metres are written in the unit that stood there", () => {
  assert.equal(fromMetres(measure("105 mm"), 0.11), "110 mm");
  assert.equal(fromMetres(measure("4 in"), 0.1016), "4 in");
  assert.equal(fromMetres(measure("4 mm ± 1 mm"), 0.005), "5 mm ± 1 mm");
  assert.equal(fromMetres(measure("3 furlongs"), 1), null);
});

test("the nose points where the quaternion turns it", () => {
  const close = (a: number[], b: number[]): void => a.forEach((v, k) => assert.ok(Math.abs(v - b[k]!) < 1e-12, `${a} ${b}`));
  const half = Math.SQRT1_2;
  close(nose(1, 0, 0, 0), [1, 0, 0]); // untouched: east
  close(nose(half, 0, -half, 0), [0, 0, 1]); // turned up about the axis that pointed north
  close(nose(half, 0, 0, half), [0, 1, 0]); // turned left about the vertical: north
  close(nose(half, half, 0, 0), [1, 0, 0]); // rolled: the nose stays
});

test("ways and values", () => {
  assert.deepEqual(wayOf("parts[1].parts[0].diameter"), ["parts", 1, "parts", 0, "diameter"]);
  assert.equal(at({ parts: [{ a: 1 }, { parts: [{ diameter: "3 mm" }] }] }, ["parts", 1, "parts", 0, "diameter"]), "3 mm");
  assert.equal(at({ parts: "none" }, ["parts", 1]), undefined);
});

test("an answer comes out of its frame as it went in", () => {
  const head = JSON.stringify({ error: null, series: { names: ["time", "height"], rows: 2, points: 3 } });
  const text = new TextEncoder().encode(head + " ".repeat((4 - (head.length % 4)) % 4));
  const data = new Uint8Array(4 + text.length + 24);
  new DataView(data.buffer).setUint32(0, text.length, true);
  data.set(text, 4);
  data.set(new Uint8Array(new Float32Array([0, 1, 2, 5, 6, 7]).buffer), 4 + text.length);
  const a = unframe(data.buffer);
  assert.deepEqual([...a.series.get("height")!], [5, 6, 7]);
});

test("every word is there in every language", () => {
  const keys = Object.keys(WORDS.en).sort();
  for (const l of LANGUAGES) {
    assert.deepEqual(Object.keys(WORDS[l]).sort(), keys);
    for (const k of keys) assert.ok(WORDS[l][k as keyof typeof WORDS.en].trim() !== "", `${l} ${k}`);
  }
});

test("no word of the page stands outside the catalogue", () => {
  const free = /^(Kn|downrange|Ctrl\+[YZ])$/;
  for (const file of ["src/studio.tsx", ...readdirSync("src/ui").map((f) => `src/ui/${f}`)]) {
    const text = readFileSync(file, "utf8");
    const between = [...text.matchAll(/(?<!=)>([^<>{}=;()&|]*[A-Za-z]{2,}[^<>{}=;()&|]*)<\/?[a-z]/g)].map((m) => m[1]!.trim());
    const said = [...text.matchAll(/(?:aria-label|title|placeholder)="([^"]*[A-Za-z]{2,}[^"]*)"/g)].map((m) => m[1]!);
    assert.deepEqual([...between, ...said].filter((w) => !free.test(w) && !/^void ask$/.test(w)), [], file);
  }
});

test("the second language is not the first", () => {
  const same = Object.keys(WORDS.en).filter((k) => WORDS.en[k as keyof typeof WORDS.en] === WORDS.de[k as keyof typeof WORDS.en]);
  assert.ok(same.length < 0.12 * Object.keys(WORDS.en).length, same.join(" "));
});

test("a flight laid over is drawn to its own end", () => {
  const time = Float32Array.of(0, 5, 10, 12);
  assert.deepEqual(beyond(8, [{ time: Float32Array.of(0, 9) }, { time }]), [10, 12]);
  assert.deepEqual(beyond(8, [{ time: Float32Array.of(0, 8) }]), []);
  assert.deepEqual(beyond(8, []), []);
});

const fin = (span: number, points = 4): { value: number; drawing: Parameters<typeof between>[0]["drawing"] } => ({ value: span, drawing: {
  shapes: [{ part: "parts[0]", kind: "body", points: [[0, 0.02], [0.9, -0.02]] }, { part: "parts[1]", kind: "fin", points: ([[0.7, 0.02], [0.8, 0.02 + span / 1000], [0.85, 0.02 + span / 1000], [0.9, 0.02]] as [number, number][]).slice(0, points) }],
  length: 0.9, reach: 0.02 + span / 1000 } });

test("while it is dragged a fin is drawn where it will be", () => {
  const seen = between(fin(50), fin(60), fin(58), 64), due = fin(64).drawing;
  seen.shapes.forEach((s, k) => s.points.forEach((p, i) => p.forEach((x, j) => assert.ok(Math.abs(x - due.shapes[k]!.points[i]![j]!) < 1e-12))));
  assert.ok(Math.abs(seen.reach - 0.084) < 1e-12 && seen.length === 0.9);
  assert.deepEqual([seen.shapes[1]!.part, seen.shapes[1]!.kind], ["parts[1]", "fin"]);
});

test("a drawing is moved on by no more than is known of it", () => {
  const last = fin(58);
  assert.equal(between(fin(50), fin(50), last, 64), last.drawing); // nothing is known of how it moves
  assert.equal(between(fin(50), fin(60), last, 58), last.drawing); // it is there
  assert.equal(between(fin(58), fin(58), last, 58), last.drawing); // both
  assert.equal(between(fin(50), fin(60), last, 89), last.drawing); // three times as far as the two are apart
  assert.notEqual(between(fin(50), fin(60), last, 87), last.drawing);
  assert.equal(between(fin(50, 3), fin(60), last, 64), last.drawing); // another number of corners
  const three = fin(58, 3);
  assert.equal(between(fin(50), fin(60), three, 64), three.drawing);
  const other = fin(60);
  other.drawing.shapes[1] = { ...other.drawing.shapes[1]!, part: "parts[2]" };
  assert.equal(between(fin(50), other, last, 64), last.drawing); // another part
});

test("of what comes between two frames the newest is drawn, once", () => {
  const frames: (() => void)[] = [], drawn: number[] = [], give = eachFrame<number>((x) => drawn.push(x), (f) => frames.push(f));
  give(1); give(2); give(3);
  assert.deepEqual([drawn, frames.length], [[], 1]);
  frames.shift()!();
  assert.deepEqual([drawn, frames.length], [[3], 0]);
  give(4);
  frames.shift()!();
  assert.deepEqual(drawn, [3, 4]);
});

test("a list of notes does not grow for ever", () => {
  const list: number[] = [];
  for (let k = 0; k < 45_000; k++) note(list, k);
  assert.ok(list.length <= 20_000 && list.length >= 10_000 && list.at(-1) === 44_999);
});

test("tiles lie where web Mercator has them, on the ellipsoid", () => {
  assert.deepEqual(mercator(0, 0), [0.5, 0.5]);
  assert.ok(Math.abs(mercator(85.0511287798, 180)[1]) < 1e-9 && mercator(0, 180)[0] === 1);
  // The equator is 40,075,017 m long; a degree of latitude at 45 degrees 111,132 m, one of longitude 78,847 m.
  const world = covering(0, 0, 1, 1);
  assert.deepEqual(world.map((w) => [w.x, w.y]), [[0, 0], [1, 0], [0, 1], [1, 1]]);
  assert.ok(Math.abs(world[1]!.east - 20_037_508.34) < 1 && Math.abs(world[1]!.west) < 1e-6 && Math.abs(world[1]!.south) < 1e-6 && world[0]!.north > 9e6);
  const [one] = covering(45, 7, 1, 14), n = 2 ** 14;  // of 360/2^14 degrees of longitude; latitudes by the inverse, atan(sinh(pi (1 - 2 y)))
  const at = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / n))) * 180) / Math.PI;
  assert.equal(one!.x, Math.floor((187 / 360) * n));
  assert.ok(Math.abs(one!.east - one!.west - (360 / n) * 78_847) < 0.1);
  assert.ok(Math.abs(one!.north - (at(one!.y) - 45) * 111_132) < 1 && Math.abs(one!.south - (at(one!.y + 1) - 45) * 111_132) < 1 && one!.north > 0 && one!.south < 0);
  assert.deepEqual([zoomOf(500, 600, 0, 0, 20), zoomOf(500, 600, 0, 3, 12), zoomOf(5e6, 600, 0, 8, 12)], [17, 12, 8]);  // 156,543 m/pixel over 1.67: 2^16.5
});

// Builds the studio's pages into the Python package, where the server and every wheel have them; with --tests the tests into out/.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const LIMIT = 400_000; // bytes, compressed, of what the first page loads
const tests = process.argv.includes("--tests");
const common = { bundle: true, jsx: "automatic", jsxImportSource: "preact", target: "es2022", format: "esm", charset: "utf8", legalComments: "eof" };
if (tests) {
  rmSync("out", { recursive: true, force: true });
  const entryPoints = readdirSync("test").filter((f) => f.endsWith(".test.ts")).map((f) => `test/${f}`);
  await build({ ...common, entryPoints, outdir: "out", platform: "node", outExtension: { ".js": ".mjs" } });
} else {
  const out = "../src/downrange/console/pages";
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  await build({ ...common, entryPoints: { studio: "src/studio.tsx" }, outdir: out, minify: true, splitting: true, chunkNames: "part-[hash]", loader: { ".css": "css" } });
  copyFileSync("src/index.html", `${out}/index.html`);
  const first = readdirSync(out).filter((f) => !/^scene|three/.test(f));
  const later = first.filter((f) => f.startsWith("part-") && /WebGLRenderer|PMTiles/.test(readFileSync(`${out}/${f}`, "utf8")));
  const sum = (files) => files.reduce((n, f) => n + gzipSync(readFileSync(`${out}/${f}`)).length, 0);
  const size = sum(first.filter((f) => !later.includes(f)));
  console.log(`loaded when first shown: ${(sum(later) / 1000).toFixed(0)} kB compressed`);
  console.log(`studio: ${(size / 1000).toFixed(0)} kB compressed`);
  if (size > LIMIT) throw new Error(`the first page may load ${LIMIT / 1000} kB`);
}

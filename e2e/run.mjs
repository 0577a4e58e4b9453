// Runs every journey at desktop and phone width against a demo of its own, and says how each ended.
//
//   node run.mjs [--program FILE] [--database URL] [--only WORD] [--width desktop|phone]
//
// Screenshots of each step are in results/; the last line counts what passed and failed.

import { readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch, proveThatFaultsAreSeen, Visit, WIDTHS } from "./browser.mjs";
import { startDemo } from "./demo.mjs";

// Journeys speak of today and yesterday as the system does, whose days are those of its time zone.
process.env.TZ = "America/Chicago";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    program: { type: "string", default: join(here, "..", "target", "debug", "credence") },
    database: { type: "string" },
    only: { type: "string", default: "" },
    width: { type: "string" },
  },
});

const database = options.database ? "postgresql" : "sqlite";
const results = join(here, "results", database);
const files = (await readdir(join(here, "journeys"))).filter((file) => file.endsWith(".mjs"));
files.sort((one, other) => parseInt(one) - parseInt(other));
const widths = Object.keys(WIDTHS).filter((width) => !options.width || width === options.width);

await rm(results, { recursive: true, force: true });
const demo = await startDemo({ program: resolve(options.program), database: options.database });
const browser = await launch();
let passed = 0;
let failed = 0;
try {
  await proveThatFaultsAreSeen(browser);
  for (const width of widths) {
    // what one journey leaves for the next: who was reported
    const memory = { physicians: demo.physicians.slice(width === "desktop" ? 1 : 11) };
    for (const file of files.filter((file) => file.includes(options.only))) {
      const { title, default: walk, script = true } = await import(join(here, "journeys", file));
      const shots = join(results, width, file.replace(".mjs", ""));
      const faults = [];
      const from = Date.now();
      const visit = await Visit.open(browser, { demo, shots, width, script, faults });
      try {
        await walk(visit, memory);
      } catch (error) {
        faults.push(error.message.split("\n").slice(0, 12).join("\n    "));
        await visit.page.screenshot({ path: join(shots, "failed.png"), fullPage: true }).catch(() => {});
      }
      await visit.close();
      const seconds = ((Date.now() - from) / 1000).toFixed(1);
      console.log(`${faults.length ? "FAIL" : "ok  "}  ${width.padEnd(7)}  ${title} (${seconds} s)`);
      for (const fault of new Set(faults)) console.log(`      ${fault}`);
      if (faults.length) failed++;
      else passed++;
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}
if (failed) console.log(`Screenshots are in ${results}`);
console.log(`journeys: ${passed} passed, ${failed} failed on ${database}`);
process.exitCode = failed || !passed ? 1 : 0;

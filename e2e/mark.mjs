// Makes the PNG files of the provider mark from its SVG pictures, at one, two and four times their size.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";

const FOLDER = fileURLToPath(new URL("../crates/web/mark/", import.meta.url));

const browser = await launch();
for (const theme of ["light", "dark"]) {
  const svg = await readFile(`${FOLDER}${theme}.svg`, "utf8");
  const width = Number(/width="(\d+)"/.exec(svg)[1]);
  for (const times of [1, 2, 4]) {
    const page = await browser.newPage({ viewport: { width, height: 96 }, deviceScaleFactor: times });
    await page.setContent(`<style>*{margin:0}svg{display:block}</style>${svg}`);
    await page.screenshot({ path: `${FOLDER}${theme}-${width * times}.png`, omitBackground: true });
    await page.close();
  }
}
await browser.close();

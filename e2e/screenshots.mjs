// Pictures of every page as every persona sees it, at three looks, for people to judge: desktop, phone,
// and dark. `results/pages/index.html` shows them side by side; what axe finds is printed.
//
//   node screenshots.mjs [--program FILE] [--persona NAME]

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch, Visit } from "./browser.mjs";
import { startDemo } from "./demo.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    program: { type: "string", default: join(here, "..", "target", "debug", "credence") },
    persona: { type: "string" },
  },
});

const LOOKS = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", hasTouch: true },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

// The most pages of one kind: every activity has a page, two will do.
const PER_KIND = 2;
// Signing out ends the walk; downloads are no pages.
const SKIP = /^\/sign-out|^\/assets|\.(pdf|json|xlsx|txt|csv)$|\/result$|\/templates\/|\/download/;
const STARTS = {
  nobody: ["/", "/sign-in", "/forgot", "/passport/claim", "/verify", "/activities/ACTIVITY", "/mailbox", "/no-such-page"],
  provider_owner: [
    "/provider", "/provider/uploads/new", "/provider/learners/new",
    "/provider/activities/new", "/provider/activities/ACTIVITY", "/provider/activities/ACTIVITY/edit",
    "/provider/activities/ACTIVITY/repeat", "/provider/activities/ACTIVITY/moc/ABIM",
    "/provider/activities?status=ready_to_close", "/provider/activities/files/new", "/provider/years",
  ],
  provider_editor: ["/provider"],
  other_provider_owner: ["/provider"],
  physician: ["/passport"],
  licensing_board: ["/board"],
  certifying_board: ["/certifying"],
  accreditor: ["/admin"],
};

const results = join(here, "results", "pages");
await rm(results, { recursive: true, force: true });
await mkdir(results, { recursive: true });
const demo = await startDemo({ program: resolve(options.program) });
const browser = await launch();
const sheets = [];
const faults = [];
try {
  for (const [persona, starts] of Object.entries(STARTS)) {
    if (options.persona && options.persona !== persona) continue;
    const paths = await walk(persona, starts);
    for (const look of Object.keys(LOOKS)) {
      const visit = await open(persona, look);
      for (const path of paths) await picture(visit, path, look);
      await visit.close();
    }
    for (const path of paths) sheets.push({ persona, path });
    console.log(`${persona}: ${paths.length} pages`);
  }
} finally {
  await browser.close();
  await demo.stop();
}
await writeFile(join(results, "index.html"), contactSheet(sheets));
for (const fault of new Set(faults)) console.log(`  ${fault}`);
console.log(`Side by side: ${join(results, "index.html")}`);
console.log(`pages: ${sheets.length} pages looked at, ${new Set(faults).size} faults`);
process.exitCode = faults.length || !sheets.length ? 1 : 0;

async function open(persona, look) {
  const visit = await Visit.open(browser, { demo, shots: join(results, persona), width: LOOKS[look], faults });
  if (persona !== "nobody") await visit.signIn(persona);
  return visit;
}

async function picture(visit, path, look) {
  await visit.page.goto(path);
  await visit.look(`${path} ${look}`, `${fileOf(path)}.${look}`);
}

/** Every page that links lead to, one of each kind. */
async function walk(persona, starts) {
  const visit = await open(persona, "desktop");
  const kinds = new Map();
  const todo = starts.map((start) => start.replace("ACTIVITY", demo.activities[0]));
  const found = [];
  while (todo.length) {
    const path = todo.shift();
    const kind = path.replace(/[?#].*/, "").replace(/\/[^/]*[\dA-Z][^/]*/g, "/:id");
    if (SKIP.test(path.replace(/[?#].*/, "")) || (kinds.get(kind) ?? 0) >= PER_KIND) continue;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    await visit.page.goto(path);
    const isElsewhere = new URL(visit.page.url()).pathname !== path.replace(/[?#].*/, "");
    if (isElsewhere) continue; // signing in comes first
    found.push(path);
    if (path === "/mailbox") continue; // its letters are other people's
    if (persona === "licensing_board" && path === "/board") todo.push(...(await lookUp(visit)));
    if (persona !== "nobody") todo.push(...(await links(visit)).filter((path) => isOwn(path, starts)));
  }
  await visit.close();
  return found;
}

/** Pages of the persona's own area; what everybody has is pictured once. */
function isOwn(path, starts) {
  const areas = [...starts, "/account"].map((start) => start.split("/")[1]);
  return areas.includes(path.split(/[/?#]/)[1]);
}

async function links(visit) {
  const all = await visit.page.locator("a[href]").evaluateAll((links) => links.map((link) => link.href));
  const own = all.map((href) => new URL(href)).filter((url) => url.origin === new URL(demo.base).origin);
  return own.map((url) => url.pathname + url.search);
}

/** The look-up is a form: nothing links to its answers. */
async function lookUp(visit) {
  await visit.page.getByLabel("License number").fill(demo.physicians[0].license);
  await visit.button("Look up").click();
  await visit.page.waitForLoadState("load");
  return links(visit);
}

function fileOf(path) {
  return path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "start";
}

function contactSheet(sheets) {
  const image = (persona, path, look) =>
    `<td><a href="${persona}/${fileOf(path)}.${look}.png"><img loading="lazy" alt="" src="${persona}/${fileOf(path)}.${look}.png"></a></td>`;
  const rows = sheets.map(
    ({ persona, path }) =>
      `<tr><th>${persona}<br>${path.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</th>${Object.keys(LOOKS).map((look) => image(persona, path, look)).join("")}</tr>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Pages</title>
<style>body{font:14px sans-serif}img{max-height:420px;max-width:420px;border:1px solid #999}td,th{vertical-align:top;text-align:left;padding:8px}</style>
<table>${rows.join("\n")}</table>`;
}

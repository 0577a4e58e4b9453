// A person at a browser: signs in, walks through pages, and has every page looked at on the way.
//
// Looking means: axe finds nothing, nothing is wider than the window, no script or style was refused,
// nothing was logged as an error; and a screenshot is kept.

import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const WIDTHS = {
  desktop: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  // the other colours are looked at on the way
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
};

const FLAGS = [
  "--headless=new",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Debian's Chromium with a new profile. */
export async function launch() {
  const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error("Chromium is not installed; CHROMIUM can name it");
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? [...FLAGS, "--no-sandbox"] : FLAGS });
}

/** What axe finds on a page. Its source is evaluated: a script element would be refused, rightly. */
async function violations(page) {
  await page.evaluate(AXE);
  return (await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }))).violations;
}

/** The broken control: fails unless a page with known faults is seen to have them. */
export async function proveThatFaultsAreSeen(browser) {
  const page = await browser.newPage();
  await page.setContent('<html lang="en"><title>x</title><main><h1>x</h1><img src="data:,"><input></main>');
  const found = (await violations(page)).map(({ id }) => id);
  await page.close();
  for (const id of ["image-alt", "label"]) {
    if (!found.includes(id)) throw new Error(`axe does not see ${id}; it sees ${found.join(", ")}`);
  }
}

export class Visit {
  /** `faults` gathers what was wrong with the pages; it is shared by all people of one journey. */
  constructor(page, { demo, shots, width, script, faults }) {
    Object.assign(this, { page, demo, shots, width, script, faults });
    this.seen = 0;
    page.on("pageerror", (error) => this.fault(`script error: ${error.message}`));
    page.on("console", (message) => this.heard(message));
    page.on("response", (response) => this.answered(response));
  }

  /** `width` is one of WIDTHS, or a look of the caller's own. */
  static async open(browser, { demo, shots, width, script = true, faults = [] }) {
    const context = await browser.newContext({
      ...(WIDTHS[width] ?? width),
      baseURL: demo.base,
      javaScriptEnabled: script,
      reducedMotion: "reduce",
      acceptDownloads: true,
      locale: "en-US",
    });
    await mkdir(shots, { recursive: true });
    return new Visit(await context.newPage(), { demo, shots, width, script, faults });
  }

  /** Somebody else at another browser, in the same journey. */
  async another(options = {}) {
    const { demo, shots, width, script, faults } = this;
    const other = await Visit.open(this.page.context().browser(), { demo, shots, width, script, faults, ...options });
    other.shots = this.shots;
    return other;
  }

  fault(text) {
    const { pathname } = new URL(this.page.url());
    this.faults.push(`${pathname.replace(/[0-9a-f-]{36}|[A-Za-z0-9_-]{43}/g, "...")}: ${text}`);
  }

  heard(message) {
    // Chromium's line about an answer such as 422 or 404; `answered` judges those
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.fault(message.text());
  }

  answered(response) {
    const isPage = response.request().isNavigationRequest();
    // read-only mode says no in words, and when to try again
    if (isPage && response.status() === 503 && response.headers()["retry-after"]) return;
    if (response.status() >= 500 || (!isPage && response.status() >= 400)) {
      this.fault(`${response.status()} for ${new URL(response.url()).pathname}`);
    }
  }

  async goto(path, shot) {
    const answer = await this.page.goto(path);
    await this.look(shot ?? path);
    return answer;
  }

  /** Looks at the page as it stands. */
  async look(shot, file) {
    await this.page.waitForLoadState("load");
    const name = file ?? `${String(++this.seen).padStart(2, "0")}-${shot.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "")}`;
    await this.stick("static");
    await this.page.screenshot({ path: join(this.shots, `${name}.png`), fullPage: true });
    await this.stick("");
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) this.fault(`the page is ${wide} px wider than the window (${shot})`);
    if (!this.script) return;
    for (const { id, help, nodes } of await violations(this.page)) {
      this.fault(`axe ${id}: ${help} (${shot}): ${nodes.map((node) => node.html).slice(0, 3).join(" | ")}`);
    }
  }

  /** Buttons that stay in view would lie across the middle of a picture of the whole page. */
  async stick(position) {
    const stays = this.page.locator(".stays");
    await stays.evaluateAll((all, position) => all.forEach((one) => (one.style.position = position)), position);
  }

  /** Signs in as a persona of demo.json, or with e-mail and password. */
  async signIn(who) {
    const { email, password } = typeof who === "string" ? this.demo.sign_ins[who] : who;
    await this.page.goto("/sign-in");
    await this.page.getByLabel("E-mail").fill(email);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.waitForURL((url) => url.pathname !== "/sign-in");
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  link(name) {
    return this.page.getByRole("link", { name });
  }

  heading(name) {
    return this.page.getByRole("heading", { name });
  }

  /** Clicks and takes the file that comes. */
  async download(locator) {
    const [file] = await Promise.all([this.page.waitForEvent("download"), locator.click()]);
    return readFile(await file.path());
  }

  async close() {
    await this.page.context().close();
  }
}

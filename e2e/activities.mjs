// Activities as provider staff enter them: the form's answers by their labels, so that a journey says
// only what is particular to it.

import { seen } from "./expect.mjs";

/** The day so many days from today, as date fields take it: 2026-11-23. */
export function day(days) {
  const at = new Date(Date.now() + days * 86_400_000);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** What a draft needs. */
export async function fillDraft(page, { title, format = "Live Course", starts, ends = starts }) {
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Format", { exact: true }).selectOption({ label: format });
  await page.getByLabel("Start date").fill(starts);
  await page.getByLabel("End date").fill(ends);
}

/** What learners need before they can be reported, beyond a draft. */
export async function fillActive(page, { delivery = "Live-Streamed", credit = "2" } = {}) {
  if (delivery) await page.getByRole("checkbox", { name: delivery }).check();
  await page.getByLabel("Description").fill("Cases and questions from practice, with time to talk about them.");
  await choose(page, "Providership", "Direct");
  await page.getByLabel("AMA PRA Category 1 Credits").fill(credit);
  await choose(page, "May physicians find it in Passport?", "Yes");
  await page.getByLabel("Web address").fill("https://lakemont.example/next");
  await choose(page, "Is there a fee?", "No, it's free");
  await choose(page, "Who may register?", "Open to all");
}

/** What closing needs, beyond a registration's own. */
export async function fillClosing(page) {
  await page.getByRole("checkbox", { name: "Learner Competence, objective" }).check();
  await choose(page, "Was there commercial support?", "No");
  await page.getByLabel("Physicians", { exact: true }).fill("40");
  await page.getByLabel("Other learners", { exact: true }).fill("0");
}

export async function choose(page, question, answer) {
  await page.getByRole("group", { name: question }).getByRole("radio", { name: answer, exact: true }).check();
}

/** Presses Save and waits for the activity's page; gives its path. */
export async function save(visit, name) {
  await visit.page.getByRole("button", { name: "Save", exact: true }).click();
  await visit.page.waitForURL(/\/provider\/activities\/\d{9}\?/);
  await seen(visit.page.getByRole("heading", { name, level: 1 }));
  return new URL(visit.page.url()).pathname;
}

/** The fields that the activity's page or form still asks for. */
export async function missing(page) {
  const of = page.locator(".checklist-items b, section[aria-labelledby=missing] .needs-text b");
  return (await of.allTextContents()).map((text) => text.trim());
}

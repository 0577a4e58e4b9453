// A certifying board's person looks at what waits, rejects one credit with a reason, accepts many, takes the list
// away, sets an automatic rule and lets it answer what waits.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a certifying board answers by hand and by rule";

export default async function (visit) {
  const { page } = visit;
  await visit.signIn("certifying_board");
  await page.goto("/certifying");
  await seen(visit.heading("Credit for your board"));
  await visit.look("the queue");
  const before = await waiting(page);
  holds(before >= 4, `only ${before} credits wait`);

  const csv = (await visit.download(visit.link("Download as CSV"))).toString("utf8").trim().split(/\r?\n/);
  equal(csv.length - 1, before, "lines of the text file");

  await page.locator("input[name=credit]").first().check();
  await visit.button("Reject").click();
  await seen(page.getByText("Choose why the points are rejected.").first());
  await visit.look("a reason is missing");
  await page.getByLabel("Reason to reject").selectOption("name_differs");
  await visit.button("Reject").click();
  await seen(page.getByText("1 credit rejected. The provider is told why."));
  for (const box of (await page.locator("input[name=credit]").all()).slice(0, 2)) await box.check();
  await visit.button("Accept").click();
  await seen(page.getByText("2 credits accepted"));
  equal(await waiting(page), before - 3, "credits that wait");

  await page.getByLabel("Last name or diplomate ID").fill("Nobody of this name");
  await visit.button("Show").click();
  await seen(page.getByText("Nothing found"));
  await visit.look("nothing found");

  await visit.link("Automatic rules").first().click();
  await seen(visit.heading("Automatic rules"));
  await visit.look("rules that are off");
  await page.getByLabel("The name does not agree").selectOption("name_differs");
  await visit.button("Save the rules").click();
  await seen(page.getByText("The rules are saved"));
  await visit.look("rules with what waits");
  const apply = visit.button("Apply to what is waiting");
  if (await apply.isVisible()) {
    await apply.click();
    await seen(page.getByText("What waits is being answered"));
  }
  // off again: other journeys answer by hand
  await page.getByLabel("The name does not agree").selectOption("");
  await visit.button("Save the rules").click();
  await seen(page.getByText("They are off"));
  await visit.link("Statistics").first().click();
  await seen(visit.heading("Statistics"));
  await visit.look("statistics");
}

/** How many credits wait, as their button says. */
async function waiting(page) {
  const words = await page.getByRole("link", { name: /^Pending/ }).textContent();
  return Number(words.replace(/\D/g, ""));
}

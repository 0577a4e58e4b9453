// A meeting that comes again each week is entered once and filled in by its rhythm; then many are closed
// at once, and each that stays open says what it lacks.

import { day, fillActive, fillClosing, fillDraft, save } from "../activities.mjs";
import { equal, holds, seen } from "../expect.mjs";

export const title = "an activity is repeated by its rhythm, and many are closed at once";

export default async function (visit) {
  const { page } = visit;
  const name = `Airway Rounds on the Ward, ${visit.width}`;
  await visit.signIn("provider_editor");
  await page.goto("/provider/activities/new");
  await fillDraft(page, { title: name, starts: day(-40) });
  await fillActive(page);
  await fillClosing(page);
  await save(visit, name);
  await visit.link("Repeat").click();
  await seen(page.getByRole("heading", { name: `Repeat ${name}` }));
  await page.getByLabel("How often").selectOption({ label: "Every week" });
  await page.getByLabel("How many times").fill("none");
  await visit.button("Fill in the dates").click();
  await seen(page.getByText("Error:"));
  await page.getByLabel("How many times").fill("3");
  await visit.button("Fill in the dates").click();
  await seen(page.getByLabel("Start date").first());
  const dates = await page.getByLabel("Start date").evaluateAll((fields) => fields.map((field) => field.value));
  equal(dates.join(), [day(-33), day(-26), day(-19)].join(), "the dates of the rhythm");
  await visit.look("filled in");
  // one was held a day later; another was no date at all
  await page.getByLabel("Start date").nth(1).fill(day(-25));
  await page.getByLabel("Start date").nth(2).fill("");
  await page.getByLabel("City").nth(2).fill("Salina");
  await visit.button("Enter these").last().click();
  await seen(page.getByRole("alert"));
  equal(await page.getByLabel("City").nth(2).inputValue(), "Salina", "what was typed");
  await visit.look("one is no date");
  await page.getByLabel("City").nth(2).fill("");
  await page.getByLabel("Start date").nth(2).fill(day(-19));
  await visit.button("Enter these").last().click();
  await seen(page.getByText("3 further dates are entered"));
  equal(await page.getByRole("row").filter({ hasText: name }).count(), 4, "activities of the series");
  holds((await page.getByRole("table").textContent()).includes("missing"), "the list does not say what is missing");
  await visit.look("the series");

  for (const box of await page.getByRole("checkbox", { name: `Choose ${name}` }).all()) await box.check();
  await seen(page.getByRole("button", { name: "Close the chosen (4)" }));
  await visit.button("Close the chosen").click();
  await seen(page.getByRole("heading", { name: "1 activity is closed" }));
  const open = page.getByRole("row").filter({ hasText: name });
  equal(await open.count(), 3, "activities that stay open");
  await visit.look("the others say what they lack");
  await open.first().getByRole("link", { name: "Measured outcomes" }).click();
  await fillClosing(page);
  await save(visit, name);
  await page.goto(`/provider/activities?q=${encodeURIComponent(name)}`);
  await page.getByRole("button", { name: /^Close all 3 that are Ready to Close/ }).click();
  await seen(page.getByRole("heading", { name: "1 activity is closed" }));
  equal(await page.getByRole("row").filter({ hasText: name }).count(), 2, "activities that stay open");
  await visit.link("Back to the list").click();
  await seen(page.getByRole("heading", { name: "Activities", level: 1 }));
  equal(await page.getByRole("row").filter({ hasText: name }).filter({ hasText: "Closed" }).count(), 2, "closed");
}

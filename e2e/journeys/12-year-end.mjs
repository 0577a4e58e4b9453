// The year that is over is closed in its five steps: what is in the way of each is named and led to, the
// totals are those of the activities, and what changes afterwards is seen.

import { fillActive, fillClosing, fillDraft, save } from "../activities.mjs";
import { equal, holds, seen } from "../expect.mjs";

export const title = "an owner closes the reporting year in five steps";

export default async function (visit) {
  const { page } = visit;
  const year = new Date().getFullYear() - 1;
  const name = `Winter Grand Rounds, ${visit.width}`;
  const path = `/provider/years/${year}`;
  // each width a provider of its own: a year is closed once
  await visit.signIn(visit.width === "desktop" ? "provider_owner" : "other_provider_owner");
  await page.goto("/provider/activities/new");
  await fillDraft(page, { title: name, starts: `${year}-02-03` });
  await fillActive(page);
  const entered = await save(visit, name);

  await visit.goto("/provider/years", "the year");
  equal(new URL(page.url()).pathname, path, "the year that is being closed");
  await page.getByLabel("Registration fees").fill("1,200");
  await visit.button("Submit the Program Summary").click();
  await seen(page.getByRole("alert"));
  equal(await page.getByLabel("Registration fees").inputValue(), "1,200", "what was typed");
  await visit.look("too early");

  await visit.button("Accept for our organization").click();
  await seen(page.getByText("The agreement is accepted"));
  for (const place of ["year", "ends"]) await deleteDrafts(visit, `/provider/activities?status=draft&${place}=${year}`);
  await page.goto(path);
  await visit.button("All activities are entered").click();
  await seen(page.getByText("Said to be complete"));

  await visit.button("Close all that are ready").click();
  await seen(page.getByRole("heading", { name: /closed$/ }));
  await visit.look("what stays open");
  for (const href of await addresses(page.locator("table th a"))) {
    await page.goto(`${href}/edit`);
    await fillClosing(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await visit.button("Close the activity").click();
    await seen(page.getByText("The activity is closed"));
  }
  await page.goto(path);
  await seen(page.getByText(`Every activity that ended in ${year} is closed.`));

  const fill = visit.button("Fill empty ones");
  if (await fill.isVisible()) await fill.click();
  const totals = page.getByLabel(/^(Physicians|Other learners) of /);
  const count = await totals.count();
  for (const total of await totals.all()) if (!(await total.inputValue())) await total.fill("0");
  await visit.look("totals of enduring material");
  if (count > 0) {
    await visit.button("Put these totals on record").click();
    await seen(page.getByText("The totals are on record"));
  }

  for (const label of ["Advertising and exhibit income", "Government grants", "Private donations"]) {
    await page.getByLabel(label).fill("0");
  }
  await page.getByLabel("Registration fees").fill("1,200");
  await visit.button("Submit the Program Summary").click();
  await seen(page.getByText("The Program Summary is submitted"));
  equal(await page.getByLabel("Registration fees").inputValue(), "1200", "the income on record");
  const states = await page.getByRole("table").first().getByRole("row").allTextContents();
  equal(states.filter((text) => text.includes("Done")).length, 5, "steps that are done");
  await visit.look("submitted");

  // somebody corrects an activity of the year: the page says so
  await page.goto(entered);
  await visit.button("Reopen the activity").click();
  await page.goto(`${entered}/edit`);
  await page.getByLabel("Physicians", { exact: true }).fill("41");
  await save(visit, name);
  await visit.button("Close the activity").click();
  await page.goto(path);
  const text = await page.getByRole("main").textContent();
  holds(text.includes("Activities changed since it was submitted"), "a change after the submission is not seen");
  await visit.look("outdated");
  await visit.button("Submit again").click();
  await seen(page.getByText("The Program Summary is submitted"));
}

async function addresses(links) {
  return links.evaluateAll((found) => found.map((link) => new URL(link.href).pathname));
}

/** Beginnings that nobody finished. */
async function deleteDrafts(visit, list) {
  const { page } = visit;
  await page.goto(list);
  const found = (await page.getByRole("table").count()) ? await addresses(page.locator("table th a")) : [];
  for (const path of found.filter((path) => /\/\d{9}$/.test(path))) {
    await page.goto(path);
    await page.getByText("Delete the activity").click();
    await visit.button("Delete it").click();
    await seen(page.getByText("The activity is deleted"));
  }
}

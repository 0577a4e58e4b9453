// One learner by form: the identity is checked while it is typed, and nothing typed is lost when the
// form is refused.

import { equal, holds, seen } from "../expect.mjs";
import { daysAgo } from "../sheets.mjs";

export const title = "a provider reports one learner by form, with the identity checked as it is typed";

export default async function (visit, memory) {
  const { page, demo } = visit;
  const physician = memory.physicians[8];
  const [, activity] = demo.activities;
  await visit.signIn("provider_editor");
  await visit.goto("/provider/learners");
  await visit.goto("/provider/learners/new");
  await page.getByLabel("Activity", { exact: true }).selectOption(activity);
  const [month, day, year] = daysAgo(4).split("/").map((part) => part.padStart(2, "0"));
  await page.getByLabel("Completion date").fill(`${year}-${month}-${day}`);
  await page.getByLabel("First name").fill("Zebulon");
  await page.getByLabel("Last name").fill("Nobodyofthatname");
  await page.getByLabel("Month", { exact: true }).fill(physician.birth.split("/")[0]);
  await page.getByLabel("Day", { exact: true }).fill(physician.birth.split("/")[1]);
  await page.getByLabel("Licensing state").selectOption(physician.state);
  await page.getByLabel("License ID or NPI").fill(physician.license);
  const found = page.getByText("These details mean one physician.");
  await seen(page.locator("[data-check-result]").getByRole("paragraph"));
  holds(!(await found.isVisible()), "a wrong name is taken for one physician");
  await visit.look("not found");
  await page.getByLabel("First name").fill(physician.first);
  await page.getByLabel("Last name").fill(physician.last);
  await seen(found);
  await visit.look("found");

  await page.getByLabel("AMA PRA Category 1 credits").fill("1.1");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Report learner").click();
  await seen(page.getByText("Error:"));
  await visit.look("refused");
  equal(await page.getByLabel("Last name").inputValue(), physician.last, "what was typed");
  await page.getByLabel("AMA PRA Category 1 credits").fill("1.25");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Report learner").click();
  await seen(page.getByText("The learner is reported"));
  await visit.look("reported");
  await page.goto(`/provider/learners?q=${encodeURIComponent(physician.last)}`);
  const row = page.getByRole("row").filter({ hasText: physician.last });
  await seen(row);
  holds((await row.first().innerText()).includes("1.25"), "the credit is not in the list of learners");
  await visit.look("in the list");
}

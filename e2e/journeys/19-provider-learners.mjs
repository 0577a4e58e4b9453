// A provider finds a learner, corrects an amount and sees both in the history; sends points again that a board
// rejected; looks at an activity's learners; and deletes a report.

import { equal, holds, seen } from "../expect.mjs";
import { daysAgo } from "../sheets.mjs";

export const title = "a provider finds, corrects and deletes a learner, and sends rejected points again";

export default async function (visit, memory) {
  const { page, demo } = visit;
  const physician = memory.physicians[7];
  const [, activity] = demo.activities;
  await visit.signIn("provider_editor");
  await report(visit, physician, activity);

  await visit.goto("/provider/learners");
  await page.getByLabel("Last name, first name").fill(`${physician.last}, ${physician.first}`);
  await page.getByLabel("Activity ID or title").fill(activity);
  await visit.button("Apply").click();
  await seen(page.getByText("1 completion", { exact: true }));
  await visit.look("found");
  await visit.link(`${physician.first} ${physician.last}`).click();
  await seen(visit.heading(`${physician.first} ${physician.last}`));
  await visit.look("the learner");

  await page.getByRole("link", { name: "Correct", exact: true }).click();
  const credits = page.getByLabel("AMA PRA Category 1 credits");
  equal(await credits.inputValue(), "1", "what is on record");
  equal(await page.getByLabel("Licensing state").inputValue(), physician.state, "the state on record");
  await credits.fill("0.6");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Correct the report").click();
  await seen(page.getByText("Error:"));
  await visit.look("refused");
  equal(await credits.inputValue(), "0.6", "what was typed");
  await credits.fill("0.75");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Correct the report").click();
  await seen(page.getByText("The report is corrected"));
  const history = await page.getByRole("list").filter({ hasText: "Corrected by" }).textContent();
  for (const said of ["1 AMA PRA Category 1 Credits withdrawn", "0.75 AMA PRA Category 1 Credits reported"]) {
    holds(history.includes(said), `the history does not say ${said}: ${history}`);
  }
  await visit.look("corrected");

  await page.goto("/provider");
  await visit.link("Correct or send again").click();
  await seen(visit.heading("Rejected by boards"));
  await visit.look("rejected by boards");
  // the newest: what is older may be beyond the reporting window, and then the page says so
  await page.locator("tbody button", { hasText: "Send again" }).last().click();
  await seen(page.getByText(/1 credit (sent again|cannot be sent)/));
  await visit.look("sent again");

  await page.goto(`/provider/activities/${activity}`);
  await page.getByRole("link", { name: "Learners", exact: true }).last().click();
  await seen(visit.heading("Reported, and in total"));
  await visit.look("learners of the activity");
  const csv = (await visit.download(visit.link("These learners, CSV"))).toString("utf8");
  holds(csv.includes(physician.last) && csv.includes(",0.75,"), "the file does not have the corrected report");

  await page.getByLabel("Last name, first name").fill(physician.last);
  await visit.button("Apply").click();
  await visit.link(`${physician.first} ${physician.last}`).first().click();
  await page.getByRole("link", { name: "Delete", exact: true }).click();
  await visit.look("before it is deleted");
  await visit.button("Delete the report").click();
  await seen(page.getByText("The report is deleted"));
  await visit.look("deleted");
}

/** One CME credit for a physician, by form. */
async function report(visit, physician, activity) {
  const { page } = visit;
  await page.goto("/provider/learners/new");
  await page.getByLabel("Activity", { exact: true }).selectOption(activity);
  const [month, day, year] = daysAgo(3).split("/").map((part) => part.padStart(2, "0"));
  await page.getByLabel("Completion date").fill(`${year}-${month}-${day}`);
  await page.getByLabel("First name").fill(physician.first);
  await page.getByLabel("Last name").fill(physician.last);
  await page.getByLabel("Month", { exact: true }).fill(physician.birth.split("/")[0]);
  await page.getByLabel("Day", { exact: true }).fill(physician.birth.split("/")[1]);
  await page.getByLabel("Licensing state").selectOption(physician.state);
  await page.getByLabel("License ID or NPI").fill(physician.license);
  await page.getByLabel("AMA PRA Category 1 credits").fill("1");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Report learner").click();
  await seen(page.getByText("The learner is reported"));
}

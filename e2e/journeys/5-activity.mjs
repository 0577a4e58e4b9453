// An activity from its first field, saved as a draft, to Active; then it takes learners.

import { equal, holds, seen } from "../expect.mjs";
import { asText, daysAgo, row } from "../sheets.mjs";

export const title = "a provider creates an activity, and it takes learners once it is active";

export default async function (visit, memory) {
  const { page } = visit;
  const save = page.getByRole("button", { name: "Save", exact: true });
  const name = `Fluid Balance in Older Adults, ${visit.width}`;
  await visit.signIn("provider_editor");
  await visit.goto("/provider/activities");
  await visit.goto("/provider/activities/new");
  await save.click();
  await seen(page.getByText("Error:"));
  await visit.look("nothing filled in");
  await page.getByLabel("Title").fill(name);
  await page.getByLabel("Format", { exact: true }).selectOption({ label: "Enduring Material" });
  const year = new Date().getFullYear();
  await page.getByLabel("Start date").fill(`${year - 1}-12-01`);
  await page.getByLabel("End date").fill(`${year + 1}-06-30`);
  await save.click();
  await seen(visit.heading(name));
  holds((await page.getByRole("main").innerText()).includes("Draft"), "an activity with four fields is a draft");
  await visit.look("draft");
  const path = new URL(page.url()).pathname;
  const id = path.split("/").pop();

  await page.goto(`${path}/edit`);
  await page.getByLabel("Description").fill("How to keep older adults in balance, with cases.");
  await page.getByRole("radio", { name: "Direct" }).check();
  await page.getByRole("checkbox", { name: "Online" }).check();
  await page.getByLabel("AMA PRA Category 1 Credits").fill("2");
  await page.getByRole("group", { name: /find it in Passport/ }).getByRole("radio", { name: "No" }).check();
  await visit.look("filled in");
  await save.click();
  // the form's own heading has the name in it too
  await page.waitForURL((address) => address.pathname === path);
  const main = await page.getByRole("main").innerText();
  holds(main.includes("Active") && !main.includes("Draft"), "the activity is not active");
  await visit.look("active");

  await page.goto("/provider/uploads/new");
  const rows = [row(memory.physicians[0], id, daysAgo(1), { "Number of CME Credits": "2" })];
  await page.getByLabel("File of learners").setInputFiles({ name: `${id}.txt`, mimeType: "text/plain", buffer: asText(rows) });
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Upload").click();
  await seen(visit.heading("All rows are settled"));
  await page.goto(path);
  equal(await page.getByRole("link", { name: "1", exact: true }).count(), 1, "completions on the activity's page");
}

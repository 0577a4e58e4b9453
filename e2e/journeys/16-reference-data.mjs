// Staff change a list, a board's rules and a limit, each from a day on: what it would change is shown
// before it is saved, a plan is taken back, and a colleague who was slower is told and overwrites nothing.

import { day } from "../activities.mjs";
import { equal, holds, seen } from "../expect.mjs";

export const title = "staff change reference data from a day on, and two of them at once";

export default async function (visit) {
  const { page } = visit;
  const name = `Team Communication, ${visit.width}`;
  await visit.signIn("accreditor");
  await visit.goto("/admin/reference", "reference data");
  await page.getByRole("link", { name: "Measured outcomes", exact: true }).click();
  await visit.look("a list");
  await visit.link("Add an item").click();
  await page.getByLabel("Name").fill("Learner Knowledge");
  await show(visit);
  await seen(page.getByText("is in the list already"));
  await visit.look("refused");
  await page.getByLabel("Name").fill(name);
  await show(visit);
  await seen(page.getByText("No activity holds it."));
  await visit.look("what adding it changes");
  await save(visit, "Add the item");
  await visit.look("an item");
  const item = page.url();

  const editor = await visit.another();
  await editor.signIn("provider_editor");
  await editor.page.goto("/provider/activities/new");
  holds((await editor.page.content()).includes(name), "a provider cannot choose the new outcome");
  await editor.close();

  // of two at the same item the second is told
  const colleague = await visit.another();
  await colleague.signIn("accreditor_second");
  await colleague.page.goto(item);
  await colleague.link("Rename…").click();
  await colleague.page.getByLabel("New name").fill(`${name}, renamed`);
  await visit.link("End…").click();
  await page.getByLabel("Last day").fill(day(30));
  await show(visit);
  await save(visit, "End the item");
  await visit.look("an item that ends");
  await show(colleague);
  await seen(colleague.page.getByText("Somebody else changed this meanwhile"));
  equal(await colleague.page.getByLabel("New name").inputValue(), `${name}, renamed`, "what the colleague typed");
  await colleague.look("a colleague is told");
  await colleague.close();

  await visit.goto("/admin/reference", "one plan");
  await takeBack(visit, `“${name}” can no longer be chosen`);

  await visit.goto("/admin/reference/boards", "boards");
  await visit.link("ABIM").first().click();
  await visit.link("Change the rules from a day on").click();
  await page.getByLabel("From this day on").fill(day(40));
  await page.getByLabel("Points equal the CME credits").check();
  await show(visit);
  await seen(page.getByText("are registered with this board"));
  await visit.look("what the rule changes");
  await save(visit, "Save the new rules");
  await seen(visit.heading("Rules in force and planned, side by side"));
  await visit.look("rules side by side");
  await takeBack(visit, "New rules of ABIM");

  await page.goto("/admin/reference/settings");
  await visit.link("Longest time an activity may last").click();
  await visit.link("Change from a day on").click();
  await page.getByLabel("General limit").fill("a year");
  await show(visit);
  await seen(page.getByText("Write a whole number."));
  equal(await page.getByLabel("General limit").inputValue(), "a year", "what was typed");
  await page.getByLabel("General limit").fill("6");
  await page.getByLabel("From this day on").fill(day(60));
  await show(visit);
  await visit.look("what the limit changes");
  await save(visit, "Save the new value");
  await visit.look("a limit with a plan");
  await takeBack(visit, "Longest time an activity may last: a new value");
  await visit.goto("/admin/reference", "nothing is planned");
  await seen(page.getByText("Nothing is planned."));
}

async function show(visit) {
  await visit.button("Show what it would change").click();
}

async function save(visit, name) {
  await visit.button(name).click();
  await seen(visit.page.getByText("The change is in the history below."));
}

async function takeBack(visit, what) {
  await visit.page.locator("tr", { hasText: what }).getByRole("link", { name: /^Take back/ }).click();
  await show(visit);
  await save(visit, "Take it back");
}

// A licensing board writes what it requires from a day on, sees what that means, plans it and takes it back; its
// licensee sees what is missing, by when, and why each credit counts. The same by keys alone, and without a script.

import { day } from "../activities.mjs";
import { equal, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "a board changes its requirement, a physician sees what is missing and why";

export default async function (visit) {
  await board(visit);
  await physician(visit);
  await everybody(visit);
  await withoutScript(visit);
  await byKeys(visit);
}

async function board(visit) {
  const { page } = visit;
  await visit.signIn("licensing_board");
  await visit.goto("/board/requirements", "what the board requires");
  await seen(page.getByText("Example rules, not the board’s own"));
  await visit.link("Change it from a day on").click();
  await visit.look("the form");
  await page.getByLabel("From this day on").fill(day(30));
  await page.getByLabel("Hours in each cycle").fill("many");
  await visit.button("Add a topic").click();
  equal(await page.getByLabel("Hours in each cycle").inputValue(), "many", "what was typed");
  const line = page.getByRole("group", { name: /^Topic \d+$/ }).last();
  await line.getByLabel("Topic").selectOption({ label: "Medical errors" });
  await line.getByLabel("Hours").fill("1.5");
  await show(visit);
  await seen(page.getByText("“many” is not a number of hours."));
  await visit.look("refused");
  await page.getByLabel("Hours in each cycle").fill("42");
  await show(visit);
  await seen(visit.heading(/^What this changes from/));
  await visit.look("what it changes");
  await visit.button("Save the version").click();
  await seen(visit.heading(/^Planned from/));
  await visit.look("a planned version");
  await visit.link(/^Take it back/).click();
  await visit.look("taking back");
  await visit.button("Take it back").click();
  await seen(page.getByText("The planned version is taken back"));
  equal(await visit.heading(/^Planned from/).count(), 0, "planned versions");
  await visit.look("the history");
}

async function physician(visit) {
  const person = await visit.another();
  const { page } = person;
  await person.signIn("physician");
  await person.look("the dashboard");
  await seen(person.heading("Your licenses"));
  await seen(person.heading("Missing, the next day first"));
  await page.getByText("These figures as tables").click();
  await person.look("figures as tables");
  await page.getByRole("link", { name: "Why each credit counts" }).click();
  await seen(person.heading("What is missing"));
  await page.getByText(/^Why does this count/).first().click();
  await seen(page.getByText(/count toward the hours: completed within the cycle/));
  await person.look("why credit counts");
  await person.close();
}

async function everybody(visit) {
  const anybody = await visit.another();
  await anybody.goto("/requirements", "what boards require");
  await anybody.link("Florida").click();
  await seen(anybody.page.getByText("Example rules, not the board’s own"));
  await anybody.look("one state");
  await anybody.close();
}

/** The board's main job with lines added and removed by the server. */
async function withoutScript(visit) {
  const plain = await visit.another({ script: false });
  const { page } = plain;
  await plain.signIn("licensing_board");
  await page.goto("/board/requirements/edit");
  await page.getByLabel("From this day on").fill(day(40));
  await page.getByLabel("Hours in each cycle").fill("37");
  const lines = page.getByRole("group", { name: /^Cap \d+$/ });
  const before = await lines.count();
  await plain.button("Add a cap").click();
  equal(await lines.count(), before + 1, "lines of caps");
  await lines.last().getByRole("button", { name: /^Remove/ }).click();
  equal(await lines.count(), before, "lines of caps after one was removed");
  equal(await page.getByLabel("Hours in each cycle").inputValue(), "37", "what was typed");
  await show(plain);
  await plain.button("Save the version").click();
  await seen(plain.heading(/^Planned from/));
  await plain.link(/^Take it back/).click();
  await plain.button("Take it back").click();
  await seen(page.getByText("The planned version is taken back"));
  await plain.close();
}

/** A licensee finds out why something counts, and the board looks at a change, without a mouse. */
async function byKeys(visit) {
  const person = await visit.another();
  await person.signIn("physician");
  await person.page.goto("/passport/requirements");
  await tabTo(person.page, "Why does this count?");
  await person.page.keyboard.press("Enter");
  await seen(person.page.getByText(/count toward the hours: completed within the cycle/));
  await person.close();
  const keys = await visit.another();
  await keys.signIn("licensing_board");
  await keys.page.goto("/board/requirements/edit");
  await tabTo(keys.page, "Hours in each cycle");
  await keys.page.keyboard.press("Control+A");
  await keys.page.keyboard.type("44");
  // Enter in a field looks, and removes no line
  await keys.page.keyboard.press("Enter");
  await seen(keys.heading(/^What this changes from/));
  equal(await keys.page.getByLabel("Hours in each cycle").inputValue(), "44", "what was typed by keys");
  await tabTo(keys.page, "Save the version");
  await keys.look("about to save by keys");
  await keys.close();
}

async function show(visit) {
  await visit.page.getByRole("button", { name: "Show what it would change" }).last().click();
}

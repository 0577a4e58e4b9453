// The form of an activity without JavaScript: what is typed is kept by its buttons, questions that no
// answer raises stay out of the way all the same, and what is missing is a list that leads there.

import { day, fillActive, fillDraft, missing, save } from "../activities.mjs";
import { equal, seen } from "../expect.mjs";

export const title = "an activity is entered, corrected and repeated without JavaScript";
export const script = false;

export default async function (visit) {
  const { page } = visit;
  const name = `Wound Care at Home, ${visit.width}`;
  await visit.signIn("provider_editor");
  await visit.goto("/provider/activities/new");
  await page.getByLabel("Title").fill(name);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(page.getByText("What you typed is kept"));
  equal(await page.getByLabel("Title").inputValue(), name, "what was typed");
  equal((await missing(page)).join(), "Format,Start date,End date", "what a draft still needs");
  await fillDraft(page, { title: name, starts: day(3), ends: day(4) });
  await page.getByRole("button", { name: "Save and stay" }).click();
  await seen(page.getByText("The activity is saved"));
  await visit.look("draft");
  equal(await page.getByLabel("City").isVisible(), false, "a place although nobody meets");
  await page.getByRole("checkbox", { name: "In-Person" }).check();
  await page.getByLabel("City").fill("Wichita");
  await page.getByLabel("State or province").fill("KS");
  await fillActive(page, { delivery: "In-Person", credit: "1.1" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(page.getByText("Error:"));
  await visit.look("refused");
  await page.getByLabel("AMA PRA Category 1 Credits").fill("1.25");
  await save(visit, name);
  await seen(page.getByText("Missing before it can be closed"));
  await visit.look("active");
  await visit.link("Shown to physicians").click();
  await seen(page.getByRole("heading", { name, level: 1 }));
  await visit.look("as everybody sees it");
  const calendar = (await visit.download(visit.link("Add to a calendar"))).toString("utf8");
  equal(calendar.includes("LOCATION:Wichita"), true, "the place in the calendar");
  await page.goBack();
  await visit.link("Repeat").click();
  await page.getByLabel("How often").selectOption({ label: "Every 3 months" });
  await page.getByLabel("How many times").fill("2");
  await visit.button("Fill in the dates").click();
  await visit.button("Enter these").last().click();
  await seen(page.getByText("2 further dates are entered"));
}

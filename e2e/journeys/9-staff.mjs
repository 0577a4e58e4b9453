// The accreditor's staff: find a physician, ask why a report matched, settle a row by keyboard, and merge
// two records with a second person, who confirms; then undo it.

import { equal, holds, seen } from "../expect.mjs";

export const title = "two people of the accreditor's staff put the registry right";

const REASON = "Both boards confirm by letter that this is one person.";

export default async function (visit) {
  const { page, demo } = visit;
  const [asked, other, ends, stays] = demo.physicians.slice(14, 18);
  await visit.signIn("accreditor");
  await visit.look("overview");

  // search
  await visit.goto("/admin/physicians", "find a physician");
  await find(visit, { Name: `${asked.last} ${asked.first}` });
  await visit.look("physicians found");
  await page.getByRole("rowheader").getByRole("link").first().click();
  await seen(page.getByRole("heading", { level: 1, name: new RegExp(asked.last) }));
  await visit.look("a physician");

  // explain: all of one person, then with somebody else's license
  await visit.goto("/admin/explain", "why did it match");
  await ask(visit, asked, asked.license, asked.state);
  await seen(page.getByText("One physician", { exact: true }));
  holds((await page.getByRole("main").innerText()).includes("times likelier"), "the weights are not explained");
  await visit.look("one physician");
  await ask(visit, asked, other.license, other.state);
  await visit.look("somebody else's license");
  const answer = await page.getByRole("main").innerText();
  holds(answer.includes("Conflict") && answer.includes("Rule 1"), "another person's license is no conflict");

  // settle a row with the keys: Space chooses, Enter settles, and the next row comes
  await visit.goto("/admin/reviews", "review list");
  await visit.link("Settle one after the other").click();
  await visit.look("a row");
  await page.goto("/admin/reviews?kind=licenses&outcome=");
  await visit.link("Settle one after the other").click();
  const row = page.url();
  await page.getByRole("radio", { name: /^Dismiss/ }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await seen(page.getByText("Say why, in a sentence that others will understand later.").first());
  await visit.look("a reason is missing");
  await page.getByLabel("Reason to dismiss").fill("The board has taken the row back.");
  await page.getByRole("button", { name: /^Settle/ }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/done=dismissed/);
  holds(page.url() !== row, "the next row did not come");
  if (!page.url().includes("/admin/reviews?")) {
    holds(await page.evaluate(() => document.activeElement.name === "settle"), "the keys do not go on at the decision");
  }
  await visit.look("the next row");
  await visit.goto("/admin/reviews/settled", "settled rows");

  // propose a merge
  await open(visit, ends);
  await visit.link("Merge with…").click();
  await visit.look("merge with whom");
  await find(visit, { NPI: stays.npi });
  await page.getByRole("link", { name: /^Choose/ }).click();
  await seen(visit.heading("Merge two records"));
  await visit.link("Keep the other record instead").click();
  await visit.look("both records side by side");
  await page.getByLabel("Why are they one person?").fill(REASON);
  await visit.button("Propose the merge").click();
  await seen(visit.heading("Somebody else must confirm it").or(page.getByText("Somebody else must confirm it")).first());
  equal(await visit.button("Confirm the merge").count(), 0, "how often the proposer may confirm");
  await visit.look("proposed");
  const change = new URL(page.url()).pathname;

  // another person confirms
  const second = await visit.another();
  await second.signIn("accreditor_second");
  await second.goto("/admin/changes", "what waits for the second person");
  await second.page.getByRole("rowheader").getByRole("link").first().click();
  await second.look("the second person looks");
  equal(new URL(second.page.url()).pathname, change, "the proposal");
  await second.button("Confirm the merge").click();
  await second.page.waitForURL(/done=confirmed/);
  await second.look("merged");
  await second.close();

  // undone, with a reason
  await page.goto(change);
  await visit.link("Undo…").click();
  await visit.look("what goes back");
  await page.getByLabel("Why is it undone?").fill("They were two people after all.");
  await visit.button("Undo the merge").click();
  await page.waitForURL(/done=undone/);
  await visit.look("undone");
  await open(visit, ends);
  holds((await page.getByRole("main").innerText()).includes(ends.license), "the license did not come back");
}

/** Fills in the search and sends it. */
async function find(visit, fields) {
  for (const [label, value] of Object.entries(fields)) await visit.page.getByLabel(label).first().fill(value);
  await visit.button("Find").click();
  await visit.page.waitForLoadState("load");
}

/** Opens the page of a physician of demo.json. */
async function open(visit, physician) {
  await visit.page.goto("/admin/physicians");
  await find(visit, { NPI: physician.npi });
  await visit.page.getByRole("rowheader").getByRole("link").first().click();
  await seen(visit.page.getByRole("heading", { level: 1, name: new RegExp(physician.last) }));
}

async function ask(visit, physician, license, state) {
  const { page } = visit;
  await page.getByLabel("First name").fill(physician.first);
  await page.getByLabel("Last name").fill(physician.last);
  const [month, day] = physician.birth.split("/");
  await page.getByLabel("Birth month").fill(month);
  await page.getByLabel("Birth day").fill(day);
  await page.getByLabel("State of license").selectOption(state);
  await page.getByLabel("License ID or NPI").fill(license);
  await visit.button("Explain").click();
  await seen(visit.heading("The answer"));
}

// An activity from its first letter to closed: it saves itself while it is typed, says at each moment
// what is missing, is registered with two boards, takes a learner by form and one by file, and is closed
// once it is over.

import { choose, day, fillActive, fillClosing, fillDraft, missing, save } from "../activities.mjs";
import { equal, seen } from "../expect.mjs";
import { asText, daysAgo, row } from "../sheets.mjs";

export const title = "an activity goes from its first letter to closed, with two boards and learners";

export default async function (visit, memory) {
  const { page } = visit;
  const name = `Sepsis in the First Hour, ${visit.width}`;
  const [byForm, byFile] = memory.physicians.slice(3, 5);
  await visit.signIn("provider_editor");
  await page.goto("/provider/activities");
  await visit.link("New activity").first().click();
  await page.getByLabel("Title").fill(name);
  await page.getByLabel("Format", { exact: true }).selectOption({ label: "Live Course" });
  await seen(page.getByText("Kept as a beginning."));
  equal((await missing(page)).join(), "Start date,End date", "what a draft still needs");
  // somebody else's phone call: the page is left and found again in the list
  await page.goto("/provider/activities");
  await visit.look("begun");
  await page.getByRole("link", { name: `Go on with ${name}` }).click();
  equal(await page.getByLabel("Title").inputValue(), name, "what was typed");
  // a live course has no such way; the others go
  await page.getByRole("checkbox", { name: "Online" }).waitFor({ state: "hidden" });
  await fillDraft(page, { title: name, starts: day(-10), ends: day(5) });
  await seen(page.getByText("Saved as a draft."));
  equal(await page.getByLabel("City").isVisible(), false, "a place although nobody meets");
  await visit.look("draft");
  await page.getByRole("checkbox", { name: "In-Person" }).check();
  await seen(page.locator(".checklist-items").getByText("City", { exact: true }));
  await page.getByRole("checkbox", { name: "In-Person" }).uncheck();
  await fillActive(page);
  await seen(page.getByText("Missing before it can be closed"));
  await visit.look("active");
  const path = await save(visit, name);
  const id = path.split("/").pop();

  for (const [code, board, type, area] of [
    ["ABIM", "American Board of Internal Medicine", "Medical Knowledge", "Critical Care Medicine"],
    ["ABS", "American Board of Surgery", "Self-Assessment", "General Surgery"],
  ]) {
    await page.goto(`${path}#moc`);
    await page.getByLabel("Register with").selectOption(code);
    await visit.button("Go on").click();
    await seen(page.getByRole("heading", { name: board }));
    await visit.button("Register").click();
    await seen(page.getByText("Error:"));
    await page.getByLabel("Points").fill("1.5");
    await page.getByRole("checkbox", { name: type }).check();
    await page.getByRole("checkbox", { name: area, exact: true }).check();
    const undertakings = page.getByRole("group", { name: "For this activity, your organization" }).getByRole("checkbox");
    for (const one of await undertakings.all()) await one.check();
    await visit.look(`registering with ${code}`);
    await visit.button("Register").click();
    await seen(page.getByText("The registration is saved"));
  }
  await visit.look("registered");

  await visit.link("Report a learner").click();
  const [month, dayOfMonth, year] = daysAgo(2).split("/").map((part) => part.padStart(2, "0"));
  await page.getByLabel("Completion date").fill(`${year}-${month}-${dayOfMonth}`);
  await page.getByLabel("First name").fill(byForm.first);
  await page.getByLabel("Last name").fill(byForm.last);
  await page.getByLabel("Month", { exact: true }).fill(byForm.birth.split("/")[0]);
  await page.getByLabel("Day", { exact: true }).fill(byForm.birth.split("/")[1]);
  await page.getByLabel("Licensing state").selectOption(byForm.state);
  await page.getByLabel("License ID or NPI").fill(byForm.license);
  await page.getByLabel("AMA PRA Category 1 credits").fill("2");
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Report learner").click();
  await seen(page.getByText("The learner is reported"));
  await page.goto("/provider/uploads/new");
  const moc = byFile.board
    ? { "Certifying Board": byFile.board, "Certifying Board ID": byFile.diplomate_id }
    : {};
  const isAsked = ["ABIM", "ABS"].includes(byFile.board);
  const points = isAsked ? { ...moc, "Total Board Credits": "1.5" } : {};
  const type = { ABIM: "Medical Knowledge", ABS: "Self-Assessment" }[byFile.board];
  const types = isAsked ? { "Credit Type": type, "Credits Awarded for Credit Type": "1.5" } : {};
  const rows = [row(byFile, id, daysAgo(2), { "Number of CME Credits": "2", ...points, ...types })];
  await page.getByLabel("File of learners").setInputFiles({ name: `${id}.txt`, mimeType: "text/plain", buffer: asText(rows) });
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Upload").click();
  await seen(visit.heading("All rows are settled"));

  // with learners on record, what would make them wrong is refused, and nothing can be deleted
  await page.goto(`${path}/edit`);
  await page.getByLabel("AMA PRA Category 1 Credits").fill("1");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(page.getByText("Error:"));
  await seen(page.getByText(/^2 completions of .* would have more than 1 credits/));
  await visit.look("refused for its learners");
  await page.getByLabel("AMA PRA Category 1 Credits").fill("2");
  // it ended earlier than planned
  await page.getByLabel("End date").fill(day(-1));
  await save(visit, name);
  await seen(page.getByText("Ready to Close"));
  await page.getByText("Delete the activity").click();
  await seen(page.getByText("It stays on record"));
  await page.getByRole("link", { name: "Fill in Measured outcomes" }).click();
  await fillClosing(page);
  await choose(page, "Was there commercial support?", "Yes");
  await page.locator("#support_source_0").fill("Harrowgate Therapeutics");
  await page.locator("#support_dollars_0").fill("5000");
  await visit.look("everything given");
  await save(visit, name);
  await seen(page.getByText("Nothing is missing"));
  await visit.look("ready to close");
  await visit.button("Close the activity").click();
  await seen(page.getByText("The activity is closed"));
  await visit.look("closed");
  await visit.button("Reopen the activity").click();
  await seen(page.getByText("The activity is open again"));
  await visit.button("Close the activity").click();
  await seen(page.getByText("The activity is closed"));
  await visit.button("Copy").click();
  await seen(page.getByText("This is the copy"));
  await visit.look("copy");
}

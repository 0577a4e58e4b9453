// A licensing board gives a list, checks it against its requirement, draws a sample, decides and writes; the physician
// reads the letter. The list is given without JavaScript, the decision made with the keys alone.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a licensing board checks a list, audits a sample, and the physician reads the letter";

export default async function (visit) {
  const { page, demo } = visit;
  const state = demo.sign_ins.licensing_board.email.slice("licensing@".length).split(".")[0].toUpperCase();
  const licensee = demo.physicians.find((physician) => physician.state === state);
  const name = `Journey, ${visit.width}`;
  const plain = await visit.another({ script: false });
  await plain.signIn("licensing_board");
  await plain.goto("/board/lists/new");
  await plain.button("Make the list").click();
  await seen(plain.page.getByRole("link", { name: /Choose a file of licensees/ }));
  await plain.page.getByLabel("Name of the list").first().fill(name);
  await plain.page.getByLabel("Or paste from a spreadsheet").fill(`${licensee.license}\t${licensee.first}\t${licensee.last}\n000000001\n`);
  await plain.button("Make the list").click();
  await seen(plain.heading(name));
  const rows = await plain.page.getByRole("main").textContent();
  holds(rows.includes("Not found"), "a number of nobody is told");
  await plain.look("a list's rows");
  await plain.page.getByRole("button", { name: /^Check 1 licensees$/ }).click();
  // without script the page asks for itself again until all are checked
  await seen(plain.page.getByRole("link", { name: "Excel" }));
  await plain.look("compliance without script");
  holds((await plain.page.getByRole("main").textContent()).includes(licensee.last), "the licensee is checked");
  await plain.close();

  await visit.signIn("licensing_board");
  await visit.goto("/board/lists", "lists");
  await page.getByRole("link", { name: "Renewals of this year" }).click();
  await visit.look("the demo's list");
  await page.getByRole("region", { name: "Checks, table" }).getByRole("link").first().click();
  await seen(visit.heading("Compliance"));
  await visit.look("compliance");
  await page.getByRole("region", { name: "Compliance, table" }).getByRole("rowheader").first().getByRole("link").click();
  await seen(visit.heading("What counts, and why"));
  await visit.look("a licensee explained");
  await visit.goto("/board/statistics", "statistics");

  await page.goto("/board/lists");
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("link", { name: "Audit a sample" }).click();
  await seen(visit.heading("New audit"));
  await visit.look("new audit");
  await page.getByLabel("Name of the audit").fill(name);
  await page.getByLabel("How many").fill("100%");
  await visit.button("Draw the sample").click();
  await seen(visit.heading("Sample"));
  await page.getByText("Verify the draw").click();
  await visit.look("an audit");
  const row = page.getByRole("rowheader").getByRole("link");
  equal(await row.count(), 1, "licensees in the sample");
  await row.click();
  await seen(visit.heading("Decide"));
  await visit.look("a case");

  // with the keys alone
  await page.getByLabel("Needs information").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Send a copy of your certificate.");
  await visit.button("Decide").focus();
  await page.keyboard.press("Enter");
  await seen(page.getByRole("link", { name: "Write the letter" }));
  await page.getByRole("link", { name: "Write the letter" }).focus();
  await page.keyboard.press("Enter");
  await seen(page.getByLabel("Subject"));
  await visit.button("Preview").focus();
  await page.keyboard.press("Enter");
  await seen(visit.heading("As it will go"));
  await visit.look("a letter");
  await visit.button("Send the letter").focus();
  await page.keyboard.press("Enter");
  await seen(page.getByRole("cell", { name: /Audit of your license/ }));
  await visit.look("a case with its letter");
  const path = new URL(page.url()).pathname;

  await page.goto("/board/audits");
  await visit.look("audits");
  await page.getByRole("link", { name: "Renewal audit" }).click();
  await visit.look("the demo's audit");
  await page.getByRole("link", { name: "Report", exact: true }).click();
  await seen(visit.heading("Report so far"));
  await visit.look("report");

  for (const persona of ["provider_owner", "physician", "certifying_board", "accreditor"]) {
    const other = await visit.another();
    await other.signIn(persona);
    holds([403, 404].includes((await other.page.goto(path)).status()), `${persona} reads a board's case`);
    await other.close();
  }
  const person = await visit.another();
  await person.signIn("physician");
  await person.goto("/passport/audits", "a physician's audits");
  await person.goto("/passport/access");
  await person.close();
}

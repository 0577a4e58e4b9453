// A provider uploads the file that the field uses, watches it being read, corrects the refused rows on
// screen, sends them again and takes the result home.

import { equal, figures, holds, seen } from "../expect.mjs";
import { asText, asWorkbook, daysAgo, row, textOfWorkbook } from "../sheets.mjs";

export const title = "a provider uploads learners, corrects the refused rows and sends them again";

const REPEATS = 6000;

export default async function (visit, memory) {
  const { page, demo } = visit;
  const [activity] = demo.activities;
  const day = daysAgo(visit.width === "desktop" ? 2 : 3);
  const [licensee, ...others] = [demo.physicians[0], ...memory.physicians];
  const good = [licensee, ...others.slice(0, 5)].map((physician) => row(physician, activity, day));
  const wrong = [
    row(others[5], activity, day, { "Date of Birth": "02/30" }),
    row(others[6], activity, day, { "Number of CME Credits": "0.1" }),
    row(others[7], activity, day, { "Number of CME Credits": "0.1" }),
    row(others[8], "190000042", day),
  ];
  // a file of some length, so that there is progress to see: one learner again and again
  const again = Array.from({ length: REPEATS }, () => good[1]);
  const rows = [...wrong, ...good, ...again];
  const isWorkbook = visit.width === "desktop";
  const file = isWorkbook
    ? { name: "learners.xlsx", mimeType: "application/octet-stream", buffer: asWorkbook(rows) }
    : { name: "learners.txt", mimeType: "text/plain", buffer: asText(rows) };
  memory.reported = { licensee, physician: others[0], day, activity };

  await visit.signIn("provider_owner");
  await visit.look("dashboard");
  await visit.goto("/provider/uploads");
  await visit.goto("/provider/uploads/new");
  await visit.button("Upload").click();
  await seen(page.getByRole("alert").or(page.getByRole("heading", { name: /problem|error/i })));
  await visit.look("nothing chosen");

  await page.getByLabel("File of learners").setInputFiles(file);
  await seen(page.getByText(file.name));
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Upload").click();
  await page.waitForURL(/\/provider\/uploads\/[0-9a-f-]{36}$/);
  memory.upload = new URL(page.url()).pathname;
  holds(!(await visit.heading("All rows are settled").isVisible()), "the page was there only when all was done");
  holds((await page.title()).includes("%") || (await seen(page.getByRole("progressbar"))) === undefined, "no progress");
  await visit.look("progress");
  await seen(visit.heading("All rows are settled"));
  await visit.look("settled");
  await counted(page, { "Rows read": "6,010", Accepted: "6", Refused: "4", "Already reported": "6,000" });
  const problems = await page.getByRole("row").filter({ has: page.getByRole("rowheader") }).allInnerTexts();
  equal(problems.length, 3, "kinds of problems");
  holds(/\b2\b/.test(problems[0]), `the most frequent problem is first: ${problems[0]}`);

  await visit.link("Correct refused rows").click();
  await seen(visit.heading("4 rows to correct"));
  await visit.look("rows to correct");
  const groups = wrong.map((cells) => page.getByRole("group", { name: new RegExp(`Row \\d+: ${cells[3]} ${cells[4]}$`) }));
  // typed in one row, sent with another: nothing typed is lost
  await groups[1].getByLabel("Number of CME Credits").fill("1.75");
  await groups[0].getByLabel("Date of Birth").fill(others[5].birth);
  await groups[0].getByRole("button", { name: /^Send row/ }).click();
  await seen(page.getByText("1 row settled"));
  equal(await groups[1].getByLabel("Number of CME Credits").inputValue(), "1.75", "what was typed");
  await visit.look("one row settled");
  await groups[2].getByLabel("Number of CME Credits").fill("0.3");
  await groups[3].getByLabel("ACCME Activity ID").fill(activity);
  await visit.button("Send these rows").first().click();
  await seen(page.getByText("2 rows settled, 1 still refused"));
  equal(await groups[2].getByLabel("Number of CME Credits").inputValue(), "0.3", "what was typed and refused");
  await visit.look("one still refused");
  await groups[2].getByLabel("Number of CME Credits").fill("0.25");
  await visit.button("Send these rows").first().click();
  await seen(page.getByText("1 row settled"));

  await page.goto(memory.upload);
  await counted(page, { "Rows read": "6,010", Accepted: "10", Refused: "0", "Already reported": "6,000" });
  await visit.look("all accepted");
  const result = await visit.download(visit.link("All rows with results"));
  const text = isWorkbook ? textOfWorkbook(result) : result.toString("utf8");
  for (const wanted of ["What to do", others[0].last, others[0].license, activity]) {
    holds(text.includes(wanted), `the result file does not hold ${wanted}`);
  }

  // the very same file again is the earlier upload
  await page.goto("/provider/uploads/new");
  await page.getByLabel("File of learners").setInputFiles(file);
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Upload").click();
  await seen(page.getByText("This file was uploaded before"));
  equal(new URL(page.url()).pathname, memory.upload, "the upload of the same bytes");
}

async function counted(page, wanted) {
  const found = await figures(page);
  for (const [label, figure] of Object.entries(wanted)) equal(found[label], figure, label);
}

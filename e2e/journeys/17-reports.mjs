// A provider looks at the year, chooses other years and days, and takes the figures away: the files say
// what the page says, and the number of activities is that of their table.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a provider reads its reports and takes them away";

export default async function (visit) {
  const { page } = visit;
  const year = new Date().getFullYear();
  await visit.signIn("provider_owner");
  await page.goto("/provider");
  await visit.link("Reports").first().click();
  await seen(visit.heading(`Report of ${year}`));
  await visit.look("this year");
  const plots = page.locator("svg.plot:visible");
  holds((await plots.count()) >= 8, `only ${await plots.count()} plots`);
  for (const plot of await plots.all()) holds(await plot.locator("title").textContent(), "a plot without a title");

  await visit.link(String(year - 1)).click();
  await seen(visit.heading(`Report of ${year - 1}`));
  await visit.look("last year");
  const rows = await table(page, "By format");
  const total = rows.at(-1);
  equal(total[0], "All", "the last line");
  const csv = (await visit.download(visit.link("CSV of By format"))).toString("utf8").trim().split(/\r?\n/);
  equal(csv.length, rows.length + 1, "lines of the text file");
  equal(csv.at(-1).split(",").map(Number).slice(1, 3).join(), total.slice(1, 3).map(number).join(), "its last line");
  const workbook = await visit.download(visit.link("Download as Excel"));
  equal(workbook.subarray(0, 2).toString(), "PK", "the beginning of a workbook");
  const points = page.getByText("MOC/CC points by month, format and more");
  await points.click();
  await visit.look("points of boards");

  await page.goto(`/provider/activities?ends=${year - 1}`);
  const said = (await page.getByRole("main").textContent()).match(/([\d,]+) activit(?:y|ies)\b/);
  equal(said?.[1], total[1], "activities of the year in their table");

  await page.goto("/provider/reports");
  await page.getByText("Other dates").click();
  await page.getByLabel("First day").fill(`${year - 1}-03-01`);
  await page.getByLabel("Last day").fill(`${year - 1}-06-30`);
  await visit.button("Show these dates").click();
  await seen(visit.heading(`Report of Mar 1, ${year - 1} to Jun 30, ${year - 1}`));
  equal((await table(page, "By month")).length, 5, "four months and all");
  await visit.look("other days");
  await page.getByLabel("First day").fill("1990-01-01");
  await page.getByLabel("Last day").fill("1990-12-31");
  await visit.button("Show these dates").click();
  await seen(page.getByText("Nothing in this period yet"));
  await visit.look("an empty year");
}

/** The words of a table's lines. */
async function table(page, title) {
  const lines = page.getByRole("region", { name: `${title}, table`, exact: true }).locator("tbody tr");
  return lines.evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
}

function number(text) {
  return Number(text.replaceAll(",", ""));
}

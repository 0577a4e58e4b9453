// The accreditor's staff have last year counted once more, look at its plots and tables, take files away and publish it
// with words of their own, with the keys alone; everybody reads it, also without JavaScript, and finds no line that
// tells of a single provider.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "staff count a year and publish it, everybody reads the figures and takes them away";

const YEAR = new Date().getFullYear() - 1;

export default async function (visit) {
  const words = `Words before the figures, ${visit.width}`;
  const states = await counts(visit);
  await publishes(visit, words);
  const reader = await visit.another({ script: false });
  await reads(reader, words, states);
  await reader.close();
}

/** Counts again and looks; gives the names of all states. */
async function counts(visit) {
  const { page } = visit;
  await visit.signIn("accreditor");
  await visit.goto("/admin/report");
  await seen(visit.heading(`Report of ${YEAR}`));
  await visit.look("a year as it was counted last");
  await visit.button(/^Count (again|this year)$/).click();
  await seen(page.getByText("The year is being counted"));
  for (let tries = 0; tries < 60; tries++) {
    await page.goto(`/admin/report?year=${YEAR}`);
    if (!(await page.getByText("This year is being counted").isVisible())) break;
    await page.waitForTimeout(500);
  }
  await seen(page.getByText("what came later is not in it"));
  await visit.look("counted anew");
  holds((await page.locator("svg.plot").count()) > 6, "the figures are drawn");
  await seen(visit.heading("By organization type").first());
  const workbook = await visit.download(visit.link("Download as Excel"));
  equal(workbook.subarray(0, 2).toString(), "PK", "a workbook");
  const csv = (await visit.download(page.getByRole("link", { name: "CSV of By state" }))).toString();
  const names = csv.trim().split("\r\n").slice(1, -1).map((line) => line.split(",")[0].replaceAll('"', ""));
  holds(names.length > 1, `states: ${csv}`);
  return csv.trim().split("\r\n").slice(1, -1).filter((line) => Number(line.split(",")[1]) < 3).map((line) => line.split(",")[0]);
}

/** With the keys alone: the words, then the button. */
async function publishes(visit, words) {
  const { page } = visit;
  await page.goto(`/admin/report?year=${YEAR}`);
  await tabTo(page, "Words before the figures");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(words);
  await tabTo(page, `Publish ${YEAR}`);
  await page.keyboard.press("Enter");
  await seen(page.getByText("The report is published"));
  await visit.look("published");
}

/** Without JavaScript, and not signed in. */
async function reads(visit, words, few) {
  const { page } = visit;
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Yearly report" }).click();
  await seen(visit.heading(`Accredited continuing education in ${YEAR}`));
  equal(new URL(page.url()).pathname, `/report/${YEAR}`, "where the newest report stands");
  await seen(page.getByText(words));
  await seen(page.getByText(`In ${YEAR},`).first());
  await visit.look("the public report");
  const text = await page.locator("#states").textContent();
  for (const state of few) holds(!text.includes(state), `${state} tells of one or two providers: ${text}`);
  holds(text.includes("All others, put together"), "what is too little is put together");
  const csv = (await visit.download(page.getByRole("link", { name: "CSV of By state" }))).toString();
  for (const state of few) holds(!csv.includes(state), `${state} in the file`);
  await seen(page.getByRole("link", { name: /CC BY/ }));
}

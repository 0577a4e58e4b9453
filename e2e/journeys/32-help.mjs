// Somebody looks for help: types with slips of the pen, reads an answer, says whether it helped, prints a part, follows
// a problem's code, takes slides and a calendar file; the same with the keys alone and without JavaScript.

import { equal, holds, seen } from "../expect.mjs";
import { focused, tabTo } from "../keys.mjs";

export const title = "help is found while typing, read, judged and printed";

export default async function (visit) {
  await findsAnAnswer(visit);
  await readsParts(visit);
  await readsProblems(visit);
  await takesWebinars(visit);
  await byKeys(visit);
  await withoutScript(visit);
  await seesWhatIsTheirs(visit);
}

async function findsAnAnswer(visit) {
  const { page } = visit;
  await visit.goto("/help", "help");
  const box = page.getByLabel("What do you want to know?");
  await box.pressSequentially("trancript verfy", { delay: 15 });
  await seen(page.locator(".help-results mark"));
  await seen(page.getByText("No page has the word “trancript”"));
  const first = page.locator(".help-results li a").first();
  equal((await first.textContent()).trim(), "How do I verify a transcript that somebody gave me?", "the best answer");
  await visit.look("found while typing");
  await box.fill("qqqqzzzz");
  await seen(page.getByText("Nothing found.").first());
  await visit.look("nothing found");
  await box.fill("lost phone");
  await seen(page.getByText("I have lost my second factor. How do I get in?"));
  await page.getByRole("link", { name: "I have lost my second factor" }).first().click();
  await seen(visit.heading("I have lost my second factor. How do I get in?"));
  await visit.look("an answer");
  await page.getByLabel("What helped, or what is missing").fill(`A picture would help, ${visit.width}.`);
  await page.getByRole("button", { name: "No, it did not", exact: true }).click();
  await seen(page.getByText("Thank you for the answer"));
  await visit.look("thanked");
  await visit.goto("/help/search?q=webhook", "the page of results");
  await page.getByLabel("What do you want to know?").fill("webhooks work");
  await page.waitForURL(/q=webhooks%20work/);
  await seen(page.locator(".help-results").getByText("How do"));
}

async function readsParts(visit) {
  const { page } = visit;
  await page.goto("/help");
  await page.getByRole("link", { name: "Fixing what was refused", exact: true }).click();
  await seen(visit.heading("Fixing what was refused"));
  await visit.look("a part");
  await visit.link("All answers, to print").click();
  await visit.look("a part to print");
  holds((await page.locator(".help-printed").count()) > 3, "the part is not whole");
  await visit.goto("/help/print", "the whole help to print");
  await visit.goto("/help/guides/upload-a-file", "a guide");
  await visit.goto("/help/releases", "release notes");
}

async function readsProblems(visit) {
  const { page } = visit;
  await visit.goto("/help/problems", "problem codes");
  await page.getByRole("link", { name: "Details of different people", exact: true }).click();
  await seen(page.getByText("identity_conflict").first());
  await visit.look("a problem");
  const related = page.getByRole("region", { name: "Related" });
  holds((await related.getByRole("link").count()) > 1, "nothing is related to the problem");
}

async function takesWebinars(visit) {
  const { page } = visit;
  await visit.goto("/help/webinars", "webinars");
  const calendar = (await visit.download(page.getByRole("link", { name: /^Calendar file/ }).first())).toString("utf8");
  holds(/DTSTART:\d{8}T\d{6}Z/.test(calendar), `no hour in the calendar file: ${calendar.slice(0, 200)}`);
  const slides = await visit.download(page.getByRole("link", { name: /\.pdf$/ }).first());
  holds(slides.toString("latin1").startsWith("%PDF-"), "the slides are no PDF");
  await page.getByRole("link", { name: "Reporting learners without refusals", exact: true }).click();
  await seen(visit.heading("Reporting learners without refusals"));
  await visit.look("a webinar");
}

async function byKeys(visit) {
  const other = await visit.another();
  const { page } = other;
  await page.goto("/help");
  await tabTo(page, "What do you want to know?");
  await page.keyboard.type("derrived");
  await seen(page.locator(".help-results mark"));
  await tabTo(page, "What is derived credit?");
  await page.keyboard.press("Enter");
  await seen(other.heading("What is derived credit?"));
  await tabTo(page, "What helped, or what is missing");
  await page.keyboard.type("Clear.");
  await tabTo(page, "Yes, it helped");
  await page.keyboard.press("Enter");
  await seen(page.getByText("Thank you for the answer"));
  holds((await focused(page)).tag !== "INPUT", "the focus is lost in a field");
  await other.close();
}

async function withoutScript(visit) {
  const other = await visit.another({ script: false });
  const { page } = other;
  await other.goto("/help", "help without a script");
  await page.getByLabel("What do you want to know?").fill("permision statment");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await seen(other.heading("Search the help"));
  equal(
    (await page.locator(".help-results li a").first().textContent()).trim(),
    "What is the permission statement?",
    "the best answer without a script",
  );
  await other.look("found without a script");
  await page.locator(".help-results li a").first().click();
  await page.getByRole("button", { name: "Yes, it helped", exact: true }).click();
  await seen(page.getByText("Thank you for the answer"));
  await other.close();
}

async function seesWhatIsTheirs(visit) {
  await visit.signIn("physician");
  await visit.page.getByRole("contentinfo").getByRole("link", { name: "Help", exact: true }).click();
  await seen(visit.heading("Help"));
  const first = await visit.page.locator("section h2").first().textContent();
  equal(first.trim(), "Physicians", "the part that stands first for a physician");
  await visit.look("help of a physician");
}

// Staff write a page, look at it, publish it, and of two who edit at once the second is told; an earlier version comes
// back, slides are added. A stranger and a physician ask the staff and are answered; with the keys alone, and without
// JavaScript.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "staff edit the help and answer requests";

export default async function (visit) {
  await writes(visit);
  await twoAtOnce(visit);
  await webinar(visit);
  const number = await asks(visit);
  await answers(visit, number);
  await byKeys(visit);
  await asPhysician(visit);
}

async function writes(visit) {
  const { page } = visit;
  await visit.signIn("accreditor");
  await visit.goto("/admin/help", "the list of pages");
  await page.getByLabel("Order").selectOption("unhelpful");
  await visit.button("Apply").click();
  await visit.look("not helpful first");
  await page.goto("/admin/help");
  await page.getByLabel("Write a new").selectOption("question");
  await visit.button("Begin").click();
  await seen(visit.heading("New question"));
  await page.getByRole("button", { name: "Keep as a draft", exact: true }).click();
  await seen(page.getByText("Write a title.").first());
  await visit.look("nothing filled in");
  await page.getByLabel("Title").fill(`May grand rounds be held outdoors, ${visit.width}?`);
  await page.getByLabel("Part of the help").selectOption("activities");
  await page.getByLabel("Answer in a sentence").fill("Yes, in any weather.");
  await page.locator("#body").fill("Take **umbrellas**.\n\n1. Ask.\n2. Go.\n\n<script>alert(1)</script>");
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await seen(page.locator(".help-preview strong"));
  await visit.look("preview");
  equal(await page.locator(".help-preview script").count(), 0, "scripts in the preview");
  await page.getByRole("button", { name: "Keep as a draft", exact: true }).click();
  await seen(page.getByText("The page is kept as a draft"));
  await visit.look("a draft");
  const stranger = await visit.another();
  const address = `/help/questions/may-grand-rounds-be-held-outdoors-${visit.width}`;
  equal((await stranger.page.goto(address)).status(), 404, "a draft for strangers");
  await page.getByRole("button", { name: "Save and publish", exact: true }).click();
  await seen(page.getByText("The page is published"));
  equal((await stranger.page.goto(address)).status(), 200, "a published page");
  await stranger.look("the new page");
  await stranger.close();
}

async function twoAtOnce(visit) {
  const { page } = visit;
  const colleague = await visit.another();
  await colleague.signIn("accreditor_second");
  await colleague.page.goto(page.url().split("?")[0]);
  await page.locator("#body").fill("The first one’s text.");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(page.getByText("The page is saved"));
  await colleague.page.locator("#body").fill("The second one’s text.");
  await colleague.page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(colleague.page.getByText("Somebody else saved this page meanwhile"));
  equal(await colleague.page.locator("#body").inputValue(), "The second one’s text.", "what was typed");
  holds((await colleague.page.getByRole("main").textContent()).includes("The first one’s text."), "the other's text");
  await colleague.look("told of the other's text");
  await colleague.page.getByRole("button", { name: "Save", exact: true }).click();
  await seen(colleague.page.getByText("The page is saved"));
  await colleague.page.getByRole("link", { name: "Versions", exact: true }).click();
  await seen(colleague.heading("Versions"));
  await colleague.look("versions");
  await colleague.page.getByRole("link", { name: "Version 1", exact: true }).click();
  await colleague.look("an earlier version");
  await colleague.page.getByRole("button", { name: "Restore this version", exact: true }).click();
  await seen(colleague.page.getByText("The earlier version is restored"));
  holds((await colleague.page.locator("#body").inputValue()).includes("umbrellas"), "the first text");
  await colleague.close();
}

async function webinar(visit) {
  const { page } = visit;
  await page.goto("/admin/help?kind=webinar");
  await visit.link("Reporting learners without refusals").click();
  await visit.look("a webinar in the editor");
  await visit.link("Add slides").click();
  await page.getByLabel("Slides").setInputFiles({ name: "x.pdf", mimeType: "application/pdf", buffer: Buffer.from("no") });
  await page.getByRole("button", { name: "Add slides", exact: true }).click();
  await seen(page.getByText("The file is no PDF.").first());
  await visit.look("no PDF");
  const name = `more-${visit.width}.pdf`;
  await page.getByLabel("Slides").setInputFiles({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n") });
  await page.getByRole("button", { name: "Add slides", exact: true }).click();
  await seen(page.getByText("The slides are changed"));
  await page.getByRole("button", { name: `Remove ${name}`, exact: true }).click();
  await seen(page.getByText("The slides are changed"));
  equal(await page.getByText(name).count(), 0, "slides after they were removed");
}

/** A stranger without JavaScript asks, and reads the letter. */
async function asks(visit) {
  const stranger = await visit.another({ script: false });
  const { page } = stranger;
  await stranger.goto("/contact", "contact without a script");
  await page.getByRole("button", { name: "Send request", exact: true }).click();
  await seen(page.getByText("Choose what it is about.").first());
  await stranger.look("nothing filled in");
  await page.getByLabel("What is it about?").selectOption("credit");
  await page.getByLabel("What do you need?").fill(`Where is the credit of the spring meeting? ${visit.width}`);
  await page.getByLabel("Your name").fill("Pat Doe");
  await page.getByLabel("E-mail").fill(`pat-${visit.width}@clinic.example`);
  await page.getByRole("button", { name: "Send request", exact: true }).click();
  await seen(stranger.heading("Your request is sent"));
  await stranger.look("sent");
  const number = (await page.getByRole("main").textContent()).match(/number (\d+)/)[1];
  await page.goto("/mailbox");
  await seen(page.getByText(`Your request ${number} to`).first());
  await stranger.close();
  return number;
}

async function answers(visit, number) {
  const { page } = visit;
  await visit.goto("/admin/requests", "requests");
  await page.getByLabel("Number, name, e-mail or words").fill(number);
  await visit.button("Apply").click();
  await page.getByRole("link", { name: `${number}: Credit on a transcript`, exact: true }).click();
  await visit.look("a request");
  await page.getByRole("button", { name: "Take it myself", exact: true }).click();
  await seen(page.getByText("The request is in your hands"));
  await page.getByRole("button", { name: "Send answer", exact: true }).click();
  await seen(page.getByText("Write the answer.").first());
  await page.locator("#answer").fill("The provider reports it this week.");
  await page.getByRole("button", { name: "Send answer", exact: true }).click();
  await seen(page.getByText("The answer is on its way"));
  await visit.look("answered");
  await page.goto(`/admin/requests?show=all&q=${number}`);
  const csv = (await visit.download(visit.link("Download CSV"))).toString("utf8");
  holds(csv.includes(`${number},`) && csv.includes("Pat Doe"), `the file lacks the request: ${csv.slice(0, 200)}`);
  await page.goto("/mailbox");
  await seen(page.getByText(`An answer to your request ${number}`).first());
}

/** With the keys alone: a note on the oldest request that waits. */
async function byKeys(visit) {
  const { page } = visit;
  await page.goto("/admin/requests?show=in_hand");
  await page.getByRole("table").getByRole("link").first().focus();
  await page.keyboard.press("Enter");
  await seen(visit.heading(/^Request \d+/));
  await tabTo(page, "Note");
  await page.keyboard.type(`By the keys, ${visit.width}.`);
  await tabTo(page, "Keep note");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The note is kept"));
  await seen(page.getByText(`By the keys, ${visit.width}.`));
}

async function asPhysician(visit) {
  const physician = await visit.another();
  await physician.signIn("physician");
  await physician.goto("/contact/requests", "one's own requests");
  await physician.page.getByRole("table").getByRole("link").last().click();
  await seen(physician.page.getByText("We answered").first());
  await physician.look("one's own request with its answer");
  await physician.goto("/contact", "contact of somebody who is signed in");
  equal((await physician.page.goto("/admin/requests")).status(), 403, "the staff's queue for a physician");
  await physician.close();
}

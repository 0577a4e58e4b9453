// A physician shares the transcript by e-mail, by a link and with a board; recipients open it, the physician sees who
// looked and ends it. The link by keys alone; its recipient has no JavaScript.

import { execFileSync } from "node:child_process";

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "a transcript is shared, opened, watched and ended";

export default async function (visit) {
  const { page, demo } = visit;
  const recipient = `credentialing-${visit.width}@clinic.example`;
  await visit.signIn("physician");
  await visit.goto("/passport/sharing", "sharing");
  await visit.link("Share your transcript").first().click();
  await seen(visit.heading("Share your transcript"));
  await visit.look("whom it is for");
  await visit.link("Send by e-mail").click();
  await visit.button("Send the link").click();
  await seen(page.getByText("Error:"));
  await visit.look("nothing filled in");
  await page.getByLabel("E-mail of the recipient").fill(recipient);
  await page.getByLabel("Name of the recipient").fill("Valley Clinic");
  await page.getByLabel("Message").fill("For my application.");
  await page.getByRole("checkbox", { name: /Show my license numbers/ }).uncheck();
  await visit.button("Send the link").click();
  await seen(page.getByText("Your transcript is shared"));
  await visit.look("shared by mail");
  const share = new URL(page.url()).pathname;

  await opensByMail(visit, recipient);
  await page.goto(share);
  await seen(page.getByText("Downloaded as PDF"));
  const looks = await page.getByRole("table").textContent();
  holds(looks.includes(recipient), "the confirmed address does not stand in the log");
  await visit.look("who opened it");

  await opensWithoutScript(visit, await linkByKeys(visit));
  await reachesTheBoard(visit);
  await endsIt(visit, share, recipient);
  await seesWhoLooked(visit, demo);
  await choosesLetters(visit);
}

/** The recipient: a scanner's look at the address opens nothing, the code from the mail does. */
async function opensByMail(visit, recipient) {
  const other = await visit.another();
  const { page } = other;
  await page.goto("/mailbox");
  await letterTo(page, recipient).getByRole("link").first().click();
  await seen(other.heading("A transcript is shared with you"));
  await other.look("the offer");
  const link = new URL(page.url()).pathname;
  await other.button("Send me the code").click();
  await seen(page.getByLabel("Code"));
  await page.getByLabel("Code").fill("12");
  await other.button("View transcript").click();
  await seen(page.getByText("Error:"));
  await other.look("a wrong code");
  const mail = await other.another();
  await mail.page.goto("/mailbox");
  const code = (await letterTo(mail.page, recipient).textContent()).match(/(?<!\d)\d{6}(?!\d)/)[0];
  await mail.close();
  await page.getByLabel("Code").fill(code);
  await other.button("View transcript").click();
  await seen(page.getByRole("article"));
  await other.look("the shared transcript");
  equal(new URL(page.url()).pathname, `${link}/transcript`, "where the transcript stands");
  const sheet = await page.getByRole("article").textContent();
  holds(sheet.includes("Total AMA PRA Category 1 Credits"), "the transcript has no total");
  holds(!sheet.includes("Licenses"), "license numbers are shown though they were left out");
  const pdf = await other.download(other.link("Download PDF"));
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf }).toString("utf8");
  holds(text.includes("Total AMA PRA Category 1 Credits"), "the PDF has no total");
  await other.close();
}

function letterTo(page, address) {
  return page.getByRole("article").filter({ hasText: address }).first();
}

/** Makes a bare link with the keys alone and gives its path. */
async function linkByKeys(visit) {
  const { page } = visit;
  await page.goto("/passport/sharing/new");
  await tabTo(page, "Make a link");
  await page.keyboard.press("Enter");
  await page.waitForURL(/to=link/);
  await tabTo(page, "Whom you will give it to");
  await page.keyboard.type("Staffing portal");
  await tabTo(page, /^(7|30) days/);
  await page.keyboard.press("ArrowUp");
  await tabTo(page, "How often it may be opened");
  await page.keyboard.type("1");
  await tabTo(page, "Make the link");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The link is made"));
  await visit.look("the link, this once");
  return new URL(await page.locator("#link").textContent()).pathname;
}

async function opensWithoutScript(visit, link) {
  const other = await visit.another({ script: false });
  await other.page.goto(link);
  await other.look("the offer without a script");
  await other.button("View transcript").click();
  await seen(other.page.getByRole("article"));
  await other.look("opened without a script");
  const again = await visit.another({ script: false });
  const answer = await again.page.goto(link);
  equal(answer.status(), 410, "a link that was opened as often as it may be");
  await seen(again.heading("This share has ended"));
  await again.look("opened once already");
  await again.close();
  await other.close();
}

async function reachesTheBoard(visit) {
  const { page, demo } = visit;
  const board = demo.sign_ins.licensing_board.organization;
  await page.goto("/passport/sharing/new?to=board");
  await page.getByLabel("Licensing board").selectOption({ label: board });
  await page.getByLabel("Message").fill(`For my renewal, ${visit.width}.`);
  await visit.look("to a board");
  await visit.button("Send to the board").click();
  await seen(page.getByText("Your transcript is shared"));
  const staff = await visit.another();
  await staff.signIn("licensing_board");
  await staff.goto("/board/received", "sent to the board");
  await staff.page.getByRole("rowheader").filter({ hasText: `For my renewal, ${visit.width}.` }).getByRole("link").click();
  await seen(staff.page.getByRole("article"));
  await staff.look("the board reads it");
  await staff.close();
}

/** Whoever has it open is out as soon as the physician says so. */
async function endsIt(visit, share, recipient) {
  const { page } = visit;
  const other = await visit.another();
  await other.page.goto("/mailbox");
  const link = letterTo(other.page, recipient).filter({ hasText: "Open the transcript" });
  const all = other.page.getByRole("article").filter({ hasText: recipient }).filter({ hasText: "Open the transcript" });
  await ((await link.count()) ? link : all).first().getByRole("link").first().click();
  await seen(other.heading("A transcript is shared with you"));
  await page.goto(share);
  await visit.button("End this share now").click();
  await seen(page.getByText("The share has ended"));
  await visit.look("ended");
  const answer = await other.page.reload();
  equal(answer.status(), 410, "a link whose share has ended");
  await other.look("what its recipient reads now");
  await other.close();
}

async function seesWhoLooked(visit, demo) {
  const { page } = visit;
  const board = demo.sign_ins.licensing_board.organization;
  await visit.goto("/passport/access", "who looked");
  await page.getByLabel("What", { exact: true }).selectOption("share");
  await page.getByLabel("Who", { exact: true }).selectOption({ label: board });
  await visit.button("Apply").click();
  await seen(page.getByRole("table"));
  const table = await page.getByRole("table").textContent();
  holds(table.includes("Read your shared transcript") && !table.includes("Signed in"), `not only the board: ${table}`);
  await visit.look("who looked, only the board");
  const csv = (await visit.download(visit.link("Download CSV"))).toString("utf8");
  holds(csv.includes(board), "the file does not name the board");
}

async function choosesLetters(visit) {
  const { page } = visit;
  await page.goto("/passport/sharing");
  const weekly = page.getByRole("checkbox", { name: /summary of the week/ });
  await weekly.setChecked(!(await weekly.isChecked()));
  const chosen = await weekly.isChecked();
  await visit.button("Save my choice").click();
  await seen(page.getByText("Your choice of letters is saved"));
  equal(await weekly.isChecked(), chosen, "the choice after saving");
  await visit.look("letters chosen");
  const data = JSON.parse((await visit.download(visit.link("Download everything as JSON"))).toString("utf8"));
  equal(data.account.letters.includes("weekly"), chosen, "the choice in the download of everything");
}

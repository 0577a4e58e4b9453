// A physician misses credit, learns what is known and opens a case; the provider answers it by reporting from the case,
// with the keys alone; the physician sees it on record. Then an entry of the physician's own, kept apart, and the same
// question once more without JavaScript. The accreditor looks at all cases.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";
import { daysAgo } from "../sheets.mjs";

export const title = "a physician misses credit, the provider reports it from the case, and it is on record";

const PDF = Buffer.from("%PDF-1.7\n% an invented certificate\n");

export default async function (visit) {
  const { demo } = visit;
  const [, , , activity = demo.activities[1]] = demo.activities;
  // each width has a day of its own: the same is open once
  const back = visit.width === "phone" ? 6 : 4;
  const path = await ask(visit, activity, back);
  const provider = await visit.another();
  const report = await answer(provider, path);
  await provider.close();
  await land(visit, path);
  await own(visit);
  const plain = await visit.another({ script: false });
  await without(plain, activity, back + 7);
  await plain.close();
  const staff = await visit.another();
  await staff.signIn("accreditor");
  await staff.goto("/admin/missing-credit?show=all", "all cases");
  await seen(staff.heading("How providers answer"));
  await staff.page.getByRole("row").filter({ hasText: "Credit reported" }).getByRole("link").first().click();
  await seen(staff.heading("What the physician was told"));
  await staff.look("a case as the accreditor reads it");
  await staff.close();
  holds(report.includes("/provider/learners/"), `the case leads to the report, not to ${report}`);
}

function iso(days) {
  const [month, day, year] = daysAgo(days).split("/").map((part) => part.padStart(2, "0"));
  return `${year}-${month}-${day}`;
}

/** The physician finds the activity by its ID and opens a case with a certificate. */
async function ask(visit, activity, back) {
  const { page } = visit;
  await visit.signIn("physician");
  await visit.goto("/passport/missing", "cases");
  await visit.link("Look for missing credit").first().click();
  await page.getByLabel("When did you complete it?").fill(iso(back));
  await visit.button("Find activities").click();
  await seen(page.getByText("Enter a word of the title"));
  await visit.look("nothing to look for");
  await page.getByLabel("Words of its title").fill(activity);
  await visit.button("Find activities").click();
  await seen(visit.heading("1 activity found"));
  await visit.look("found");
  await page.locator(".case-choices a").click();
  await seen(page.getByText("The provider has not reported this"));
  await visit.button("Open the case").click();
  await seen(visit.heading(/answers need attention/));
  await visit.look("what is missing in the form");
  await page.getByLabel("AMA PRA Category 1 Credits that you claim").fill("0.5");
  await page.getByLabel("Anything that helps the provider").fill("I signed the list <b>at the door</b>.");
  await page.getByLabel("Certificate or other evidence").setInputFiles({ name: "My certificate.pdf", mimeType: "application/pdf", buffer: PDF });
  await page.getByRole("radio").first().check();
  await page.getByRole("checkbox", { name: /may see these details/ }).check();
  await visit.button("Open the case").click();
  await seen(page.getByText("Your case is open"));
  await visit.look("the case is open");
  const file = await visit.download(visit.link("My certificate.pdf"));
  equal(file.toString(), PDF.toString(), "the certificate");
  return new URL(page.url()).pathname;
}

/** The provider finds the case on the first page and reports from it, with the keys alone. */
async function answer(visit, path) {
  const { page } = visit;
  await visit.signIn("provider_owner");
  await seen(page.getByText("Physicians who miss credit"));
  await visit.goto("/provider/missing-credit", "cases that wait");
  const address = path.replace("/passport/missing/", "/provider/missing-credit/");
  await page.locator(`a[href="${address}"]`).focus();
  await page.keyboard.press("Enter");
  await seen(visit.heading("What the physician gave"));
  holds((await page.getByRole("main").textContent()).includes("<b>at the door</b>"), "what was written is words");
  await visit.look("the case");
  await tabTo(page, "Report this credit");
  await page.keyboard.press("Enter");
  await seen(visit.heading("Report this credit"));
  await visit.look("filled in");
  equal(await page.getByLabel("AMA PRA Category 1 credits").inputValue(), "0.5", "the credit claimed");
  await tabTo(page, /permission/);
  await page.keyboard.press("Space");
  await tabTo(page, "Report learner");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The credit is reported"));
  await visit.look("answered");
  return (await visit.link("Open the report").getAttribute("href")) ?? "";
}

/** The physician sees the answer, and the credit on the transcript. */
async function land(visit, path) {
  const { page } = visit;
  await page.goto(path);
  await seen(page.getByText("Your credit is on record"));
  await visit.look("the answer");
  await visit.link("Open your transcript").click();
  await seen(visit.heading(/transcript/i));
  await page.goto("/passport/missing");
  await seen(visit.heading("Ended cases"));
  await visit.look("ended cases");
}

/** An entry that nobody verifies. */
async function own(visit) {
  const { page } = visit;
  await visit.goto("/passport/own-credit", "own credit");
  await visit.link("Add an entry").first().click();
  await page.getByLabel("What was it?").fill(`Teaching residents, ${visit.width}`);
  await page.getByLabel("Who gave it?").fill("The hospital");
  await page.getByLabel("Completion date").fill(iso(9));
  await page.getByLabel("Amount").fill("0.3");
  await page.getByLabel("Kind of credit").fill("AMA PRA Category 2");
  await visit.button("Add entry").click();
  await seen(page.getByText("Enter a number in steps of 0.25").first());
  await visit.look("an entry refused");
  await page.getByLabel("Amount").fill("0.75");
  await visit.button("Add entry").click();
  await seen(page.getByText("The entry is kept"));
  await visit.look("an entry kept");
  const csv = (await visit.download(visit.link("Download as CSV"))).toString("utf8");
  holds(csv.includes(`Teaching residents, ${visit.width}`) && csv.includes("not verified"), csv);
  await page.goto("/passport/transcript");
  holds(!(await page.getByRole("main").textContent()).includes("Teaching residents"), "it is on the transcript");
}

/** The same question, in words, without JavaScript. */
async function without(visit, activity, back) {
  const { page } = visit;
  await visit.signIn("physician");
  await visit.goto("/passport/missing/new");
  await page.getByLabel("When did you complete it?").fill(iso(back));
  await page.getByLabel("Words of its title").fill("surely nobody called it zyxw");
  await visit.button("Find activities").click();
  await seen(visit.heading("No activity found"));
  await visit.link(/describe it in words/).click();
  await seen(visit.heading("Describe the activity"));
  await page.getByLabel("Provider", { exact: true }).selectOption(visit.demo.provider_id);
  await page.getByLabel("AMA PRA Category 1 Credits that you claim").fill("1");
  await page.getByRole("radio").first().check();
  await page.getByRole("checkbox", { name: /may see these details/ }).check();
  await visit.button("Open the case").click();
  await seen(page.getByText("Your case is open"));
  await page.getByLabel("Your message").fill("It was in the large hall.");
  await visit.button("Send message").click();
  await seen(page.getByText("Your message is sent"));
  await visit.look("a message");
  await visit.button("Take the case back").click();
  await seen(page.getByText("You took the case back"));
}

// A physician takes the transcript away in each form, and a certificate and a credential of one completion. Strangers
// verify: by code, by PDF, by credential, with files that somebody changed; by keys alone, and without a script.

import { execFileSync } from "node:child_process";

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";
import { textOfWorkbook } from "../sheets.mjs";

export const title = "a transcript is taken away in each form, and verified by code and by file";

export default async function (visit) {
  await visit.signIn("physician");
  const taken = await takesTheTranscript(visit);
  Object.assign(taken, await takesACompletion(visit));
  await byKeysTaken(visit);
  await verifiesByCode(visit, taken);
  await verifiesFiles(visit, taken);
  await verifiesByKeys(visit, taken);
  await withoutScript(visit, taken);
}

async function takesTheTranscript(visit) {
  const { page, demo } = visit;
  const { last } = demo.physicians[0];
  await visit.goto("/passport/transcript", "transcript");
  const sheet = await page.getByRole("article").textContent();
  const code = await page.getByRole("article").locator("footer code").textContent();
  holds(sheet.includes("Total AMA PRA Category 1 Credits"), "the transcript has no total");
  const pdf = await visit.download(visit.link("Download PDF"));
  const paper = asText(pdf);
  holds(paper.includes(last) && paper.includes(code), "the PDF does not say whose it is, or its code");
  const csv = (await visit.download(page.getByRole("link", { name: "CSV", exact: true }))).toString("utf8");
  holds(csv.includes("Completion Date,Activity ID,Activity"), `the CSV begins otherwise: ${csv.slice(0, 80)}`);
  const workbook = textOfWorkbook(await visit.download(page.getByRole("link", { name: "Excel", exact: true })));
  holds(workbook.includes(last) && workbook.includes("Completion Date"), "the workbook does not say whose it is");
  const json = JSON.parse(await visit.download(page.getByRole("link", { name: "JSON", exact: true })));
  equal(json.ACCMETranscripts[0].Member.Name.FamilyName, last, "the family name in the JSON");

  await page.getByLabel("Credit", { exact: true }).selectOption({ label: "CME credits" });
  await visit.button("Apply").click();
  await visit.look("only CME");
  const chosen = (await visit.download(page.getByRole("link", { name: "CSV", exact: true }))).toString("utf8");
  holds(chosen.length < csv.length && !chosen.includes("Points"), "the file has more than what was chosen");
  await page.getByLabel("Completed from").fill("2026-02-01");
  await page.getByLabel("Completed until").fill("2026-01-01");
  await visit.button("Apply").click();
  await seen(page.getByText("Error:"));
  equal(await page.getByRole("article").count(), 0, "transcripts for a choice that was refused");
  await visit.look("days turned round");
  await visit.link("Clear").click();

  await visit.link("Digital credential").click();
  await seen(visit.heading("Digital credential of your transcript"));
  await visit.look("about the credential");
  const credential = await visit.download(visit.button("Download credential"));
  equal(credential.toString("utf8").split(".").length, 3, "parts of the credential");
  const again = await visit.download(visit.button("Download credential"));
  holds(again.equals(credential), "the same credential comes out otherwise a second time");
  return { code, pdf, credential };
}

async function takesACompletion(visit) {
  const { page } = visit;
  await page.goto("/passport/transcript");
  const link = page.getByRole("article").getByRole("link").first();
  const activity = (await link.textContent()).trim();
  await link.click();
  await seen(visit.heading(activity));
  await visit.look("one completion");
  const certificate = await visit.download(visit.link("Download certificate (PDF)"));
  const text = asText(certificate);
  holds(text.includes("Certificate of Completion"), "the certificate does not say what it is");
  await page.getByRole("radio", { name: /for everybody to read/ }).check();
  const single = await visit.download(visit.button("Download credential"));
  const content = JSON.parse(Buffer.from(single.toString("utf8").split(".")[1], "base64url"));
  equal(content.name, activity, "what the credential is about");
  equal(content.credentialSubject.identifier[0].hashed, false, "whether the address is scrambled");
  return { certificate, single, activity };
}

async function byKeysTaken(visit) {
  const { page } = visit;
  await page.goto("/passport/transcript");
  await tabTo(page, "Download PDF");
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  holds(/^transcript-.*\.pdf$/.test(file.suggestedFilename()), `the file is called ${file.suggestedFilename()}`);
  await tabTo(page, "Digital credential");
  await page.keyboard.press("Enter");
  await seen(visit.heading("Digital credential of your transcript"));
  await tabTo(page, "Download credential");
  const [credential] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  holds(/^transcript-.*\.jwt$/.test(credential.suggestedFilename()), `it is called ${credential.suggestedFilename()}`);
}

async function verifiesByCode(visit, { code }) {
  const stranger = await visit.another();
  const { page } = stranger;
  await stranger.goto("/verify", "verify");
  await page.getByLabel("Code", { exact: true }).fill("7KQ2");
  await stranger.button("Verify code").click();
  await seen(page.getByText("Error:"));
  await stranger.look("no such code");
  await page.getByLabel("Code", { exact: true }).fill(code.toLowerCase().replaceAll("-", " "));
  await stranger.button("Verify code").click();
  await seen(stranger.heading(`Transcript ${code}`));
  await stranger.look("valid by its code");
  const main = await page.getByRole("main").textContent();
  holds(main.includes("Valid"), "the code does not say that it is valid");
  holds(!main.includes(visit.demo.physicians[0].last), "a code alone tells whose transcript it is");
  await stranger.close();
}

async function verifiesFiles(visit, { pdf, credential, certificate, single, activity }) {
  const stranger = await visit.another();
  const { page, demo } = stranger;
  const { email } = demo.sign_ins.physician;
  await page.goto("/verify");
  await stranger.button("Verify file").click();
  await seen(page.getByText("Choose a PDF or a credential file").first());
  await stranger.look("no file chosen");

  await send(stranger, "transcript.pdf", pdf);
  await seen(page.getByText("Exactly the file that was issued"));
  await stranger.look("the PDF itself");
  await send(stranger, "certificate.pdf", certificate);
  await seen(page.getByText("Exactly the file that was issued"));
  holds((await page.getByRole("main").textContent()).includes(activity), "the answer does not name the activity");
  await stranger.look("the certificate itself");
  await send(stranger, "transcript.pdf", altered(pdf, pdf.length >> 1));
  await seen(page.getByText("Not the file that was issued"));
  await stranger.look("a changed PDF");
  equal(await page.getByText("Exactly the file").count(), 0, "a changed PDF taken for the one that was issued");

  await send(stranger, "transcript.jwt", credential, email);
  await seen(page.getByText("A credential that we signed"));
  await seen(page.getByText(/About the person you named/));
  await stranger.look("the credential itself");
  await send(stranger, "completion.jwt", single, "somebody@else.example");
  await seen(page.getByText("Not about the person you named"));
  holds((await page.getByRole("main").textContent()).includes(email), "the address in clear is not shown");
  await stranger.look("the credential of another person");
  const text = credential.toString("utf8");
  await send(stranger, "transcript.jwt", altered(credential, text.indexOf(".") + 200));
  await seen(page.getByText(/Altered/));
  await stranger.look("a changed credential");
  await send(stranger, "transcript.jwt", Buffer.from("not a credential"));
  await seen(page.getByText("Neither a PDF nor a credential"));
  await stranger.look("some other file");
  await stranger.close();
}

async function verifiesByKeys(visit, { code, single }) {
  const stranger = await visit.another();
  const { page } = stranger;
  // the browser hands file choosers over only once somebody listens
  page.on("filechooser", () => {});
  await page.goto("/verify");
  await tabTo(page, "Code");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await seen(stranger.heading(`Transcript ${code}`));
  await tabTo(page, "Verify another");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/verify$/);
  await tabTo(page, "PDF or credential");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles({ name: "completion.jwt", mimeType: "application/vc+jwt", buffer: single });
  await tabTo(page, "Verify file");
  await page.keyboard.press("Enter");
  await seen(page.getByText("A credential that we signed"));
  await stranger.close();
}

async function withoutScript(visit, { code, pdf, credential }) {
  const stranger = await visit.another({ script: false });
  const { page } = stranger;
  await stranger.goto("/verify", "verify without a script");
  await page.getByLabel("Code", { exact: true }).fill(code);
  await stranger.button("Verify code").click();
  await seen(stranger.heading(`Transcript ${code}`));
  await send(stranger, "transcript.pdf", pdf);
  await seen(page.getByText("Exactly the file that was issued"));
  await stranger.look("the PDF without a script");
  await send(stranger, "transcript.jwt", credential);
  await seen(page.getByText("A credential that we signed"));
  await stranger.close();
  const physician = await visit.another({ script: false });
  await physician.signIn("physician");
  await physician.goto("/passport/transcript", "transcript without a script");
  equal(await physician.button("Print").count(), 0, "buttons that need a script");
  const paper = asText(await physician.download(physician.link("Download PDF")));
  holds(paper.includes("Total AMA PRA Category 1 Credits"), "the PDF has no total");
  await physician.link("Digital credential").click();
  const token = await physician.download(physician.button("Download credential"));
  holds(token.equals(credential), "the credential comes out otherwise without a script");
  await physician.close();
}

/** Sends a file on the page for verifying. */
async function send(visit, name, buffer, holder = "") {
  const { page } = visit;
  await page.goto("/verify");
  const mimeType = name.endsWith(".pdf") ? "application/pdf" : "application/vc+jwt";
  await page.getByLabel("PDF or credential").setInputFiles({ name, mimeType, buffer });
  await page.getByLabel("E-mail address or name of the holder").fill(holder);
  await visit.button("Verify file").click();
  await seen(visit.heading("Your file"));
}

/** The same bytes but for one bit. */
function altered(bytes, at) {
  const other = Buffer.from(bytes);
  other[at] ^= 1;
  return other;
}

function asText(pdf) {
  return execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf }).toString("utf8");
}

// A physician gets an account from what the registry knows and a letter, and reads the credit that was
// just uploaded on the transcript: page, PDF and JSON.

import { execFileSync } from "node:child_process";

import { equal, holds, seen } from "../expect.mjs";

export const title = "a physician claims an account and reads the credit on the transcript";

const PASSWORD = "copper kettle on the porch";

export default async function (visit, memory) {
  const { page } = visit;
  const { physician, day } = memory.reported;
  const email = `${physician.license.toLowerCase().replace(/[^a-z0-9]/g, "")}@doctor.example`;
  memory.account = { email, password: PASSWORD };
  const [month, birthday] = physician.birth.split("/");

  await visit.goto("/", "landing");
  await visit.goto("/passport/claim");
  await visit.button("Send me the letter").click();
  await seen(page.getByRole("alert").or(page.getByText("Error:")));
  await visit.look("claim with nothing filled in");
  await page.getByLabel("First name").fill(physician.first);
  await page.getByLabel("Last name").fill(physician.last);
  await page.getByLabel("Month", { exact: true }).fill(month);
  await page.getByLabel("Day", { exact: true }).fill(birthday);
  await page.getByLabel("State of license").selectOption(physician.state);
  await page.getByLabel("License number").fill(physician.license);
  await page.getByLabel("E-mail address").fill(email);
  await visit.button("Send me the letter").click();
  await seen(visit.heading("Look into your mail"));
  await visit.look("claim sent");

  await visit.goto("/mailbox");
  const letter = page.getByRole("article").filter({ hasText: email }).first();
  await letter.getByRole("link").first().click();
  await seen(visit.heading("Finish your account"));
  await page.getByLabel("Password", { exact: true }).fill("short");
  await visit.button("Finish and sign in").click();
  await seen(page.getByText("Error:"));
  await visit.look("a password that is too short");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await visit.button("Finish and sign in").click();
  await page.waitForURL(/\/passport$/);
  await visit.look("passport");
  await visit.link("Open your transcript").click();
  await seen(page.getByRole("article"));
  await visit.look("transcript");
  const sheet = await page.getByRole("article").innerText();
  for (const wanted of [physician.last, "Annual Review of Clinical Practice", usDate(day), "1.5"]) {
    holds(sheet.includes(wanted), `the transcript does not show ${wanted}`);
  }

  const pdf = await visit.download(visit.link("Download PDF"));
  const text = execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf }).toString("utf8");
  for (const wanted of [physician.last, "Annual Review of Clinical Practice", usDate(day)]) {
    holds(text.includes(wanted), `the PDF does not say ${wanted}`);
  }
  const answer = await page.request.get("/passport/transcript.json");
  equal(answer.status(), 200, "the transcript as JSON");
  const json = JSON.stringify(await answer.json());
  for (const wanted of [physician.last, "Annual Review of Clinical Practice"]) {
    holds(json.includes(wanted), `the JSON does not say ${wanted}`);
  }

  // what stands on paper can be verified by anybody
  const code = await page.getByRole("article").locator("footer code").innerText();
  const stranger = await visit.another();
  await stranger.goto("/verify");
  await stranger.page.getByLabel("Code", { exact: true }).fill(code);
  await stranger.button("Verify code").click();
  await stranger.look("verified");
  const verified = await stranger.page.getByRole("main").innerText();
  holds(verified.includes("Valid") && verified.includes(code), "the code does not lead to the transcript");
  holds(!verified.includes(physician.last), "a code alone tells whose transcript it is");
  await stranger.close();
  await visit.goto("/passport/access");
}

function usDate(day) {
  const [month, date, year] = day.split("/");
  return `${month.padStart(2, "0")}/${date.padStart(2, "0")}/${year}`;
}

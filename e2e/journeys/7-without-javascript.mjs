// The main job without JavaScript: upload, reload until it is done, correct, send again.

import { equal, figures, seen } from "../expect.mjs";
import { asText, daysAgo, row } from "../sheets.mjs";

export const title = "an upload is made and corrected without JavaScript";
export const script = false;

export default async function (visit, memory) {
  const { page, demo } = visit;
  const [, , activity] = demo.activities;
  const physicians = memory.physicians.slice(0, 3);
  const rows = physicians.map((physician, n) => row(physician, activity, daysAgo(5), n === 0 ? { "Date of Birth": "13/01" } : {}));
  await visit.signIn("provider_owner");
  await visit.goto("/provider/uploads/new");
  await page.getByLabel("File of learners").setInputFiles({ name: "plain.txt", mimeType: "text/plain", buffer: asText(rows) });
  await page.getByRole("checkbox", { name: /permission/ }).check();
  await visit.button("Upload").click();
  await page.waitForURL(/\/provider\/uploads\/[0-9a-f-]{36}$/);
  const path = new URL(page.url()).pathname;
  // the page reloads itself; here somebody is impatient
  while ((await visit.heading("All rows are settled").count()) === 0) await page.goto(path);
  await visit.look("settled");
  equal((await figures(page)).Refused, "1", "refused rows");
  await visit.link("Correct refused rows").click();
  await page.getByLabel("Date of Birth").fill(physicians[0].birth);
  await visit.look("corrected");
  await visit.button("Send these rows").first().click();
  await seen(page.getByText("1 row settled"));
  await visit.look("sent");
  await page.goto(path);
  equal((await figures(page)).Accepted, "3", "accepted rows");
}

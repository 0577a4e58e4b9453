// Signing in and uploading with the keys alone: Tab, Space and Enter. Focus must be visible wherever
// it stops.

import { holds, seen } from "../expect.mjs";
import { focused, tabTo } from "../keys.mjs";
import { asText, daysAgo, row } from "../sheets.mjs";

export const title = "signing in and uploading need no mouse";

export default async function (visit, memory) {
  const { page, demo } = visit;
  const { email, password } = demo.sign_ins.provider_owner;
  // The browser hands file choosers over only once somebody listens, and is told so without waiting:
  // listening from the start means that it knows long before the key is pressed.
  page.on("filechooser", () => {});
  await page.goto("/");
  await page.keyboard.press("Tab");
  holds((await focused(page)).text === "Skip to main content", "the first stop is not the skip link");
  await tabTo(page, "Sign in");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/sign-in/);
  await tabTo(page, "E-mail");
  await page.keyboard.type(email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/provider$/);
  await tabTo(page, "Upload");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/provider\/uploads/);
  if (!page.url().endsWith("/new")) {
    await tabTo(page, "Upload learners");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/new$/);
  }
  await tabTo(page, "File of learners");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  const rows = [row(memory.physicians[1], demo.activities[2], daysAgo(6))];
  await chooser.setFiles({ name: "keys.txt", mimeType: "text/plain", buffer: asText(rows) });
  await tabTo(page, /permission/);
  await page.keyboard.press("Space");
  await visit.look("filled in by keys");
  await tabTo(page, "Upload");
  await page.keyboard.press("Enter");
  await seen(visit.heading("All rows are settled"));
}

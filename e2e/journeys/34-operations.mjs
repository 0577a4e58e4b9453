// The accreditor's staff keep the system running: health, background work, letters, the audit trail; and read-only
// mode, in which a provider reads on, loses nothing that was typed, and sends it again afterwards. The job and the
// switch are worked with the keys alone, the trail and a letter without JavaScript.

import { equal, holds, seen } from "../expect.mjs";
import { focused, tabTo } from "../keys.mjs";

export const title = "staff look after the system, and nobody loses anything while it is read-only";

const REASON = "We move to a new machine until about 6 PM.";

export default async function (visit) {
  const { page } = visit;
  await visit.signIn("accreditor");
  await visit.goto("/admin/health", "health");
  for (const what of ["Database", "Background work", "Ledger", "Index of physicians"]) {
    await seen(page.getByRole("rowheader", { name: what, exact: true }));
  }
  holds((await page.getByRole("table").last().textContent()).includes("Alive"), "this server says it is alive");

  // a job that was given up, with the keys
  await visit.goto("/admin/jobs", "background work");
  await page.getByLabel("How it stands").selectOption({ label: "Given up" });
  await page.getByRole("button", { name: "Apply" }).click();
  await visit.look("given up");
  const given = page.getByRole("row").filter({ hasText: "Given up" });
  equal(await given.count(), 1, "jobs given up");
  await page.getByLabel("How it stands").focus();
  await tabTo(page, "Start again");
  await page.keyboard.press("Enter");
  await seen(page.getByText("Started again"));
  await visit.look("started again");
  // nothing stands behind it, so it fails again
  const failed = page.getByRole("row").filter({ hasText: "names nothing" });
  await page.goto("/admin/jobs?show=retrying");
  for (let turn = 0; turn < 50 && (await failed.count()) === 0; turn++) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await visit.look("failed again");
  await failed.getByRole("button", { name: /^Give up/ }).first().click();
  await seen(page.getByText("It is not tried again unless somebody starts it."));

  await lettersAndTrail(visit);
  await readOnly(visit);
}

async function lettersAndTrail(visit) {
  const plain = await visit.another({ script: false });
  const { page } = plain;
  await plain.signIn("accreditor_second");
  await plain.goto("/admin/mails", "letters");
  await page.getByLabel("How it stands").selectOption({ label: "Failed" });
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("link", { name: "Join Harborview Medical Society" }).first().click();
  await plain.look("a letter");
  holds((await page.getByRole("main").textContent()).includes("550 5.1.1"), "what the mail server answered");
  await plain.goto("/admin/audit", "audit trail");
  await page.getByLabel("What", { exact: true }).selectOption({ label: "Letters" });
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await seen(page.getByRole("cell", { name: "Letter read, without its secrets" }));
  await plain.look("the look is in the trail");
  await page.getByLabel("Physician’s record ID").fill("somebody");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await seen(page.getByRole("link", { name: /Enter the record ID/ }));
  await plain.look("a record ID that is none");
  equal(await page.getByLabel("Physician’s record ID").inputValue(), "somebody", "what was typed");
  await page.goto("/admin/audit?act=audit.");
  const file = await plain.download(page.getByRole("link", { name: /CSV/ }));
  holds(file.toString().includes("audit.search"), "searches are in the file");
  await plain.close();
}

async function readOnly(visit) {
  const { page } = visit;
  const owner = await visit.another();
  await owner.signIn("provider_owner");
  await owner.goto("/provider/team");
  await owner.page.getByLabel("E-mail").first().fill(`new.${visit.width}@provider.example`);
  await page.goto("/admin/health");
  await tabTo(page, "Reason");
  await page.keyboard.type(REASON);
  await tabTo(page, "Allow no changes");
  equal((await focused(page)).tag, "BUTTON", "a button has the focus");
  await page.keyboard.press("Enter");
  await seen(page.getByText("Nothing can be changed now"));
  try {
    await visit.look("read-only");
    await owner.page.getByRole("button", { name: "Send the invitation" }).click();
    await seen(owner.page.getByRole("heading", { name: "Nothing can be changed at the moment" }));
    await owner.look("refused in words");
    holds((await owner.page.getByRole("main").textContent()).includes(REASON), "the reason");
    await owner.goto("/provider", "reading goes on");
    await owner.goto("/status", "status while read-only");
  } finally {
    await page.goto("/admin/health");
    await page.getByRole("button", { name: "Allow changes again" }).click();
    await seen(page.getByText("Changes are allowed again").first());
  }
  await owner.page.goto("/provider");
  holds(!(await owner.page.content()).includes(REASON), "the banner is gone");
  await owner.close();
}

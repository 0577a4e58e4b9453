// The accreditor's staff write a notice for providers with the keys alone, see it beforehand and send it by e-mail. One
// of a provider's team puts it away without losing what is typed, another without JavaScript; a third ends such letters
// by the link at the letter's foot. Then the notice is changed, shown again, and taken back.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "a notice is written, seen, put away, sent by e-mail, ended, changed and taken back";

export default async function (visit) {
  const name = `Tables are ready, ${visit.width} ${Date.now() % 100_000}`;
  await writes(visit, name);
  const owner = await visit.another();
  await putsAway(owner, name);
  await owner.close();
  const plain = await visit.another({ script: false });
  await putsAwayWithoutScript(plain, name);
  await plain.close();
  await sends(visit, name);
  const reader = await visit.another();
  await endsLetters(reader, name);
  await reader.close();
  await changesAndTakesBack(visit, name);
}

const banner = (page, name) =>
  page.getByRole("complementary", { name: "Notices" }).locator(".alert-title").filter({ hasText: name });

function moment(days) {
  const at = new Date(Date.now() + days * 24 * 3_600_000);
  return `${at.toISOString().slice(0, 10)}T09:00`;
}

/** With the keys alone; the browser's own date fields are filled as a person pastes into them. */
async function writes(visit, name) {
  const { page } = visit;
  await visit.signIn("accreditor");
  await page.goto("/admin/notices");
  await visit.look("all notices");
  await tabTo(page, "Write a notice");
  await page.keyboard.press("Enter");
  await seen(visit.heading("Write a notice"));
  await tabTo(page, "Save the notice");
  await page.keyboard.press("Enter");
  await seen(visit.heading(/answers need attention/));
  await visit.look("what is missing");
  await tabTo(page, "Title", { orHere: true });
  await page.keyboard.type(name);
  await tabTo(page, "Text");
  await page.keyboard.type("Open the tables <b>today</b>.");
  // arrows choose among radio buttons; the first is the stop
  await page.getByRole("radio", { name: "News" }).focus();
  await page.keyboard.press("Space");
  await tabTo(page, "Providers", { group: "For" });
  await page.keyboard.press("Space");
  await page.getByLabel("From", { exact: true }).fill(moment(-2));
  await page.getByLabel("Until", { exact: true }).fill(moment(20));
  await tabTo(page, "Preview");
  await page.keyboard.press("Enter");
  await seen(visit.heading("Preview"));
  holds((await page.locator("#preview").textContent()).includes("<b>today</b>"), "what was written is words");
  equal(await page.getByLabel("Title").inputValue(), name, "the title is kept");
  await visit.look("a preview");
  await tabTo(page, "Save the notice");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The notice is saved"));
  await visit.look("a notice");
}

/** A script takes it away: what was typed on the page stays. */
async function putsAway(visit, name) {
  const { page } = visit;
  await visit.signIn("provider_owner");
  await page.goto("/provider/activities");
  await seen(banner(page, name));
  await visit.look("the banner above a page");
  const field = page.getByRole("searchbox").or(page.getByRole("textbox")).first();
  await field.fill("half typed");
  const away = page.getByRole("button", { name: new RegExp(`Put away.*${name}`) });
  await away.focus();
  await page.keyboard.press("Enter");
  await banner(page, name).waitFor({ state: "detached" });
  equal(await field.inputValue(), "half typed", "what was typed");
  await page.goto("/provider");
  equal(await banner(page, name).count(), 0, "banners of a notice that was put away");
  await page.goto("/notices");
  await seen(page.getByText(name));
  await visit.look("notices of a reader");
}

async function putsAwayWithoutScript(visit, name) {
  const { page } = visit;
  await visit.signIn("physician");
  equal(await banner(page, name).count(), 0, "banners for a physician");
  await page.context().clearCookies();
  await visit.signIn("provider_editor");
  await page.goto("/provider/uploads");
  await seen(banner(page, name));
  await page.getByRole("button", { name: new RegExp(`Put away.*${name}`) }).click();
  equal(new URL(page.url()).pathname, "/provider/uploads", "back on the same page");
  equal(await banner(page, name).count(), 0, "banners afterwards");
}

async function sends(visit, name) {
  const { page } = visit;
  await page.goto("/admin/notices");
  await visit.link(name).click();
  await visit.button("Send it by e-mail").click();
  await seen(page.getByText("The letters go out"));
  for (let tries = 0; tries < 40; tries++) {
    await page.reload();
    if (await page.getByText("; the last on").isVisible()) break;
    await page.waitForTimeout(500);
  }
  await seen(page.getByText("; the last on"));
  await visit.look("letters are written");
}

/** One of those who were written to reads both parts and ends such letters, without signing in. */
async function endsLetters(visit, name) {
  const { page } = visit;
  await page.goto("/mailbox");
  const letter = page.getByRole("article").filter({ hasText: name }).first();
  await seen(letter);
  await letter.getByRole("link", { name: /HTML part/ }).click();
  await seen(page.getByRole("link", { name: "Open" }).first());
  await visit.look("the letter as HTML");
  await page.getByRole("link", { name: "End these letters" }).click();
  await seen(visit.heading("No more notices by e-mail?"));
  await visit.look("ending such letters");
  await visit.button("End these letters").click();
  await seen(visit.heading("No more notices by e-mail"));
}

async function changesAndTakesBack(visit, name) {
  const { page } = visit;
  await visit.link("Change").last().click();
  await page.getByLabel("Title").fill(`${name}, again`);
  await page.getByLabel("Show it once more").check();
  await visit.button("Save the notice").click();
  await seen(page.getByText("The notice is changed"));
  await seen(visit.heading("History"));
  const owner = await visit.another();
  await owner.signIn("provider_owner");
  await seen(banner(owner.page, `${name}, again`));
  await visit.button("Take the notice back").click();
  await seen(page.getByText("Nobody sees it any more."));
  await visit.look("taken back");
  await owner.page.reload();
  equal(await banner(owner.page, name).count(), 0, "banners after it was taken back");
  await owner.close();
}

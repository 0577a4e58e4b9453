// A physician finds an activity, narrows the search, saves the activity and the search, and takes both back. What
// was asked for is in the address, so somebody who is not signed in sees the same. In the end with the keys alone.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "an activity is found, saved and looked for again";

export default async function (visit) {
  const { page, width } = visit;
  await visit.goto("/");
  await page.getByLabel("Find an activity").fill("pain");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await seen(visit.heading(/^[\d,]+ activit/));
  equal(new URL(page.url()).searchParams.get("q"), "pain", "the words in the address");
  await visit.look("found");
  holds((await count(page)) > 0, "nothing about pain is found");

  // a slip of the pen finds something all the same
  await page.goto("/activities?q=opiod+prescribing");
  await seen(page.getByText("come near it"));
  holds((await count(page)) > 0, "a slip of the pen finds nothing");
  await page.goto("/activities?q=zzzzqqqq&format=live_course");
  await seen(visit.heading("Nothing fits all of this"));
  await visit.look("nothing");

  await page.goto("/activities");
  const all = await count(page);
  await unfold(page, width);
  await page.getByRole("checkbox", { name: /^Enduring Material/ }).check();
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await seen(page.getByRole("link", { name: "Remove Format: Enduring Material" }));
  const enduring = await count(page);
  holds(enduring > 0 && enduring < all, `${enduring} of ${all} are enduring`);
  await unfold(page, width);
  // a choice does not narrow its own facet: another format beside it finds more
  await page.getByRole("checkbox", { name: /^Live Course/ }).check();
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await seen(page.getByRole("link", { name: "Remove Format: Live Course" }));
  const both = await count(page);
  holds(both > enduring, `${both} with live courses beside`);
  await visit.look("narrowed");
  await unfold(page, width);
  await visit.look("facets");
  const shared = page.url();
  await page.getByRole("link", { name: "Remove Format: Live Course" }).click();
  equal(await count(page), enduring, "found after taking a choice back");
  const calendar = (await visit.download(page.getByRole("link", { name: /^Calendar file$|^Calendar file of the/ }))).toString();
  equal(calendar.split("BEGIN:VEVENT").length - 1, Math.min(enduring, 200), "events of the calendar");

  const physician = await visit.another();
  await physician.signIn("physician");
  await physician.page.goto(shared);
  equal(await count(physician.page), both, "found at the same address");
  await physician.look("as a physician");
  const first = physician.page.locator(".found > li").first();
  const name = (await first.getByRole("heading").textContent()).trim();
  const isSaved = await first.getByRole("button", { name: /^Remove from saved/ }).count();
  if (isSaved) await first.getByRole("button", { name: /^Remove from saved/ }).click();
  await physician.page.locator(".found > li").first().getByRole("button", { name: /^Save/ }).click();
  await seen(physician.page.getByText("The activity is saved"));
  await physician.page.locator(".found > li").first().getByRole("link", { name, exact: true }).click();
  await seen(physician.page.getByRole("button", { name: /^Remove from saved/ }));
  await physician.look("its page");
  await physician.goto("/activities/saved");
  await seen(physician.page.getByText("Changed since you saved it").first());
  await physician.page.getByRole("button", { name: `Remove from saved ${name}` }).click();
  await seen(physician.page.getByText("The activity is no longer saved"));

  await physician.page.goto(shared);
  await physician.page.getByRole("link", { name: "Save this search" }).click();
  await physician.page.getByLabel("Name", { exact: true }).fill("");
  await physician.page.getByRole("button", { name: "Save the search" }).click();
  await seen(physician.page.getByText("Give the search a name").first());
  await physician.look("refused");
  const mine = `Courses and more, ${width}`;
  await physician.page.getByLabel("Name", { exact: true }).fill(mine);
  await physician.page.getByLabel("At most one letter a day").check();
  await physician.page.getByRole("button", { name: "Save the search" }).click();
  await seen(physician.page.getByText("The search is saved"));
  await physician.look("searches");
  await physician.page.getByRole("link", { name: mine, exact: true }).click();
  equal(await count(physician.page), both, "found by the saved search");
  await physician.page.goto("/activities/searches");
  await physician.page.getByRole("button", { name: `Remove ${mine}` }).click();
  await seen(physician.page.getByText("The search is removed"));
  await physician.close();

  // with the keys alone: words, a choice, a result
  await page.goto("/activities");
  await tabTo(page, "What do you want to learn about?");
  await page.keyboard.type("care");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=care/);
  const found = await count(page);
  if (width === "phone") {
    await tabTo(page, "Narrow the search");
    await page.keyboard.press("Enter");
  }
  await tabTo(page, "Online");
  await page.keyboard.press("Space");
  await tabTo(page, "Apply");
  await page.keyboard.press("Enter");
  await page.waitForURL(/delivery=online/);
  holds((await count(page)) < found, "the choice narrows nothing");
  await tabTo(page, "Remove Delivery");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.search.includes("delivery"));
  equal(await count(page), found, "found after taking the choice back by keys");
}

/** The number in the heading of the results. */
async function count(page) {
  const text = await page.locator("#found").textContent();
  return Number(text.replace(/\D/g, ""));
}

/** On a phone the facets are folded away. */
async function unfold(page, width) {
  if (width === "phone") await page.getByText(/^Narrow the search/).first().click();
}

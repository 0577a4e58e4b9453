// The search for activities without JavaScript: an ordinary form, choices, pages, saving.

import { equal, holds, seen } from "../expect.mjs";

export const title = "an activity is found and saved without JavaScript";
export const script = false;

export default async function (visit) {
  const { page, width } = visit;
  await visit.signIn("physician");
  await visit.goto("/activities");
  await page.getByLabel("What do you want to learn about?").fill("review");
  await page.getByLabel("Order", { exact: true }).selectOption({ label: "Most credits" });
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await seen(page.locator("#found"));
  equal(new URL(page.url()).searchParams.get("sort"), "credits", "the order in the address");
  if (width === "phone") await page.getByText(/^Narrow the search/).first().click();
  await page.getByRole("checkbox", { name: /^Can be begun today/ }).check();
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await seen(page.getByRole("link", { name: "Remove When: Can be begun today" }));
  equal(await page.getByLabel("Order", { exact: true }).inputValue(), "credits", "the order after a choice");
  await visit.look("narrowed");
  await page.goto("/activities?sort=newest");
  const first = await page.locator(".found h3").first().textContent();
  await page.getByRole("link", { name: "Next" }).click();
  holds((await page.locator(".found h3").first().textContent()) !== first, "the second page begins like the first");
  await page.goto("/activities?sort=newest");
  const save = page.locator(".found > li").first().getByRole("button");
  const wasSaved = (await save.textContent()).startsWith("Remove");
  await save.click();
  await seen(page.getByText(wasSaved ? "The activity is no longer saved" : "The activity is saved"));
  await page.locator(".found > li").first().getByRole("button").click();
  await seen(page.getByText(wasSaved ? "The activity is saved" : "The activity is no longer saved"));
}

// A provider takes its mark along, everybody proves it, and a provider that may not report has none. The owner works by
// keyboard, the public without JavaScript.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "a provider shows its mark, and whoever clicks on it sees whether it is current";

const PROBATION = "0027308";

export default async function (visit) {
  const { page, demo } = visit;
  await visit.signIn("provider_owner");
  await visit.goto("/provider/mark", "the mark");
  await seen(page.getByText("Your mark is current"));
  const snippet = await page.locator("#snippet-light").textContent();
  holds(snippet.includes(`${demo.base}/mark/${demo.provider_id}.svg`), "the snippet shows the mark");
  const download = page.waitForEvent("download");
  await tabTo(page, "PNG, 734 × 192, light");
  await page.keyboard.press("Enter");
  equal((await download).suggestedFilename(), "provider-mark-light-734.png", "the file");

  // the snippet on a page of its own, as the provider's site would hold it
  const site = await page.context().newPage();
  await site.setContent(`<!doctype html><html lang="en"><title>x</title>${snippet}`);
  const image = site.getByRole("img");
  await image.evaluate((img) => img.decode());
  equal(await image.evaluate((img) => img.naturalWidth), 367, "the picture is there on another page");
  await site.close();

  const plain = await visit.another({ script: false });
  const proof = await plain.goto(`/mark/${demo.provider_id}`, "proof");
  equal(proof.status(), 200, "the proof");
  await seen(plain.page.getByText("This mark is current"));
  await plain.goto(`/mark/${PROBATION}`, "not current");
  await seen(plain.page.getByText("This mark is not current"));
  const picture = await fetch(`${demo.base}/mark/${PROBATION}.svg`);
  holds((await picture.text()).includes("not current"), "the picture says so");
  await plain.close();
  const lost = await visit.another();
  await lost.goto(`/mark/${PROBATION}`, "not current, with a script");
  await lost.close();
}

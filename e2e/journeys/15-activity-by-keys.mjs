// An activity is entered with the keys alone, and the focus can be seen wherever it stops, also where
// buttons stay at the bottom of the window.

import { day } from "../activities.mjs";
import { seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "an activity is entered with the keys alone";

export default async function (visit) {
  const { page } = visit;
  const { keyboard } = page;
  const name = `Falls and How to Prevent Them, ${visit.width}`;
  const typed = (iso) => iso.replace(/(\d+)-(\d+)-(\d+)/, "$2$3$1");
  await visit.signIn("provider_editor");
  await page.goto("/provider/activities/new");
  await tabTo(page, "Title", { orHere: true });
  await keyboard.type(name);
  await tabTo(page, "Format");
  await keyboard.type("Live");
  await tabTo(page, "Start date");
  await keyboard.type(typed(day(2)));
  await tabTo(page, "End date");
  await keyboard.type(typed(day(2)));
  await tabTo(page, "Description");
  await keyboard.type("How to see them coming.");
  await tabTo(page, "Direct");
  await keyboard.press("Space");
  await tabTo(page, "Live-Streamed");
  await keyboard.press("Space");
  await tabTo(page, "AMA PRA Category 1 Credits");
  await keyboard.type("1");
  // a group of radios is one stop; the arrows choose within it
  await tabTo(page, "Yes", { group: "May physicians find it" });
  await keyboard.press("ArrowRight");
  await seen(page.getByText("Missing before it can be closed"));
  await visit.look("filled in by keys");
  // from the list of what is missing to the field
  await tabTo(page, "Other learners Give");
  await keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "other_total");
  await keyboard.type("0");
  await keyboard.press("Enter");
  await page.waitForURL(/\/provider\/activities\/\d{9}\?/);
  await seen(page.getByRole("heading", { name, level: 1 }));
}

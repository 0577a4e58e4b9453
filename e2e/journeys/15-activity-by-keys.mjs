// An activity is entered with the keys alone, and the focus can be seen wherever it stops, also where
// buttons stay at the bottom of the window.

import { day } from "../activities.mjs";
import { holds, seen } from "../expect.mjs";

export const title = "an activity is entered with the keys alone";

const MOST_STOPS = 90;

export default async function (visit) {
  const { page } = visit;
  const { keyboard } = page;
  const name = `Falls and How to Prevent Them, ${visit.width}`;
  const typed = (iso) => iso.replace(/(\d+)-(\d+)-(\d+)/, "$2$3$1");
  await visit.signIn("provider_editor");
  await page.goto("/provider/activities/new");
  await tabTo(page, "Title");
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
  await tabTo(page, "Yes", "May physicians find it");
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

/** What has the focus: its name, whether it is marked, and whether anything lies over it. */
async function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent;
    const group = at.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
    const style = getComputedStyle(at);
    // a date is several stops; the browser itself marks the last, its calendar
    const isCalendar = at.type === "date" && !at.matches(":focus");
    const isMarked =
      isCalendar || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const box = at.getBoundingClientRect();
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    const isCovered = Boolean(over?.closest(".stays")) && !at.closest(".stays");
    return { tag: at.tagName, text: label.replace(/\s+/g, " ").trim(), group, isMarked, isCovered };
  });
}

/** Presses Tab until the focus is on something named so, in a group named so. */
async function tabTo(page, name, group = "") {
  const stops = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    // a new activity begins in its title
    const at = await focused(page);
    if (stop > 0 && at.tag !== "BODY") {
      holds(at.isMarked, `the focus cannot be seen on ${at.tag} ${at.text}`);
      holds(!at.isCovered, `the buttons lie over ${at.tag} ${at.text}`);
    }
    if (at.tag !== "BODY" && at.text.startsWith(name) && at.group.includes(group)) return;
    stops.push(at.text.slice(0, 30));
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${name}; it stops at ${stops.join(", ")}`);
}

// What a journey does with the keys alone: Tab leads to what is named, and wherever it stops the focus can be seen and
// nothing lies over it.

import { holds } from "./expect.mjs";

const MOST_STOPS = 120;

/** What has the focus: its name as people read it, the name of its group, and whether it can be seen there. */
export async function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent;
    const group = at.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
    const style = getComputedStyle(at);
    // a date is several stops; the browser itself marks the last, its calendar
    const isCalendar = ["date", "datetime-local"].includes(at.type) && !at.matches(":focus");
    const isMarked =
      isCalendar || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const box = at.getBoundingClientRect();
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    const isCovered = Boolean(over?.closest(".stays")) && !at.closest(".stays");
    return { tag: at.tagName, text: label.replace(/\s+/g, " ").trim(), group, isMarked, isCovered };
  });
}

/**
 * Presses Tab until the focus is on something whose name begins so, or fits the pattern, in a group named so. Of radio
 * buttons the chosen one is the stop. `orHere`: where the focus already is counts too.
 */
export async function tabTo(page, name, { group = "", orHere = false } = {}) {
  const isNamed = (text) => (name instanceof RegExp ? name.test(text) : text.startsWith(name));
  const stops = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (stop > 0 || !orHere) await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BODY") continue;
    if (stop > 0) {
      holds(at.isMarked, `the focus cannot be seen on ${at.tag} ${at.text}`);
      holds(!at.isCovered, `the buttons lie over ${at.tag} ${at.text}`);
    }
    if (isNamed(at.text) && at.group.includes(group)) return;
    stops.push(at.text.slice(0, 30));
  }
  throw new Error(`Tab does not lead to ${name}; it stops at ${stops.join(", ")}`);
}

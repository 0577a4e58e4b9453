// What a journey expects, with a wait: pages take a moment.

/** Waits until the locator is there to be seen. */
export async function seen(locator) {
  await locator.first().waitFor({ state: "visible" });
}

export function equal(found, wanted, what) {
  if (found !== wanted) throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** The figures of an upload's page, by their labels. */
export async function figures(page) {
  const pairs = await page.locator("dl.figures > div").evaluateAll((items) =>
    items.map((item) => [item.querySelector("dt").textContent.trim(), item.querySelector("dd").textContent.trim()]),
  );
  return Object.fromEntries(pairs);
}

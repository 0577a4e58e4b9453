// Staff find a physician, put a license right with the keys alone, see it in the history, and take it back without
// JavaScript. The board sees each at its next request.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "staff put a license right by keys, the board sees it at once, and it is taken back";

/** What the board's look-up says of the number. */
async function lookUp(board, licensee) {
  await board.page.goto("/board");
  await board.page.getByLabel("License number").fill(licensee.license);
  await board.button("Look up").click();
  await seen(board.page.getByRole("link", { name: new RegExp(licensee.last) }));
}

export default async function (visit) {
  const { page, demo } = visit;
  const state = demo.sign_ins.licensing_board.email.slice("licensing@".length).split(".")[0].toUpperCase();
  const licensee = demo.physicians.find((physician) => physician.state === state);
  await visit.signIn("accreditor");
  await page.goto("/admin/physicians");
  await page.getByLabel("License number").fill(licensee.license);
  await visit.button("Find").click();
  await page.getByRole("main").getByRole("link", { name: new RegExp(licensee.last) }).first().click();
  await seen(visit.heading("History of licenses and certifications"));
  await visit.look("a physician's record");
  const record = new URL(page.url()).pathname;

  const change = page.getByRole("link", { name: `Change license ${state} ${licensee.license}` });
  await change.focus();
  await page.keyboard.press("Enter");
  await seen(visit.heading("What it was"));
  await visit.look("a license");
  await page.getByLabel("Status").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(`Suspended ${visit.width}`);
  await tabTo(page, "Change the license");
  await page.keyboard.press("Enter");
  await seen(page.getByRole("link", { name: /Say why/ }));
  equal(await page.getByLabel("Status").inputValue(), `Suspended ${visit.width}`, "what was typed stays");
  await visit.look("a license, refused");
  await tabTo(page, "Why?", { orHere: true });
  await page.keyboard.type("Order of the board.");
  await tabTo(page, "Change the license");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The license is changed"));
  holds((await page.getByRole("main").textContent()).includes("Order of the board."), "the reason is in the history");
  await visit.look("a record after a change");

  const board = await visit.another();
  await board.signIn("licensing_board");
  await lookUp(board, licensee);
  holds((await board.page.getByRole("main").textContent()).includes(`Suspended ${visit.width}`), "the board sees it");

  const plain = await visit.another({ script: false });
  await plain.signIn("accreditor");
  await plain.goto(record);
  await plain.page.getByRole("link", { name: /^Take back/ }).first().click();
  await plain.page.getByLabel("Why is it taken back?").fill("Another of the name was meant.");
  await plain.look("a change taken back");
  await plain.button("Take the change back").click();
  await seen(plain.page.getByText("The change is taken back"));
  await plain.goto(`${record}/print`);
  await plain.look("a record to print");
  await plain.close();
  await lookUp(board, licensee);
  holds(!(await board.page.getByRole("main").textContent()).includes(`Suspended ${visit.width}`), "and sees it taken back");
  await board.close();
}

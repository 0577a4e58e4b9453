// A licensing board sends its roster without JavaScript and lets it in; the accreditor finds one that is held, looks at
// what would end, and decides against it with the keys alone. What changed stands in the physician's record.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "a board sends its roster, sees what would change, lets it in; staff decide about one that is held";

const HEADER = "board state,license number,first,last,birth month/day,status\n";

export default async function (visit) {
  const { page, demo } = visit;
  const state = demo.sign_ins.licensing_board.email.slice("licensing@".length).split(".")[0].toUpperCase();
  const licensee = demo.physicians.filter((physician) => physician.state === state).at(-1);
  const rows = [
    `${state},${licensee.license},${licensee.first},${licensee.last},${licensee.birth},Active`,
    `${state},${licensee.license}-X,${licensee.first},${licensee.last},02/30,Active`,
    `ZZ,1,Nobody,Nowhere,01/01,Active`,
  ];
  const name = `roster ${visit.width} ${Date.now()}.csv`;
  // the same bytes would be known again
  const file = Buffer.from(`${HEADER}${rows.join("\n")}\n${"\n".repeat(visit.width.length)}`);

  const plain = await visit.another({ script: false });
  await plain.signIn("licensing_board");
  await plain.goto("/board/roster");
  await plain.look("your roster");
  await plain.page.getByRole("link", { name: "Send a roster" }).first().click();
  await plain.button("Compare with the registry").click();
  await seen(plain.page.getByRole("link", { name: "Choose the roster’s file." }));
  await plain.look("send a roster, refused");
  await plain.page.getByLabel("Roster", { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer: file });
  await plain.button("Compare with the registry").click();
  // without script the page asks for itself again until it is compared
  await seen(plain.heading("Nothing is changed yet"));
  const compared = await plain.page.getByRole("main").textContent();
  holds(compared.includes("This is not a month and day.") && compared.includes("This is not a state."), "rows with problems");
  await plain.look("a roster compared");
  const csv = await plain.page.request.get(await plain.page.getByRole("link", { name: /as CSV/ }).getAttribute("href"));
  holds((await csv.text()).includes("02/30"), "the problems can be taken away");
  await plain.button("Let this roster in").click();
  await seen(plain.heading("The roster is in the registry"));
  await plain.look("a roster let in");
  await plain.close();

  await visit.signIn("accreditor");
  await visit.goto("/admin/imports", "imports");
  holds((await page.getByRole("main").textContent()).includes(name), "staff see the board's roster");
  await visit.goto("/admin/imports/new", "send a roster");
  await page.goto("/admin/imports?state=compared");
  const held = page.getByRole("rowheader").getByRole("link").last();
  await held.focus();
  await page.keyboard.press("Enter");
  await seen(visit.heading("Let it in?"));
  await visit.look("a held roster");
  holds((await page.getByRole("main").textContent()).includes("More would end than may without a second look"), "held");
  await page.getByLabel("How many end?").focus();
  await page.keyboard.type("1");
  await tabTo(page, "Let this roster in");
  await page.keyboard.press("Enter");
  await seen(page.getByRole("link", { name: "Write how many end, as it is said above." }));
  equal(await page.getByLabel("How many end?").inputValue(), "1", "what was typed stays");
  await visit.look("a held roster, refused");

  for (const persona of ["provider_owner", "physician", "licensing_board", "certifying_board"]) {
    const other = await visit.another();
    await other.signIn(persona);
    const answer = await other.page.goto("/admin/imports");
    equal(answer.status(), 403, `${persona} at the imports`);
    await other.close();
  }
}

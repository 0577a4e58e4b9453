// A licensing board finds its licensee and reads the transcript with the credit just uploaded. It
// finds nobody else's, and nobody else reads it.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a licensing board reads its licensee's transcript, and nobody else's";

export default async function (visit, memory) {
  const { page, demo } = visit;
  const { licensee, physician } = memory.reported;
  await visit.signIn("licensing_board");
  await visit.look("look up");
  await visit.button("Look up").click();
  await visit.look("nothing typed");

  await page.getByLabel("License number").fill(physician.license);
  await visit.button("Look up").click();
  await seen(visit.heading("Nobody found"));
  await visit.look("a licensee of another state");

  await page.getByLabel("License number").fill("");
  await page.getByLabel("Last name").fill(licensee.last.slice(0, 4));
  await visit.button("Look up").click();
  await seen(page.getByRole("table"));
  await visit.look("licensees found");
  await page.getByLabel("Last name").fill("");
  await page.getByLabel("License number").fill(licensee.license);
  await visit.button("Look up").click();
  await page.getByRole("rowheader").getByRole("link", { name: new RegExp(licensee.last) }).click();
  await seen(page.getByRole("article"));
  await visit.look("transcript");
  const sheet = await page.getByRole("article").innerText();
  for (const wanted of [licensee.last, licensee.license, "Annual Review of Clinical Practice"]) {
    holds(sheet.includes(wanted), `the transcript does not show ${wanted}`);
  }

  const path = new URL(page.url()).pathname;
  for (const persona of ["provider_owner", "physician", "certifying_board", "accreditor"]) {
    const other = await visit.another();
    await other.signIn(persona);
    const answer = await other.page.goto(path);
    holds([403, 404].includes(answer.status()), `${persona} gets ${answer.status()} for a board's page`);
    await other.look(`refused-${persona}`);
    holds(!(await other.page.content()).includes(licensee.license), `${persona} sees the license number`);
    await other.close();
  }
  const nobody = await visit.another();
  await nobody.page.goto(path);
  equal(new URL(nobody.page.url()).pathname, "/sign-in", "where a stranger is sent");
  await nobody.close();
  const absent = await page.goto("/board/licensees/00000000-0000-7000-8000-000000000000");
  equal(absent.status(), 404, "a licensee who does not exist");

  // the physician sees who looked
  const person = await visit.another();
  await person.signIn("physician");
  await person.goto("/passport/access");
  const looks = await person.page.getByRole("main").innerText();
  holds(looks.includes(demo.sign_ins.licensing_board.organization), "the physician does not see that the board looked");
  await person.close();
}

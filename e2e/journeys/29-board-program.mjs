// A licensing board connects its own system: a token, transcripts by license and all that changed, the access log;
// then takes the token back. The second half is by keyboard, the first without JavaScript.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a licensing board connects its system and reads its own access log";

const TRANSCRIPTS = "/api/pars/v1/GetLearnerTranscriptbyLearner";

export default async function (visit, memory) {
  const { demo } = visit;
  const { licensee } = memory.reported;
  const name = `Licensing system, ${visit.width}`;
  const plain = await visit.another({ script: false });
  await plain.signIn("licensing_board");
  await plain.goto("/board/api-clients");
  await plain.button("Make the token").click();
  await seen(plain.page.getByRole("link", { name: "Name the program that will use the token" }));
  await plain.page.getByLabel("Name of the program").fill(name);
  await plain.button("Make the token").click();
  await seen(plain.page.getByText("It is shown this once"));
  await plain.look("a board's token");
  const [token] = (await plain.page.getByRole("main").textContent()).match(/crd_[A-Za-z0-9_-]{20,}/) ?? [];
  await plain.close();

  const one = await ask(demo, token, `?stateMedicalLicenseID=${licensee.license}`);
  equal(one.status, 200, "a look-up by license");
  const [found] = (await one.json()).ACCMETranscripts;
  equal(found.Member.Name.FamilyName, licensee.last, "whose transcript it is");
  equal((await ask(demo, token, `?stateOfLicensure=ZZ&lastName=${licensee.last}`)).status, 403, "another state");
  const changed = await ask(demo, token, "?changedSince=0&limit=2");
  equal((await changed.json()).ACCMETranscripts.length, 2, "all that changed, two at a time");
  holds(/rel="next"/.test(changed.headers.get("link") ?? ""), "where it goes on");

  const { page } = visit;
  await visit.signIn("licensing_board");
  await page.goto("/board/access-log");
  await seen(page.getByRole("cell", { name: new RegExp(name) }).first());
  await visit.look("access log");
  await page.getByLabel("Person or program").focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await seen(page.getByText("Read a transcript").first());
  const log = await page.getByRole("main").textContent();
  holds(log.includes(licensee.last), "the licensee in the log");
  holds(!log.includes("Signed in"), "the filter keeps what others did");
  await page.getByLabel("Person or program").fill("nobody of this name");
  await page.keyboard.press("Enter");
  await seen(page.getByText("Nothing found"));
  await visit.look("nothing found in the log");

  await page.goto("/board/api-clients");
  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByText("Revoke").first().focus();
  await page.keyboard.press("Enter");
  await row.getByRole("button", { name: "Revoke the token" }).press("Enter");
  await seen(page.getByRole("row").filter({ hasText: name }).getByText("Revoked"));
  equal((await ask(demo, token, `?stateMedicalLicenseID=${licensee.license}`)).status, 401, "a revoked token");
}

function ask(demo, token, query) {
  return fetch(`${demo.base}${TRANSCRIPTS}${query}`, { headers: { Authorization: `Bearer ${token}` } });
}

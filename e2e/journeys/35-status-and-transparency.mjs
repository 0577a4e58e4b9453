// Anybody reads whether things work and checks the ledger: heads, proofs, the key. One leg without JavaScript, one with
// the keys alone.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "anybody sees that things work, and that the ledger only grows";

export default async function (visit) {
  const { page, demo } = visit;
  const plain = await visit.another({ script: false });
  await plain.goto("/", "start page");
  await plain.page.getByRole("contentinfo").getByRole("link", { name: "Status" }).click();
  await seen(plain.page.getByText("Everything works"));
  await plain.look("status");
  await plain.page.getByRole("contentinfo").getByRole("link", { name: "Transparency" }).click();
  await seen(plain.page.getByRole("heading", { name: "The newest head" }));
  await plain.look("transparency without JavaScript");
  await plain.close();

  // with the keys to a head
  await visit.goto("/transparency", "transparency");
  await tabTo(page, "Copy");
  await tabTo(page, /^[\d,]+$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/transparency\/heads\/\d+/);
  const note = await page.textContent("body");
  holds(note.includes("— "), "a signed head");

  const ask = async (path) => {
    const answer = await fetch(`${demo.base}${path}`);
    return { status: answer.status, body: answer.headers.get("content-type").includes("json") ? await answer.json() : await answer.text() };
  };
  const { body: listed } = await ask("/transparency/heads");
  const [newest, older] = [listed.heads[0], listed.heads.at(-1)];
  holds(newest.size > older.size, "heads grow");
  const { body: proof } = await ask(`/transparency/consistency?old=${older.size}&new=${newest.size}`);
  equal(proof.new_root, newest.root, "the root of the proof");
  equal(proof.old_root, older.root, "the older root");
  const { body: inside } = await ask(`/transparency/inclusion?index=0&size=${newest.size}`);
  holds(inside.proof.length > 0, "a proof of a leaf");
  const beyond = await ask(`/transparency/inclusion?index=${newest.size}&size=${newest.size}`);
  equal(beyond.status, 422, "a leaf that is not there");
  equal((await ask("/status.json")).body.status, "ok", "the status for programs");
  equal((await ask("/metrics")).status, 404, "metrics without a token in the settings");
}

// Signing in goes wrong in the usual ways; a forgotten password is replaced by way of a letter.

import { equal, holds, seen } from "../expect.mjs";

export const title = "a wrong password is refused, and a forgotten one replaced by letter";

export default async function (visit, memory) {
  const { page } = visit;
  const { email } = memory.account;
  await visit.goto("/sign-in");
  await visit.button("Sign in").click();
  await visit.look("nothing typed");
  const answers = [];
  for (const address of [email, "nobody@nowhere.example"]) {
    await page.getByLabel("E-mail").fill(address);
    await page.getByLabel("Password", { exact: true }).fill("this is not the password");
    await visit.button("Sign in").click();
    await seen(page.getByText("Error:"));
    // not innerText: that depends on whether the styles have arrived
    answers.push((await page.getByRole("main").textContent()).replaceAll(address, ""));
  }
  await visit.look("wrong password");
  equal(answers[1], answers[0], "the answer for an address without account");

  await visit.goto("/forgot");
  await page.getByLabel("E-mail").fill(email);
  await visit.button("Send the link").click();
  await seen(visit.heading("Look into your mail"));
  await visit.look("link sent");
  await page.goto("/mailbox");
  const letter = page.getByRole("article").filter({ hasText: email }).first();
  const link = await letter.getByRole("link").first().getAttribute("href");
  await page.goto(link);
  await visit.look("choose a password");
  await page.getByLabel("New password").fill("seven wooden spoons");
  await visit.button("Save and sign in").click();
  await page.waitForURL(/\/passport/);
  await visit.goto("/account");

  const other = await visit.another();
  const again = await other.page.goto(link);
  holds(again.status() >= 400, "the link worked a second time");
  await other.look("a used link");
  await other.signIn({ email, password: "seven wooden spoons" });
  await other.close();
}

// The accreditor enters a provider and invites its contact, decides how a provider stands, which everybody sees at once,
// and closes an account. The form is filled without JavaScript, the decision by keyboard alone.

import { equal, holds, seen } from "../expect.mjs";
import { tabTo } from "../keys.mjs";

export const title = "the accreditor keeps providers, boards and users, and the public reads the directory";

export default async function (visit) {
  const { demo } = visit;
  const name = `Birchwater Medical Society, ${visit.width}`;
  const plain = await visit.another({ script: false });
  await plain.signIn("accreditor");
  await plain.goto("/admin/providers", "providers");
  await plain.link("Enter a provider").click();
  await plain.button("Enter the provider").click();
  await seen(plain.page.getByRole("link", { name: "Enter the provider’s name." }));
  await plain.look("a new provider refused");
  const at = plain.page;
  await at.getByLabel("Name", { exact: true }).fill(name);
  await at.getByLabel("Type", { exact: true }).selectOption("State medical society");
  await at.getByLabel("City").fill("Bemidji");
  await at.getByLabel("State", { exact: true }).selectOption("MN");
  await at.getByLabel("Contact’s name").fill("Greta Lindqvist");
  await at.getByLabel("Contact’s e-mail").fill(`greta-${visit.width}@birchwater.example`);
  await at.getByLabel("Decision").selectOption("good_standing/provisional");
  await plain.button("Enter the provider").click();
  await seen(at.getByText("The contact was invited as its owner, by letter."));
  await plain.look("the provider");
  const id = new URL(at.url()).pathname.split("/").pop();
  holds(/^\d{7}$/.test(id), `a provider ID of seven digits: ${id}`);
  await plain.close();

  const { page } = visit;
  await visit.signIn("accreditor");
  await page.goto(`/admin/providers/${id}`);
  await visit.look("one provider");
  await tabTo(page, /^Decision$/);
  const chosen = () => page.evaluate(() => document.activeElement.value);
  for (let stop = 0; stop < 12 && (await chosen()) !== "probation/suspended"; stop++) await page.keyboard.press("ArrowDown");
  await tabTo(page, "Reason");
  await page.keyboard.type("The first report is missing.");
  await tabTo(page, "Put on record");
  await page.keyboard.press("Enter");
  await seen(page.getByText("The decision is on record"));
  await visit.look("a decision");

  const public_ = await visit.another();
  await public_.goto(`/providers?q=${encodeURIComponent(name)}`, "directory");
  const row = public_.page.getByRole("row").filter({ hasText: name });
  holds((await row.textContent()).includes("Probation"), "the directory says how it stands");
  await row.getByRole("link", { name }).click();
  await seen(public_.page.getByText("This provider does not report credit at the moment"));
  await public_.look("a public provider");
  await public_.goto("/boards", "boards");
  await public_.goto("/providers", "all providers");
  const csv = await fetch(`${demo.base}/providers.csv`);
  equal(csv.status, 200, "the directory as a file");
  holds((await csv.text()).includes(id), "the provider in the file");
  await public_.close();

  await visit.goto("/admin/boards", "the accreditor's boards");
  await visit.goto("/admin/boards/licensing/WI", "a licensing board");
  await visit.goto("/admin/boards/certifying/ABIM", "a certifying board");
  await page.goto("/admin/boards/licensing/WI");
  await page.getByLabel("Does not take part").check();
  await page.getByRole("group", { name: "Takes part" }).press("Tab");
  await page.getByLabel("From", { exact: true }).fill("");
  await page.getByRole("button", { name: "Put on record", exact: true }).click();
  await seen(page.getByRole("link", { name: "Enter the day from which it counts." }));
  await visit.look("a board refused");

  await visit.goto("/admin/users?kind=provider", "users");
  await visit.goto("/admin/users/staff", "staff");
  await page.goto("/admin/users?q=dean%40");
  const person = page.getByRole("rowheader").getByRole("link").first();
  await person.click();
  await visit.look("a user");
  await page.getByRole("button", { name: "Disable the account", exact: true }).click();
  await seen(page.getByText("All its sessions were ended."));
  await visit.look("a disabled user");
  await page.getByRole("button", { name: "Enable the account", exact: true }).click();
  await seen(page.getByText("The person can sign in again."));
}

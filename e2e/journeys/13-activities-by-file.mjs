// All activities are taken away as a file and sent back as they are: nothing changes. Then one title and
// one mistake are made in it: the first is saved, the second named, and nothing else moves.

import { equal, figures, holds, seen } from "../expect.mjs";

export const title = "activities are downloaded, sent back unchanged, changed in the file and sent again";

export default async function (visit) {
  const { page } = visit;
  const isDesktop = visit.width === "desktop";
  await visit.signIn("provider_editor");
  await page.goto("/provider/activities");
  await visit.link("Files").click();
  await visit.look("files");
  const whole = isDesktop ? "Excel" : "XML";
  await send(visit, `all.${isDesktop ? "xlsx" : "xml"}`, await visit.download(visit.link(whole)));
  const settled = await figures(page);
  equal(settled.Unchanged, settled["Records read"], "records that changed nothing");
  holds(settled["Records read"] !== "0", "the file held no record");
  await visit.look("unchanged");

  await page.goto("/provider/activities/files");
  const text = (await visit.download(visit.link("Text, tab-delimited"))).toString("utf8");
  const lines = text.split("\n");
  const cells = lines[0].split("\t");
  const [titleAt, endAt] = [cells.indexOf("Title"), cells.indexOf("End Date")];
  holds(titleAt >= 0 && endAt >= 0, `no columns of title and end date: ${cells.join(", ")}`);
  const open = lines.map((line, n) => [line.split("\t")[endAt], n]).filter(([end]) => new Date(end) > new Date());
  const [renamed, broken] = open.map(([, n]) => n);
  const change = (n, at, value) => (lines[n] = lines[n].split("\t").map((cell, c) => (c === at ? value : cell)).join("\t"));
  const name = `Renamed in a File, ${visit.width}`;
  change(renamed, titleAt, name);
  change(broken, endAt, "1999-01-01");
  await send(visit, "changed.txt", Buffer.from(lines.join("\n")));
  const changed = await figures(page);
  equal(changed.Updated, "1", "records that changed");
  equal(changed.Refused, "1", "records that were refused");
  await visit.look("one refused");
  const refused = (await visit.download(visit.link("Refused records"))).toString("utf8");
  holds(refused.includes("1999-01-01"), "the refused records do not hold what was sent");
  await visit.link("Go to the activities").click();
  await page.goto(`/provider/activities?q=${encodeURIComponent(name)}`);
  await seen(page.getByRole("link", { name, exact: true }));
}

async function send(visit, name, buffer) {
  const { page } = visit;
  await page.goto("/provider/activities/files/new");
  await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await visit.look(`sending ${name}`);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await seen(visit.heading("All records are settled"));
}

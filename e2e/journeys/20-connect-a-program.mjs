// An owner connects a program: a token with the rights it needs, a try in the sandbox by the program itself,
// a webhook; then takes the token back.

import { equal, holds, seen } from "../expect.mjs";

export const title = "an owner connects a program, tries it in the sandbox and takes its token back";

const API = "/api/pars/v1";

export default async function (visit) {
  const { page, demo } = visit;
  const name = `Learning management system, ${visit.width}`;
  await visit.signIn("provider_owner");
  await page.goto("/provider");
  await page.goto("/provider/api-clients");
  await visit.button("Make the token").click();
  await seen(page.getByRole("link", { name: "Name the program that will use the token" }));
  await visit.look("what is missing");
  await page.getByLabel("Name of the program").fill(name);
  await page.getByLabel("Check learners before they are reported").check();
  await visit.button("Make the token").click();
  await seen(page.getByText("It is shown this once"));
  await visit.look("a token");
  const token = await shown(page, "crd_");
  equal((await ask(demo, token, `${API}/learner-match`, learners("Nobody", "SB719999"))).status, 200, "what it may do");
  equal((await ask(demo, token, `${API}/events`)).status, 403, "what it may not do");

  await visit.link("sandbox").first().click();
  await seen(visit.heading("Sandbox"));
  await page.getByLabel("Name of the program").fill(name);
  await visit.button("Make the token").click();
  const tries = await shown(page, "crs_");
  const learner = page.getByRole("row", { name: /Amelia Sandbourne/ }).first();
  holds((await learner.textContent()).includes("SB710001"), "the learner’s license");
  const answer = await ask(demo, tries, `${API}/learner-activities?permission=held`, report());
  equal(answer.headers.get("credence-sandbox"), "true", "the header of the sandbox");
  const [result] = (await answer.json()).LearnerResults;
  holds(["accepted", "already_reported"].includes(result.result), `the report was ${result.result}`);
  await page.goto("/provider/api-clients/sandbox");
  await seen(page.getByRole("region", { name: "What came in lately" }));
  await visit.look("what came in");
  await page.getByText("Reset the sandbox").first().click();
  await page.getByRole("button", { name: "Reset the sandbox" }).click();
  await seen(page.getByText("Nothing was sent to the sandbox"));
  await visit.look("after a reset");

  await page.goto("/provider/api-clients/webhooks");
  await page.getByLabel("Address").fill("http://lms.example.org/hook");
  await visit.button("Add the webhook").click();
  await visit.look("an address that is not https");
  await page.getByLabel("Address").fill(`https://lms.example.org/${visit.width}`);
  await page.getByLabel("An upload is finished").check();
  await visit.button("Add the webhook").click();
  await shown(page, "whsec_");
  await visit.look("a signing key");
  await visit.link(`https://lms.example.org/${visit.width}`).click();
  await visit.look("a webhook");

  await page.goto("/provider/api-clients");
  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByText("Revoke").first().click();
  await row.getByRole("button", { name: "Revoke the token" }).click();
  await seen(page.getByRole("row").filter({ hasText: name }).getByText("Revoked"));
  equal((await ask(demo, token, `${API}/learner-match`, learners("Nobody", "SB719999"))).status, 401, "a revoked token");
}

/** The secret that the page shows this once. */
async function shown(page, prefix) {
  const text = await page.getByRole("main").textContent();
  const [secret] = text.match(new RegExp(`${prefix}[A-Za-z0-9_/+=-]{20,}`)) ?? [];
  holds(secret, `no ${prefix} is shown`);
  return secret;
}

function ask(demo, token, path, document) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return fetch(demo.base + path, { method: document ? "POST" : "GET", headers, body: document && JSON.stringify(document) });
}

function learners(last, license) {
  const UniqueID = [{ domain: "CA", value: license }];
  const Member = { Name: { GivenName: "Nolan", FamilyName: last }, PersonalInfo: { BirthDate: "--07-21" }, UniqueID };
  return { ACCMELearnerReports: { ActivityReports: { ActivityReport: [{ Member }] } } };
}

function report() {
  const yesterday = new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 10);
  const CreditReceived = { activityCertification: "AMA PRA Category 1", creditUnit: "Point", numberOfCredits: 1 };
  const CreditCertificate = [{ UniqueID: [{ domain: "CA", value: "SB710001" }], CreditReceived }];
  const Module = { ModuleName: { moduleID: "900000001" }, Status: "Completed", CompletedDateTime: yesterday, CreditCertificate };
  const Member = { Name: { GivenName: "Amelia", FamilyName: "Sandbourne" }, PersonalInfo: { BirthDate: "--03-14" } };
  const one = { Member, Activity: { Module }, XtensibleInfo: { LearnerRecordAction: "add" } };
  return { ACCMELearnerReports: { ActivityReports: { ActivityReport: [one] } } };
}

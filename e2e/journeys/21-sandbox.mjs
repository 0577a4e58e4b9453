// A provider's owner tries a program in the sandbox: makes a token, sends learners, sees what became of them and
// resets it; a colleague reads; nothing of it is among the real uploads.

import { equal, holds, seen } from "../expect.mjs";

export const title = "an owner tries a program in the sandbox and resets it";

const PAGE = "/provider/api-clients/sandbox";

export default async function (visit) {
  const { page } = visit;
  await visit.signIn("provider_owner");
  await page.goto("/provider/api-clients");
  await page.getByRole("main").getByRole("link", { name: "sandbox", exact: true }).click();
  await visit.look("the sandbox");
  await page.getByRole("button", { name: "Make the token", exact: true }).click();
  await seen(page.getByText("Name the program").first());
  await visit.look("a name is needed");
  await page.getByLabel("Name of the program").fill("Learning system, test");
  await page.getByRole("button", { name: "Make the token", exact: true }).click();
  const token = await page.locator("#token").textContent();
  holds(token.startsWith("crs_"), "the token is not one of the sandbox");
  await visit.look("the token");

  const address = `${visit.demo.base}/api/pars/v1`;
  const yesterday = new Date(Date.now() - 36 * 3_600_000).toISOString().slice(0, 10);
  const answer = await submit(address, token, [
    report("Rufus", "Undermark", "--11-02", "NV", "SB710005", yesterday),
    report("Nolan", "Quillfeather", "--07-21", "CA", "SB719999", yesterday),
  ]);
  equal(answer.map(({ result }) => result).join(), "accepted,refused", "what became of the two");
  await until(async () => {
    await page.goto(PAGE);
    return (await page.getByRole("cell", { name: "Rejected" }).count()) > 0;
  });
  await seen(page.getByText("Diplomate ID is not on the board’s roster"));
  await visit.look("what came in");
  await page.goto("/provider/learners?q=Undermark");
  await seen(page.getByText("No learner found"));

  const colleague = await visit.another();
  await colleague.signIn("provider_editor");
  await colleague.goto(PAGE, "a colleague reads");
  equal(await colleague.page.getByRole("button", { name: "Make the token" }).count(), 0, "forms for a colleague");
  await colleague.close();

  await page.goto(PAGE);
  await page.getByText("Reset the sandbox").first().click();
  await page.getByRole("button", { name: "Reset the sandbox", exact: true }).click();
  await seen(page.getByText("The sandbox is as new"));
  await seen(page.getByText("Nothing was sent to the sandbox since"));
  await visit.look("as new");
}

function report(first, last, birth, state, license, day) {
  const certificate = (domain, value, certification) => ({
    UniqueID: [{ domain, value }],
    CreditReceived: { activityCertification: certification, numberOfCredits: 2 },
  });
  return {
    Member: { Name: { GivenName: first, FamilyName: last }, PersonalInfo: { BirthDate: birth } },
    Activity: {
      Module: {
        ModuleName: { moduleID: "900000002" },
        CompletedDateTime: day,
        CreditCertificate: [
          certificate(state, license, "AMA PRA Category 1"),
          certificate("ABIM", "919999", "Medical Knowledge"),
        ],
      },
    },
    XtensibleInfo: { LearnerRecordAction: "add" },
  };
}

async function submit(address, token, reports) {
  const answer = await fetch(`${address}/learner-activities?permission=held`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ ACCMELearnerReports: { ActivityReports: { ActivityReport: reports } } }),
  });
  equal(answer.headers.get("credence-sandbox"), "true", "the header of the sandbox");
  return (await answer.json()).LearnerResults;
}

async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 200));
}

// A second factor from beginning to end: an authenticator app, recovery codes, a passkey that signs in without a
// password (Chromium's virtual authenticator), sign-in by keys alone and without JavaScript, and help for who lost
// everything, which the letter to the address on file stops.

import { createHmac } from "node:crypto";

import { equal, holds, seen } from "../expect.mjs";

export const title = "a second factor is set up, used by app, code and passkey, lost, and asked for";

const PASSWORD = "paper lanterns at dusk";

export default async function (visit) {
  const { page, demo } = visit;
  // browsers refuse an IP address as the name behind a passkey
  const at = (path) => `${demo.base.replace("127.0.0.1", "localhost")}${path}`;
  const name = `Kay ${visit.width === "phone" ? "Linden" : "Ashgrove"}`;
  const email = `kay.${visit.width}@${demo.sign_ins.provider_owner.email.split("@")[1]}`;

  // somebody new is invited and accepts
  await visit.signIn("provider_owner");
  await page.goto("/provider/team");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(/^Editor/).check();
  await visit.button("Send the invitation").click();
  await seen(page.getByText("The invitation is sent"));
  const kay = await visit.another();
  await kay.page.goto(at(await letter(visit, email)));
  await kay.page.getByLabel("Your name").fill(name);
  await kay.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await kay.button("Accept and sign in").click();
  await kay.page.waitForURL(/\/provider/);

  // the app
  await kay.goto(at("/account"), "account without a second factor");
  await kay.link("Set up a second factor").click();
  await kay.look("nothing set up");
  await kay.button("Set up an authenticator app").click();
  await seen(kay.heading("Set up an authenticator app"));
  await kay.look("picture and key");
  const key = (await kay.page.locator("#secret").textContent()).replace(/\s/g, "");
  await kay.page.getByLabel("Code", { exact: true }).fill("123");
  await kay.button("Turn the app on").click();
  await seen(kay.page.getByText("Error:").first());
  await kay.look("a wrong code");
  await kay.page.getByLabel("Code", { exact: true }).fill(code(key));
  await kay.button("Turn the app on").click();
  await seen(kay.heading("Keep your recovery codes"));
  await kay.look("recovery codes");
  const codes = await kay.page.locator("#codes code").allTextContents();
  equal(codes.length, 10, "recovery codes");
  await kay.page.goto(at("/account/second-factor"));
  await kay.look("the app is on");
  await kay.close();

  // sign-in in two steps, by keys alone; the next step's code, since this one's is used up
  const back = await visit.another();
  await back.page.goto(at("/sign-in"));
  await back.page.getByLabel("E-mail").focus();
  await back.page.keyboard.type(email);
  await back.page.keyboard.press("Tab");
  await back.page.keyboard.type(PASSWORD);
  await back.page.keyboard.press("Enter");
  await seen(back.heading("One more step"));
  await back.look("one more step");
  await back.page.getByLabel("Code", { exact: true }).focus();
  await back.page.keyboard.type(code(key, 30));
  await back.page.keyboard.press("Enter");
  await back.page.waitForURL(/\/provider/);

  // a passkey, in the device that this browser plays
  const cdp = await back.page.context().newCDPSession(back.page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await back.page.goto(at("/account/second-factor"));
  await back.page.getByLabel("Name of the new passkey").fill("Kay’s phone");
  await back.button("Add a passkey").click();
  await seen(back.heading("Add a passkey"));
  await back.look("add a passkey");
  await back.button("Choose the device").click();
  await seen(back.page.getByText("The passkey is added"));
  await seen(back.page.getByRole("rowheader", { name: "Kay’s phone" }));
  await back.look("the passkey is there");
  const held = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
  holds(held.credentials[0].isResidentCredential, "the passkey does not know whose it is");

  // signed out, and in again without a password
  await back.page.request.post(at("/sign-out"), { headers: { origin: at("") } });
  await back.page.goto(at("/sign-in"));
  await seen(back.button("Use a passkey instead"));
  await back.look("sign in with a passkey");
  await back.button("Use a passkey instead").click();
  await back.page.waitForURL(/\/provider/);
  // a device that does not know its owner is refused
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await back.page.request.post(at("/sign-out"), { headers: { origin: at("") } });
  await back.page.goto(at("/sign-in"));
  await back.button("Use a passkey instead").click();
  await seen(back.page.getByText(/No passkey was used/));
  await back.look("a passkey that is refused");
  await back.close();

  // without JavaScript: a recovery code
  const plain = await visit.another({ script: false });
  await halfway(plain, at, email);
  await plain.look("one more step without JavaScript");
  await plain.page.getByLabel("Code", { exact: true }).fill(codes[0].toUpperCase().replaceAll("-", " "));
  await plain.button("Go on").click();
  await plain.page.waitForURL(/\/provider/);
  await plain.goto(at("/account/second-factor"), "nine codes are left");
  holds((await plain.page.getByRole("main").innerText()).includes("9 recovery codes are left"), "a code was not used up");
  await plain.close();

  // everything lost: a person is asked, an owner says yes, and the letter to the address on file stops it
  const lost = await visit.another();
  await halfway(lost, at, email);
  await lost.link("Ask a person for help").click();
  await lost.look("ask for help");
  await lost.button("Ask for help").click();
  await seen(lost.page.getByText("Error:").first());
  await lost.page.getByLabel("What happened?").fill("My phone is in the lake, and the codes were in its bag.");
  await lost.button("Ask for help").click();
  await seen(lost.heading("A person will look"));
  await lost.look("help is asked for");
  await lost.close();
  const stop = await letter(visit, email);
  await visit.goto("/provider/team", "team with a request");
  await visit.link(`Decide about ${name}`).click();
  await visit.look("decide about a request");
  await page.getByLabel("Yes, I have spoken with them").check();
  await page.getByLabel("Reason").fill("Spoke with Kay at the office.");
  await visit.button("Decide").click();
  await seen(page.getByText("A letter with the reason is on its way."));
  const owner = await visit.another();
  await owner.page.goto(at(stop));
  await owner.look("stop it");
  await owner.button("Stop it").click();
  await seen(owner.heading("It is stopped"));
  await owner.look("it is stopped");
  await owner.close();

  // where they land at the accreditor
  const staff = await visit.another();
  await staff.signIn("accreditor");
  await staff.goto("/admin/claims", "claims and lost factors");
  await staff.close();
}

/** The path of the link in the newest letter to an address. */
async function letter(visit, email) {
  const { page } = await visit.another();
  await page.goto("/mailbox");
  const href = await page.getByRole("article").filter({ hasText: email }).first().getByRole("link").first().getAttribute("href");
  await page.context().close();
  return new URL(href, visit.demo.base).pathname;
}

/** As far as the password leads. */
async function halfway(visit, at, email) {
  await visit.page.goto(at("/sign-in"));
  await visit.page.getByLabel("E-mail").fill(email);
  await visit.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await visit.button("Sign in").first().click();
  await seen(visit.heading("One more step"));
}

/** The app's code (RFC 6238), for some seconds from now. */
function code(key, ahead = 0) {
  const bits = [...key].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + ahead) / 30)));
  const digest = createHmac("sha1", secret).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

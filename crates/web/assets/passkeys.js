// <form data-passkey="use|add" hidden>: shown where the browser knows passkeys. Its button asks the device,
// puts the answer into the form as JSON, and sends it. Binary fields travel as base64url.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function use(form) {
  const answer = await fetch("/sign-in/passkey/options", { method: "POST" });
  if (!answer.ok) throw new Error("options");
  const { secret, options } = await answer.json();
  const publicKey = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge), allowCredentials: [] };
  const found = await navigator.credentials.get({ publicKey });
  form.querySelector("[data-passkey-secret]").value = secret;
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  return {
    ...named(found),
    response: {
      authenticatorData: toText(authenticatorData),
      clientDataJSON: toText(clientDataJSON),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

async function add(form) {
  const { publicKey } = JSON.parse(form.dataset.passkeyOptions);
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.user.id = toBytes(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = toBytes(known.id);
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  return {
    ...named(made),
    response: {
      attestationObject: toText(attestationObject),
      clientDataJSON: toText(clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

const named = ({ id, rawId, type }) => ({ id, rawId: toText(rawId), type, extensions: {} });

function wire(form) {
  const says = form.querySelector("[data-passkey-says]");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    says.textContent = "";
    button.disabled = true;
    try {
      const credential = form.dataset.passkey === "add" ? await add(form) : await use(form);
      form.querySelector("[data-passkey-credential]").value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      button.disabled = false;
      says.textContent =
        error.name === "InvalidStateError"
          ? "This device holds a passkey for your account already."
          : "No passkey was used. Try again, or use another way.";
    }
  });
}

if (globalThis.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll("form[data-passkey]").forEach(wire);
  document.querySelectorAll("[data-passkey-missing]").forEach((words) => (words.hidden = true));
}

// Passkeys. A form marked data-passkey is shown where the browser knows them; pressing its button
// asks the device, puts the answer into the form and sends it. Without this file the forms stay
// hidden: a password signs in, too.
"use strict";

const KNOWN = Boolean(window.PublicKeyCredential && navigator.credentials);

const toBytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const toText = (bytes) => {
  const binary = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};

const listed = (credentials) => (credentials || []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function create(form) {
  const options = JSON.parse(form.dataset.options).publicKey;
  const alone = form.elements.passwordless.checked;
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      userVerification: alone ? "required" : options.authenticatorSelection.userVerification,
    },
  };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports(),
  });
}

async function get(options) {
  const asked = options.publicKey;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: listed(asked.allowCredentials),
  };
  const found = await navigator.credentials.get({ publicKey });
  const { authenticatorData, signature, userHandle } = found.response;
  return answer(found, {
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

function answer(credential, response) {
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  };
}

async function freshOptions(form) {
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("The server did not answer.");
  return (await response.json()).request_options;
}

const WAYS = {
  create,
  get: (form) => get(JSON.parse(form.dataset.options)),
  "sign-in": async (form) => get(await freshOptions(form)),
};

const NEEDS_A_NAME =
  "Passkeys need a name in the address, not a number. Open localhost or the server's name instead.";

// What is said when it came to nothing stands in the form, unless the browser names a reason.
async function ask(event) {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const sentence = form.querySelector(".field__error[role=alert]");
  sentence.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await WAYS[form.dataset.passkey](form));
    form.submit();
  } catch (reason) {
    if (reason.name === "SecurityError") sentence.textContent = NEEDS_A_NAME;
    sentence.hidden = false;
  }
}

if (KNOWN) {
  for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = false;
  document.addEventListener("submit", ask);
}

// Passkeys of patients: adding one, and signing in with it. Without JavaScript a link by mail or text does the same.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const read = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function add({ publicKey }) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: read(publicKey.excludeCredentials),
      },
    });
    return answer(made, { attestationObject: text(made.response.attestationObject) });
  }

  async function use({ publicKey }) {
    const used = await navigator.credentials.get({
      publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: read(publicKey.allowCredentials) },
    });
    return answer(used, {
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
    });
  }

  function answer(credential, more) {
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response: { clientDataJSON: text(credential.response.clientDataJSON), ...more },
    };
  }

  async function post(where, body) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const said = await fetch(where, {
      method: "POST",
      headers: { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    if (!said.ok) throw new Error(`answered ${said.status}`);
    return said.json();
  }

  document.querySelectorAll("[data-passkey]").forEach((box) => {
    if (!window.PublicKeyCredential) return;
    const button = box.querySelector("button");
    const failed = box.querySelector("[role=alert]");
    box.hidden = false;
    button.addEventListener("click", async () => {
      failed.hidden = true;
      button.disabled = true;
      try {
        const options = await post(box.dataset.ask, {});
        const said = await (box.dataset.passkey === "add" ? add : use)(options);
        window.location.assign((await post(box.dataset.send, said)).where);
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  });
})();

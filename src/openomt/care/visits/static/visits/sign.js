// Signing: asks once more who it is, by PIN, password or passkey, and signs what was saved.
"use strict";
(() => {
  const dialog = document.getElementById("signing");
  const page = document.querySelector("main.visit");
  if (!(dialog instanceof HTMLDialogElement) || !(page instanceof HTMLElement)) return;
  const csrf = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
  const pin = field("pin"), password = field("sign-password"), problem = field("signing-problem");
  /** @type {Promise<number | null>} */ let settled = Promise.resolve(null);
  let busy = false;

  function open() {
    if (dialog.open) return;
    const asked = new CustomEvent("openomt:settle", { detail: { answer: Promise.resolve(null) } });
    document.dispatchEvent(asked);
    settled = asked.detail.answer;
    problem.textContent = "";
    pin.value = ""; password.value = "";
    field("signing-open").textContent = document.getElementById("part-open")?.textContent?.trim() || "";
    dialog.showModal();
    (dialog.dataset.pin === "yes" ? pin : password).focus();
    settled.then((revision) => { field("signing-open").textContent = revision === null ? "Not everything is saved yet. It cannot be signed." : document.getElementById("part-open")?.textContent?.trim() || ""; });
  }
  /** @param {Record<string, unknown>} proof */
  async function sign(proof) {
    if (busy) return;
    busy = true;
    try {
      const revision = await settled;
      if (revision === null) { problem.textContent = "Not everything is saved yet. Close this and look at the state at the top."; return; }
      const reply = await fetch(String(page.dataset.sign), { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf }, body: JSON.stringify({ ...proof, revision }) });
      const said = await reply.json();
      if (reply.ok) { location.assign(said.where); return; }
      problem.textContent = said.error;
      pin.value = "";
      (dialog.dataset.pin === "yes" ? pin : password).select();
    } catch {
      problem.textContent = "The server did not answer. Nothing is known to be signed: look once more.";
    } finally { busy = false; }
  }
  pin.addEventListener("input", () => { if (/^\d{6}$/.test(pin.value)) sign({ pin: pin.value }); });
  document.getElementById("signing-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    sign(password.value ? { password: password.value } : { pin: pin.value });
  });
  document.getElementById("sign-passkey")?.addEventListener("click", async () => {
    try {
      const reply = await fetch(String(dialog.dataset.passkey), { method: "POST", credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": csrf } });
      const asked = await reply.json();
      if (!reply.ok) { problem.textContent = asked.error; return; }
      // @ts-ignore  (of the sign-in library's script)
      await sign({ passkey: await window.webauthnJSON.get(asked) });
    } catch { problem.textContent = "The passkey was not given. Try again, or sign with your PIN or password."; }
  });
  document.getElementById("sign")?.addEventListener("click", open);
  document.getElementById("signing-back")?.addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); open(); }
  });
})();

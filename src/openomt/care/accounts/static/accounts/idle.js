// Locks the screen when nobody was there for as long as the practice allows, and keeps what was typed.
//
// <script src="…/accounts/idle.js" data-after="900" data-locked="/locked" data-unlock="/unlock" data-seen="/seen" defer>
//
// - While somebody types or points, it says so to the server (`seen`), so that a long form does not lock under the hands.
// - When the time is over it asks the server: another tab may be in use. If not, the page goes to the locked page, which
//   takes everything off the screen. A page where something was typed (or with `data-keep-open` on an element) is covered
//   instead: the password opens it as it was.
// - Another script whose request was answered 423 dispatches `openomt:lock` on document to cover the page, and may listen
//   for `openomt:unlocked` to send again.
"use strict";
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { after = "900", locked = "/locked", unlock = "/unlock", seen = "/seen" } = script.dataset;
  const limit = Number(after) * 1000;
  const SAY_EVERY = Math.min(60_000, limit / 4);
  let last = Date.now();
  let said = Date.now();
  let typed = false;
  /** @type {HTMLDialogElement | null} */
  let cover = null;

  const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
  const post = (/** @type {string} */ where, /** @type {FormData | undefined} */ body = undefined) =>
    fetch(where, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token() } });

  function here() {
    last = Date.now();
    if (cover || last - said < SAY_EVERY) return;
    said = last;
    post(seen).then((answer) => { if (answer.status === 423) hide(); }, () => undefined);
  }

  async function look() {
    if (cover || Date.now() - last < limit) return;
    try {
      const answer = await fetch(seen, { headers: { Accept: "application/json", "X-OpenOMT-Background": "1" } });
      if (answer.status === 401) { location.reload(); return; }
      const left = answer.ok ? (await answer.json()).left : 0;
      if (left > 0) { last = Date.now() - limit + left * 1000; return; }
    } catch {
      // No network: the screen is left alone all the same.
    }
    hide();
  }

  function hide() {
    if (cover) return;
    if (typed || document.querySelector("[data-keep-open]")) { coverPage(); return; }
    location.assign(`${locked}?next=${encodeURIComponent(location.pathname)}`);
  }

  function coverPage() {
    if (cover) return;
    const title = document.title;
    const behind = /** @type {HTMLElement[]} */ ([...document.body.children]);
    cover = document.createElement("dialog");
    cover.setAttribute("aria-labelledby", "cover-title");
    cover.innerHTML = `<h2 id="cover-title">Locked</h2><p>Give your password to go on. What you wrote is still here.</p>
      <form class="form"><div class="field"><label for="cover-password">Password</label>
      <input id="cover-password" name="password" type="password" autocomplete="current-password" required></div>
      <p class="errors" role="alert"></p><div class="acts"><button class="btn btn-primary" type="submit">Unlock</button></div></form>`;
    document.title = "Locked";
    for (const element of behind) { element.style.visibility = "hidden"; element.inert = true; }
    document.body.append(cover);
    cover.addEventListener("cancel", (event) => event.preventDefault());
    cover.addEventListener("close", () => cover?.isConnected && cover.showModal());
    cover.showModal();
    const form = /** @type {HTMLFormElement} */ (cover.querySelector("form"));
    const error = /** @type {HTMLElement} */ (cover.querySelector(".errors"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const answer = await post(unlock, new FormData(form));
        if (answer.status === 401) { error.textContent = "You were signed out. Sign in in another tab, then unlock here."; return; }
        const said = await answer.json();
        if (!said.unlocked) { error.textContent = said.error; form.reset(); return; }
      } catch {
        error.textContent = "The server does not answer. Try again.";
        return;
      }
      for (const element of behind) { element.style.visibility = ""; element.inert = false; }
      document.title = title;
      const done = cover;
      cover = null;
      done?.remove();
      last = Date.now();
      document.dispatchEvent(new CustomEvent("openomt:unlocked"));
    });
  }

  for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    addEventListener(kind, here, { passive: true, capture: true });
  }
  addEventListener("input", () => { typed = true; }, { passive: true, capture: true });
  addEventListener("submit", () => { typed = false; }, { passive: true });
  document.addEventListener("openomt:lock", () => { coverPage(); });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = /** @type {CustomEvent<{xhr: XMLHttpRequest}>} */ (event).detail;
    if (!xhr.getResponseHeader("HX-Redirect")?.startsWith(locked) || !typed) return;
    event.preventDefault();
    coverPage();
  });
  document.addEventListener("visibilitychange", look);
  setInterval(look, Math.min(5_000, limit / 4));
})();

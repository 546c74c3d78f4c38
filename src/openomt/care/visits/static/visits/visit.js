// The visit page: collects the boxes, saves as they change, shows the answer, never claims more than was acknowledged.
"use strict";
(() => {
  const $ = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const page = document.querySelector("main.visit");
  if (!(page instanceof HTMLElement)) return;
  const text = /** @type {HTMLTextAreaElement} */ ($("findings"));
  const mirror = $("mirror");
  const lines = $("lines");
  const csrf = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"];
  const tab = crypto.randomUUID();
  const PAUSE = 220; // ms after the last key
  const LONGEST = 900; // ms that a change may wait
  /** @type {Record<string, string>} */ const have = {};
  /** @type {[number, number, string][]} */ let marks = [];
  let revision = Number(page.dataset.revision);
  let draft = JSON.parse(page.dataset.draft || "{}");
  /** What the boxes were made from, where that is no revision of the server's. @type {any} */ let origin = null;
  let changed = false, sending = false, failures = 0, since = 0;
  /** @type {number | undefined} */ let timer;
  let savedAt = $("saved-words").textContent.includes("saved") ? $("saved-words").textContent.split(" ").pop() : "";

  // State -------------------------------------------------------------------------------------------
  /** @param {string} state @param {string} words */
  function say(state, words) {
    $("saved").dataset.state = state;
    if ($("saved-words").textContent !== words) $("saved-words").textContent = words;
  }
  /** @param {string} words */
  function trouble(words) { $("trouble").textContent = words; $("trouble").hidden = !words; }

  // Boxes -------------------------------------------------------------------------------------------
  const boxes = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>} */ (document.querySelectorAll("[data-box]:not(button)"));
  /** @param {string} name */
  const box = (name) => [...boxes].find((one) => one.dataset.box === name);
  /** What the page holds now. */
  function collect() {
    /** @type {any} */ const made = { kept_words: draft.kept_words || [], overrides: draft.overrides || [] };
    for (const one of boxes) {
      const [outer, inner] = String(one.dataset.box).split(".");
      /** @type {any} */ let value = one.value;
      if (one instanceof HTMLInputElement && one.type === "checkbox") value = one.checked;
      else if (one instanceof HTMLInputElement && one.type === "number") value = one.value === "" ? null : Number(one.value);
      else if (one instanceof HTMLSelectElement && value === "") value = null;
      if (outer === "agreed") value = value ? true : draft.agreed === false ? false : null;
      if (outer === "separate" && inner === "beyond") value = value ? true : null;
      if (inner) (made[outer] ||= {})[inner] = value; else made[outer] = value;
    }
    const agreed = /** @type {HTMLElement} */ (box("agreed"));
    made.discussed = made.agreed ? (draft.agreed && draft.discussed) || agreed.dataset.discussed : made.agreed === false ? draft.discussed || "" : "";
    made.refused = refused();
    return made;
  }
  function refused() {
    const made = [];
    const once = /** @type {HTMLInputElement} */ (document.querySelector("[data-refuse]"));
    const always = /** @type {HTMLInputElement} */ (document.querySelector("[data-always]"));
    if (once.checked || always.checked) made.push({ technique: once.dataset.refuse, always: always.checked });
    const other = /** @type {HTMLInputElement} */ (document.querySelector("[data-refuse-other]")).value;
    const lasting = (draft.refused || []).filter((/** @type {any} */ one) => one.always).map((/** @type {any} */ one) => one.technique);
    for (const name of other.split(",").map((part) => part.trim()).filter(Boolean)) made.push({ technique: name, always: lasting.includes(name) });
    return made;
  }
  /** Puts a draft that came from elsewhere into the boxes, leaving the caret where it was. @param {any} next */
  function show(next) {
    for (const one of boxes) {
      const [outer, inner] = String(one.dataset.box).split(".");
      const value = inner ? (next[outer] || {})[inner] : next[outer];
      if (one instanceof HTMLInputElement && one.type === "checkbox") one.checked = Boolean(value);
      else {
        const wanted = value === null || value === undefined ? (inner === "method" ? "mdm" : "") : String(value);
        if (one.value === wanted) continue;
        const inUse = one === document.activeElement && !(one instanceof HTMLSelectElement);
        const at = inUse ? one.selectionStart : null;
        one.value = wanted;
        if (inUse && at !== null) one.setSelectionRange(Math.min(at, wanted.length), Math.min(at, wanted.length));
      }
    }
    const thrust = (next.refused || []).find((/** @type {any} */ one) => one.technique === "HVLA");
    /** @type {HTMLInputElement} */ (document.querySelector("[data-refuse]")).checked = Boolean(thrust);
    /** @type {HTMLInputElement} */ (document.querySelector("[data-always]")).checked = Boolean(thrust && thrust.always);
    const others = /** @type {HTMLInputElement} */ (document.querySelector("[data-refuse-other]"));
    others.value = (next.refused || []).map((/** @type {any} */ one) => one.technique).filter((/** @type {string} */ name) => name !== "HVLA").join(", ");
    draft = next;
    paint();
  }

  // Saving ------------------------------------------------------------------------------------------
  function touch() {
    changed = true;
    const now = performance.now();
    since ||= now;
    clearTimeout(timer);
    timer = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - now)));
    if (!sending) say("changed", savedAt ? `Not saved since ${savedAt}` : "Not saved yet");
  }
  /** @param {boolean} [anyway] also where nothing changed: to get the answer for another line */
  async function save(anyway) {
    if (sending || covered || (!changed && !anyway)) return;
    sending = true; changed = false; since = 0;
    const sent = collect();
    const slow = setTimeout(() => say("saving", "Saving"), 300);
    try {
      const from = origin;
      const reply = await fetch(String(page.dataset.save), {
        method: "POST", credentials: "same-origin", signal: AbortSignal.timeout(15000),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ base: revision, tab, line: caretLine(), draft: sent, origin: from, have }),
      });
      if (reply.status === 423) { changed = true; lock(); return; }
      if (reply.status === 401) { changed = true; say("offline", "Signed out, not saved"); trouble("You are signed out. Sign in on another page of this browser; what you wrote is kept here and saved then."); again(); return; }
      const said = await reply.json();
      if (!reply.ok) { changed = !said.signed; say("offline", savedAt ? `Not saved since ${savedAt}` : "Not saved"); trouble(said.error || "Not saved."); if (reply.status >= 500) again(); return; }
      failures = 0; origin = null; trouble("");
      revision = said.revision; savedAt = said.at; marks = said.marks; draft = sent;
      if (said.draft) take(sent, said.draft);
      for (const [name, [digest, html]] of Object.entries(said.parts)) put(name, digest, html);
      if (said.both.length) trouble("Somebody else wrote in the same lines. Both are kept: look through the text.");
      paint();
      say(changed ? "changed" : "saved", changed ? `Not saved since ${savedAt}` : `Draft, saved ${savedAt}`);
    } catch {
      changed = true;
      say("offline", savedAt ? `Offline, kept on this page, not saved since ${savedAt}` : "Offline, kept on this page");
      again();
    } finally {
      clearTimeout(slow);
      sending = false;
      if (changed && !failures && !covered) timer = setTimeout(save, PAUSE);
    }
  }
  function again() {
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => { failures = Math.max(1, failures); save(); }, Math.min(500 * 2 ** failures, 10000));
  }
  /** Another person's words came in. Where nobody typed on meanwhile they are shown; else the next save merges. @param {any} sent @param {any} merged */
  function take(sent, merged) {
    if (JSON.stringify(collect()) === JSON.stringify(sent)) { show(merged); return; }
    origin = sent;
    changed = true;
  }
  /** @param {string} name @param {string} digest @param {string} html */
  function put(name, digest, html) {
    have[name] = digest;
    const at = document.getElementById(`part-${name}`);
    if (!at) return;
    const focused = at.contains(document.activeElement) ? document.activeElement : null;
    if (focused instanceof HTMLInputElement && focused.value) { delete have[name]; return; } // a reason is being typed
    const open = [...at.querySelectorAll("details")].map((one) => one.open);
    at.innerHTML = html;
    at.querySelectorAll("details").forEach((one, n) => { if (open[n]) one.open = true; });
  }

  // Locked: the page is covered (accounts/idle.js), and saves once it is opened again.
  let covered = false;
  function lock() {
    covered = true;
    say("offline", "Locked, kept on this page, not saved");
    document.dispatchEvent(new CustomEvent("openomt:lock"));
  }
  document.addEventListener("openomt:unlocked", () => { covered = false; text.focus(); save(true); });

  // The editor --------------------------------------------------------------------------------------
  const caretLine = () => text.value.slice(0, text.selectionStart).split("\n").length;
  /** Draws line numbers, the current line and the underlines, and grows the box with its text. */
  function paint() {
    const at = caretLine();
    const rows = text.value.split("\n");
    const known = draft.text === text.value ? marks : [];
    let start = 0;
    mirror.replaceChildren(...rows.map((row, n) => {
      const drawn = underlined(row, start, known);
      drawn.className = n + 1 === at ? "line current" : "line";
      start += row.length + 1;
      return drawn;
    }));
    lines.replaceChildren(...rows.map((_, n) => {
      const item = document.createElement("li");
      item.textContent = String(n + 1);
      item.style.height = `${/** @type {HTMLElement} */ (mirror.children[n]).offsetHeight}px`;
      if (n + 1 === at) item.setAttribute("aria-current", "true");
      return item;
    }));
    const last = /** @type {HTMLElement} */ (mirror.lastElementChild);
    text.style.height = `${Math.max(156, last.offsetTop + last.offsetHeight + 36)}px`; // room for one more line
    for (const row of document.querySelectorAll("#part-rows tr[data-line]")) row.toggleAttribute("data-current", row.getAttribute("data-line") === String(at));
  }
  /** One line with its underlines. @param {string} row @param {number} start @param {[number, number, string][]} known */
  function underlined(row, start, known) {
    const drawn = document.createElement("div");
    let done = 0;
    for (const [from, to, kind] of known.map(([one, other, what]) => /** @type {[number, number, string]} */ ([one - start, other - start, what])).sort((one, other) => one[0] - other[0])) {
      const first = Math.max(from, done), last = Math.min(to, row.length);
      if (first >= last) continue;
      const mark = document.createElement(kind === "alert" ? "s" : kind === "kept" ? "i" : "u");
      mark.textContent = row.slice(first, last);
      drawn.append(row.slice(done, first), mark);
      done = last;
    }
    drawn.append(row.slice(done) || "\u200b");
    return drawn;
  }
  let line = 1;
  function moved() {
    paint();
    if (caretLine() !== line) { line = caretLine(); clearTimeout(timer); timer = setTimeout(() => save(true), PAUSE); }
  }
  /** Replaces a stretch of the text so that the browser's undo knows it. @param {number} start @param {number} end @param {string} put */
  function replace(start, end, put) {
    text.focus();
    text.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, put)) { text.setRangeText(put, start, end, "end"); text.dispatchEvent(new Event("input", { bubbles: true })); }
  }
  /** Adds to the end of a line, from 1. @param {number} number @param {string} put */
  function addToLine(number, put) {
    const all = text.value.split("\n");
    const end = all.slice(0, number).join("\n").length;
    replace(end, end, put);
  }
  /** Adds a line of its own. @param {string} put */
  function addLine(put) {
    const value = text.value.replace(/\s+$/, "");
    replace(value.length, text.value.length, value ? `\n${put}` : put);
  }
  document.addEventListener("openomt:refresh", () => save(true)); // the patient answered: their words come in
  document.addEventListener("openomt:insert", (event) => addLine(/** @type {CustomEvent} */ (event).detail.text));
  text.addEventListener("input", () => { paint(); line = caretLine(); });
  for (const kind of ["keyup", "click", "focus"]) text.addEventListener(kind, moved);
  document.addEventListener("input", (event) => { if (event.target instanceof Element && event.target.closest("[data-box], [data-refuse], [data-always], [data-refuse-other]")) touch(); });
  document.addEventListener("change", (event) => { if (event.target instanceof Element && event.target.closest("[data-box], [data-refuse], [data-always]")) touch(); });

  // Buttons -----------------------------------------------------------------------------------------
  /** @type {Record<string, (button: HTMLElement) => void>} */
  const acts = {
    accept: (b) => replace(Number(b.dataset.start), Number(b.dataset.end), String(b.dataset.put)),
    "keep-words": (b) => { draft.kept_words = [...(draft.kept_words || []), b.dataset.word]; touch(); text.focus(); },
    respond: (b) => addLine(String(b.dataset.response)),
    use: (b) => addToLine(Number(b.dataset.line), `; ${b.dataset.put}`),
    instead: (b) => Number(b.dataset.start) >= 0 ? replace(Number(b.dataset.start), Number(b.dataset.end), String(b.dataset.put)) : addLine(String(b.dataset.put).replace(/^; /, "")),
    "keep-it": (b) => {
      const reason = /** @type {HTMLInputElement} */ (b.parentElement?.querySelector(".why"));
      if (reason.value.trim().length < 3) { reason.setAttribute("aria-invalid", "true"); reason.focus(); return; }
      draft.overrides = [...(draft.overrides || []).filter((/** @type {any} */ one) => one.technique !== b.dataset.technique || one.region !== b.dataset.region), { technique: b.dataset.technique, region: b.dataset.region, reason: reason.value.trim() }];
      reason.value = "";
      touch();
    },
    unkeep: (b) => { draft.overrides = (draft.overrides || []).filter((/** @type {any} */ one) => one.technique !== b.dataset.technique || one.region !== b.dataset.region); touch(); },
    "carry-line": (b) => addLine(String(b.dataset.text)),
    carry: (b) => carry(JSON.parse(b.dataset.carry || "{}")),
    "tick-box": (b) => { const one = box(String(b.dataset.box)); if (one instanceof HTMLInputElement) { one.checked = true; touch(); } },
    "go-box": (b) => { const one = box(String(b.dataset.box)); const around = one?.closest("details"); if (around) around.open = true; one?.focus(); },
  };
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const name = button && Object.keys(acts).find((one) => button.classList.contains(one));
    if (button && name) acts[name](button);
    const row = event.target instanceof Element ? event.target.closest("#part-rows tr[data-line]") : null;
    if (row && !button) goTo(Number(row.getAttribute("data-line")));
  });
  /** @param {number} number */
  function goTo(number) {
    const at = text.value.split("\n").slice(0, number).join("\n").length;
    text.focus();
    text.setSelectionRange(at, at);
    moved();
  }
  /** Everything of the last visit that may be carried: into boxes that are empty. @param {Record<string, string>} last */
  function carry(last) {
    for (const [name, value] of Object.entries(last)) {
      const one = box(name);
      if (!one || name === "text") continue;
      if (!one.value.trim()) one.value = value;
    }
    if (last.text) addLine(last.text);
    touch();
  }
  const click = (/** @type {string} */ where, n = 0) => { const found = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(where)]); found[n]?.click(); return Boolean(found[n]); };
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const number = ["Digit1", "Digit2", "Digit3"].indexOf(event.code);
    const done = number >= 0 ? click(".instead", number) || click(".use", number)
      : event.code === "KeyC" ? click("#carry")
      : event.code === "KeyI" ? click(".respond[data-response=improved]")
      : event.code === "KeyG" ? click("#part-ask .accept")
      : event.code === "KeyA" ? click("[data-box=agreed]")
      : false;
    if (done) event.preventDefault();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || event.altKey || event.ctrlKey) return;
    const first = /** @type {HTMLElement | null} */ (document.querySelector("#part-ask .accept"));
    if (first && text.selectionStart === Number(first.dataset.end)) { event.preventDefault(); first.click(); }
  });
  window.addEventListener("beforeunload", (event) => { if (changed || sending) event.preventDefault(); });
  window.addEventListener("resize", paint);
  window.addEventListener("online", () => { if (changed) save(); });

  /** For signing: saves what is not saved and tells the revision, or null where it could not be saved. */
  async function settle() {
    for (let tries = 0; tries < 40 && (changed || sending); tries += 1) {
      if (!sending) await save();
      if (failures || covered) return null;
      if (changed || sending) await new Promise((done) => setTimeout(done, 50));
    }
    return changed || sending ? null : revision;
  }
  document.addEventListener("openomt:settle", (event) => { /** @type {CustomEvent} */ (event).detail.answer = settle(); });
  show(draft);
  save(true);
  if (!matchMedia("(pointer: coarse)").matches) { text.focus({ preventScroll: true }); }
})();

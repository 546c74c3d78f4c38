// Phrases: `.walk` and a blank, Enter or Tab becomes the phrase's text, in every box marked `data-phrases`.
"use strict";
(() => {
  const SHORT = /(^|[\s(;,])\.([a-z][a-z0-9-]*)$/i;
  const BOXES = "textarea[data-phrases], input[data-phrases]";
  if (!document.querySelector(BOXES)) return;
  /** @type {Record<string, string>} */ let phrases = {};
  const load = () => fetch("/phrases.json", { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : phrases))
    .then((found) => { phrases = found; })
    .catch(() => undefined); // without them every key types itself
  load();
  // Those kept on another page of the browser meanwhile.
  document.addEventListener("visibilitychange", () => { if (!document.hidden) load(); });

  document.addEventListener("keydown", (event) => {
    if (![" ", "Enter", "Tab"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    const box = event.target;
    if (!(box instanceof HTMLTextAreaElement || box instanceof HTMLInputElement) || !box.matches(BOXES)) return;
    const at = box.selectionStart;
    if (at === null || at !== box.selectionEnd) return;
    const match = SHORT.exec(box.value.slice(0, at));
    const text = match && Object.hasOwn(phrases, match[2].toLowerCase()) ? phrases[match[2].toLowerCase()] : null;
    if (!match || text === null) return;
    put(box, at - match[2].length - 1, at, text);
    // A blank or a new line still types itself after the text; Tab stays in the box.
    if (event.key === "Tab") { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  /** Replaces so that one undo takes it back. @param {HTMLTextAreaElement | HTMLInputElement} box @param {number} start @param {number} end @param {string} text */
  function put(box, start, end, text) {
    const line = box instanceof HTMLInputElement ? text.replace(/\s*\n\s*/g, " ") : text;
    box.setSelectionRange(start, end);
    if (document.execCommand("insertText", false, line)) return;
    box.setRangeText(line, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();

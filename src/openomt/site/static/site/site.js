// What every staff page does: `/` goes to the search, Escape leaves it, arrows walk its answers.
"use strict";
(() => {
  const find = /** @type {HTMLInputElement | null} */ (document.getElementById("find"));
  const found = document.getElementById("found");
  const typing = (target) => target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && find && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      find.focus();
    }
    if (!find || !found || !(event.target instanceof Node) || !find.form?.contains(event.target)) return;
    if (event.key === "Escape") { found.replaceChildren(); find.focus(); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const links = [...found.querySelectorAll("a")];
      if (!links.length) return;
      event.preventDefault();
      const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
      const next = event.key === "ArrowDown" ? at + 1 : at - 1;
      (next < 0 ? find : links[Math.min(next, links.length - 1)]).focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (found && event.target instanceof Node && !find?.form?.contains(event.target)) found.replaceChildren();
  });
})();

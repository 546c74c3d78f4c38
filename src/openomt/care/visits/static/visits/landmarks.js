// The landmark helper: areas as tabs, and `Use` that sends the shorthand: `openomt:insert` on document, detail.text.
"use strict";
(() => {
  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const helper = at?.closest(".lm");
    if (!at || !helper) return;
    const area = at.closest("[data-lm-area]");
    if (area instanceof HTMLElement) show(helper, area.dataset.lmArea ?? "");
    const use = at.closest("[data-lm-use]");
    if (use instanceof HTMLElement) document.dispatchEvent(new CustomEvent("openomt:insert", { detail: { text: use.dataset.lmUse } }));
  });
  // What is cleared asks anew, so that no answer stands beside tests that are gone.
  document.addEventListener("reset", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.matches(".lm-area")) setTimeout(() => form.dispatchEvent(new Event("change", { bubbles: true })));
  });

  /** @param {Element} helper @param {string} area */
  function show(helper, area) {
    for (const one of helper.querySelectorAll("[data-lm-area]")) one.setAttribute("aria-pressed", String(one instanceof HTMLElement && one.dataset.lmArea === area));
    for (const one of helper.querySelectorAll("[data-area]")) one.toggleAttribute("hidden", !(one instanceof HTMLElement) || one.dataset.area !== area);
  }
})();

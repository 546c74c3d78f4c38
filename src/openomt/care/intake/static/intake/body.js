// Where it hurts: the picture is another way to tick the boxes of the list. Without this script the list stands alone.
"use strict";
(() => {
  const root = document.querySelector("[data-body]");
  if (!(root instanceof HTMLElement)) return;
  const picture = root.querySelector(".picture");
  const list = root.querySelector(".list");
  const told = root.querySelector("[data-told]");
  if (!(picture instanceof HTMLElement) || !(list instanceof HTMLElement) || !told) return;

  /** @param {string} key @returns {HTMLInputElement | null} */
  const box = (key) => list.querySelector(`input[value="${key}"]`);
  /** @param {Element} pressed @param {string} of */
  const press = (pressed, of) => root.querySelectorAll(`[${of}]`).forEach((one) => one.setAttribute("aria-pressed", String(one === pressed)));

  const draw = () => {
    root.querySelectorAll(".zone").forEach((zone) => zone.classList.toggle("on", Boolean(box(zone.getAttribute("data-place") ?? "")?.checked)));
    root.querySelectorAll("[data-hit]").forEach((hit) => hit.setAttribute("aria-checked", String(Boolean(box(hit.getAttribute("data-hit") ?? "")?.checked))));
    const names = [...list.querySelectorAll("input:checked")].map((one) => one.getAttribute("data-name"));
    told.textContent = names.length ? `${root.dataset.chosen} ${names.join("; ")}` : root.dataset.nothing ?? "";
  };

  /** @param {Element} hit */
  const toggle = (hit) => {
    const one = box(hit.getAttribute("data-hit") ?? "");
    if (one) { one.checked = !one.checked; draw(); }
  };

  root.querySelectorAll("[data-hit]").forEach((hit) => {
    const one = box(hit.getAttribute("data-hit") ?? "");
    hit.setAttribute("role", "checkbox");
    hit.setAttribute("tabindex", "0");
    hit.setAttribute("aria-label", one?.dataset.name ?? "");
    hit.addEventListener("click", () => toggle(hit));
    hit.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || (event.key !== " " && event.key !== "Enter")) return;
      event.preventDefault();
      toggle(hit);
    });
  });
  root.querySelectorAll("[data-view]").forEach((button) => button.addEventListener("click", () => {
    press(button, "data-view");
    root.querySelectorAll("[data-figure]").forEach((one) => one.toggleAttribute("hidden", one.getAttribute("data-figure") !== button.getAttribute("data-view")));
  }));
  root.querySelectorAll("[data-show]").forEach((button) => button.addEventListener("click", () => {
    const asList = button.getAttribute("data-show") === "list";
    press(button, "data-show");
    list.hidden = !asList;
    root.querySelector("[data-sides]")?.toggleAttribute("hidden", asList);
    root.querySelectorAll("[data-figure]").forEach((one) => one.toggleAttribute("hidden", asList || root.querySelector('[data-view][aria-pressed="true"]')?.getAttribute("data-view") !== one.getAttribute("data-figure")));
  }));
  list.addEventListener("change", draw);
  picture.hidden = false;
  list.hidden = true;
  draw();
})();

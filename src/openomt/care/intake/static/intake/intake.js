// Questionnaires by keyboard: a digit chooses that answer and goes on; a chosen answer is taken back by a click or Backspace.
"use strict";
(() => {
  const WAIT = 700; // a 1 may become a 10
  /** @type {{group: Element, digits: string, timer: number} | null} */
  let pending = null;

  /** @param {Element} group @returns {HTMLInputElement[]} */
  const answers = (group) => [...group.querySelectorAll("input[type=radio]")];

  /** @param {Element} group */
  const goOn = (group) => {
    const groups = [...document.querySelectorAll("[data-keys]")];
    const next = groups[groups.indexOf(group) + 1];
    const first = next?.querySelector("input[type=radio]:checked") ?? next?.querySelector("input[type=radio]");
    if (first instanceof HTMLElement) first.focus();
  };

  /** @param {Element} group @param {string} digits @returns {boolean} */
  const choose = (group, digits) => {
    const answer = answers(group).find((one) => one.value === digits);
    if (!answer) return false;
    answer.checked = true;
    answer.focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLInputElement) || target.type !== "radio") return;
    const group = target.closest("[data-keys]");
    if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      answers(group).forEach((one) => { one.checked = false; });
      return;
    }
    if (!/^\d$/.test(event.key)) return;
    event.preventDefault();
    const before = pending?.group === group ? pending.digits : "";
    if (pending) window.clearTimeout(pending.timer);
    const digits = choose(group, before + event.key) ? before + event.key : event.key;
    if (digits === event.key) choose(group, digits);
    const longer = answers(group).some((one) => one.value !== digits && one.value.startsWith(digits));
    pending = { group, digits, timer: window.setTimeout(() => { pending = null; }, WAIT) };
    if (!longer) { window.clearTimeout(pending.timer); pending = null; goOn(group); }
  });

  // A second click on the chosen answer takes it back.
  let was = "";
  document.addEventListener("pointerdown", (event) => {
    const target = event.target;
    was = target instanceof HTMLInputElement && target.type === "radio" && target.checked ? target.name : "";
  });
  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type === "radio" && was === target.name) target.checked = false;
    was = "";
  });
})();

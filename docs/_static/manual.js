// Lets a reader choose rows of the tables in `.filtered`: by words, and by each column that holds `.value`.
// A row with `.every` in a column stays, whatever is chosen there. Without this script they are plain tables.
"use strict";

/** What a row can be chosen by in one column. @param {HTMLTableRowElement} row @param {number} at */
function valuesOf(row, at) {
  const found = [...(row.cells[at]?.querySelectorAll(".value") ?? [])];
  return {
    names: found.filter((one) => !one.classList.contains("every")).map((one) => one.textContent.trim()),
    every: found.some((one) => one.classList.contains("every")),
  };
}

/** A control with its label. @param {string} text @param {HTMLElement} control */
function labeled(text, control) {
  const label = document.createElement("label");
  label.append(text, control);
  return label;
}

/** A list of the values of one column. @param {string[]} names */
function choice(names) {
  const select = document.createElement("select");
  select.add(new Option("any", ""));
  for (const name of names) select.add(new Option(name, name));
  return select;
}

/** @param {HTMLElement} box */
function addFilters(box) {
  const table = box.querySelector("table");
  const rows = [...(table?.tBodies[0]?.rows ?? [])];
  if (!table?.tHead || rows.length === 0) return;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const form = document.createElement("form");
  const count = document.createElement("output");
  const words = Object.assign(document.createElement("input"), { type: "search" });
  form.className = "filters";
  form.append(labeled("words", words));
  /** @type {{at: number, select: HTMLSelectElement}[]} */
  const choices = [];
  heads.forEach((head, at) => {
    const names = [...new Set(rows.flatMap((row) => valuesOf(row, at).names))].sort((a, b) => a.localeCompare(b));
    if (names.length < 2) return;
    const select = choice(names);
    choices.push({ at, select });
    form.append(labeled(head, select));
  });

  function show() {
    const asked = words.value.trim().toLowerCase();
    for (const row of rows) {
      const fits = choices.every(({ at, select }) => {
        const { names, every } = valuesOf(row, at);
        return !select.value || every || names.includes(select.value);
      });
      row.hidden = !fits || !row.textContent.toLowerCase().includes(asked);
    }
    count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
  }

  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  form.append(Object.assign(document.createElement("button"), { type: "reset", textContent: "show all" }), count);
  box.prepend(form);
  show();
}

/** Of a wide table: on a narrow screen each cell stands under the name of its column. @param {HTMLTableElement} table */
function nameCells(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
  if (heads.length < 4) return;
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, at) => {
      cell.setAttribute("data-head", heads[at] ?? "");
      cell.classList.toggle("blank", !cell.textContent.trim());
    });
  }
  table.classList.add("stacks");
}

document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("article table")) nameCells(table);
  for (const box of document.querySelectorAll(".filtered")) addFilters(box);
});

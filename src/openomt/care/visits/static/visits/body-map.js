// The body map: a place is chosen on the figure or in the list, a panel offers what is found there,
// and the choice goes out as shorthand: `openomt:insert` on document, detail.text.
"use strict";
(() => {
  /** Parts of the figure that a tap on a touch screen enlarges: the rows of its view box they hold, and the box. */
  const ZONES = [
    { from: 50, to: 100, box: "-30 44 60 118.3" },
    { from: 100, to: 206, box: "-56 90 112 220.8" },
    { from: 206, to: 316, box: "-64 196 128 252.4" },
  ];
  /** The same of an infant's figure (`care.body_infant`). */
  const INFANT_ZONES = [
    { from: 91, to: 152, box: "-36 84 72 141.9" },
    { from: 152, to: 267, box: "-64 142 128 252.3" },
    { from: 267, to: 384, box: "-72 258 144 283.9" },
  ];
  /** How wide and high the trunk reaches. @param {HTMLElement} map */
  const trunkOf = (map) => map.hasAttribute("data-bm-infant") ? { zones: INFANT_ZONES, wide: 66, low: 390 } : { zones: ZONES, wide: 58, low: 325 };
  /** @type {HTMLElement | null} The place whose panel is open. */
  let open = null;

  /** @param {Element} at @returns {HTMLElement} */
  const mapOf = (at) => /** @type {HTMLElement} */ (at.closest(".bm"));
  /** @param {HTMLElement} map @returns {HTMLElement[]} The areas of the view that shows, without whole regions. */
  const hitsOf = (map) => [...map.querySelectorAll(".bm-view:not([hidden]) .bm-hit[role=button]")];

  /** @param {HTMLElement} map @param {string} view */
  function show(map, view) {
    map.dataset.view = view;
    for (const one of map.querySelectorAll(".bm-view")) one.toggleAttribute("hidden", one.dataset.view !== view);
    for (const one of map.querySelectorAll("[data-bm-view]")) one.setAttribute("aria-pressed", String(one.dataset.bmView === view));
  }

  /** @param {HTMLElement} map @param {string} box An enlarged part; empty: the whole body. */
  function zoom(map, box) {
    for (const svg of map.querySelectorAll(".bm-view > svg, .bm-layer > svg")) {
      svg.dataset.whole ??= svg.getAttribute("viewBox");
      svg.setAttribute("viewBox", box || svg.dataset.whole);
    }
    map.dataset.zoom = box;
    map.querySelector("[data-bm-whole]")?.toggleAttribute("hidden", !box);
  }

  /** @param {HTMLElement} map @param {HTMLElement} place */
  function openPanel(map, place) {
    const template = map.querySelector(`template[data-bm-family="${place.dataset.family}"]`);
    const holder = map.querySelector(".bm-holder");
    if (!(template instanceof HTMLTemplateElement) || !holder) return;
    if (place.dataset.view && !hitsOf(map).some((one) => same(one, place))) show(map, place.dataset.view);
    mark(map, place);
    holder.replaceChildren(template.content.cloneNode(true));
    const panel = /** @type {HTMLElement} */ (holder.firstElementChild);
    const title = /** @type {HTMLElement} */ (panel.querySelector("h3"));
    title.textContent = place.dataset.title ?? "";
    panel.setAttribute("aria-label", `Finding at ${place.dataset.title}`);
    for (const button of panel.querySelectorAll("[data-bm-step]")) button.toggleAttribute("hidden", place.dataset.family === "region");
    fillLast(map, panel, place);
    place_(map, panel, place);
    compose(panel);
    (panel.querySelector("input") ?? title).focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  /** Above the figure's legs or, for a place on them, at its head. @param {HTMLElement} map @param {HTMLElement} panel @param {HTMLElement} place */
  function place_(map, panel, place) {
    const hit = hitsOf(map).find((one) => same(one, place));
    const box = hit instanceof SVGGraphicsElement ? hit.getBBox() : null;
    panel.classList.toggle("bm-high", !map.dataset.zoom && box !== null && box.y > trunkOf(map).low);
  }

  /** @param {HTMLElement} one @param {HTMLElement} other */
  const same = (one, other) => one.dataset.level === other.dataset.level && one.dataset.side === other.dataset.side;

  /** Later vertebrae or ribs that the finding may reach on to. @param {HTMLElement} map @param {HTMLElement} panel @param {HTMLElement} place */
  function fillLast(map, panel, place) {
    const select = panel.querySelector("[data-bm-last]");
    if (!(select instanceof HTMLSelectElement)) return;
    const rib = place.dataset.family === "rib";
    const column = hitsOf(map).filter((one) => rib ? one.dataset.family === "rib" && one.dataset.side === place.dataset.side : ["neck", "spine"].includes(one.dataset.family ?? ""));
    // Two neighboring vertebrae would be read as the joint between them, or both: the reader asks.
    const next = column.findIndex((it) => same(it, place)) + (rib ? 1 : 2);
    for (const one of column.slice(next)) {
      const level = one.dataset.level ?? "";
      select.add(new Option(rib ? level.replace("rib ", "") : level));
    }
  }

  /** Shows which place the panel speaks of. @param {HTMLElement} map @param {HTMLElement | null} place */
  function mark(map, place) {
    open = place;
    for (const one of map.querySelectorAll(".bm-hit[data-open]")) one.removeAttribute("data-open");
    if (!place) return;
    for (const one of map.querySelectorAll(".bm-hit")) if (same(one, place)) one.setAttribute("data-open", "");
    where(map, place.dataset.title ?? "");
  }

  /** @param {HTMLElement} map @param {boolean} back Whether the focus returns to the place. */
  function close(map, back) {
    const place = open;
    map.querySelector(".bm-holder")?.replaceChildren();
    mark(map, null);
    where(map, "");
    if (back && place) place.focus();
  }

  /** The shorthand of what is chosen, in the order of `choices.text_of`. @param {HTMLElement} panel @returns {string} */
  function compose(panel) {
    if (!open) return "";
    const last = panel.querySelector("[data-bm-last]");
    const to = last instanceof HTMLSelectElement && last.value ? `-${last.value}` : "";
    const what = panel.querySelector("input[name=bm-what]:checked")?.dataset.words ?? "";
    const severity = panel.querySelector("input[name=bm-severity]:checked")?.value;
    const words = [...panel.querySelectorAll("input[data-word]:checked")].map((one) => one.dataset.word);
    const parts = [open.dataset.level + to, open.dataset.side, what, severity && `(${severity})`, ...words];
    const text = parts.filter(Boolean).join(" ");
    const says = Boolean(what || severity || words.length);
    const out = /** @type {HTMLOutputElement} */ (panel.querySelector(".bm-text"));
    out.value = says ? text : "";
    panel.querySelector("[data-bm-insert]")?.toggleAttribute("disabled", !says);
    return says ? text : "";
  }

  /** @param {HTMLElement} map @param {HTMLElement} panel */
  function insert(map, panel) {
    const text = compose(panel);
    if (!text) return;
    document.dispatchEvent(new CustomEvent("openomt:insert", { detail: { text } }));
    close(map, true);
  }

  /** @param {HTMLElement} map @param {string} title */
  function where(map, title) {
    const line = map.querySelector(".bm-where");
    if (line) line.textContent = title;
  }

  /** A vertebra's own rib to either side, a rib's neighbor above and below, and back. @param {HTMLElement} map @param {HTMLElement} from @param {string} key */
  function along(map, from, key) {
    const level = from.dataset.level ?? "";
    const number = Number(level.replace(/^(rib |T)/, ""));
    const find = (name, side) => hitsOf(map).find((one) => one.dataset.level === name && one.dataset.side === side);
    const outward = (map.dataset.view === "back") === (key === "ArrowRight") ? "R" : "L";
    if (/^T\d/.test(level) && key.match(/Left|Right/)) return find(`rib ${number}`, outward);
    if (from.dataset.family !== "rib") return null;
    if (key === "ArrowDown") return find(`rib ${number + 1}`, from.dataset.side);
    if (key === "ArrowUp") return find(`rib ${number - 1}`, from.dataset.side);
    return outward === from.dataset.side ? null : find(`T${number}`, "");
  }

  /** The next area from `from` in a direction: near along it, nearer still across it. @param {HTMLElement} map @param {HTMLElement} from @param {string} key */
  function neighbor(map, from, key) {
    const down = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[key];
    if (!down) return null;
    const start = center(from);
    let best = null;
    let least = Infinity;
    for (const one of hitsOf(map)) {
      const at = center(one);
      const along = (at.x - start.x) * down[0] + (at.y - start.y) * down[1];
      const across = Math.abs((at.x - start.x) * down[1] + (at.y - start.y) * down[0]);
      if (one === from || along < 1) continue;
      const cost = along + 4 * across;
      if (cost < least) { least = cost; best = one; }
    }
    return best;
  }

  /** The middle of an area as drawn; mirrored ones lie on the other side. @param {Element} one */
  function center(one) {
    const box = one.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  /** @param {HTMLElement} map @param {HTMLElement} to */
  function rove(map, to) {
    for (const one of hitsOf(map)) one.setAttribute("tabindex", one === to ? "0" : "-1");
    to.focus();
    where(map, to.dataset.title ?? "");
  }

  /** The place before or after, down the spine or along the ribs. @param {HTMLElement} map @param {number} by */
  function step(map, by) {
    if (!open) return;
    const here = open;
    const kin = [...map.querySelectorAll(".bm-list button[data-level]")].filter((one) => {
      const spine = ["oa", "aa", "neck", "spine"];
      if (spine.includes(here.dataset.family)) return spine.includes(one.dataset.family);
      return here.dataset.family === "rib" ? one.dataset.family === "rib" && one.dataset.side === here.dataset.side : one.dataset.family === here.dataset.family;
    });
    const next = kin[kin.findIndex((one) => same(one, here)) + by];
    if (!next) return;
    openPanel(map, hitsOf(map).find((one) => same(one, next)) ?? next);
    map.querySelector(`[data-bm-step="${by}"]`)?.focus();
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const map = event.target.closest(".bm");
    if (!(map instanceof HTMLElement)) return;
    const view = event.target.closest("[data-bm-view]");
    if (view) { close(map, false); zoom(map, ""); show(map, view.dataset.bmView); return; }
    if (event.target.closest("[data-bm-whole]")) { zoom(map, ""); return; }
    const panel = event.target.closest(".bm-panel");
    if (panel instanceof HTMLElement) {
      const by = event.target.closest("[data-bm-step]");
      if (by) step(map, Number(by.dataset.bmStep));
      if (event.target.closest("[data-bm-close]")) close(map, true);
      if (event.target.closest("[data-bm-insert]")) insert(map, panel);
      return;
    }
    const place = event.target.closest("[data-level]");
    if (!(place instanceof HTMLElement || place instanceof SVGElement)) return;
    if (place.closest("svg") && !map.dataset.zoom && window.matchMedia("(pointer: coarse)").matches) {
      const box = zoneAt(place, event);
      if (box) { zoom(map, box); return; }
    }
    openPanel(map, place);
  });

  /** @param {Element} place @param {MouseEvent} event @returns {string} The box to enlarge, where fingers are too big. */
  function zoneAt(place, event) {
    const svg = place.closest("svg");
    const matrix = svg?.getScreenCTM();
    if (!matrix) return "";
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const { zones, wide } = trunkOf(mapOf(place));
    if (Math.abs(point.x) > wide) return "";
    return zones.find((zone) => point.y >= zone.from && point.y < zone.to)?.box ?? "";
  }

  // A second click on a choice takes it back: a dysfunction or a severity need not be stated.
  document.addEventListener("pointerdown", (event) => {
    const chip = event.target instanceof Element ? event.target.closest(".bm-chip") : null;
    const input = chip?.querySelector("input[type=radio]");
    if (input instanceof HTMLInputElement) chip.toggleAttribute("data-was", input.checked);
  });
  document.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest(".bm-chip[data-was]") : null;
    if (!chip || !(event.target instanceof HTMLInputElement)) return;
    event.target.checked = false;
    chip.removeAttribute("data-was");
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    const panel = event.target instanceof Element ? event.target.closest(".bm-panel") : null;
    if (panel instanceof HTMLElement) compose(panel);
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey) return;
    const map = event.target.closest(".bm");
    if (!(map instanceof HTMLElement)) return;
    const panel = event.target.closest(".bm-panel");
    if (panel instanceof HTMLElement) {
      if (event.key === "Escape") { event.preventDefault(); close(map, true); }
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) { event.preventDefault(); insert(map, panel); }
      return;
    }
    const hit = event.target.closest(".bm-hit");
    if (!hit) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); openPanel(map, hit); return; }
    const all = hitsOf(map);
    const to = event.key === "Home" ? all[0] : event.key === "End" ? all[all.length - 1] : along(map, hit, event.key) ?? neighbor(map, hit, event.key);
    if (to) { event.preventDefault(); rove(map, to); }
  });

  document.addEventListener("pointerover", (event) => {
    const hit = event.target instanceof Element ? event.target.closest(".bm-hit, .bm-hits") : null;
    if (hit && !open) where(mapOf(hit), hit.dataset?.title ?? "");
  });
  // The layer of findings that an autosave brings keeps the enlarged part.
  const watch = new MutationObserver(() => {
    for (const map of document.querySelectorAll(".bm[data-zoom]")) if (map.dataset.zoom) zoom(map, map.dataset.zoom);
  });
  for (const layer of document.querySelectorAll(".bm-layer")) watch.observe(layer, { childList: true });
})();

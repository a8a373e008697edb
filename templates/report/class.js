"use strict";
// Sorting and searching. Without it the page says the same in its first order.
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const value = (cell) => {
    if (!cell) return -1;
    const given = cell.dataset.v ?? cell.textContent.trim();
    const number = parseFloat(given);
    return Number.isNaN(number) ? (given === "–" ? -1 : given) : number;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

  const reorder = (body, keyed, direction) => {
    keyed.sort((a, b) => direction * compare(a[0], b[0]) || a[2] - b[2]);
    const all = document.createDocumentFragment();
    for (const [, row] of keyed) all.append(row);
    body.append(all);
  };
  const sortBy = (table, key, direction) => {
    const body = table.tBodies[0];
    reorder(body, [...body.rows].map((row, place) => [key(row), row, place]), direction);
  };

  for (const table of document.querySelectorAll("table.list, table.matrix")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, index) => {
      if ("plain" in head.dataset) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const first = index === 0 ? "ascending" : "descending";
        const other = index === 0 ? "descending" : "ascending";
        const now = head.getAttribute("aria-sort") === first ? other : first;
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", now);
        sortBy(table, (row) => value(row.cells[index]), now === "ascending" ? 1 : -1);
      });
    });
  }

  const matrix = document.getElementById("matrix");
  const tools = document.querySelector(".tools");
  const find = document.getElementById("find");
  const order = document.getElementById("order");
  const found = document.getElementById("found");
  const said = document.getElementById("said");
  const rows = [...matrix.tBodies[0].rows];
  tools.hidden = false;
  tools.addEventListener("submit", (event) => event.preventDefault());

  const names = rows.map((row) => row.cells[0].textContent.toLocaleLowerCase());
  const part = document.getElementById("part");
  const search = () => {
    const chosen = part?.value ?? "";
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const within = !chosen || row.dataset.section === chosen || row.dataset.tutor === chosen;
      row.hidden = !within || !words.every((word) => names[index].includes(word));
      shown += !row.hidden;
    });
    found.textContent = words.length || chosen ? `${shown} of ${rows.length}` : "";
  };
  find.addEventListener("input", search);
  part?.addEventListener("change", search);

  const checks = [...order.querySelectorAll("option[value=check]")];
  const keys = {
    total: [(row) => value(row.cells[1]), -1],
    name: [(row) => row.cells[0].textContent, 1],
    pattern: [(row) => row.dataset.o.replace(/[^p]/g, "f"), -1],
  };
  const ranks = "-nctefp";
  order.addEventListener("change", () => {
    const check = checks.indexOf(order.selectedOptions[0]);
    const [key, direction] = keys[order.value] ?? [(row) => ranks.indexOf(row.dataset.o[check]), 1];
    for (const head of matrix.tHead.rows[0].cells) head.removeAttribute("aria-sort");
    sortBy(matrix, key, direction);
  });

  const words = { p: "passed", f: "failed", e: "raised an error", t: "ran out of time", c: "died", n: "not run", "-": "not handed in" };
  const lefts = matrix.dataset.lefts.split(" ").map(Number);
  matrix.addEventListener("pointermove", (event) => {
    const strip = event.target.closest("svg.k");
    said.hidden = !strip;
    if (!strip) return;
    const x = event.clientX - strip.getBoundingClientRect().left;
    const index = Math.max(0, lefts.findLastIndex((left) => left <= x));
    const row = strip.closest("tr");
    const option = checks[index];
    said.textContent = `${row.cells[0].textContent.trim()}: ${option.parentNode.label}, ${option.textContent}: ${words[row.dataset.o[index]]}`;
  });
  matrix.addEventListener("pointerleave", () => { said.hidden = true; });

  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
})();

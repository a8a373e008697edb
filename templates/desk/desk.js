"use strict";
// Follows a class that is graded, and lets keys do what links and buttons do. Without it every page says and does the same.
(() => {
  const one = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

  // A form that takes a while says so, and is not sent twice.
  for (const form of all("form[data-busy]")) {
    form.addEventListener("submit", () => {
      const button = one("button", form);
      setTimeout(() => { button.disabled = true; button.textContent = form.dataset.busy; }, 0);
    });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // -- the class --------------------------------------------------------------------------------
  const head = one("#head");
  const rows = one("#rows");
  const find = one("#find");
  const part = one("#part");
  const search = () => {
    const chosen = part?.value ?? "";
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows.rows) {
      const name = row.cells[0].textContent.toLocaleLowerCase();
      const within = !chosen || row.dataset.section === chosen || row.dataset.tutor === chosen;
      row.hidden = !within || !words.every((word) => name.includes(word));
      shown += !row.hidden;
    }
    one("#found").textContent = words.length || chosen ? `${shown} of ${rows.rows.length}` : "";
  };
  if (find) {
    find.addEventListener("input", search);
    part?.addEventListener("change", search);
    find.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const first = [...rows.rows].find((row) => !row.hidden);
      if (first) one("a", first)?.click();
    });
  }
  if (head) {
    const work = one("#work");
    const follow = async () => {
      if (document.hidden) return;
      let now;
      try {
        const reply = await fetch(`live?n=${head.dataset.n}`);
        if (!reply.ok) throw new Error(String(reply.status));
        now = await reply.json();
      } catch {
        work.textContent = "The desk does not answer: it was closed, or this machine slept.";
        work.dataset.on = "";
        return;
      }
      work.dataset.on = now.work ? "yes" : "";
      work.textContent = now.work ? "Grading now; this page follows." : "Nothing is being graded.";
      if (!("rows" in now)) return;
      if (now.bed !== rows.dataset.bed) { location.reload(); return; }
      const held = document.activeElement?.closest("#rows a")?.getAttribute("href");
      head.innerHTML = now.head;
      rows.innerHTML = now.rows;
      if (one("#parts")) one("#parts").innerHTML = now.parts;
      head.dataset.n = now.n;
      search();
      if (held) all("a", rows).find((link) => link.getAttribute("href") === held)?.focus();
    };
    setInterval(follow, 1000 * Number(head.dataset.every));
    document.addEventListener("visibilitychange", follow);
  }

  // -- shared passages --------------------------------------------------------------------------
  const passages = all("a[data-passage]");
  let passage = 0;
  const show = (number) => {
    passage = number;
    for (const mark of all("mark.now")) mark.classList.remove("now");
    for (const mark of all(`mark[data-n="${number}"]`)) mark.classList.add("now");
    for (const side of "ab") {
      const mark = document.getElementById(side + number);
      const box = mark?.closest(".code");
      if (box) box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
    }
    for (const link of passages) link.toggleAttribute("aria-current", link.dataset.passage === String(number));
  };
  for (const link of passages) {
    link.addEventListener("click", (event) => { event.preventDefault(); show(Number(link.dataset.passage)); });
  }
  for (const mark of all("mark[data-n]")) mark.addEventListener("click", () => show(Number(mark.dataset.n)));

  // -- a part that is graded by hand ------------------------------------------------------------
  const rubric = one("#rubric");
  rubric?.addEventListener("change", (event) => {
    if (!("points" in event.target.dataset)) return;
    const lines = all("[data-points]", rubric).filter((line) => line.checked);
    const sum = lines.reduce((points, line) => points + Number(line.dataset.points), 0);
    const most = Number(rubric.dataset.most);
    one("#number").value = lines.length ? String(Math.round(1e6 * Math.min(most, Math.max(0, sum))) / 1e6) : "";
  });

  // -- keys -------------------------------------------------------------------------------------
  const dialog = one("#keys");
  const button = one("#keys-button");
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  const step = (by) => {
    if (passages.length) {
      show(Math.min(passages.length, Math.max(1, passage + by)));
      return;
    }
    const next = one(by > 0 ? "a[rel=next]" : "a[rel=prev]");
    if (next) { next.click(); return; }
    const lines = all(".list-of tbody tr").filter((row) => !row.hidden && one("a, summary, button", row));
    const at = lines.findIndex((row) => row.contains(document.activeElement));
    const to = lines[at < 0 ? (by > 0 ? 0 : lines.length - 1) : Math.min(lines.length - 1, Math.max(0, at + by))];
    if (to) one("a, summary, button", to).focus();
  };
  const along = (by) => {
    const links = all(".chips a:not([rel])");
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[at + by]?.click();
  };
  const keys = {
    "?": () => dialog.showModal(),
    "/": () => find?.focus(),
    j: () => step(1),
    k: () => step(-1),
    l: () => along(1),
    h: () => along(-1),
    a: () => one("[data-focus=a]")?.focus(),
    c: () => one("[data-focus=c]")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    const inside = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (inside) {
      if (event.key === "Escape") inside.blur();
      return;
    }
    // What the page itself does with a key comes before the tabs above it.
    const meant = all(`[data-key="${CSS.escape(event.key)}"]`);
    const does = keys[event.key] ?? (() => (meant.find((each) => each.closest("main")) ?? meant[0])?.click());
    if (keys[event.key] || meant.length) event.preventDefault();
    does();
  });
})();

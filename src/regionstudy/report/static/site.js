// What enlivens a page that already stands: its data, a map's values on hover, touch and keys,
// and a language link that keeps the place.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Drawings of charts and tips of maps stand in one compressed block: report/page_data.py.
  const unpacked = async () => {
    const block = document.getElementById("page-data");
    if (!block) return { charts: {}, regions: [], tips: {} };
    const bytes = Uint8Array.from(atob(block.textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  };
  window.pageData = unpacked();

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  const told = document.createElement("p"); // says the same to a screen reader
  told.className = "vh";
  told.setAttribute("aria-live", "polite");
  document.body.append(tip, told);
  let lit = null;

  const tips = new Map(); // by figure: each region's tip, by the reference to its shape
  const takeTips = (data) => {
    for (const [figure, rests] of Object.entries(data.tips)) {
      const told = new Map();
      data.regions.forEach(([code, head], n) => {
        if (rests[n] !== null) told.set(`#r${code}`, head + rests[n]);
      });
      tips.set(figure, told);
    }
  };
  // A browser too old to unpack them has the tables.
  pageData.then(takeTips, () => {});

  const textOf = (shape) => {
    const title = shape.querySelector("title"); // of a workplace
    if (title) {
      shape.dataset.tip = title.textContent;
      title.remove(); // else the browser would show its own tip on top of ours
    }
    const figure = shape.closest(".map").dataset.tips;
    return shape.dataset.tip ?? tips.get(figure)?.get(shape.getAttribute("href")) ?? "";
  };

  const hide = () => {
    tip.hidden = true;
    if (lit) lit.classList.remove("lit");
    lit = null;
  };

  const show = (shape, x, y) => {
    const text = textOf(shape);
    if (!text) return hide();
    if (lit !== shape) {
      hide();
      lit = shape;
      shape.classList.add("lit");
      tip.textContent = text;
    }
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, x + 14), document.documentElement.clientWidth - width - 8);
    const above = y - height - 12;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : y + 18}px`;
  };

  const shapeAt = (event) => event.target.closest?.(".map .k use, .map .pt");
  const follow = (event) => {
    const shape = shapeAt(event);
    if (shape) show(shape, event.clientX, event.clientY);
    else hide();
  };
  document.addEventListener("pointermove", follow, { passive: true });
  document.addEventListener("pointerdown", follow, { passive: true });
  document.addEventListener("scroll", hide, { passive: true });

  // Keys: the map is one stop; the arrows begin at home, and go to the nearest region that way.
  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const middle = (shape) => {
    const box = shape.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const first = (map, all) => {
    const home = map.querySelector(".home-i");
    if (!home) return all[0];
    const [x, y] = middle(home);
    const off = (shape) => Math.hypot(middle(shape)[0] - x, middle(shape)[1] - y);
    return all.reduce((best, one) => (off(one) < off(best) ? one : best));
  };
  for (const map of document.querySelectorAll(".map")) {
    map.tabIndex = 0;
    map.setAttribute("role", "group");
    map.setAttribute("aria-label", map.dataset.hint);
    const shapes = () => [...map.querySelectorAll("svg > g:not(.inset) .k use, .pt")];
    map.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      const way = steps[event.key];
      if (!way) return;
      event.preventDefault();
      const all = shapes();
      let next;
      if (!lit || !map.contains(lit)) next = first(map, all);
      else {
        const [x, y] = middle(lit);
        let best = Infinity;
        for (const one of all) {
          if (one === lit) continue;
          const [ox, oy] = middle(one);
          const ahead = (ox - x) * way[0] + (oy - y) * way[1];
          const aside = Math.abs((ox - x) * way[1]) + Math.abs((oy - y) * way[0]);
          const cost = ahead + 2 * aside;
          if (ahead > 0.5 && cost < best) [best, next] = [cost, one];
        }
        if (best === Infinity) return;
      }
      show(next, ...middle(next));
      told.textContent = tip.textContent;
    });
    map.addEventListener("blur", hide);
  }

  const other = document.getElementById("other-language");
  other?.addEventListener("click", () => {
    const parts = [...document.querySelectorAll("main section[id]")];
    const seen = parts.filter((part) => part.getBoundingClientRect().top < innerHeight / 2).pop();
    if (seen && scrollY > 200) other.href = `${other.getAttribute("href").split("#")[0]}#${seen.id}`;
  });

  addEventListener("beforeprint", hide);
})();

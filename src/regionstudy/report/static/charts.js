// Charts: drawn by plotly when they come into view, and all of them before printing.
"use strict";
(() => {
  const charts = [...document.querySelectorAll(".chart")];
  if (!charts.length || !window.Plotly) return;
  const lang = document.documentElement.lang;
  Plotly.register({
    moduleType: "locale",
    name: "sv",
    dictionary: {
      "Download plot as a PNG": "Spara bilden som PNG",
      "Download plot": "Spara bilden",
      "Taking snapshot - this may take a few seconds": "Sparar bilden, det kan ta några sekunder",
      "Snapshot succeeded": "Bilden är sparad",
      "Sorry, there was a problem downloading your snapshot!": "Bilden kunde inte sparas",
    },
    format: {
      days: ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
      shortDays: ["sön", "mån", "tis", "ons", "tor", "fre", "lör"],
      months: [
        "januari", "februari", "mars", "april", "maj", "juni",
        "juli", "augusti", "september", "oktober", "november", "december",
      ],
      shortMonths: [
        "jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
      ],
      date: "%Y-%m-%d",
      decimal: ",",
      thousands: "\u00a0",
    },
  });

  // A probe that stays light gives the tokens for paper, whatever the screen shows.
  const probe = document.createElement("i");
  probe.dataset.theme = "light";
  probe.hidden = true;
  document.body.append(probe);
  let paper = false;
  const resolved = (value) => {
    if (typeof value === "string") {
      if (!value.includes("var(")) return value;
      const style = getComputedStyle(paper ? probe : document.documentElement);
      return value.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    }
    if (Array.isArray(value)) return value.map(resolved);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part)]));
    return value;
  };

  const NARROW = 520;
  const state = new WeakMap();
  let specs = null; // until the page's data are unpacked
  // What a reader has chosen to see: a trace says in its meta at which options it shows.
  const selectsOf = (chart) => [
    ...(document.getElementById(`choices-${chart.dataset.spec}`)?.querySelectorAll("select") ?? []),
  ];
  const isChosen = (trace, options) => {
    const { shows = {}, hides = {} } = trace.meta ?? {};
    return options.every(
      (option, n) => (shows[n]?.includes(option) ?? true) && !hides[n]?.includes(option),
    );
  };
  const tracesOf = (chart, traces) => {
    const options = selectsOf(chart).map((select) => select.selectedIndex);
    if (!options.length) return traces;
    return traces.map((trace) => ({ ...trace, visible: isChosen(trace, options) }));
  };
  const offerChoices = (chart) => {
    const selects = selectsOf(chart);
    if (!selects.length) return;
    const box = document.getElementById(`choices-${chart.dataset.spec}`);
    box.hidden = false;
    box.addEventListener("change", () => {
      const said = selects.map((select) => select.selectedOptions[0].dataset.said);
      box.querySelector(".said").textContent = said.filter(Boolean).join(" ");
      if (drawn.has(chart)) draw(chart);
    });
  };
  const draw = (chart) => {
    const spec = specs[chart.dataset.spec];
    const isNarrow = chart.clientWidth < NARROW;
    const chosen = resolved((isNarrow && spec.narrow) || spec.wide);
    const { template, width, ...layout } = chosen.layout;
    layout.autosize = true;
    // A plotly figure of an analyst's own has plotly's white paper and dark letters.
    const ground = paper ? "#fff" : resolved("var(--paper)");
    layout.paper_bgcolor = paper ? ground : (layout.paper_bgcolor ?? ground);
    layout.plot_bgcolor = paper ? ground : (layout.plot_bgcolor ?? ground);
    layout.font = { color: resolved("var(--ink)"), ...layout.font };
    layout.height = layout.height || spec.height;
    chart.style.minHeight = `${layout.height}px`;
    state.set(chart, isNarrow);
    return Plotly.react(chart, tracesOf(chart, chosen.data), layout, {
      locale: lang,
      responsive: true,
      displaylogo: false,
      displayModeBar: paper ? false : "hover",
      scrollZoom: false,
      doubleClick: false,
      modeBarButtons: [["toImage"]],
      toImageButtonOptions: { filename: chart.id, scale: 2 },
    });
  };

  const drawn = new Set();
  const drawOnce = (chart) => {
    if (drawn.has(chart)) return;
    drawn.add(chart);
    seen.unobserve(chart);
    draw(chart);
  };
  const seen = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && drawOnce(entry.target)),
    { rootMargin: "200px" },
  );
  const begin = (data) => {
    specs = data.charts;
    charts.forEach(offerChoices);
    for (const chart of charts) paper ? drawOnce(chart) : seen.observe(chart);
  };
  // A browser too old to unpack them says what they show, as the page does without scripts.
  const explain = () => {
    for (const chart of charts) chart.textContent = chart.getAttribute("aria-label");
  };
  pageData.then(begin, explain);

  const redraw = () => drawn.forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", () => {
    for (const chart of drawn) if (state.get(chart) !== chart.clientWidth < NARROW) draw(chart);
  });
  addEventListener("beforeprint", () => {
    paper = true;
    redraw();
    if (specs) charts.forEach(drawOnce);
  });
  addEventListener("afterprint", () => {
    paper = false;
    redraw();
  });
})();

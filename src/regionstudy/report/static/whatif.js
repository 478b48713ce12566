// What if the domains weighed otherwise? The same arithmetic as in
// regionstudy/analysis/composite/payload.py: pure functions first, then the sliders.
"use strict";
(() => {
  const TIE = 2 ** -40; // scores that differ by 1e-12 of the largest differ by rounding only
  const TOP_BYTE = 255;

  // A power mean is the inverse of `raise` over the weighted mean of `raise`.
  const raise = (x, power) => (power === 1 ? x : power === 0 ? Math.log(x) : x ** power);
  const lower = (x, power) => (power === 1 ? x : power === 0 ? Math.exp(x) : x ** (1 / power));

  const isWhole = (numbers) => numbers.every((number) => number === number);

  /** Turn a payload into typed arrays: values by node, multipliers by draw (0: the nominal one). */
  const prepare = (payload) => {
    const count = payload.nodes.length;
    const weighted = count - 1; // nodes that have a weight: all but the index
    const leaves = count - payload.children.length;
    const unit = 10 ** payload.decimals;
    // The power of the mean that a node goes into; the index goes into none.
    const into = new Array(count).fill(1);
    payload.children.forEach((parts, n) => {
      for (const node of parts) into[node] = payload.powers[n];
    });
    const values = Array.from({ length: leaves }, () => new Float64Array(payload.regions.length));
    payload.values.forEach((value, n) => {
      const node = n % leaves;
      // Missing is null, and null / 1000 would be 0.
      const known = value === null ? NaN : value / unit;
      values[node][Math.floor(n / leaves)] = raise(known, into[node]);
    });
    const multipliers = new Float64Array((payload.draws + 1) * weighted).fill(1);
    const bytes = atob(payload.multipliers);
    for (let n = 0; n < bytes.length; n++)
      multipliers[weighted + n] = 1 + payload.noise * ((2 * bytes.charCodeAt(n)) / TOP_BYTE - 1);
    return { payload, weighted, leaves, into, values, multipliers, deep: null };
  };

  /**
   * Weigh the children of one node, raised already, the weights of present ones scaled up to 1;
   * `whole` says which have no missing value, `above` is the power of the next mean.
   */
  const mean = (children, weights, whole, power, above) => {
    const sum = new Float64Array(children[0].length);
    const some = whole.every(Boolean) ? null : new Float64Array(sum.length);
    let all = 0;
    for (let k = 0; k < children.length; k++) {
      const child = children[k];
      const weight = weights[k];
      if (!(weight > 0)) continue;
      if (whole[k]) {
        all += weight;
        for (let r = 0; r < sum.length; r++) sum[r] += weight * child[r];
      } else {
        for (let r = 0; r < sum.length; r++)
          if (child[r] === child[r]) {
            sum[r] += weight * child[r];
            some[r] += weight;
          }
      }
    }
    for (let r = 0; r < sum.length; r++) sum[r] /= some ? some[r] + all : all; // 0 / 0: missing
    // What one mean lowers, the next of the same power would raise again.
    return power === above ? sum : sum.map((x) => raise(lower(x, power), above));
  };

  /** Score the nodes right under the index in every draw; kept until a weight below changes. */
  const deepen = (model, weights) => {
    const { payload, weighted, leaves, into, values, multipliers } = model;
    const top = payload.children.at(-1);
    const key = weights.filter((_, node) => !top.includes(node)).join();
    if (model.deep?.key === key) return model.deep;
    const whole = values.map(isWhole); // the same in all draws: no draw makes a weight 0
    const draws = [];
    for (let draw = 0; draw <= payload.draws; draw++) {
      const nodes = [...values];
      payload.children.slice(0, -1).forEach((parts, n) => {
        const scores = mean(
          parts.map((node) => nodes[node]),
          parts.map((node) => weights[node] * multipliers[draw * weighted + node]),
          parts.map((node) => whole[node]),
          payload.powers[n],
          into[leaves + n],
        );
        if (!draw) whole.push(isWhole(scores));
        nodes.push(scores);
      });
      draws.push(top.map((node) => nodes[node]));
    }
    model.deep = { key, draws, whole: top.map((node) => whole[node]) };
    return model.deep;
  };

  /** How many of some rising levels (a power of two of them) lie below a number. */
  const below = (levels, number) => {
    let found = 0;
    // Without a branch, which the processor could not foresee: several times as fast.
    for (let step = levels.length >> 1; step; step >>= 1)
      found += step * ((levels[found + step - 1] < number) | 0);
    return found;
  };

  /** Rank the chosen among all scores, the highest first: one more than are higher. */
  const rank = (scores, chosen, ranks) => {
    let largest = 0;
    for (let n = 0; n < scores.length; n++)
      if (Math.abs(scores[n]) > largest) largest = Math.abs(scores[n]);
    const levels = new Float64Array(2 ** Math.ceil(Math.log2(chosen.length + 1))).fill(Infinity);
    for (let k = 0; k < chosen.length; k++) {
      ranks[k] = scores[chosen[k]] + TIE * largest;
      if (ranks[k] === ranks[k]) levels[k] = ranks[k];
    }
    levels.sort();
    const above = new Uint16Array(levels.length + 1); // scores above the first n levels
    for (let n = 0; n < scores.length; n++) above[below(levels, scores[n])]++;
    for (let n = levels.length - 1; n > 0; n--) above[n] += above[n + 1];
    for (let k = 0; k < chosen.length; k++)
      ranks[k] = ranks[k] === ranks[k] ? 1 + above[below(levels, ranks[k]) + 1] : NaN;
    return ranks;
  };

  /** A quantile of ranks, counted by rank: between two of them, on the line between. */
  const quantile = (counts, draws, share) => {
    const at = share * (draws - 1);
    const under = Math.floor(at);
    const nth = (n) => {
      let rank = 0;
      for (let seen = 0; seen <= n; ) seen += counts[++rank];
      return rank;
    };
    const low = nth(under);
    return low + (at - under) * (nth(Math.min(under + 1, draws - 1)) - low);
  };

  /** Ranks among some regions, and the intervals of the chosen, from every draw's scores. */
  const place = (scores, among, chosen, payload) => {
    const [ranks, low, high] = [1, 2, 3].map(() => new Float64Array(scores[0].length).fill(NaN));
    const own = new Float64Array(among.length);
    const taken = (row) => {
      for (let n = 0; n < among.length; n++) own[n] = row[among[n]];
      return own;
    };
    rank(taken(scores[0]), [...among.keys()], new Float64Array(among.length)).forEach(
      (found, n) => (ranks[among[n]] = found),
    );
    const isChosen = new Set(chosen);
    const wanted = [...among.keys()].filter((n) => isChosen.has(among[n]) && ranks[among[n]] > 0);
    const drawn = new Float64Array(wanted.length);
    // How often each has each rank: counting is several times faster than sorting.
    const places = among.length + 1;
    const counts = new Uint16Array(wanted.length * places);
    for (let draw = 1; draw < scores.length; draw++) {
      rank(taken(scores[draw]), wanted, drawn);
      for (let k = 0; k < wanted.length; k++) counts[k * places + drawn[k]]++;
    }
    wanted.forEach((n, k) => {
      const counted = counts.subarray(k * places, (k + 1) * places);
      low[among[n]] = quantile(counted, payload.draws, 0.5 - payload.coverage / 2);
      high[among[n]] = quantile(counted, payload.draws, 0.5 + payload.coverage / 2);
    });
    return { ranks, low, high };
  };

  /**
   * Scores and ranks with other weights (by node id; those that are not given stay), and the
   * intervals of the chosen regions (positions; all without them). Null where all children of
   * a node weigh nothing.
   */
  const evaluate = (model, changed = {}, chosen = [...model.payload.regions.keys()]) => {
    const { payload, weighted, multipliers } = model;
    const weights = payload.weights.map((weight, n) => changed[payload.nodes[n]] ?? weight);
    if (!payload.children.every((parts) => parts.some((node) => weights[node] > 0))) return null;
    const top = payload.children.at(-1);
    const { draws, whole } = deepen(model, weights);
    const scores = draws.map((parts, draw) =>
      mean(
        parts,
        top.map((node) => weights[node] * multipliers[draw * weighted + node]),
        whole,
        payload.powers.at(-1),
        1,
      ),
    );
    const all = place(scores, [...payload.regions.keys()], chosen, payload);
    const peers = place(scores, payload.peers, chosen, payload);
    return {
      score: scores[0],
      rank: all.ranks,
      low: all.low,
      high: all.high,
      peer_rank: peers.ranks,
      peer_low: peers.low,
      peer_high: peers.high,
    };
  };

  globalThis.regionstudyWhatIf = Object.freeze({ prepare, evaluate });

  // The page: words and numbers as its language writes them (regionstudy/words/numbers.py).
  const locale = document.documentElement.lang === "en" ? "en-GB" : "sv-SE";
  const manner = (decimals) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      roundingMode: "halfEven",
      signDisplay: "negative",
    });
  const [whole, tenths] = [manner(0), manner(1)];
  const text = (number, how = whole) => how.format(number).replace("-", "\u2212");
  const filled = (template, told) => template.replace(/\{(\w+)\}/g, (_, name) => told[name]);

  const ROWS = 11; // as regionstudy/figures/weighing.py, which wrote the first state
  const element = (name, content, more = {}) =>
    Object.assign(document.createElement(name), { textContent: content, ...more });
  const drawn = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const open = (panel) => {
    const { model: payload, weights: nominal, names, place: home, words } = JSON.parse(
      document.getElementById(panel.dataset.model).textContent,
    );
    const sliders = [...panel.querySelectorAll("input")];
    const outputs = [...panel.querySelectorAll("output")];
    const button = panel.querySelector("button");
    const state = panel.querySelector(".state");
    const [big, of] = panel.querySelectorAll(".big, .of");
    const [beside, score] = panel.querySelectorAll(".of span");
    const told = panel.querySelector("[aria-live]");
    const line = panel.querySelector(".iv");
    const body = panel.querySelector("tbody");
    const top = payload.children.at(-1).map((node) => payload.nodes[node]);
    const count = payload.regions.length;
    let current = [...nominal];
    let model = null;
    let frame = 0;

    // A rank and the whole ranks that its interval touches, itself among them.
    const span = (found, prefix, region) => {
      const rank = found[`${prefix}rank`][region];
      const low = Math.min(rank, Math.floor(found[`${prefix}low`][region] + 1e-6));
      const high = Math.max(rank, Math.ceil(found[`${prefix}high`][region] - 1e-6));
      return { rank, low, high };
    };
    const say = (word, { rank, low, high }, n = count) =>
      filled(words[low === high ? `${word}_sure` : word], {
        place: home, rank: text(rank), low: text(low), high: text(high), n: text(n),
      });

    const row = (found, n) => {
      const region = payload.peers[n];
      const known = found.rank[region] > 0;
      const made = element("tr", "", { className: region === payload.home ? "home" : "" });
      made.append(
        element("th", names[n], { scope: "row" }),
        element("td", known ? say("span", span(found, "peer_", region)) : words.missing),
        element("td", known ? say("span", span(found, "", region)) : words.missing),
        element("td", known ? text(found.score[region], tenths) : words.missing),
      );
      return made;
    };

    // Every peer as a dot from the first place to the last, the home with its span.
    const at = (rank) => `${(100 * (rank - 1)) / Math.max(count - 1, 1)}%`;
    const level = { y1: "50%", y2: "50%" };
    const draw = (found) => {
      const dot = (rank, more) => drawn("circle", { cx: at(rank), cy: "50%", ...more });
      const others = payload.peers.filter((one) => one !== payload.home && found.rank[one] > 0);
      const dots = others.map((one) => dot(found.rank[one], { class: "pd", r: 4 }));
      line.replaceChildren(drawn("line", { class: "gl", x1: 0, x2: "100%", ...level }), ...dots);
      if (!(found.rank[payload.home] > 0)) return;
      const { rank, low, high } = span(found, "", payload.home);
      line.firstChild.after(drawn("line", { class: "ci", x1: at(low), x2: at(high), ...level }));
      line.append(dot(rank, { class: "ph", r: 7 }));
    };

    const show = () => {
      frame = 0;
      const all = current.reduce((sum, weight) => sum + weight, 0);
      sliders.forEach((slider, n) => {
        const share = text(all > 0 ? (100 * current[n]) / all : 0);
        outputs[n].value = filled(words.share, { share });
        slider.setAttribute(
          "aria-valuetext",
          filled(words.weight, { weight: text(current[n]), share }),
        );
      });
      const own = current.some((weight, n) => weight !== nominal[n]);
      state.textContent = own ? words.own : words.nominal;
      button.disabled = !own;
      model ??= prepare(payload);
      const weights = Object.fromEntries(top.map((node, n) => [node, current[n]]));
      const found = evaluate(model, weights, payload.peers);
      panel.classList.toggle("nothing", !found);
      if (!found) {
        [big, of, beside, score].forEach((line) => (line.textContent = ""));
        of.textContent = words.none;
        return;
      }
      const known = found.rank[payload.home] > 0;
      const every = span(found, "", payload.home);
      big.textContent = known ? filled(words.rank, { rank: text(every.rank) }) : words.no_rank;
      of.textContent = known ? say("of", every) : filled(words.no_figures, { place: home });
      beside.textContent = known
        ? say("peers", span(found, "peer_", payload.home), payload.peers.length)
        : "";
      score.textContent = known
        ? filled(words.score, { score: text(found.score[payload.home], tenths) })
        : "";
      const key = (n) => found.peer_rank[payload.peers[n]] || Infinity; // missing ones last
      const order = [...names.keys()].sort((a, b) => key(a) - key(b) || a - b);
      const shown = order.slice(0, ROWS);
      const itself = payload.peers.indexOf(payload.home);
      if (!shown.includes(itself)) shown[shown.length - 1] = itself;
      draw(found);
      body.replaceChildren(...shown.map((n) => row(found, n)));
    };
    const soon = () => {
      frame ||= requestAnimationFrame(show);
    };

    sliders.forEach((slider, n) => {
      slider.disabled = false;
      slider.addEventListener("input", () => {
        current[n] = Number(slider.value);
        soon();
      });
      // A screen reader hears the place once a move is done, not at each step of a drag.
      slider.addEventListener("change", () => {
        if (frame) cancelAnimationFrame(frame);
        show();
        told.textContent = `${home}: ${big.textContent} ${of.textContent}`;
      });
    });
    button.hidden = false;
    button.disabled = true;
    button.addEventListener("click", () => {
      current = [...nominal];
      sliders.forEach((slider, n) => (slider.value = current[n]));
      show();
      told.textContent = `${state.textContent}. ${big.textContent} ${of.textContent}`;
      sliders[0].focus(); // the button is disabled now and would drop the focus
    });
    // The first evaluation takes longest: it is made when the panel comes near.
    new IntersectionObserver(
      (entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        show();
      },
      { rootMargin: "400px" },
    ).observe(panel);
  };
  document.querySelectorAll(".whatif").forEach(open);
})();

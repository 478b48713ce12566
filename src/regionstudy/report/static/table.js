// Tables that a reader searches, filters, sorts and downloads. The whole table stands in the page;
// all that is added here is text, so that nothing a member wrote is ever read as markup.
"use strict";
(() => {
  const MOST_CHOICES = 12; // a longer list is quicker to search than to choose from
  const MINUS = "\u2212";
  const DAY = /^\d{4}-\d\d-\d\d$/;
  const NUMBER = /^[+\-\u2212]?\d[\d\s.,]*$/;
  // What a spreadsheet reads as the beginning of a formula.
  const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

  const textOf = (cell) => cell.textContent.trim();
  const isMissing = (cell) => cell.classList.contains("na") || textOf(cell) === "";

  /** A number as this language writes it, NaN where there is none. */
  const numberOf = (text, lang) => {
    if (!NUMBER.test(text)) return NaN;
    const plain = text.replace(MINUS, "-").replace(/\s/g, "");
    return Number(lang === "sv" ? plain.replace(",", ".") : plain.replaceAll(",", ""));
  };

  /** One cell of a CSV file: never a formula, and quoted where it has to be. */
  const csvCell = (text, isNumber, separator) => {
    // What parts thousands goes: blanks, and the comma where a comma does not part decimals.
    const thousands = separator === "," ? /^\+|[\s,]/g : /^\+|\s/g;
    let plain = isNumber ? text.replace(MINUS, "-").replace(thousands, "") : text;
    if (!isNumber && FORMULA.test(plain)) plain = `'${plain}`;
    return plain.includes(separator) || /["\r\n]/.test(plain)
      ? `"${plain.replaceAll('"', '""')}"`
      : plain;
  };

  const make = (name, attributes = {}, text = "") => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  };

  const enliven = (box) => {
    const { lang, file } = box.dataset;
    const say = (key, fields = {}) =>
      box.dataset[key].replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows];
    const labels = heads.map(textOf);
    const compare = new Intl.Collator(lang, { numeric: true }).compare;
    const count = box.querySelector(".ft-count");
    const bar = box.querySelector(".ft-bar");
    const search = bar.querySelector("input");
    const columns = heads.map((_, n) => rows.map((row) => row.cells[n]));
    const isNumber = columns.map((cells) => {
      const there = cells.filter((cell) => !isMissing(cell));
      return there.length > 0 && there.every((cell) => NUMBER.test(textOf(cell)));
    });
    const haystack = rows.map((row) => row.textContent.toLocaleLowerCase(lang));
    let sorted = null; // { column, down }

    // A choice for each column whose words repeat.
    const selects = [];
    columns.forEach((cells, n) => {
      if (n === 0 || isNumber[n] || heads[n].dataset.kind === "link") return;
      const words = [...new Set(cells.map(textOf))].filter(Boolean).sort(compare);
      // Words that hardly repeat, and days, are quicker to search for.
      const few = Math.min(MOST_CHOICES, (rows.length + 2) / 2);
      if (words.length < 2 || words.length > few || words.every((word) => DAY.test(word))) return;
      const id = `${file}-f${n}`;
      const field = make("p", { class: "ft-field" });
      const select = make("select", { id });
      select.append(make("option", { value: "" }, say("all")));
      for (const word of words) select.append(make("option", {}, word));
      field.append(make("label", { for: id }, labels[n]), select);
      bar.insertBefore(field, bar.querySelector(".ft-act"));
      selects.push({ n, select });
    });

    const shown = () => [...body.rows].filter((row) => !row.hidden);
    const announce = () => {
      const n = shown().length;
      const told = [say(n ? "shown" : "none", { n, all: rows.length })];
      if (sorted) {
        told.push(say(sorted.down ? "down" : "up", { column: labels[sorted.column] }));
      }
      count.textContent = told.join(" ");
    };
    const filter = () => {
      const words = search.value.toLocaleLowerCase(lang).split(/\s+/).filter(Boolean);
      rows.forEach((row, r) => {
        row.hidden = !(
          words.every((word) => haystack[r].includes(word)) &&
          selects.every(({ n, select }) => !select.value || textOf(row.cells[n]) === select.value)
        );
      });
      announce();
    };

    const order = (n, down) => {
      const key = (row) => textOf(row.cells[n]);
      const by = (a, b) =>
        isNumber[n] ? numberOf(key(a), lang) - numberOf(key(b), lang) : compare(key(a), key(b));
      const way = down ? -1 : 1;
      // What is missing stands last, whichever way.
      const ordered = [...rows].sort(
        (a, b) =>
          isMissing(a.cells[n]) - isMissing(b.cells[n]) ||
          (isMissing(a.cells[n]) ? 0 : way * by(a, b)),
      );
      body.append(...ordered);
      heads.forEach((head, k) => {
        if (k === n) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      sorted = { column: n, down };
      announce();
    };
    heads.forEach((head, n) => {
      const button = make("button", { type: "button", class: "ft-sort" }, labels[n]);
      button.addEventListener("click", () =>
        order(n, sorted?.column === n ? !sorted.down : false),
      );
      head.replaceChildren(button);
    });

    // Excel in Swedish takes a semicolon and a decimal comma; the mark at the front says UTF-8.
    const csv = () => {
      const separator = lang === "sv" ? ";" : ",";
      const written = (cell, n) => {
        const link = heads[n].dataset.kind === "link" && cell.querySelector("a");
        return csvCell(link ? link.href : textOf(cell), isNumber[n] && !isMissing(cell), separator);
      };
      const lines = [
        labels.map((label) => csvCell(label, false, separator)),
        ...shown().map((row) => [...row.cells].map(written)),
      ];
      if (box.dataset.mark) lines.push([csvCell(box.dataset.mark, false, separator)]);
      return `\ufeff${lines.map((line) => line.join(separator)).join("\r\n")}\r\n`;
    };
    bar.querySelector(".ft-csv").addEventListener("click", () => {
      const url = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
      make("a", { href: url, download: `${file}.csv` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    });

    bar.querySelector(".ft-reset").addEventListener("click", () => {
      search.value = "";
      for (const { select } of selects) select.value = "";
      body.append(...rows);
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      sorted = null;
      filter();
    });
    search.addEventListener("input", filter);
    for (const { select } of selects) select.addEventListener("change", filter);
    bar.hidden = count.hidden = false;
    filter(); // a browser keeps what was written in the field when a page is loaded again
  };
  document.querySelectorAll(".ft").forEach(enliven);
})();

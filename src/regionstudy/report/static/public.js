// A page on the web grows old: what has closed since it was made is taken away, and said.
"use strict";
(() => {
  // The reader's own day, as the dates of the page are written.
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const isClosed = (part) => part.dataset.closes !== "" && part.dataset.closes < today;

  const list = document.querySelector(".public-list");
  const closed = [...(list ?? document).querySelectorAll("[data-closes]")].filter(isClosed);
  if (!list) {
    if (closed.length) document.querySelector(".closed").hidden = false;
    return;
  }
  const cards = closed.filter((part) => part.classList.contains("asg"));
  closed.forEach((part) => part.remove());
  for (const theme of list.querySelectorAll(".asg-theme")) {
    const left = theme.nextElementSibling.children.length;
    theme.querySelector("span").textContent = left;
    if (left) continue;
    theme.nextElementSibling.remove();
    theme.remove();
  }
  const told = document.querySelector(".closed");
  told.textContent = told.dataset.words.replace("{n}", cards.length);
  told.hidden = cards.length === 0;
})();

// One file for all: unpacks the library and what draws with it, then runs them in their order.
"use strict";
(async () => {
  for (const block of document.querySelectorAll("script.packed")) {
    const bytes = Uint8Array.from(atob(block.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text(); // the policy names its hash
    document.body.append(script);
  }
})().catch(() => {
  // A browser too old to unpack them says what the charts show, as the page does without scripts.
  for (const chart of document.querySelectorAll(".chart"))
    chart.textContent = chart.getAttribute("aria-label");
});

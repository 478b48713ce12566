"""Wide tables on a phone and headings on paper: what the sheet of styles promises."""

from __future__ import annotations

from importlib.resources import files

import pytest

pytestmark = pytest.mark.browser

CAPTION = "En lång förklaring som på en telefon behöver flera rader för att kunna läsas. " * 2
# Nothing is written at the right edge, so whatever is seen there is the sheet's own.
TABLE = f"""<section class="sec"><header><h2>Rubrik</h2></header>
<div><div class="tw"><table><caption>{CAPTION}</caption><tbody>
<tr><th scope="row">Ånge</th><td style="min-width:700px"></td></tr></tbody></table></div></div>
</section>"""


@pytest.fixture
def page(chromium):
    style = files("regionstudy.report").joinpath("static/site.css").read_text(encoding="utf-8")
    tokens = ":root { --paper: #fff; --ink: #000; --ink2: #333; --dot: #74808a; --grid: #ddd; }"
    context = chromium.new_context(viewport={"width": 360, "height": 600})
    made = context.new_page()
    made.set_content(f"<style>{style} {tokens}</style><div class='wrap'>{TABLE}</div>")
    yield made
    context.close()


def edge(page, side):
    box = page.locator(".tw").bounding_box()
    left = box["x"] if side == "left" else box["x"] + box["width"] - 12
    row = page.locator("td").bounding_box()
    clip = {"x": left, "y": row["y"] + 4, "width": 12, "height": 8}
    return page.screenshot(clip=clip)


def test_the_edge_behind_which_a_table_goes_on_has_a_shadow(page):
    more = edge(page, "right")
    page.locator(".tw").evaluate("e => e.scrollLeft = e.scrollWidth")
    assert edge(page, "right") != more
    page.locator("td").evaluate("e => e.style.minWidth = 0")
    fits = edge(page, "right")
    assert fits != more


def test_a_caption_wraps_within_what_is_seen_and_stays_there(page):
    whole = page.locator(".tw").bounding_box()
    for scrolled in ("0", "e.scrollWidth"):
        page.locator(".tw").evaluate(f"e => e.scrollLeft = {scrolled}")
        caption = page.locator("caption").bounding_box()
        assert caption["x"] >= whole["x"] - 1
        assert caption["x"] + caption["width"] <= whole["x"] + whole["width"] + 1
        assert caption["height"] > 2 * 16


def test_on_paper_a_heading_is_kept_with_what_it_heads(page):
    page.emulate_media(media="print")
    style = "e => { const s = getComputedStyle(e); return [s.display, s.breakAfter] }"
    # Chromium keeps them together among blocks only, not among cells of a grid.
    assert page.locator(".sec").evaluate(style)[0] == "block"
    assert page.locator(".sec > header").evaluate(style) == ["block", "avoid"]
    assert page.locator(".sec h2").evaluate(style)[1] == "avoid"


def test_on_paper_the_last_row_of_a_table_is_not_alone_on_a_page(page):
    page.emulate_media(media="print")
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(5))
    page.locator("tbody").evaluate("(e, rows) => e.innerHTML = rows", rows)
    kept = [
        row.evaluate("e => getComputedStyle(e).breakBefore") for row in page.locator("tr").all()
    ]
    assert kept == ["auto", "auto", "auto", "avoid", "avoid"]

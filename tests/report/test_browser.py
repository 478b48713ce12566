"""The site as a reader meets it: Debian's chromium, opened from a folder."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

PAGES = ("index.html", "01_prov.html")


class Visit:
    """One page in one browser tab, with all it asks for and complains of."""

    def __init__(self, chromium, site, name, *, lang="sv", **options):
        self.context = chromium.new_context(**options)
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda told: (
                self.complaints.append(told.text) if told.type in ("error", "warning") else None
            ),
        )
        self.page.goto((site / lang / name).as_uri())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def scroll_through(self):
        height = self.page.evaluate("document.documentElement.scrollHeight")
        for y in range(0, height, 400):
            self.page.evaluate(f"scrollTo(0, {y})")
            self.page.wait_for_timeout(50)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_nothing_is_fetched_and_nothing_complains(chromium, site, name, lang):
    with Visit(chromium, site, name, lang=lang) as visit:
        visit.scroll_through()
        assert [
            url for url in visit.requests if not url.startswith(("file:", "data:", "blob:"))
        ] == []
        assert visit.complaints == []
        assert visit.page.evaluate("document.documentElement.lang") == lang


def test_map_shows_all_regions_before_any_library_has_loaded(chromium, site):
    with Visit(chromium, site, "01_prov.html", java_script_enabled=False) as visit:
        visible = visit.page.locator(".m1 > g .k use")
        boxes = [visible.nth(n).bounding_box() for n in range(0, 290, 10)]
        assert visible.count() >= 290
        assert all(box and box["width"] > 0 and box["height"] > 0 for box in boxes)
        # No region fills the picture: a ring wound the wrong way would.
        whole = visit.page.locator(".m1").bounding_box()
        assert (
            max(box["width"] * box["height"] for box in boxes)
            < 0.2 * whole["width"] * whole["height"]
        )


def test_page_stands_without_javascript(chromium, site):
    with Visit(chromium, site, "01_prov.html", java_script_enabled=False) as visit:
        text = visit.page.inner_text("main")
        assert "Svaret är ja." in text
        assert "Diagrammet ritas med JavaScript" in text
        visit.page.locator("#d0-table summary").click()
        assert visit.page.locator("#d0-table td").first.inner_text() == "+1\N{NO-BREAK SPACE}234,6"


def test_rows_of_a_table_have_a_cell_a_column_though_their_tags_are_left_open(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        rows = visit.page.evaluate(
            "[...document.querySelectorAll('.tw tbody tr')].map(row =>"
            " [row.cells.length, row.closest('table').tHead.rows[0].cells.length,"
            " [...row.cells].every(cell => cell.textContent == cell.textContent.trim())])"
        )
    assert rows
    assert all(cells == columns and neat for cells, columns, neat in rows)


def test_the_first_column_of_a_table_heads_its_rows(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        visit.page.locator("#d0-table summary").click()
        nodes = visit.context.new_cdp_session(visit.page).send("Accessibility.getFullAXTree")
        heads = [
            node["name"]["value"] for node in nodes["nodes"] if node["role"]["value"] == "rowheader"
        ]
    assert heads[:2] == ["Timrå", "Ånge"]


def test_missing_region_is_drawn_as_hatching(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        fill = visit.page.locator('.m1 use[href="#r2281"]').evaluate(
            "e => getComputedStyle(e).fill"
        )
        assert "miss" in fill
        assert visit.page.evaluate(f"!!document.querySelector('#' + '{fill}'.match(/#(\\w+)/)[1])")


def test_hover_touch_and_keys_say_a_regions_value(chromium, site):
    with Visit(chromium, site, "01_prov.html", has_touch=True) as visit:
        tip = visit.page.locator(".tip")
        sundsvall = visit.page.locator('.m1 > g .k use[href="#r2281"]')
        sundsvall.scroll_into_view_if_needed()
        box = sundsvall.bounding_box()
        middle = box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2
        visit.page.mouse.move(*middle)
        assert tip.inner_text() == "Sundsvall: uppgift saknas"
        visit.page.mouse.move(5, 5)
        assert tip.is_hidden()
        visit.page.touchscreen.tap(*middle)
        assert tip.inner_text() == "Sundsvall: uppgift saknas"
        visit.page.locator(".map").first.focus()
        visit.page.keyboard.press("ArrowRight")
        first = tip.inner_text()
        visit.page.keyboard.press("ArrowRight")
        assert tip.is_visible()
        visit.page.keyboard.press("ArrowLeft")
        assert visit.page.locator("[aria-live]").inner_text() == tip.inner_text()
        # The fixture names most regions by their code; the outlined county is 22.
        assert first.startswith(("22", "Sundsvall", "Ånge"))
        visit.page.keyboard.press("Escape")
        assert tip.is_hidden()


def test_charts_are_drawn_when_they_come_into_view(chromium, site):
    with Visit(chromium, site, "01_prov.html", viewport={"width": 1280, "height": 700}) as visit:
        drawn = visit.page.locator(".chart .main-svg >> nth=0")
        assert visit.page.locator(".chart:has(.main-svg)").count() < 3
        visit.scroll_through()
        drawn.wait_for()
        assert visit.page.locator(".chart:has(.main-svg)").count() == 3
        colour = visit.page.locator("#chart-d0 .bars path").first.evaluate(
            "e => getComputedStyle(e).fill"
        )
        assert colour == "rgb(173, 26, 72)"  # LOOK: home, light


def test_a_browser_that_can_not_unpack_charts_says_what_they_show(chromium, site):
    context = chromium.new_context()
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((site / "sv" / "01_prov.html").as_uri())
    assert page.locator("#chart-d0").inner_text() == "Två staplar."
    assert complaints == []
    context.close()


def test_charts_follow_the_dark_theme(chromium, site):
    with Visit(chromium, site, "01_prov.html", color_scheme="dark") as visit:
        visit.scroll_through()
        colour = visit.page.locator("#chart-d0 .bars path").first.evaluate(
            "e => getComputedStyle(e).fill"
        )
        assert colour == "rgb(255, 134, 165)"  # LOOK: home, dark
        visit.page.emulate_media(color_scheme="light")
        visit.page.wait_for_timeout(200)
        colour = visit.page.locator("#chart-d0 .bars path").first.evaluate(
            "e => getComputedStyle(e).fill"
        )
        assert colour == "rgb(173, 26, 72)"


def test_numbers_and_buttons_of_charts_are_swedish(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        visit.scroll_through()
        ticks = visit.page.locator("#chart-d0 .ytick text").all_text_contents()
        assert "0,2" in ticks
        assert (
            visit.page.locator("#chart-d0 .modebar-btn").get_attribute("data-title")
            == "Spara bilden som PNG"
        )
        assert visit.page.locator("#chart-d0 .modebar-btn").count() == 1


def test_printing_draws_every_chart(chromium, site):
    with Visit(chromium, site, "01_prov.html", color_scheme="dark") as visit:
        visit.page.wait_for_function("pageData.then(() => true)")
        assert visit.page.locator(".chart:has(.main-svg)").count() < 3
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert visit.page.locator(".chart:has(.main-svg)").count() == 3
        colour = visit.page.locator("#chart-d0 .bars path").first.evaluate(
            "e => getComputedStyle(e).fill"
        )
        assert colour == "rgb(173, 26, 72)"  # paper is light
        assert len(visit.page.pdf()) > 20_000


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_page_never_scrolls_sideways(chromium, site, name, width):
    with Visit(chromium, site, name, viewport={"width": width, "height": 800}) as visit:
        visit.scroll_through()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(chromium, site, name, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with Visit(
        chromium, site, name, viewport={"width": width, "height": 900}, color_scheme=scheme
    ) as visit:
        # axe comes in through the debugger, for the page's policy lets no stranger's script run.
        visit.scroll_through()
        visit.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        found = Axe().run(visit.page)
        assert found.violations_count == 0, found.generate_report()


def test_each_figure_has_a_name_a_caption_and_a_heading(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        unnamed = visit.page.evaluate(
            "[...document.querySelectorAll('.m[role=img], .chart')]"
            ".filter(e => !e.getAttribute('aria-label')"
            " || !e.closest('figure')?.querySelector('figcaption')"
            " || !e.closest('section')?.querySelector('h2')).length"
        )
        assert unnamed == 0


def test_language_link_keeps_the_place(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        visit.page.evaluate("document.getElementById('d1').scrollIntoView({behavior: 'instant'})")
        visit.page.wait_for_timeout(100)
        visit.page.evaluate("document.getElementById('other-language').click()")
        visit.page.wait_for_url("**/en/01_prov.html#d1")


def test_texts_can_not_run_anything(chromium, site):
    with Visit(chromium, site, "01_prov.html") as visit:
        visit.scroll_through()
        assert visit.page.locator("main img").count() == 0
        assert visit.page.locator("a[href^=javascript]").count() == 0
        assert "</script><img src=x onerror=alert(1)>" in visit.page.inner_text("main")
        assert (
            visit.page.evaluate(
                "document.querySelectorAll('script:not([src]):not([type=\"text/plain\"])').length"
            )
            == 0
        )

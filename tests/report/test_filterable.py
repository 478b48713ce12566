"""Tables that a reader filters: whole without JavaScript, and a download that runs nothing."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from regionstudy.figures import Column, table
from regionstudy.figures.content import as_text
from regionstudy.report import SiteSettings, build
from regionstudy.words import Words

from .public_cards import EVIL, FORMULA

pytestmark = pytest.mark.browser

NAMES = ["Öppna data", "Arkiv", "åtgärd", "Zebra", "Bevara", "Ärende"]
ROWS = {
    "name": [*NAMES, EVIL, FORMULA],
    "place": ["Sundsvall", "Timrå", "Sundsvall", "Ånge", "Timrå", "Sundsvall", "+1+1", "@SUM(A1)"],
    "value": [1234.5, 12.0, None, -0.5, 2.0, 100.0, 0.0, 7.0],
    "day": [f"2027-0{n}-01" for n in range(1, 9)],
    "url": ["https://a.example/1", "mailto:b@c.se", "javascript:alert(1)", "", None, EVIL, "", ""],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, cells):
    import nbformat

    folder = tmp_path_factory.mktemp("filterable")
    (folder / "notebooks").mkdir()
    (folder / "data").mkdir()
    frame = pd.DataFrame(ROWS)
    columns = [
        Column("name", as_text("Namn")), Column("place", Words("Kommun", "Municipality")),
        Column("value", as_text("Tal"), "number", 1), Column("day", as_text("Dag")),
        Column("url", Words("Länk", "Link"), "link"),
    ]  # fmt: skip
    made = table(frame, columns=columns, title="Allt", fictitious=True, filterable=True)
    plain = table(frame.drop(columns="url"), columns=columns[:4], title="Vanlig")
    for name, shown in (("01_med", made), ("02_utan", plain)):
        notebook = nbformat.v4.new_notebook(cells=[*cells.question(), cells.show(shown.payload())])
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    settings = SiteSettings(Words("Prov", "Trial"))
    build(folder, out=folder / "site", settings=settings, lang="both", progress=False)
    return folder / "site"


@pytest.fixture
def visit(chromium, folder):
    contexts = []

    def open_page(lang="sv", **options):
        context = chromium.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        page.on("dialog", lambda dialog: (page.heard.append(dialog.message), dialog.dismiss()))
        page.on(
            "console", lambda told: page.heard.append(told.text) if told.type == "error" else None
        )
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.goto((folder / lang / "01_med.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def names(page):
    return page.locator(".ft tbody tr:visible th").all_inner_texts()


def download(page):
    with page.expect_download() as waiting:
        page.locator(".ft-csv").click()
    content = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename.endswith(".csv")
    return content


def test_without_javascript_the_whole_table_stands_and_no_control_does(visit):
    page = visit(java_script_enabled=False)
    assert len(names(page)) == 8
    assert page.locator(".ft-bar").is_hidden()
    assert page.locator(".ft-count").is_hidden()
    assert page.locator(".ft thead button").count() == 0


def test_only_pages_with_such_a_table_load_the_script(folder):
    first, second = (
        (folder / "sv" / f"{n}.html").read_text("utf-8") for n in ("01_med", "02_utan")
    )
    assert "table.js" in first
    assert "table.js" not in second
    assert "table.css" not in second


def test_search_narrows_and_says_how_many_are_shown(visit):
    page = visit()
    assert page.inner_text(".ft-count") == "8 av 8 rader visas."
    page.get_by_label("Sök i tabellen").fill("sundsvall ären")
    assert names(page) == ["Ärende"]
    assert page.inner_text(".ft-count") == "1 av 8 rader visas."
    page.get_by_label("Sök i tabellen").fill("finns inte")
    assert names(page) == []
    assert page.inner_text(".ft-count").startswith("Inget av 8 passar")
    page.get_by_role("button", name="Visa alla").click()
    assert names(page)[:6] == NAMES
    assert page.locator(".ft-count").get_attribute("role") == "status"


def test_words_that_repeat_can_be_chosen_and_days_and_names_can_not(visit):
    page = visit()
    labels = page.locator(".ft-bar label").all_inner_texts()
    assert labels == ["Sök i tabellen", "Kommun"]
    page.get_by_label("Kommun").select_option("Timrå")
    assert names(page) == ["Arkiv", "Bevara"]
    page.get_by_label("Sök i tabellen").fill("bev")
    assert names(page) == ["Bevara"]


def test_sorting_follows_the_language_and_leaves_what_is_missing_last(visit):
    page = visit()
    page.get_by_label("Sök i tabellen").fill("2027-0")
    page.get_by_role("button", name="Namn").click()
    ordered = [name for name in names(page) if name in NAMES]
    assert ordered == ["Arkiv", "Bevara", "Zebra", "åtgärd", "Ärende", "Öppna data"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    value = page.get_by_role("button", name="Tal")
    for way, first in (("stigande", "Zebra"), ("fallande", "Öppna data")):
        value.click()
        assert names(page)[0] == first
        assert names(page)[-1] == "åtgärd"
        assert f"Sorterat efter Tal, {way}." in page.inner_text(".ft-count")
    assert page.locator("th[aria-sort]").count() == 1


def test_numbers_are_read_as_the_language_writes_them(visit):
    page = visit("en")
    page.get_by_role("button", name="Tal").click()
    assert names(page)[0] == "Zebra"
    assert names(page)[-2:] == ["Öppna data", "åtgärd"]


def test_everything_is_reached_by_keys(visit):
    page = visit()
    page.get_by_label("Sök i tabellen").focus()
    reached = []
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.innerText || document.activeElement.tagName")
        )
    assert reached[0].startswith("Alla")
    assert reached[1:3] == ["Visa alla", "Ladda ner det som visas (CSV)"]
    assert [head for head in ("Namn", "Kommun", "Tal", "Dag", "Länk") if head not in reached] == []
    # The arrow that shows the order is no part of its name.
    page.get_by_role("button", name="Dag", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert names(page)[0] == FORMULA


def test_download_is_what_is_shown_as_swedish_excel_reads_it(visit):
    page = visit()
    page.get_by_label("Kommun").select_option("Sundsvall")
    page.get_by_role("button", name="Tal").click()
    content = download(page)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Namn", "Kommun", "Tal", "Dag", "Länk"]
    assert rows[1:4] == [
        ["Ärende", "Sundsvall", "100,0", "2027-06-01", ""],
        ["Öppna data", "Sundsvall", "1234,5", "2027-01-01", "https://a.example/1"],
        ["åtgärd", "Sundsvall", "uppgift saknas", "2027-03-01", ""],
    ]
    # That the rows are made up goes with them.
    assert rows[4:] == [["Påhittade medlemsuppgifter"]]


def test_no_cell_of_a_download_is_a_formula(visit):
    page = visit()
    rows = list(csv.reader(io.StringIO(download(page).decode("utf-8-sig")), delimiter=";"))
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "@", "\t", "\r"))
        assert not cell.startswith("-") or cell == "-0,5"
    told = {row[0]: row for row in rows}
    assert told[f"'{FORMULA}"][1] == "'@SUM(A1)"
    assert told[EVIL][1] == "'+1+1"
    assert told["Zebra"][2] == "-0,5"


def test_english_downloads_have_a_comma_and_a_point(visit):
    rows = list(csv.reader(io.StringIO(download(visit("en")).decode("utf-8-sig"))))
    assert rows[0] == ["Namn", "Municipality", "Tal", "Dag", "Link"]
    assert rows[1][2] == "1234.5"
    assert len({len(row) for row in rows[:-1]}) == 1


def test_nothing_that_was_written_in_a_cell_runs(visit):
    page = visit()
    for button in page.locator(".ft thead button").all():
        button.click()
    page.get_by_label("Sök i tabellen").fill("<img")
    assert names(page) == [EVIL]
    assert page.heard == []
    links = page.locator(".ft tbody a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert sorted(links) == ["https://a.example/1", "mailto:b@c.se"]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_axe_finds_nothing_in_a_filterable_table(visit, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_role("button", name="Namn").click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_paper_has_every_row_shown_and_no_control(visit):
    page = visit()
    page.emulate_media(media="print")
    assert page.locator(".ft-bar").is_hidden()
    assert len(names(page)) == 8

"""What a reader chooses to see of a chart, on a page in Debian's chromium."""

from __future__ import annotations

import nbformat
import pytest

from regionstudy.report import build

pytestmark = pytest.mark.browser

HOSTILE = "</script><img src=x onerror=alert(1)>"
VISIBLE = "document.querySelector('#chart-val').data.map((trace) => trace.visible)"


def payload(cells):
    """Three traces: one that always shows, one of the first theme, one that a loss brings."""
    made = cells.chart("val")
    metas = (
        {},
        {"shows": {"0": [0, 1]}, "hides": {"1": [1]}},
        {"shows": {"1": [1]}},
    )
    traces = [{"type": "scatter", "x": [1, 2], "y": [n, n], "meta": m} for n, m in enumerate(metas)]
    spec = {"data": traces, "layout": {"height": 300}}
    themes = [{"label": cells.both(one), "said": None} for one in ("Alla", "Arkiv", "Juridik")]
    leaving = [
        {"label": cells.both("Ingen lämnar"), "said": None},
        {"label": cells.both(HOSTILE), "said": cells.both(f"Då tappar vi {HOSTILE}.")},
    ]
    made["body"] |= {
        "plotly": {"sv": spec, "en": spec},
        "choices": [
            {"label": cells.both("Visa tema"), "options": themes},
            {"label": cells.both("Om en av oss lämnar"), "options": leaving},
        ],
    }
    return made


@pytest.fixture(scope="module")
def page(tmp_path_factory, cells):
    folder = tmp_path_factory.mktemp("val")
    (folder / "notebooks").mkdir()
    (folder / "data").mkdir()
    parts = [*cells.question(), cells.show(payload(cells)), cells.show(cells.chart("utan"))]
    notebook = nbformat.v4.new_notebook(cells=parts)
    nbformat.write(notebook, folder / "notebooks" / "01_val.ipynb")
    build(folder, out=folder / "site", settings=cells.settings, lang="sv", progress=False)
    return folder / "site" / "01_val.html"


@pytest.fixture
def tab(chromium, page):
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(page.as_uri())
    opened.locator("#chart-val").scroll_into_view_if_needed()
    opened.wait_for_selector("#chart-val .plot-container")
    yield opened
    context.close()


def test_a_choice_shows_and_hides_what_its_traces_say(tab):
    themes, leaving = (tab.get_by_label(one) for one in ("Visa tema", "Om en av oss lämnar"))
    assert tab.evaluate(VISIBLE) == [True, True, False]
    themes.select_option("Juridik")
    assert tab.evaluate(VISIBLE) == [True, False, False]
    themes.select_option("Arkiv")
    leaving.select_option(index=1)
    assert tab.evaluate(VISIBLE) == [True, False, True]
    assert tab.locator("#choices-val .said").inner_text() == f"Då tappar vi {HOSTILE}."
    leaving.select_option(index=0)
    assert tab.locator("#choices-val .said").inner_text() == ""
    assert tab.evaluate(VISIBLE) == [True, True, False]


def test_a_chosen_option_stands_when_the_chart_is_drawn_anew(tab):
    tab.get_by_label("Visa tema").select_option("Juridik")
    tab.set_viewport_size({"width": 360, "height": 700})
    tab.wait_for_timeout(300)
    assert tab.evaluate(VISIBLE) == [True, False, False]


def test_a_chart_without_choices_has_none(tab):
    assert tab.locator(".choices").count() == 1


def test_nothing_is_offered_without_the_script(chromium, page):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(page.as_uri())
    assert not opened.locator("#choices-val").is_visible()
    context.close()

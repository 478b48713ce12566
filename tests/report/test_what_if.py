"""The what-if panel in Debian's chromium: the script computes what Python does."""

from __future__ import annotations

import nbformat
import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import build_index, evaluate_payload, what_if_payload
from regionstudy.figures import what_if
from regionstudy.figures.content import Measure, as_text
from regionstudy.report import build
from regionstudy.words import Words

pytestmark = pytest.mark.browser

HOSTILE = "</script><img src=x onerror=alert(1)>"
DOMAINS = ("work", "housing", "access", "education", "economy", "service")
CODES = [f"{100 + one:04d}" for one in range(290)]
HOME = CODES[60]
EVALUATE = """([payload, sets, chosen]) => {
  const model = regionstudyWhatIf.prepare(payload);
  return sets.map((weights) => {
    const found = regionstudyWhatIf.evaluate(model, weights, chosen);
    return found && Object.fromEntries(Object.entries(found).map(([k, v]) => [k, [...v]]));
  });
}"""
WEIGHTS = (
    {},
    {"work": 100, "housing": 1},
    {"work": 0, "housing": 0, "access": 37, "education": 0, "economy": 88, "service": 5},
    {"service": 0.25, "i3": 9, "i4": 0},
)


def packed(*, deep: bool = False, peers: int = 23, **options):
    """290 regions and 30 indicators with gaps; `deep` puts a level between, and mixes levels."""
    rng = np.random.default_rng(4)
    ids = [f"i{one}" for one in range(30)]
    frame = pd.DataFrame(rng.normal(50, 10, (290, 30)), index=CODES, columns=ids)
    frame = frame.mask(rng.uniform(size=frame.shape) < 0.03)
    frame.loc[CODES[7], [f"i{one}" for one in range(0, 30, 6)]] = np.nan  # all of "work"
    parent = [DOMAINS[one % 6] for one in range(30)]
    if deep:
        parent[:12] = [f"part of {one}" for one in parent[:12]]
    parts = sorted({one for one in parent if one not in DOMAINS})
    structure = pd.DataFrame(
        {
            "id": [*ids, *parts, *DOMAINS, "index"],
            "parent": [*parent, *(one.removeprefix("part of ") for one in parts)]
            + ["index"] * 6 + [""],
            "weight": [*rng.uniform(0.5, 2, 30 + len(parts)).round(2), 1, 1, 2, 1, 1.5, 1, 1],
            "direction": 1,
        }
    )  # fmt: skip
    range_ = {"normalisation_options": {"range": (1, 100)}}
    built = build_index(frame, structure, treatment=None, **range_, **options)
    return what_if_payload(built, home=HOME, peers=CODES[50 : 50 + peers], seed=3)


@pytest.fixture(scope="module")
def panel():
    model = packed()
    # The best of the peers has the hostile name, so that the table shows it.
    first = evaluate_payload(model)["peer_rank"].idxmin()
    names = {code: f"Kommun {code}" for code in CODES} | {first: HOSTILE}
    return what_if(
        model,
        evaluate_payload(model),
        labels={one: Words(one.capitalize(), one) for one in DOMAINS}
        | {"access": as_text(HOSTILE)},
        names=names,
        measure=Measure(as_text("Dragkraft")),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory, cells, panel):
    folder = tmp_path_factory.mktemp("what_if")
    (folder / "notebooks").mkdir()
    (folder / "data").mkdir()
    content = [*cells.question(), cells.show(panel.payload())]
    nbformat.write(nbformat.v4.new_notebook(cells=content), folder / "notebooks" / "01_prov.ipynb")
    build(folder, out=folder / "site", settings=cells.settings, lang="both", progress=False)
    return folder / "site"


@pytest.fixture
def visit(chromium, folder):
    """Open the page; at the end nothing was fetched and nothing complained."""
    contexts, requests, complaints = [], [], []

    def opened(*, lang="sv", **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda told: complaints.append(told.text) if told.type in ("error", "warning") else 0,
        )
        page.goto((folder / lang / "01_prov.html").as_uri())
        if options.get("java_script_enabled", True):
            page.locator(".whatif").scroll_into_view_if_needed()
            page.locator(".whatif input[aria-valuetext]").first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert complaints == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"deep": True},
        {"aggregation": ["arithmetic", "geometric"]},
        {"aggregation": "harmonic"},
        {"aggregation": "generalised", "aggregation_options": {"power": 0.3}},
        {"deep": True, "aggregation": ["geometric", "arithmetic", "geometric"]},
    ],
    ids=str,
)
def test_the_script_agrees_with_python_to_a_billionth(visit, options):
    model = packed(**options)
    page = visit()
    for weights, found in zip(WEIGHTS, page.evaluate(EVALUATE, [model, WEIGHTS]), strict=True):
        expected = evaluate_payload(model, weights=weights)
        assert list(found) == list(expected.columns)
        for column, numbers in found.items():
            np.testing.assert_allclose(numbers, expected[column], rtol=1e-9, err_msg=column)


@pytest.mark.parametrize("peers", [15, 16, 23])  # the script searches powers of two
def test_the_intervals_of_the_peers_alone_are_the_same(visit, peers):
    model = packed(peers=peers)
    (found,) = visit().evaluate(EVALUATE, [model, [{"work": 3}], model["peers"]])
    expected = evaluate_payload(model, weights={"work": 3})
    assert found["rank"] == expected["rank"].tolist()
    for column in ("low", "high", "peer_low", "peer_high"):
        numbers = np.array(found[column])
        np.testing.assert_allclose(numbers[model["peers"]], expected[column].iloc[model["peers"]])
        assert np.isnan(np.delete(numbers, model["peers"])).all()


def test_the_script_gives_a_missing_region_no_rank(visit):
    model = packed()
    alone = {one: int(one == "work") for one in DOMAINS}
    (found,) = visit().evaluate(EVALUATE, [model, [alone]])
    expected = evaluate_payload(model, weights=alone)
    assert np.isnan(found["score"][7])
    assert np.isnan(found["rank"][7])
    np.testing.assert_allclose(found["low"], expected["low"], rtol=1e-9)


def test_the_script_finds_nothing_where_nothing_weighs(visit):
    page = visit()
    assert page.evaluate(EVALUATE, [packed(), [dict.fromkeys(DOMAINS, 0)]]) == [None]
    page.locator(".whatif input").evaluate_all(
        "all => all.forEach(one => { one.value = 0;"
        " one.dispatchEvent(new Event('input')); one.dispatchEvent(new Event('change')) })"
    )
    assert "Ge minst ett område en vikt över 0" in page.inner_text(".standing")
    assert page.locator(".standing table").is_hidden()
    page.locator(".whatif button").click()
    assert page.locator(".standing table").is_visible()
    assert page.inner_text(".state") == "Med studiens vikter"


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_first_state_is_the_same_with_and_without_javascript(visit, lang):
    plain = visit(lang=lang, java_script_enabled=False)
    alive = visit(lang=lang)
    for part in (".standing table", ".state", ".big", ".of >> nth=0", ".of >> nth=1"):
        assert plain.locator(part).inner_text() == alive.locator(part).inner_text()
    outputs = [page.locator(".whatif output").all_inner_texts() for page in (plain, alive)]
    assert outputs[0] == outputs[1]
    places = [
        page.locator(".standing .iv circle").evaluate_all(
            "all => all.map(e => [e.className.baseVal, parseFloat(e.getAttribute('cx'))]).sort()"
        )
        for page in (plain, alive)
    ]
    assert [one[0] for one in places[0]] == [one[0] for one in places[1]]
    np.testing.assert_allclose(*[[one[1] for one in part] for part in places], atol=0.01)
    assert plain.locator(".whatif input").first.is_disabled()
    assert plain.locator(".nojs").is_visible()
    assert alive.locator(".nojs").is_hidden()


def test_a_slider_moved_with_the_keyboard_changes_the_rank_as_python_says(visit, panel):
    page = visit()
    before = page.inner_text(".big")
    slider = page.get_by_label("Housing")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.state').textContent === 'Med egna vikter'")
    weights = {one.id: one.weight for one in panel.sliders} | {"housing": 100}
    own = evaluate_payload(panel.model, weights=weights).loc[HOME]
    assert page.inner_text(".big") == f"Plats {own['rank']:.0f}" != before
    assert f"{own['peer_rank']:.0f} av 23" in page.inner_text(".standing")
    low, high = np.floor(own["low"] + 1e-6), np.ceil(own["high"] - 1e-6)
    assert f"{own['rank']:.0f} ({low:.0f}–{high:.0f})" in page.inner_text("tr.home")
    assert f"mellan {low:.0f} och {high:.0f}" in page.inner_text(".whatif [aria-live]")
    share = 100 * 100 / sum(weights.values())
    assert slider.get_attribute("aria-valuetext") == f"100 av 100, {share:.0f} procent av helheten"
    page.locator(".whatif button").click()
    assert page.inner_text(".big") == before
    assert page.locator(".whatif button").is_disabled()
    assert page.evaluate("document.activeElement.type") == "range"


def test_dragging_repaints_before_the_slider_is_let_go(visit):
    page = visit()
    before = page.inner_text(".big")
    box = page.get_by_label("Housing").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2, steps=5)
    page.wait_for_function(f"document.querySelector('.big').textContent !== '{before}'")
    assert page.inner_text(".whatif [aria-live]") == ""  # a screen reader is not talked over
    page.mouse.up()
    assert page.inner_text(".big") in page.inner_text(".whatif [aria-live]")


def test_names_are_text_and_nothing_else(visit):
    page = visit()
    for _ in range(2):  # as it stands in the page, and as the script writes it
        assert page.locator("main img").count() == 0
        assert HOSTILE in page.inner_text(".standing tbody")
        assert HOSTILE in page.inner_text(".weights")
        page.get_by_label("Work").press("ArrowRight")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_axe_finds_nothing_in_the_panel(chromium, folder, width, scheme, lang):
    from axe_playwright_python.sync_playwright import Axe

    # Not by `visit`: axe asks for the style sheet, and the page's policy rightly complains.
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto((folder / lang / "01_prov.html").as_uri())
    page.locator(".whatif").scroll_into_view_if_needed()
    page.locator(".whatif input[aria-valuetext]").first.wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_printing_shows_the_state_the_reader_chose(visit):
    page = visit()
    page.get_by_label("Housing").press("End")
    shown = page.inner_text(".big")
    page.emulate_media(media="print")
    assert page.inner_text(".big") == shown
    assert page.locator(".whatif button").is_hidden()
    assert page.locator(".whatif output").nth(1).is_visible()

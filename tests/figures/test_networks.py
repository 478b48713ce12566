"""The drawing of networks: what shows when, names that cover nothing, and what is refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.figures import Measure, charts
from regionstudy.figures.charts.network_labels import place_labels
from regionstudy.figures.charts.rows import text_width
from regionstudy.figures.content import as_text

ORGANISATIONS = pd.DataFrame(
    {
        "org_id": ["a", "b", "c"],
        "name": ["Arkivet", "Banken <b>", "Ensam"],
        "links": [2, 1, 0],
        "x": [0.2, 0.8, np.nan],
        "y": [0.3, 0.7, np.nan],
        "tip": [as_text(f"tips {one}") for one in "abc"],
    }
)
NETWORKS = pd.DataFrame(
    {
        "network_id": ["p", "q", "r"],
        "name": ["Norrnätet", "Kassan", "Okänt"],
        "theme": ["Arkiv", "Pension", ""],
        "only": ["", "a", ""],
        "links": [2, 1, 0],
        "x": [0.5, 0.1, np.nan],
        "y": [0.5, 0.9, np.nan],
        "tip": [as_text(f"tips {one}") for one in "pqr"],
    }
)
SEATS = pd.DataFrame({"org_id": ["a", "b", "a"], "network_id": ["p", "p", "q"]})
LEAVING = {"a": as_text("Vi tappar Kassan."), "b": as_text("Inget tappas.")}


def drawn(**changed):
    given_ = {"organisations": ORGANISATIONS, "networks": NETWORKS, "seats": SEATS} | changed
    frames = [given_.pop(one) for one in ("organisations", "networks", "seats")]
    options = {"title": "Titel", "measure": Measure(as_text("Vem sitter var"))}
    return charts.network(*frames, **(options | given_))


def showing(figure, *options: int) -> list[str]:
    """Say which signs a reader sees at these options, by the rule that the page has."""
    seen = []
    for trace in figure.content.body.plotly["sv"]["data"]:
        shows, hides = (trace["meta"].get(one, {}) for one in ("shows", "hides"))
        if all(
            option in shows.get(str(n), [option]) and option not in hides.get(str(n), [])
            for n, option in enumerate(options)
        ):
            seen += trace["text"] if "hovertext" in trace else []
    return sorted(seen)


def test_a_theme_shows_its_networks_and_who_sits_there():
    figure = drawn(leaving=LEAVING)
    theme, leaves = figure.content.body.choices
    assert [one.label.sv for one in theme.options[1:]] == ["Arkiv", "Pension"]
    assert [one.label.sv for one in leaves.options[1:]] == ["Arkivet", "Banken <b>"]
    # Networks in the order given: Norrnätet A, Kassan B; organisations 1 and 2.
    assert showing(figure, 0, 0) == ["1", "2", "A", "B"]
    assert showing(figure, 1, 0) == ["1", "2", "A"]
    assert showing(figure, 2, 0) == ["1", "B"]


def test_who_leaves_is_gone_with_its_only_links():
    figure = drawn(leaving=LEAVING)
    assert showing(figure, 0, 1) == ["2", "A", "×"]
    assert showing(figure, 0, 2) == ["1", "A", "B"]
    assert showing(figure, 1, 1) == ["2", "A"]
    assert figure.content.body.choices[1].options[1].said.sv == "Vi tappar Kassan."


def test_what_only_a_choice_brings_is_not_there_from_the_start():
    for lang in ("sv", "en"):
        for body in (drawn(leaving=LEAVING).content.body.plotly[lang],):
            lost = [trace for trace in body["data"] if "×" in trace.get("text", [])]
            assert [trace["visible"] for trace in lost] == [False]


def test_jupyterlab_has_the_same_choices_as_menus():
    figure = drawn(leaving=LEAVING)
    themes, leaves = figure.layout.updatemenus
    assert [one.label for one in themes.buttons] == ["Alla teman", "Arkiv", "Pension"]
    shown = leaves.buttons[1].args[0]["visible"]
    signs = [sign for trace, on in zip(figure.data, shown, strict=True) if on
             for sign in (trace.text or ()) if trace.hovertext is not None]  # fmt: skip
    assert sorted(signs) == showing(figure, 0, 1)


def test_a_single_theme_is_no_choice_and_leaving_is_then_the_first():
    figure = drawn(networks=NETWORKS.assign(theme=["Arkiv", "Arkiv", ""]), leaving=LEAVING)
    assert len(figure.content.body.choices) == 1
    assert showing(figure, 1) == ["2", "A", "×"]
    assert drawn(networks=NETWORKS.assign(theme="")).content.body.choices == ()


def test_the_only_link_is_set_off():
    lines = [one for one in drawn().content.body.plotly["sv"]["data"] if one["mode"] == "lines"]
    widths = {one["line"]["color"]: len([x for x in one["x"] if x is None]) for one in lines}
    assert widths["var(--home)"] == 1
    assert sum(widths.values()) >= 2


def test_the_table_holds_all_also_those_without_a_place():
    body = drawn().content.table
    assert [row[0] for row in body.rows] == ["1", "2", "3", "A", "B", "C"]
    assert "Ensam" in [row[1] for row in body.rows]


def test_the_picture_in_words_names_the_lonely():
    alt = drawn().content.alt.render("sv")
    assert alt.startswith("3 organisationer och 3 nätverk")
    assert "Kassan" in alt
    firm = drawn(networks=NETWORKS.assign(only="")).content.alt.render("sv")
    assert "I inget nätverk sitter bara en organisation" in firm


def test_names_are_safe_for_plotly():
    texts = str([one.get("text") for one in drawn().content.body.plotly["sv"]["data"]])
    assert "Banken &lt;b&gt;" in texts
    assert "<b>" not in texts


def test_after_z_comes_aa():
    many = pd.concat([NETWORKS.head(1)] * 28, ignore_index=True)
    many["network_id"] = [f"n{one}" for one in range(28)]
    seats = SEATS.assign(network_id="n0").drop_duplicates()
    signs = [row[0] for row in drawn(networks=many, seats=seats).content.table.rows]
    assert signs[3 + 25 :] == ["Z", "AA", "AB"]


def test_without_a_seat_there_is_nothing_to_draw():
    with pytest.raises(DataError, match="no seat to draw; fill in the sheet network_members"):
        drawn(seats=SEATS.head(0))


@pytest.mark.parametrize("column", ["tip", "links", "theme"])
def test_a_frame_without_a_column_is_refused(column):
    with pytest.raises(DataError, match=f"A drawing of networks needs the column {column}"):
        drawn(networks=NETWORKS.drop(columns=column))


def test_a_repeated_organisation_is_refused():
    twice = pd.concat([ORGANISATIONS, ORGANISATIONS.head(1)])
    with pytest.raises(DataError, match="one row for each org_id"):
        drawn(organisations=twice)


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(0, 400), st.text("abcå ", min_size=1)),
        min_size=1,
        max_size=20,
    )
)
def test_no_name_covers_a_node_or_another_name(nodes):
    places = [(float(x), float(y)) for x, y, _ in nodes]
    found = place_labels([name for *_, name in nodes], places, radius=12, area=(600, 400))
    boxes = []
    for one in found:
        wide, (x, y) = text_width([one.text], size=12), places[one.node]
        upright, level = one.side.split()
        # As plotly has it: a radius / 0.8 + 1 from the middle.
        across = {"left": -1, "center": 0, "right": 1}[level] * (16 + wide / 2)
        down = {"top": -1, "middle": 0, "bottom": 1}[upright] * (16 + 8)
        boxes.append((x + across - wide / 2, y + down - 8, x + across + wide / 2, y + down + 8))
    marks = [(x - 12, y - 12, x + 12, y + 12) for x, y in places]
    apart = [*combinations(boxes, 2), *((box, mark) for box in boxes for mark in marks)]
    for (a, b, c, d), (e, f, g, h) in apart:
        assert a >= g or c <= e or b >= h or d <= f
    for left, top, right, low in boxes:
        assert left >= 0
        assert top >= 0
        assert right <= 600
        assert low <= 400

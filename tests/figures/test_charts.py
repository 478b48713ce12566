"""Charts: both languages and widths, gaps where figures are missing, nothing hidden told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures import MIME, ProfileRow, charts
from regionstudy.figures.content import as_text
from regionstudy.words import Words

PEERS = ["2281", "2180", "2480", "2380", "2580", "2482"]
HOSTILE = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></script>'


def ranks() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "region": PEERS,
            "value": [0.1, 2.0, np.nan, -2.6, 0.5, 654.321],
            "status": ["", "", "..", "", "", "suppressed"],
        }
    )
    return frame.assign(low=frame["value"] - 1, high=frame["value"] + 1, rank=range(1, 7))


def rows() -> dict[str, ProfileRow]:
    return {
        "income": ProfileRow(Words("Inkomst", "Income"), as_text("tkr"), as_text("2024"), 0),
        "tax": ProfileRow(Words("Skatt", "Tax"), as_text("%"), direction=-1),
        "gone": ProfileRow(Words("Bredband", "Broadband")),
    }


def profiled() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": ["income"] * 4 + ["tax"] * 4,
            "region": ["2281", "2180", "2480", "00"] * 2,
            "value": [300.0, 200.0, 250.0, 260.0, 34.0, 33.0, 32.0, 32.5],
            "status": "",
        }
    )


def years() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["2281"] * 4 + ["00"] * 4,
            "period": ["2020", "2021", "2022", "2023"] * 2,
            "value": [1.0, np.nan, 3.0, 4.0, 2.0, 2.0, 2.0, 2.0],
            "status": ["", "..", "", "p", "", "", "", ""],
        }
    )


def ages() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": ["18", "19", "20", "21"],
            "value": [-3.0, np.nan, 2.0, 555.5],
            "status": ["", "..", "", "hidden"],
            "compare": [-1.0, -1.0, 1.0, 1.0],
        }
    )


def contributions(count: int) -> tuple[pd.DataFrame, dict[str, Words]]:
    parts = {f"p{n}": Words(f"Del {n}", f"Part {n}") for n in range(count)}
    frame = pd.DataFrame(
        [
            {"region": code, "part": part, "value": float(10 * r + n), "status": ""}
            for r, code in enumerate(PEERS[:3])
            for n, part in enumerate(parts)
        ]
    )
    return frame, parts


@pytest.fixture
def drawn(measure):
    few, few_parts = contributions(3)
    many, many_parts = contributions(6)
    told = {"measure": measure, "title": Words("Fynd", "Finding")}
    return {
        "ranking": charts.ranking(ranks(), home=["2281"], signed=True, **told),
        "profile": charts.profile(profiled(), home="2281", rows=rows(), **told),
        "trend": charts.trend(years(), home=["2281"], dashed=["00"], breaks=["2023"], **told),
        "multiples": charts.trend(
            years(), home=["2281"], dashed=["00"], small_multiples=True, **told
        ),
        "ages": charts.age_profile(ages(), compare=Words("peers, sv", "peers"), **told),
        "few": charts.bars(few, home=["2281"], parts=few_parts, **told),
        "many": charts.bars(many, home=["2281"], parts=many_parts, **told),
    }


KINDS = ["ranking", "profile", "trend", "multiples", "ages", "few", "many"]


@pytest.mark.parametrize("kind", KINDS)
def test_chart_is_drawn_in_both_languages_for_desk_and_phone(drawn, kind, texts):
    payload = drawn[kind].payload()
    body = payload["body"]
    assert set(body["plotly"]) == set(body["narrow"]) == {"sv", "en"}
    assert body["height"] == body["plotly"]["sv"]["layout"]["height"]
    assert payload["alt"]["sv"] != payload["alt"]["en"]
    assert payload["table"]["rows"]
    assert all(text["sv"] and text["en"] for text in texts(payload["table"]))
    assert body["plotly"]["sv"]["layout"]["separators"].startswith(",")
    assert body["plotly"]["en"]["layout"]["separators"].startswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_page_gets_tokens_and_no_template_title_or_map(drawn, kind):
    for spec in drawn[kind].payload()["body"]["plotly"].values():
        told = json.dumps(spec)
        assert "template" not in spec["layout"]
        assert "title" not in spec["layout"]
        assert not any(key.startswith(("geo", "map")) for key in spec["layout"])
        assert {trace["type"] for trace in spec["data"]} <= {"scatter", "bar"}
        assert '"#' not in told
        assert "var(--" in told
        assert "NaN" not in told


@pytest.mark.parametrize("kind", KINDS)
def test_chart_is_small(drawn, kind):
    payload = json.dumps(drawn[kind].payload()["body"]["plotly"]["sv"])
    assert len(payload) < 12_000


@pytest.mark.parametrize(("kind", "secret"), [("ranking", "65"), ("ages", "555")])
def test_hidden_value_is_nowhere_in_what_jupyter_gets(drawn, kind, secret, bundle):
    told = bundle(drawn[kind])
    assert "för få" in told
    for written in ("654.3", "654,3", "653.3", "655.3", "555.5", "555,5"):
        assert written not in told


def test_missing_region_stands_last_with_the_word_on_phones_too(drawn):
    body = drawn["ranking"].payload()["body"]
    for spec in (body["plotly"]["sv"], body["narrow"]["sv"]):
        assert any(note["text"] == "uppgift saknas" for note in spec["layout"]["annotations"])
    dots = [trace["x"] for trace in body["plotly"]["sv"]["data"] if trace["mode"] == "markers"]
    assert sorted(x for row in dots for x in row) == [-2.6, 0.1, 0.5, 2.0]


def test_rank_orders_rows_and_clear_losses_have_their_own_colour(drawn):
    payload = drawn["ranking"].payload()
    assert payload["table"]["rows"][0][0] == "Sundsvall"
    spec = payload["body"]["plotly"]["sv"]
    colours = {trace["marker"]["color"]: trace["y"] for trace in spec["data"] if "marker" in trace}
    # Östersund's interval is -3.6 to -1.6, wholly below zero; it is the third with a value.
    assert colours["var(--d1)"] == [2]
    assert colours["var(--home)"] == [0]


def test_interval_across_zero_is_called_unclear_where_there_are_no_ranks(measure):
    frame = ranks().drop(columns="rank").iloc[[0, 1, 3]]
    made = charts.ranking(frame, title="x", measure=measure, signed=True)
    texts = [n["text"] for n in made.payload()["body"]["plotly"]["sv"]["layout"]["annotations"]]
    # 2.0 +/- 1 is above, 0.1 +/- 1 across, -2.6 +/- 1 below.
    assert [t for t in texts if t in ("över noll", "oklart", "under noll")] == [
        "över noll",
        "oklart",
        "under noll",
    ]


def test_intervals_without_ranks_or_a_zero_leave_no_empty_column(measure):
    frame = ranks().drop(columns=["rank", "rank_low", "rank_high"], errors="ignore")
    made = charts.ranking(frame[frame["status"] == ""], title="x", measure=measure)
    for drawn in (made.content.body.plotly["sv"], made.content.body.narrow["sv"]):
        texts = [note["text"] for note in drawn["layout"]["annotations"]]
        assert "utfall" not in texts
        assert "plats (spann)" not in texts


def test_lower_can_be_better(measure):
    frame = pd.DataFrame({"region": PEERS[:3], "value": [3.0, 1.0, 2.0]})
    made = charts.ranking(frame, title="x", measure=measure, higher_is_better=False)
    assert [row[1] for row in made.payload()["table"]["rows"]] == [1.0, 2.0, 3.0]


def test_profile_puts_strengths_first_and_right_is_attractive(drawn):
    payload = drawn["profile"].payload()
    spec = payload["body"]["plotly"]["sv"]
    home = next(trace for trace in spec["data"] if trace.get("name") == "home")
    # The highest income is best, the highest tax worst: 1 and 0 of the way to the right.
    assert home["x"] == [1.0, 0.0]
    assert home["y"][0] < home["y"][1]
    country = next(trace for trace in spec["data"] if trace.get("name") == "country")
    # 260 on a track from 200 to 300; 32.5 on one from 34 down to 32.
    assert country["x"] == [0.6, 0.75]
    assert payload["notes"] == [{"sv": "Uppgift saknas: Bredband.", "en": "No figure: Broadband."}]
    assert [row[0]["sv"] for row in payload["table"]["rows"]] == ["Inkomst", "Skatt", "Bredband"]
    assert payload["table"]["rows"][2][1]["sv"] == "uppgift saknas"
    assert "Styrkor: Inkomst. Svagheter: Skatt." in payload["alt"]["sv"]


def test_missing_year_and_break_are_gaps(drawn):
    spec = drawn["trend"].payload()["body"]["plotly"]["sv"]
    home = spec["data"][-1]
    assert home["line"]["color"] == "var(--home)"
    # 2021 is missing, and the line stops before 2023, where measuring changed.
    assert home["y"] == [1.0, None, 3.0, None, 4.0]
    assert home["connectgaps"] is False
    assert spec["layout"]["shapes"][0]["x0"] == 2022.5
    assert "Nytt sätt att mäta från 2023" in drawn["trend"].payload()["notes"][0]["sv"]


def test_compared_lines_are_dashed_and_lines_are_named_at_their_ends(drawn):
    spec = drawn["trend"].payload()["body"]["plotly"]["sv"]
    dashes = [trace["line"].get("dash") for trace in spec["data"]]
    assert dashes == ["4px,3px", None]
    names = [note["text"] for note in spec["layout"]["annotations"]]
    assert "Riket" in names
    assert any("Sundsvall" in name and "<b>" in name for name in names)


def test_small_multiples_share_one_scale(measure):
    frame = pd.concat([years(), years().replace({"2281": "2262", "00": "2282"})])
    made = charts.trend(frame, title="x", measure=measure, small_multiples=True)
    layout = made.payload()["body"]["plotly"]["sv"]["layout"]
    ranges = {tuple(layout[key]["range"]) for key in layout if key.startswith("yaxis")}
    assert len([key for key in layout if key.startswith("yaxis")]) == 4
    assert len(ranges) == 1


def test_months_and_quarters_stand_in_time(measure):
    frame = pd.DataFrame({"region": "2281", "period": ["2024M01", "2024M07"], "value": [1.0, 2.0]})
    made = charts.trend(frame, title="x", measure=measure)
    assert made.payload()["body"]["plotly"]["sv"]["data"][0]["x"] == [2024.0, 2024.5]
    with pytest.raises(DataError, match='Period "våren" can not be put on a time axis'):
        charts.trend(frame.assign(period=["våren", "2024"]), title="x", measure=measure)


def test_age_without_a_value_is_a_cross_and_not_a_bar_of_no_height(drawn):
    spec = drawn["ages"].payload()["body"]["plotly"]["sv"]
    gains, losses, missing, *_ = spec["data"]
    assert (gains["x"], losses["x"], missing["x"]) == ([2], [0], [1, 3])
    assert missing["marker"]["symbol"] == "x-thin"
    assert missing["hovertext"] == ["19: uppgift saknas", "21: för få"]


def test_a_compared_line_has_a_pale_one_under_it_to_show_on_bars(drawn):
    *_, under, line = drawn["ages"].payload()["body"]["plotly"]["sv"]["data"]
    assert under["y"] == line["y"]
    assert under["line"]["color"] != line["line"]["color"]
    assert under["line"]["width"] > line["line"]["width"]


def test_few_parts_are_stacked_and_a_missing_one_makes_the_sum_unknown(measure):
    frame, parts = contributions(3)
    frame.loc[0, "value"] = np.nan
    made = charts.bars(frame, home=["2281"], parts=parts, title="x", measure=measure)
    rows = made.payload()["table"]["rows"]
    # By hand: 20 + 21 + 22 = 63 and 10 + 11 + 12 = 33; the home region lacks a part.
    assert [row[-1] for row in rows] == [63.0, 33.0, {"value": None, "status": ".."}]
    spec = made.payload()["body"]["plotly"]["sv"]
    assert [trace["x"][-1] for trace in spec["data"]] == [None, 1.0, 2.0]


def test_many_parts_are_a_row_each_with_the_median_of_the_others(drawn):
    spec = drawn["many"].payload()["body"]["plotly"]["sv"]
    bar, median = spec["data"]
    # The home region's are 0..5, the others' 10..15 and 20..25: their middle is 15..20.
    assert bar["x"] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert median["x"] == [15.0, 16.0, 17.0, 18.0, 19.0, 20.0]


def test_hostile_names_are_shown_not_obeyed(measure):
    frame = ranks().assign(name=HOSTILE)
    made = [
        charts.ranking(frame, title=HOSTILE, measure=measure, home=["2281"]),
        charts.trend(years().assign(name=HOSTILE), title=HOSTILE, measure=measure, home=["2281"]),
        charts.profile(
            profiled(),
            home="2281",
            rows={"income": ProfileRow(as_text(HOSTILE), as_text(HOSTILE), as_text(HOSTILE))},
            title=HOSTILE,
            measure=measure,
        ),
        charts.age_profile(ages(), compare=HOSTILE, title=HOSTILE, measure=measure),
        charts.bars(
            contributions(1)[0],
            home=["2281"],
            parts={"p0": as_text(HOSTILE)},
            title=HOSTILE,
            measure=measure,
        ),
    ]
    for figure in made:
        bundle = figure._repr_mimebundle_()
        body = bundle[MIME]["body"]
        told = json.dumps([bundle["application/vnd.plotly.v1+json"], body])
        for markup in ("<img", "<a ", "</a", "</script"):
            assert markup not in told
        assert "&lt;" in told


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda m: charts.ranking(ranks()[["region"]], title="x", measure=m), "A ranking needs"),
        (
            lambda m: charts.ranking(pd.concat([ranks()] * 2), title="x", measure=m),
            "A ranking takes one row for each region",
        ),
        (
            lambda m: charts.trend(years().assign(value=np.nan), title="x", measure=m),
            "A trend has no value to draw",
        ),
        (
            lambda m: charts.age_profile(ages().assign(value=np.nan), title="x", measure=m),
            "An age profile has no value to draw",
        ),
        (
            lambda m: charts.age_profile(ages(), title="x", measure=m),
            "needs compare=, the words for its line",
        ),
        (
            lambda m: charts.bars(
                contributions(2)[0], home=["2281"], parts={}, title="x", measure=m
            ),
            "Parts p0, p1 have no name",
        ),
        (
            lambda m: charts.bars(
                contributions(2)[0],
                home=["2262"],
                parts=contributions(2)[1],
                title="x",
                measure=m,
            ),
            "needs the home region's values",
        ),
        (
            lambda m: charts.profile(
                profiled().assign(value=lambda f: f["value"].where(f["region"] != "2281")),
                home="2281",
                rows=rows(),
                title="x",
                measure=m,
            ),
            "A profile of 2281 needs its values",
        ),
        (
            lambda m: charts.profile(
                profiled(),
                home="2281",
                rows={"income": ProfileRow(as_text("x"), direction=0)},
                title="x",
                measure=m,
            ),
            "income neither attracts nor repels",
        ),
    ],
)
def test_wrong_input_is_refused_with_its_remedy(draw, match, measure):
    with pytest.raises(DataError, match=match):
        draw(measure)


def test_names_in_two_languages_are_read_in_each(measure):
    own = Words("Hemma", "Home")
    named = {"2281": own, "00": Words("Riket", "The country")}
    few, parts = contributions(3)
    told = {"home": ["2281"], "title": "x", "measure": measure}
    made = [
        charts.ranking(ranks().assign(name=[own, *PEERS[1:]]), **told),
        charts.bars(
            few.assign(name=[own if code == "2281" else code for code in few["region"]]),
            parts=parts,
            **told,
        ),
        *(
            charts.trend(
                years().assign(name=[named[code] for code in years()["region"]]),
                small_multiples=small,
                **told,
            )
            for small in (False, True)
        ),
    ]
    for figure in made:
        payload = figure.payload()
        body = payload["body"]
        for drawn in (body["plotly"], body["narrow"], payload["alt"]):
            swedish, english = json.dumps(drawn["sv"]), json.dumps(drawn["en"])
            assert "Hemma" in swedish
            assert "Home" not in swedish
            assert "Home" in english
            assert "Hemma" not in english
        assert {"sv": "Hemma", "en": "Home"} in [row[0] for row in payload["table"]["rows"]]


@pytest.mark.parametrize(
    ("kind", "said"), [("measure", "Nytt sätt att mäta"), ("source", "Annan källa")]
)
def test_a_joint_of_sources_is_not_called_a_new_measure(measure, kind, said):
    told = {"measure": measure, "title": "Fynd", "breaks": ["2023"]}
    figure = charts.trend(years(), break_kind=kind, **told)
    assert figure.content.notes[-1].render("sv").startswith(f"{said} från 2023")


def test_an_unknown_kind_of_break_is_refused(measure):
    with pytest.raises(ConfigError, match='"colour" is no kind of break; use one of: measure, sou'):
        charts.trend(years(), title="Fynd", measure=measure, breaks=["2023"], break_kind="colour")

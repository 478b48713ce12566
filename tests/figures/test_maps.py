"""Maps: every region told, missing never a colour, hidden nowhere."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures import MIME, maps
from regionstudy.figures.content import Place, as_text
from regionstudy.geography import municipalities_in, regions
from regionstudy.words import Words, use_language

PLOTLY = "application/vnd.plotly.v1+json"
HOME = ["2281"]


@pytest.fixture
def drawn(net, squares, measure):
    return maps.choropleth(
        net,
        regions=squares,
        measure=measure,
        title=Words("Fynd", "Finding"),
        home=HOME,
        outline=squares["region"],
        extent="both",
        id="net",
    )


def test_country_map_holds_every_region_and_the_regional_one_its_own(drawn, squares):
    country, region = drawn.payload()["body"]["maps"]
    assert list(country["values"]) == list(squares["region"])
    assert (country["extent"], region["extent"]) == ("country", "region")
    assert [label["bold"] for label in region["labels"]] == [True] + [False] * 6


def test_tip_says_value_rank_country_and_status(drawn):
    values = drawn.payload()["body"]["maps"][0]["values"]
    assert values["2281"]["tip"]["sv"] == "Sundsvall: +0,1 · plats 2 av 5 · riket −0,2"
    assert values["2262"]["tip"]["en"] == (
        "Timrå: +0.7 (preliminary) · 1st of 5 · the country −0.2"
    )
    assert values["2282"]["tip"]["sv"].startswith("Kramfors: uppgift saknas")


def test_hover_in_jupyterlab_is_the_tip(drawn):
    spec = drawn._repr_mimebundle_()[PLOTLY]
    (hover, _) = [trace for trace in spec["data"] if trace.get("name") == "regions"]
    assert hover["hovertext"][0] == "Sundsvall: +0,1 · plats 2 av 5 · riket −0,2"
    assert hover["hoverinfo"] == "text"


def test_counts_of_classes_missing_and_hidden_add_up_to_the_regions(drawn):
    body = drawn.payload()["body"]
    classes = sum(entry["count"] for entry in body["legend"])
    assert (classes, body["missing"], body["hidden"]) == (5, 1, 1)
    assert [entry["class"] for entry in body["legend"]] == [6, 5, 4, 3, 2, 1]


def test_region_without_a_row_is_missing_not_zero(net, squares):
    made = maps.choropleth(net.iloc[:2], regions=squares)
    body = made.payload()["body"]
    assert body["missing"] == 5
    assert body["maps"][0]["values"]["2283"]["class"] is None


def test_missing_and_hidden_regions_are_never_filled_with_a_class_colour(drawn):
    spec = drawn._repr_mimebundle_()[PLOTLY]
    hatched = {t["name"]: t for t in spec["data"] if "fillpattern" in t and t["showlegend"]}
    assert set(hatched) == {"uppgift saknas (1)", "för få (1)"}
    paper = "#faf9f5"
    assert {t["fillcolor"] for t in hatched.values()} == {paper}
    assert {t["fillpattern"]["bgcolor"] for t in hatched.values()} == {paper}


def test_protected_value_and_its_rank_are_nowhere_in_what_jupyter_gets(drawn, bundle):
    told = bundle(drawn)
    assert "för få" in told
    for secret in ("123.456", "123,456", "123.4", "123,4", "123,5", "77777", "77 777"):
        assert secret not in told
    (row,) = [r for r in drawn.payload()["table"]["rows"] if r[0] == "Ånge"]
    assert row[1] == {"value": None, "status": "hidden"}
    assert row[2]["value"] is None


def test_no_subplot_that_fetches_from_the_network(drawn, bundle):
    spec = drawn._repr_mimebundle_()[PLOTLY]
    assert {trace["type"] for trace in spec["data"]} == {"scatter"}
    assert not any(re.match(r"geo|map", key) for key in spec["layout"])
    assert "http" not in json.dumps(spec).replace("https://www.scb.se/x", "")


def test_axes_are_equal_so_that_shapes_keep_their_form(drawn):
    layout = drawn._repr_mimebundle_()[PLOTLY]["layout"]
    assert layout["yaxis"]["scaleanchor"] == "x"
    assert layout["yaxis2"]["scaleanchor"] == "x2"


def test_every_text_is_there_in_both_languages(drawn, texts):
    payload = drawn.payload()
    found = texts({**payload, "measure": payload["measure"]})
    assert found
    assert all(text["sv"] and text["en"] for text in found)
    assert payload["alt"]["sv"].startswith("Karta över 7 regioner: Flyttnetto")
    assert "Högst är Timrå (+0,7 (preliminär)) och lägst Sollefteå (−2,6)" in payload["alt"]["sv"]
    assert payload["alt"]["en"].endswith("No figure for 1. Hidden for 1.")


def test_english_study_is_shown_in_english(net, squares, measure):
    use_language("en")
    spec = maps.choropleth(net, regions=squares, measure=measure)._repr_mimebundle_()[PLOTLY]
    assert "Class limits and counts" in spec["layout"]["legend"]["title"]["text"]


def test_provenance_and_boundaries_are_named_and_linked(drawn):
    first, last = drawn.payload()["sources"]
    assert "avskrivna för hand" in first["text"]["sv"]
    assert first["url"] == "https://www.scb.se/x"
    assert "Lantmäteriet" in last["text"]["sv"]


HOSTILE = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a></script>'


def test_hostile_names_are_shown_not_obeyed(net, squares, measure):
    squares["name"] = [HOSTILE, *squares["name"][1:]]
    points = pd.DataFrame({"name": [HOSTILE], "municipality": ["2281"], "headcount": [9.0]})
    made = maps.choropleth(
        net,
        regions=squares,
        title=HOSTILE,
        outline=squares["region"],
        points=points,
        points_title=HOSTILE,
        extent="both",
    )
    bundle = made._repr_mimebundle_()
    spec = json.dumps(bundle[PLOTLY])
    for markup in ("<img", "<a ", "</script", "</a>"):
        assert markup not in spec
    assert "&lt;img" in spec
    # The payload is plain text; whoever writes HTML escapes it.
    assert bundle[MIME]["title"]["sv"] == HOSTILE


def test_workplaces_are_numbered_by_size_and_the_hidden_come_last_by_name(net, squares):
    points = pd.DataFrame(
        {
            "name": ["B dold", "Liten", Words("Timrå", "Timrå"), "A dold"],
            "municipality": ["2281", "2281", "2262", "2282"],
            "headcount": [4.0, 25.0, 100.0, 31337.0],
            "status": ["suppressed", "", "", "hidden"],
        }
    )
    points.attrs["fictitious"] = True
    made = maps.choropleth(
        net, regions=squares, outline=squares["region"], points=points, extent="region"
    )
    payload = made.payload()
    found = payload["body"]["maps"][0]["points"]
    assert [point["label"]["sv"] for point in found] == [
        "Timrå",
        "Liten, Sundsvall",
        "A dold, Kramfors",
        "B dold, Sundsvall",
    ]
    assert [point["n"] for point in found] == [1, 2, 3, 4]
    assert [point["hidden"] for point in found] == [False, False, True, True]
    assert found[2]["value"] == {"sv": "för få", "en": "too few"}
    # Half the radius beyond the least, for a quarter of the headcount: areas are compared.
    assert [point["r"] for point in found] == [14.0, 11.5, 9.0, 9.0]
    assert payload["fictitious"] is True
    told = json.dumps(made._repr_mimebundle_(), ensure_ascii=False)
    assert "31337" not in told
    assert "31 337" not in told
    assert "Påhittade medlemsuppgifter" in told


def test_two_workplaces_of_one_town_do_not_cover_each_other(net, squares):
    points = pd.DataFrame(
        {"name": list("abcd"), "municipality": "2281", "headcount": [9.0, 8.0, 7.0, 6.0]}
    )
    made = maps.choropleth(
        net, regions=squares, outline=squares["region"], points=points, extent="region"
    )
    places = {(p["x"], p["y"]) for p in made.payload()["body"]["maps"][0]["points"]}
    assert len(places) == 4


def test_workplaces_outside_the_map_are_counted(net, squares):
    points = pd.DataFrame(
        {"name": ["Inne", "Ute"], "municipality": ["2281", "2260"], "headcount": [9.0, 8.0]}
    )
    made = maps.choropleth(
        net, regions=squares, region_map=["2281"], points=points, extent="region"
    )
    payload = made.payload()
    assert [p["n"] for p in payload["body"]["maps"][0]["points"]] == [1]
    assert payload["notes"][0]["sv"] == "1 av arbetsplatserna ligger utanför kartan."


def test_workplace_without_a_known_place_is_named(net, squares):
    points = pd.DataFrame({"name": ["Vilse"], "municipality": ["0180"], "headcount": [9.0]})
    with pytest.raises(DataError, match="Workplaces without a place on the map: Vilse"):
        maps.choropleth(
            net, regions=squares, outline=squares["region"], points=points, extent="region"
        )


def test_surroundings_are_drawn_grey_and_hold_no_value(net, squares):
    made = maps.choropleth(net, regions=squares, region_map=["2281"], extent="region")
    (panel,) = made.payload()["body"]["maps"]
    assert list(panel["values"]) == ["2281"]
    assert panel["context"] == ["2262"]


def test_categories_are_drawn_in_their_own_colours(squares):
    frame = pd.DataFrame({"region": ["2281", "2262"], "value": ["hh", "ll"]})
    made = maps.choropleth(
        frame, regions=squares, categories={"hh": Words("höga", "high"), "ll": Words("låga", "low")}
    )
    payload = made.payload()
    assert payload["body"]["scale"] == "categorical"
    assert payload["body"]["maps"][0]["values"]["2262"]["value"] == {"sv": "låga", "en": "low"}
    assert payload["body"]["missing"] == 5


def test_the_fifth_category_is_drawn_as_land(squares):
    frame = pd.DataFrame({"region": ["2281", "2262"], "value": ["e", "a"]})
    names = {letter: Words(letter, letter) for letter in "abcde"}
    made = maps.choropleth(frame, regions=squares, categories=names)
    assert made.payload()["body"]["maps"][0]["values"]["2281"]["class"] == 5
    drawn = [str(trace.fillcolor) for trace in made.data]
    assert sum("land" in colour or "eceae2" in colour for colour in drawn) >= 1


def test_wrong_input_is_refused_with_its_remedy(net, squares):
    with pytest.raises(DataError, match=r"SWEREF 99 TM \(EPSG:3006\), but got EPSG:4326"):
        maps.choropleth(net, regions=squares.to_crs(4326))
    country = pd.concat([net, pd.DataFrame({"region": ["00"], "value": [1.0]})])
    with pytest.raises(DataError, match="The frame has 00, which the map's regions do not hold"):
        maps.choropleth(country, regions=squares)
    with pytest.raises(ConfigError, match=r'home has 2288, .* Did you mean "228'):
        maps.choropleth(net, regions=squares, home=["2288"])
    with pytest.raises(ConfigError, match='no extent "world"; use country, region or both'):
        maps.choropleth(net, regions=squares, extent="world")  # type: ignore[arg-type]
    towns = [Place(600_000, 6_900_000, as_text("x"))] * 5
    with pytest.raises(ConfigError, match="at most four places for bearings, but got 5"):
        maps.choropleth(net, regions=squares, places=towns)
    with pytest.raises(DataError, match="A map takes one row for each region"):
        maps.choropleth(pd.concat([net, net]), regions=squares)


def test_every_part_and_hole_of_a_region_is_drawn(squares):
    island = shapely.box(600_000, 6_950_000, 605_000, 6_955_000)
    around = shapely.box(590_000, 6_800_000, 599_000, 6_809_000)
    hole = shapely.box(592_000, 6_802_000, 594_000, 6_804_000)
    squares.loc[0, "geometry"] = shapely.union_all(
        [squares.geometry.iloc[0], island, around.difference(hole)]
    )
    frame = pd.DataFrame({"region": ["2281"], "value": [1.0]})
    made = maps.choropleth(frame, regions=squares.iloc[[0]])
    (shape,) = [trace for trace in made.data if trace.fillcolor and len(trace.x) > 1]
    # Four rings of five corners, and a gap between each two.
    assert len(shape.x) == 4 * 5 + 3
    assert np.isnan(shape.x).sum() == 3


def test_frame_is_not_changed(net, squares):
    before = net.copy(deep=True)
    maps.choropleth(net, regions=squares)
    pd.testing.assert_frame_equal(net, before)


def test_all_municipalities_of_the_country_are_shapes_and_hover_marks(measure):
    country = regions("municipality")
    frame = pd.DataFrame({"region": country["region"], "value": np.linspace(-5, 5, 290)})
    made = maps.choropleth(
        frame, regions=country, measure=measure, outline=municipalities_in("22"), extent="both"
    )
    spec = made._repr_mimebundle_()[PLOTLY]
    hover = [trace for trace in spec["data"] if trace.get("name") == "regions"]
    assert [len(trace["hovertext"]) for trace in hover] == [290, 7]
    assert len(spec["data"]) < 30
    panel = made.payload()["body"]["maps"][0]
    assert panel["inset"] == "01"
    assert [place["text"]["sv"] for place in panel["places"]] == [
        "Stockholm",
        "Malmö",
        "Göteborg",
        "Umeå",
    ]

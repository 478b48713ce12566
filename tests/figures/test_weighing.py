"""The what-if panel: both languages, plain in JupyterLab, and true to the evaluated payload."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import build_index, evaluate_payload, what_if_payload
from regionstudy.errors import DataError
from regionstudy.figures import MIME, what_if
from regionstudy.figures.content import Measure, as_text
from regionstudy.words import Words, use_language

HOSTILE = "</script><img src=x onerror=alert(1)>"
STRUCTURE = pd.DataFrame(
    {
        "id": ["a", "b", "work", "housing", "index"],
        "parent": ["work", "housing", "index", "index", ""],
        "weight": [1, 1, 3, 1, 1],
        "direction": 1,
    }
)
LABELS = {"work": Words("Arbete", "Work"), "housing": Words("Boende", "Housing")}
CODES = [f"{one:04d}" for one in range(20)]
NAMES = {code: f"Kommun {code}" for code in CODES}


def model(home: str = "0000", **options):
    values = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) ** 2}, index=CODES)
    built = build_index(values, STRUCTURE, treatment=None)
    return what_if_payload(built, home=home, peers=CODES[:15], seed=1, **options)


def panel(home: str = "0000", *, names=NAMES, labels=LABELS, **options):
    made = model(home, **options)
    measure = Measure(as_text("Dragkraft"))
    return what_if(made, evaluate_payload(made), labels=labels, names=names, measure=measure)


def test_the_first_ten_and_the_home_are_shown():
    # Both indicators rise with the code, so 0014 is first of the 15 peers and sixth of all 20.
    rows = panel().rows
    assert [str(row.name) for row in rows[:2]] == ["Kommun 0014", "Kommun 0013"]
    assert (rows[0].rank, str(rows[0].peers), str(rows[0].every)) == (6, "1", "6")
    assert len(rows) == 11
    assert (str(rows[-1].name), rows[-1].rank, rows[-1].home) == ("Kommun 0000", 20, True)


def test_a_home_among_the_first_takes_no_ones_place():
    rows = panel("0013").rows
    assert [row.home for row in rows] == [False, True, *[False] * 9]
    assert str(rows[-1].name) == "Kommun 0004"


def test_sliders_stand_as_the_weights_and_say_their_shares():
    sliders = panel().sliders
    assert [(one.id, one.weight) for one in sliders] == [("work", 50.0), ("housing", 50 / 3)]
    assert [str(one.share) for one in sliders] == ["75\N{NO-BREAK SPACE}%", "25\N{NO-BREAK SPACE}%"]


def test_the_panel_says_that_its_interval_is_from_the_weights_alone():
    (said,) = panel(noise=0.5, coverage=0.8).notes
    assert "gäller bara vikterna" in said.render("sv")
    assert "that of the weights alone" in said.render("en")
    for lang in ("sv", "en"):
        assert "80 " in said.render(lang)
        assert "200 " in said.render(lang)
        assert "±50 " in said.render(lang)


def test_a_span_holds_the_rank_and_whole_places():
    made = model()
    found = evaluate_payload(made)
    found.loc["0000", ["rank", "low", "high"]] = [18.0, 18.4, 19.05]
    shown = what_if(made, found, labels=LABELS, names=NAMES, measure=Measure(as_text("")))
    own = next(row for row in shown.rows if row.home)
    assert (own.rank, own.low, own.high, str(own.every)) == (18, 18, 20, "18 (18–20)")
    assert str(shown.headline[1]) == "av 20 kommuner, mellan 18 och 20 när bara vikterna varierar"


def test_payload_holds_both_languages_and_fields_for_the_script_to_fill():
    made = panel().payload()
    assert made["kind"] == "what_if"
    assert made["title"]["en"].startswith("Kommun 0000 is number 20 of 20")
    assert made["words"]["rank"] == {"sv": "Plats {rank}", "en": "Number {rank}"}
    assert made["model"]["values"][:2] == [0, 0]
    assert made["names"] == [NAMES[code] for code in CODES[:15]]
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize(
    ("lang", "line"),
    [("sv", "Reglagen finns på den exporterade sidan"), ("en", "sliders are on the exported page")],
)
def test_jupyterlab_shows_the_table_and_says_where_the_sliders_are(lang, line):
    use_language(lang)
    shown = panel(names=NAMES | {"0014": HOSTILE})._repr_mimebundle_()
    assert set(shown) == {MIME, "text/html", "text/plain"}
    assert line in shown["text/html"]
    assert shown["text/html"].count("<tr>") == 12
    assert "<img" not in shown["text/html"]
    assert "&lt;img" in shown["text/html"]
    assert line in shown["text/plain"]


def test_a_domain_without_a_label_is_refused():
    with pytest.raises(DataError, match='labels has no "housing"'):
        panel(labels={"work": LABELS["work"]})


def test_a_peer_without_a_name_is_refused():
    with pytest.raises(DataError, match='names has no "0014"'):
        panel(names={code: code for code in CODES[:14]})


def test_a_peer_without_a_rank_is_refused():
    made = model()
    found = evaluate_payload(made)
    found.loc["0003", "rank"] = np.nan
    with pytest.raises(DataError, match=r'"0003" has no rank\. Evaluate the payload at its own'):
        what_if(made, found, labels=LABELS, names=NAMES, measure=Measure(as_text("")))

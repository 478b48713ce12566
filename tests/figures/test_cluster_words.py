"""Work and clusters in words: sure only where the interval says so, and in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.figures import cluster_captions as captions
from regionstudy.figures import cluster_words as words
from regionstudy.words import Message, Words

PLACE = Words("Västernorrlands län", "Västernorrland County")


def said(message: Message, lang: str = "sv") -> str:
    return message.render(lang).replace("\xa0", " ")


def quotients(**rows: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["lq", "low", "high"])
    return frame.rename_axis("industry").reset_index()


def test_an_industry_is_over_or_under_only_where_its_interval_leaves_out_one():
    frame = quotients(
        A=(1.5, 1.2, 1.8), G=(1.2, 0.9, 1.5), J=(0.6, 0.5, 0.7), K=(np.nan, np.nan, np.nan)
    )
    assert words.outcomes(frame).tolist() == ["over", "unclear", "under", "missing"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            {"A": (1.5, 1.2, 1.8), "J": (0.6, 0.5, 0.7)},
            "1 av 2 branscher har säkert större andel av jobben i Västernorrlands län än i riket, "
            "mest jordbruk, skog och fiske (+50 %); 1 har säkert mindre, mest information och "
            "kommunikation (−40 %) (2025)",
        ),
        ({"A": (1.5, 1.2, 1.8)}, "mest jordbruk, skog och fiske (+50 %), och ingen säkert mindre"),
        ({"J": (0.6, 0.5, 0.7)}, "Ingen bransch har säkert större andel"),
        ({"G": (1.2, 0.9, 1.5)}, "Det går inte att säga att någon bransch"),
    ],
)
def test_the_answer_names_only_what_is_sure(rows, expected):
    told = words.strengths_answer(quotients(**rows), place=PLACE, period="2025")
    assert expected in said(told)
    assert said(told, "en")


def test_the_title_is_on_the_clusters_industries_where_they_show_and_else_counts_all():
    frame = quotients(A=(1.5, 1.2, 1.8), G=(1.2, 0.9, 1.5), J=(0.6, 0.5, 0.7))
    told = said(words.strengths_title(frame, place=PLACE, marked=["J", "G"]))
    assert told == (
        "Information och kommunikation (−40 %) har säkert mindre andel än i riket; "
        "om handel går det inte att säga"
    )
    assert "jordbruk" not in told
    assert said(words.strengths_title(frame, place=PLACE)).startswith("1 av 3 branscher")


def total(growth: float, low: float, high: float) -> pd.Series:
    return pd.Series(
        {
            "growth_percent": growth,
            "reference_growth_percent": 5.3,
            "low": low,
            "high": high,
        }
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            total(2.2, 0.96, 0.98),
            "Jobben i Västernorrlands län blir fler, men säkert långsammare än i riket (+2,2 %",
        ),
        (total(5.0, 0.98, 1.02), "ungefär i rikets takt: skillnaden ryms i slumpen"),
        (total(9.0, 1.01, 1.05), "säkert snabbare än i riket"),
        (
            total(-1.0, 0.90, 0.98),
            "Jobben i Västernorrlands län blir färre, och säkert sämre utvecklade",
        ),
        (total(-1.0, 0.90, 1.02), "Jobben i Västernorrlands län blir färre, ungefär som i riket"),
        (
            total(-1.0, 1.01, 1.05),
            "Jobben i Västernorrlands län blir färre, men säkert mindre än i riket",
        ),
    ],
)
def test_growth_is_faster_or_slower_only_beyond_chance(row, expected):
    told = words.growth_answer(row, place=PLACE, start="2020", end="2025", alarms=None)
    assert expected in said(told)
    assert "2020–2025" in said(told, "en")


def test_alarms_are_named_and_their_absence_is_said_only_of_clusters_that_show():
    row = total(2.2, 0.96, 0.98)
    about = {"place": PLACE, "start": "2020", "end": "2025"}
    loud = words.growth_answer(row, alarms=[Words("IT", "IT")], **about)
    quiet = words.growth_answer(row, alarms=[], **about)
    unseen = words.growth_answer(row, alarms=None, **about)
    assert "larm gäller IT, som minskar säkert mer" in said(loud)
    assert "inget kluster som syns i siffrorna minskar säkert mer" in said(quiet)
    assert "larm" not in said(unseen)
    assert "kluster" not in said(unseen)


@pytest.mark.parametrize(
    ("signal", "growth", "low", "high", "expected"),
    [
        ("alarm", -2.1, 0.8, 0.9, "Larm: IT minskade med 2,1 %"),
        ("within_chance", -2.1, 0.8, 1.1, "Inget larm: IT minskade med 2,1 %"),
        ("none", 2.0, 0.8, 0.9, "Inget larm, men IT ökade säkert mindre"),
        ("none", 20.0, 1.1, 1.3, "IT utvecklades säkert bättre"),
        ("none", 12.0, 0.9, 1.1, "skillnaden ryms i slumpen"),
        ("missing", np.nan, np.nan, np.nan, "siffror saknas för något av åren 2020 och 2025"),
    ],
)
def test_a_cluster_alarms_only_where_the_signal_does(signal, growth, low, high, expected):
    row = total(growth, low, high)
    row = pd.concat([row, pd.Series({"signal": signal})])
    told = words.trend_title(row, cluster=Words("IT", "IT"), place=PLACE, start="2020", end="2025")
    assert expected in said(told)
    assert said(told).startswith("Larm") == (signal == "alarm")


def test_large_industries_are_counted_up_and_down_and_how_many_surely():
    standing = pd.DataFrame(
        {
            "group": ["strong_gaining", "strong_gaining", "strong_losing", "weak_gaining"],
            "firm": [True, False, False, True],
        }
    )
    told = said(words.growth_title(standing, place=PLACE))
    assert told.startswith("2 branscher är stora i Västernorrlands län och vinner på riket, 1 av")
    assert told.endswith("1 är stora men tappar, 0 säkert")


def test_the_own_part_names_its_extremes_and_none_where_one_industry_alone_is_known():
    parts = pd.DataFrame({"industry": ["A", "J", "K"], "regional": [10.0, -30.0, np.nan]})
    told = said(words.shift_extremes(parts))
    assert "Mest bidrar jordbruk, skog och fiske (+10)" in told
    assert "minst information och kommunikation (−30)" in told
    assert words.shift_extremes(parts.iloc[[0, 2]]) is None


def test_change_is_set_beside_the_countrys_pace():
    parts = pd.Series({"total": -40.0, "national": 120.0})
    told = said(words.shift_title(parts, place=PLACE, start="2020", end="2025"))
    assert "ändrades med −40 2020–2025; i rikets takt hade det blivit +120" in told


def test_net_commuting_says_more_or_fewer_jobs_than_residents():
    assert "fler jobb än" in said(words.balance_title(5.0, place=PLACE, period="2025"))
    assert "−71 jobb" in said(words.balance_title(-71.0, place=PLACE, period="2025"))


def test_nearest_industries_are_named_in_order():
    found = pd.DataFrame({"industry": ["K", "J", "A"]})
    told = said(words.nearest_title(found, place=PLACE))
    assert told.endswith("ligger finans och försäkring och information och kommunikation")


def test_every_industry_of_the_open_tables_has_a_name_and_a_finer_one_its_number():
    codes = [
        "A",
        "B+C",
        "D+E",
        "F",
        "G",
        "H",
        "I",
        "J",
        "K",
        "L",
        "M+N",
        "O",
        "P",
        "Q",
        "R-U",
        "US",
    ]
    for lang in ("sv", "en"):
        names = [captions.industry(code).render(lang) for code in codes]
        assert len(set(names)) == len(codes)
    assert captions.industry("6201").render("sv") == "bransch 6201"

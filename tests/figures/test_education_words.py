"""The sentences of notebook 05 say what the frames say, whatever its sign."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.figures import education_words as words
from regionstudy.words import Words

PLACE = "Länet"


def said(message, lang="sv") -> str:
    return message.render(lang).replace("\xa0", " ")


def row(crude: float, standardised: float, country: float) -> pd.Series:
    return pd.Series(
        {
            "crude": crude,
            "standardised": standardised,
            "age_effect": crude - standardised,
            "gap": standardised - country,
        }
    )


@pytest.mark.parametrize(
    ("crude", "standardised", "title"),
    [
        (22.0, 25.0, "Åldrarna förklarar 3,0 av de 8,0 procentenheter"),
        (28.0, 30.0, "Åldrarna förklarar hela skillnaden"),
        (28.0, 31.0, "Åldrarna förklarar hela skillnaden"),
        (22.0, 21.0, "Åldrarna förklarar inget av skillnaden"),
        (22.0, 22.0, "Åldrarna förklarar inget av skillnaden"),
        (30.0, 28.0, "Länet har lika stor andel"),
        (36.0, 33.0, "Åldrarna förklarar 3,0 av de 6,0 procentenheter"),
    ],
)
def test_the_title_says_how_ages_and_education_share_the_difference(crude, standardised, title):
    found = words.standard_title(row(crude, standardised, 30.0), country=30.0, place=PLACE)
    assert said(found).startswith(title)


def test_the_answer_gives_both_shares_and_what_the_ages_make():
    told = {"country": 30.0, "place": PLACE, "ages": (25, 64), "period": "2019"}
    found = said(words.level_answer(row(22.0, 25.0, 30.0), **told))
    assert found == (
        "Av 25–64-åringarna i Länet har 22,0 % lång eftergymnasial utbildning (2019), mot 30,0 % i "
        "riket; åldrarna förklarar 3,0 av de 8,0 procentenheterna."
    )


def test_the_title_of_ages_names_the_widest_gap():
    shares = pd.DataFrame(
        {"age": ["25–34", "35–44"], "value": [21.0, 30.0], "compare": [29.0, 36.0]}
    )
    assert said(words.education_title(shares, place=PLACE)).startswith("Vid 25–34 år har 21 %")


def test_the_title_of_change_names_the_age_that_changed_most():
    changes = pd.DataFrame({"age": ["25–34", "35–44"], "value": [1.0, -3.0], "end": [21.0, 30.0]})
    found = said(words.change_title(changes, place=PLACE, start="2019", end="2024"))
    assert found.startswith("Mest har andelen ändrats vid 35–44 år: 30 %")
    assert "−3,0 procentenheter sedan 2019" in found


def test_women_and_men_stand_beside_each_other_or_not_at_all():
    rows = [("00", "1", 23.0), ("00", "2", 36.0), ("22", "1", 13.0), ("22", "2", 29.0)]
    sexes = pd.DataFrame(rows, columns=["region", "sex", "share"]).assign(age="25-34")
    found = said(words.sexes_sentence(sexes, region="22"))
    assert found.startswith("Bland 25–34-åringarna har 29 % av kvinnorna och 13 % av männen")
    assert found.endswith("mot 36 och 23 % i riket.")
    assert words.sexes_sentence(sexes.iloc[1:], region="22") is None
    assert words.sexes_sentence(pd.DataFrame(), region="22") is None


def test_a_new_field_of_vocational_education_keeps_the_publishers_name():
    assert words.yh_field("Rymd") == Words("Rymd", "Rymd")
    assert words.yh_field("Data/It").render("en") == "computing and IT"


def test_ordinals_and_changes_of_the_rise_are_those_of_the_lines():
    lines = pd.DataFrame(
        {"period": ["2016", "2025"], "value": [33.7, 38.5], "value_median": [37.1, 41.8]}
    )
    found = said(words.rise_answer(lines, place=PLACE, rank=16, peers=23), "en")
    assert "from 33.7% with some post-secondary education in 2016 to 38.5% in 2025" in found
    assert "+4.8 percentage points against +4.7" in found
    assert found.endswith("16th of 23 among them.")

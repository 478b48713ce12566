"""Rates by age with their model. All rates here are GENERATED."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures.content import Measure
from regionstudy.figures.flows import model_profile
from regionstudy.words import Words


@pytest.fixture
def profile() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": ["21", "20", "22", "23"],
            "value": [90.0, 60.0, np.nan, 123.456],
            "status": ["", "", "..", "suppressed"],
            "fitted": [88.0, 61.0, 80.0, 70.0],
            "compare": [50.0, 51.0, 52.0, 53.0],
        }
    )


@pytest.fixture
def rate() -> Measure:
    return Measure(Words("Utflyttning (GENERATED)", "Out-migration (GENERATED)"))


def test_ages_stand_in_order_and_those_without_a_rate_have_no_dot(profile, rate):
    figure = model_profile(profile, title="T", measure=rate, compare=Words("riket", "the country"))
    dots, model, country = figure.content.body.plotly["en"]["data"]
    assert (dots["x"], dots["y"]) == ([20, 21], [60.0, 90.0])
    assert (model["x"], model["y"]) == ([20, 21, 22, 23], [61.0, 88.0, 80.0, 70.0])
    assert country["name"] == "the country"
    assert "123" not in str(figure.payload())


def test_picture_in_words_names_the_peak_and_what_is_missing(profile, rate):
    told = model_profile(profile, title="T", measure=rate, compare="riket").content.alt.render("en")
    assert "The curve is highest at age 21 (88.0)" in told
    assert "2" in told.split("(88.0)")[1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="fitted"), "needs the column fitted"),
        (lambda f: f.assign(age=["20-24", "20", "21", "22"]), "no single year"),
        (lambda f: f.assign(age="20"), "takes one row for each age"),
        (lambda f: f.assign(value=np.nan), "has no value to draw"),
        (lambda f: f.assign(fitted=np.nan), "has no fitted to draw"),
        (lambda f: f, "needs compare="),
    ],
)
def test_unusable_profile_is_refused(profile, rate, change, message):
    with pytest.raises(DataError, match=message):
        model_profile(change(profile), title="T", measure=rate)

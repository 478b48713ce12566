"""Steps add up to their sum; dots in four fields all have a name or a sign."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures import charts
from regionstudy.words import Words

CORNERS = [Words(f"Fält {i}", f"Field {i}") for i in range(4)]


def parts(*values: float) -> pd.DataFrame:
    names = [Words(f"Del {i}", f"Part {i}") for i in range(len(values))]
    return pd.DataFrame({"part": [str(i) for i in range(len(values))], "value": values}).assign(
        name=names
    )


def drawn_steps(measure, *values: float):
    shown = charts.steps(parts(*values), title="Ändring", measure=measure, total="Summa")
    return shown.content.body.plotly["sv"]["data"][0], shown.content


def test_each_bar_begins_where_the_last_one_ended_and_the_sum_at_zero(measure):
    bar, content = drawn_steps(measure, 100.0, -30.0, -90.0)
    assert bar["base"] == [0, 100, 70, 0]
    assert bar["x"] == [100, -30, -90, -20]
    assert content.table.rows[-1][1] == -20


def test_a_step_without_a_value_is_an_error_since_no_sum_is_known(measure):
    with pytest.raises(DataError, match="needs every part, and 1 has no value"):
        charts.steps(parts(1.0, np.nan), title="Ändring", measure=measure, total="Summa")


def dots(n: int, seed: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": [f"G{i}" for i in range(n)],
            "name": [f"GENERATED bransch nummer {i}" for i in range(n)],
            "x": random.normal(0, 20, n),
            "y": random.normal(0, 5, n),
            "size": random.uniform(10, 1000, n),
            "firm": random.random(n) > 0.5,
        }
    )


def four_fields(frame: pd.DataFrame, measure, **about):
    options = {"across": "mot riket", "upright": "ändring", "corners": CORNERS}
    return charts.quadrants(frame, title="Läge", measure=measure, **options, **about)


@pytest.mark.parametrize("width", ["plotly", "narrow"])
def test_every_dot_has_its_name_or_its_sign_once(measure, width):
    frame = dots(15)
    shown = four_fields(frame, measure)
    layout = getattr(shown.content.body, width)["sv"]["layout"]
    told = [one["text"] for one in layout["annotations"] if "xref" not in one]
    assert len(told) == 15
    for short, name in zip(frame["id"], frame["name"], strict=True):
        assert sum(text in (short, name) for text in told) == 1


def test_hollow_dots_are_those_that_chance_could_explain(measure):
    frame = dots(3).assign(firm=[True, False, True])
    marker = four_fields(frame, measure, home=["G2"]).content.body.plotly["sv"]["data"][0]["marker"]
    assert marker["color"] == ["var(--d6)", "var(--paper)", "var(--home)"]
    assert marker["line"]["color"] == ["var(--d6)", "var(--d6)", "var(--home)"]


def test_a_dot_without_a_measure_stands_in_the_table_alone(measure):
    frame = dots(4)
    frame.loc[1, "y"] = np.nan
    content = four_fields(frame, measure).content
    assert len(content.body.plotly["sv"]["data"][0]["x"]) == 3
    assert len(content.table.rows) == 4


def test_no_dot_at_all_and_a_repeated_one_are_errors(measure):
    with pytest.raises(DataError, match="no dot to draw"):
        four_fields(dots(2).assign(x=np.nan), measure)
    with pytest.raises(DataError, match="one row for each id"):
        four_fields(dots(2).assign(id="G"), measure)


def test_shares_by_age_carry_no_plus(measure):
    frame = pd.DataFrame({"age": ["25–34", "35–44"], "value": [21.0, 30.0]})
    for signed in (True, False):
        shown = charts.age_profile(frame, title="Ålder", measure=measure, signed=signed)
        ticks = shown.content.body.plotly["sv"]["layout"]["yaxis"]["ticktext"]
        assert any("+" in tick for tick in ticks) == signed

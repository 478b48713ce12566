"""Joining new figures with the ones held: nothing is lost, nothing is invented."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.store.fetch.vintages import merge_vintages, provenance_of

DAY = "2026-11-25"
Cells = dict[tuple[str, ...], tuple[float | None, str]]

REGIONS = st.sampled_from(["00", "22", "2281"])
PERIODS = st.sampled_from(["2022", "2023", "2024"])
SEXES = st.sampled_from(["total", "1", "2"])
FIGURES = st.one_of(
    st.tuples(st.sampled_from([0.0, 1.0, 2.5]), st.sampled_from(["", "p", "-"])),
    st.tuples(st.none(), st.sampled_from(["..", "."])),
)


@st.composite
def frames(draw: st.DrawFn, *, least: int = 0) -> pd.DataFrame:
    """Draw observations, with the breakdown by sex or without."""
    broken_down = draw(st.booleans())
    keys = st.tuples(REGIONS, PERIODS, SEXES if broken_down else st.just("total"))
    cells = draw(st.dictionaries(keys, FIGURES, min_size=least, max_size=12))
    rows = [(region, "x", period, sex, value, status)
            for (region, period, sex), (value, status) in cells.items()]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["region", "indicator", "period", "sex", "value", "status"]
    ).astype({"value": "float64"} | dict.fromkeys(["region", "indicator", "period", "sex"], "str"))
    frame["status"] = pd.Categorical(frame["status"], categories=["", "..", ".", "-", "p"])
    return frame if broken_down else frame.drop(columns="sex")


def cells(frame: pd.DataFrame, *, value: str = "value", status: str = "status") -> Cells:
    """A frame's figures by region, period and sex, of which a frame may lack the last."""
    sexes = frame["sex"] if "sex" in frame else ["total"] * len(frame)
    values = [None if math.isnan(one) else one for one in frame[value]]
    keys = zip(frame["region"], frame["period"], sexes, strict=True)
    return dict(zip(keys, zip(values, frame[status].astype("str"), strict=True), strict=True))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """As it is fetched: statuses are text, not categories."""
    return frame.assign(status=frame["status"].astype("str"))


@settings(deadline=None, max_examples=60)
@given(held=frames(), fetched=frames(least=1))
def test_nothing_held_is_lost_and_nothing_is_invented(
    held: pd.DataFrame, fetched: pd.DataFrame
) -> None:
    merged, revised = merge_vintages(held, plain(fetched), day=DAY)
    before, now = cells(held), cells(fetched)
    assert cells(merged) == before | now, "the keys of both; the new figure, else the old one"
    assert len(merged) == len(cells(merged)), "no cell stands twice"
    assert cells(merged[merged["fresh"]]) == now
    changed = {key for key in before.keys() & now.keys() if before[key] != now[key]}
    assert cells(revised) == {key: before[key] for key in changed}
    became = cells(revised, value="value_now", status="status_now")
    assert became == {key: now[key] for key in changed}
    assert set(revised["superseded"]) <= {DAY}
    for key, figure in before.items():
        assert figure in (cells(merged)[key], cells(revised).get(key))


@settings(deadline=None, max_examples=20)
@given(held=frames(), fetched=frames(least=1))
def test_fetching_the_same_again_revises_nothing(held: pd.DataFrame, fetched: pd.DataFrame) -> None:
    merged, _ = merge_vintages(held, plain(fetched), day=DAY)
    again, revised = merge_vintages(merged.drop(columns="fresh"), plain(fetched), day=DAY)
    assert revised.empty
    assert cells(again) == cells(merged)


def frame(rows: list[tuple[str, str, float]], **columns: Any) -> pd.DataFrame:
    """Observations of rows of region, period and value."""
    made = pd.DataFrame(rows, columns=["region", "period", "value"]).assign(status="", **columns)
    made.insert(1, "indicator", "x")
    return made


def test_a_frame_that_lacks_a_breakdown_is_of_its_total() -> None:
    held = frame([("2281", "2023", 9.0), ("2281", "2024", 10.0)])
    fetched = frame([("2281", "2024", 11.0), ("2281", "2024", 6.0)], sex=["total", "1"])
    merged, revised = merge_vintages(held, fetched, day=DAY)
    assert cells(merged) == {
        ("2281", "2023", "total"): (9.0, ""),
        ("2281", "2024", "total"): (11.0, ""),
        ("2281", "2024", "1"): (6.0, ""),
    }
    assert cells(revised) == {("2281", "2024", "total"): (10.0, "")}


def test_parts_that_are_no_longer_fetched_stay() -> None:
    held = frame([("2281", "2024", 4.0), ("2281", "2024", 6.0)], sex=["1", "2"])
    merged, revised = merge_vintages(held, frame([("2281", "2024", 11.0)]), day=DAY)
    assert revised.empty
    assert set(cells(merged)) == {("2281", "2024", sex) for sex in ("total", "1", "2")}


@pytest.mark.parametrize("held", [None, frame([])])
def test_where_nothing_was_held_all_is_new(held: pd.DataFrame | None) -> None:
    fetched = frame([("2281", "2024", 11.0)])
    merged, revised = merge_vintages(held, fetched, day=DAY)
    assert merged["fresh"].all()
    assert revised.empty
    assert list(revised.columns) == [
        "region", "indicator", "period", "value", "status", "value_now", "status_now", "superseded",
    ]  # fmt: skip


def segment(table: str, **other: Any) -> dict[str, Any]:
    """A segment of provenance."""
    said = {"publisher": "SCB", "table": table, "query": f"of {table}", "licence": "CC0-1.0"}
    told = {"sv": "", "en": ""}
    return {**said, "how": told, "note": told, "retrieved": "2026-11-24", "updated": None,
            "transcribed": False, "url": None, "division": None, **other}  # fmt: skip


def test_provenance_names_the_new_first_and_then_what_stays() -> None:
    held = frame([("2281", "2023", 9.0), ("2281", "2024", 10.0)])
    merged, _ = merge_vintages(held, frame([("2281", "2024", 10.0)]), day=DAY)
    said = provenance_of(merged, [segment("new", retrieved=DAY)], segment("old"))
    assert said["table"] == "new; old"
    assert said["retrieved"] == DAY
    old = said["segments"][1]
    assert (old["rows"], old["periods"]) == (1, ["2023", "2023"])


def test_provenance_forgets_what_does_not_stay() -> None:
    held = frame([("2281", "2024", 10.0)])
    merged, _ = merge_vintages(held, frame([("2281", "2024", 10.0)]), day=DAY)
    said = provenance_of(merged, [segment("new")], segment("old"))
    assert [one["table"] for one in said["segments"]] == ["new"]


def test_of_several_earlier_segments_those_of_the_kept_periods_stay() -> None:
    held = frame([("2281", "2005", 8.0), ("2281", "2015", 9.0), ("2281", "2024", 10.0)])
    merged, _ = merge_vintages(held, frame([("2281", "2024", 10.0)]), day=DAY)
    earlier = {
        "segments": [
            segment("nineties", periods=["1990", "1999"]),
            segment("noughts", periods=["2000", "2009"]),
            segment("tens", periods=["2010", "2019"]),
        ]
    }
    said = provenance_of(merged, [segment("new")], earlier)
    assert [one["table"] for one in said["segments"]] == ["new", "noughts", "tens"]

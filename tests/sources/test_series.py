"""Joining the tables of a series: the break is marked, and no period is mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.sources.http import Patience
from regionstudy.sources.scb import PxWeb
from regionstudy.sources.series import stitch

from .pxweb_server import serve_pxweb
from .pxweb_tables import population


def part(years: range, *, offset: float = 0.0, sex: str = "total") -> pd.DataFrame:
    """Sundsvall's figures of some years, by hand: 100 and one more a year."""
    values = [100.0 + year - 2019 + offset for year in years]
    frame = pd.DataFrame(
        {"Region": "2281", "Kon": sex, "Tid": [str(year) for year in years], "value": values}
    )
    return frame.assign(status="").astype({"Region": "category", "Kon": "category"})


def test_the_break_is_marked_and_each_row_says_its_table() -> None:
    joined = stitch({"RAMS": part(range(2019, 2022)), "BAS": part(range(2022, 2024), offset=5)})
    assert joined["Tid"].tolist() == ["2019", "2020", "2021", "2022", "2023"]
    assert joined["series"].tolist() == ["RAMS"] * 3 + ["BAS"] * 2
    (mark,) = joined.attrs["breaks"]
    assert (mark["period"], mark["before"], mark["after"]) == ("2022", "RAMS", "BAS")
    assert mark["overlap"] == []
    assert np.isnan(mark["largest_difference"])


def test_where_both_have_a_period_the_newer_table_has_all_of_it() -> None:
    joined = stitch({"RAMS": part(range(2019, 2022)), "BAS": part(range(2020, 2024), offset=5)})
    assert joined["value"].tolist() == [100.0, 106.0, 107.0, 108.0, 109.0]
    (mark,) = joined.attrs["breaks"]
    assert mark["period"] == "2020"
    assert mark["overlap"] == ["2020", "2021"]
    assert mark["largest_difference"] == 5.0


def test_three_tables_have_two_breaks() -> None:
    parts = {
        "A": part(range(2019, 2021)),
        "B": part(range(2021, 2023)),
        "C": part(range(2023, 2024)),
    }
    joined = stitch(parts)
    assert [mark["period"] for mark in joined.attrs["breaks"]] == ["2021", "2023"]
    assert joined.attrs["tables"] == ["A", "B", "C"]
    assert len(joined) == 5


def test_values_that_only_one_table_has_are_told() -> None:
    joined = stitch({"A": part(range(2019, 2021), sex="1+2"), "B": part(range(2021, 2022))})
    (mark,) = joined.attrs["breaks"]
    assert mark["only_before"] == {"Kon": ["1+2"]}
    assert mark["only_after"] == {"Kon": ["total"]}


def test_a_missing_figure_stays_missing_across_the_join() -> None:
    old, new = part(range(2023, 2025)), part(range(2025, 2026))
    old.loc[1, ["value", "status"]] = [np.nan, ".."]
    joined = stitch({"TAB638": old, "TAB5557": new})
    assert joined["status"].tolist() == ["", "..", ""]
    assert joined["value"].isna().tolist() == [False, True, False]


def test_the_parts_are_left_as_they_are() -> None:
    old, new = part(range(2019, 2022)), part(range(2020, 2024))
    copies = old.copy(), new.copy()
    stitch({"A": old, "B": new})
    pd.testing.assert_frame_equal(old, copies[0])
    pd.testing.assert_frame_equal(new, copies[1])


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "at least one table"),
        (
            {"A": part(range(2019, 2020)), "B": part(range(2020, 2021)).drop(columns="Kon")},
            r"B has the columns .* Choose the same variables",
        ),
        (
            {"A": pd.concat([part(range(2019, 2020))] * 2)},
            r"A has 1 cells twice, the first {'Region': '2281'",
        ),
        ({"A": part(range(2019, 2019))}, "A has no rows"),
        (
            {"B": part(range(2021, 2022)), "A": part(range(2019, 2020))},
            r"A begins with 2019, not later than B \(2021\)",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, pd.DataFrame], message: str) -> None:
    with pytest.raises(DataError, match=message):
        stitch(parts)


def test_population_goes_on_in_its_new_table() -> None:
    with serve_pxweb() as fake:
        fake.put(population("TAB5557", first=2025, last=2025, seed=7))
        scb = PxWeb.connect(fake.url, patience=Patience(backoff_s=0.0))
        # The old table sums over civil status, the new one publishes its total.
        status = fake.tables["TAB5557"].variables[1]
        status.values = {"SC": "totalt, samtliga civilstånd", **status.values}
        chosen = {"Region": "22*", "Civilstand": "total", "Alder": "total", "Kon": "total"}
        chosen |= {"ContentsCode": "Folkmängd", "Tid": "*"}
        joined = stitch({one: scb.data(one, chosen) for one in ("TAB638", "TAB5557")})
        scb.session.close()
    assert joined["Tid"].nunique() == 11
    assert joined.attrs["breaks"][0]["period"] == "2025"
    assert joined.loc[joined["Tid"] == "2025", "series"].eq("TAB5557").all()

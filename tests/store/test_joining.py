"""Two files that hold the same figure."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store.joining import Part, compare, join_parts


def _rows(values: dict[str, float | None], **columns: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": list(values),
            "indicator": "rents",
            "period": "2022",
            **columns,
            "value": pd.Series(list(values.values()), dtype="float64"),
            "status": ["" if value is not None else ".." for value in values.values()],
        }
    )


FIRST = Part("first.csv", _rows({"2281": 10.0, "2280": 20.0}), rank=1)
SECOND = Part("second.csv", _rows({"2280": 21.0, "2262": 30.0}), rank=2)


@pytest.mark.parametrize("order", [[FIRST, SECOND], [SECOND, FIRST]])
def test_the_lowest_rank_wins_whatever_the_order(order: list[Part]) -> None:
    joined = join_parts(order, indicator="rents").set_index("region")
    assert joined["value"].to_dict() == {"2281": 10.0, "2280": 20.0, "2262": 30.0}
    assert joined.loc["2280", "file"] == "first.csv"


def test_a_file_that_is_only_compared_gives_no_row() -> None:
    check = Part("check.csv", _rows({"2262": 1.0}), rank=0, check_only=True)
    assert join_parts([FIRST, check], indicator="rents")["file"].unique().tolist() == ["first.csv"]


def test_differences_are_counted_beyond_the_tolerance() -> None:
    joined = join_parts([FIRST, SECOND], indicator="rents")
    found = compare(joined, SECOND, indicator="rents").iloc[0]
    assert found[["file", "against"]].tolist() == ["second.csv", "first.csv"]
    assert found[["cells", "differ", "largest"]].tolist() == [1, 1, 1.0]
    lenient = Part(SECOND.file, SECOND.rows, rank=2, tolerance=1.0)
    assert compare(joined, lenient, indicator="rents").iloc[0]["differ"] == 0


def test_a_figure_that_one_file_lacks_is_no_difference_but_is_counted() -> None:
    second = Part("second.csv", _rows({"2280": None}), rank=2)
    joined = join_parts([FIRST, second], indicator="rents")
    found = compare(joined, second, indicator="rents").iloc[0]
    assert found[["cells", "differ", "missing_in_one"]].tolist() == [0, 0, 1]


def test_files_with_other_breakdowns_are_refused() -> None:
    other = Part("other.csv", _rows({"2262": 1.0}, sex="total"), rank=2)
    with pytest.raises(DataError, match=r"rents: other\.csv has the breakdowns.*sex.*Make them"):
        join_parts([FIRST, other], indicator="rents")


def test_a_figure_twice_in_a_file_is_refused() -> None:
    twice = Part("twice.csv", pd.concat([FIRST.rows, FIRST.rows.head(1)]), rank=1)
    with pytest.raises(DataError, match=r"twice\.csv: 1 figures stand twice.*2281"):
        join_parts([twice], indicator="rents")

"""Making a selection definite, and finding contents by their text."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.errors import ConfigError
from regionstudy.sources.pxweb_requests import (
    Choice,
    Request,
    choose,
    halve,
    plan_requests,
    resolve_contents,
)
from regionstudy.sources.pxweb_tables import TableMetadata, Variable

CONTENTS = Variable(
    "ContentsCode",
    "tabellinnehåll",
    ("000007ME", "000007MG", "HE0110J7"),
    {"000007ME": "Folkmängd", "000007MG": "Folkökning", "HE0110J7": "Medelinkomst, tkr (alla)"},
    role="metric",
    texts={"000007ME": "Folkmängden 31 december", "000007MG": "Folkökning"},
)
YEARS = Variable("Tid", "år", ("2023", "2024"), role="time")
SEX = Variable("Kon", "kön", ("1", "2"), {"1": "män", "2": "kvinnor"}, elimination=True)
TABLE = TableMetadata("TAB5557", "Folkmängd", (SEX, CONTENTS, YEARS))


@pytest.mark.parametrize(
    "label", ["Folkmängd", "folkmängd ", "FOLKMÄNGD", "Folkmängden  31 december"]
)
def test_contents_are_found_by_their_text(label: str) -> None:
    assert resolve_contents(TABLE, label) == "000007ME"


def test_a_code_that_is_not_the_texts_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r'"Folkmängd" has the code 000007ME, not BE0101N1'):
        resolve_contents(TABLE, "Folkmängd", code="BE0101N1")
    assert resolve_contents(TABLE, "Folkmängd", code="000007ME") == "000007ME"


def test_a_text_that_no_contents_has_names_the_nearest() -> None:
    message = r'no contents is called "Folkmangd"\. Did you mean "000007ME" \(Folkmängd\)\?'
    with pytest.raises(ConfigError, match=message):
        resolve_contents(TABLE, "Folkmangd")


def test_a_text_that_two_contents_have_is_an_error() -> None:
    twice = Variable("ContentsCode", "", ("A", "B"), {"A": "Antal", "B": "antal"}, role="metric")
    with pytest.raises(ConfigError, match=r'2 contents are called "Antal"\. There are A \(Antal\)'):
        resolve_contents(TableMetadata("T", "", (twice,)), "Antal")


def test_a_table_without_contents_has_none_to_find() -> None:
    with pytest.raises(ConfigError, match="no variable of contents"):
        resolve_contents(TableMetadata("T", "", (YEARS,)), "Antal")


def test_a_text_with_a_bracket_is_no_expression() -> None:
    choices, _ = choose(TABLE, {"ContentsCode": "Medelinkomst, tkr (alla)", "Tid": "*"})
    assert choices[0].codes == ("HE0110J7",)


def test_expressions_work_for_contents_too() -> None:
    choices, _ = choose(TABLE, {"ContentsCode": "000007*", "Tid": "*"})
    assert choices[0].codes == ("000007ME", "000007MG")


def test_a_variable_without_total_is_left_out_only_where_it_may_be() -> None:
    choices, eliminated = choose(TABLE, {"ContentsCode": "Folkmängd", "Tid": "2024"})
    assert eliminated == ("Kon",)
    assert [choice.variable for choice in choices] == ["ContentsCode", "Tid"]


def test_a_single_value_needs_no_choosing() -> None:
    one = TableMetadata("T", "", (Variable("Tid", "år", ("2024",), role="time"),))
    assert choose(one, {}) == ((Choice("Tid", ("2024",)),), ())


def test_a_total_split_off_is_remembered_only_where_it_is() -> None:
    sex = Variable("Kon", "kön", ("1", "2", "1+2"), {"1+2": "totalt"}, elimination=True)
    table = TableMetadata("T", "", (sex, YEARS))
    requests = plan_requests(table, {"Kon": ["1", "2", "total"], "Tid": "2024"}, limit=1)
    assert [request.choices[0].total for request in requests] == ["", "", "1+2"]


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 6), min_size=1, max_size=4), limit=st.integers(1, 80))
def test_a_plan_asks_for_each_cell_once(sizes: list[int], limit: int) -> None:
    variables = tuple(
        Variable(f"V{place}", "", tuple(f"{place}.{code}" for code in range(size)))
        for place, size in enumerate(sizes)
    )
    table = TableMetadata("T", "", variables)
    plan = plan_requests(table, {one.code: "*" for one in variables}, limit=limit)
    cells = [cell for request in plan for cell in _cells(request)]
    assert (
        len(cells)
        == len(set(cells))
        == plan_requests(table, {one.code: "*" for one in variables}, limit=0)[0].cells
    )
    assert all(request.cells == len(_cells(request)) <= limit for request in plan)


def _cells(request: Request) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = [()]
    for choice in request.choices:
        cells = [(*cell, code) for cell in cells for code in choice.codes]
    return cells


def test_halves_are_the_whole() -> None:
    request = Request("T", (Choice("A", ("1", "2")), Choice("B", ("x", "y", "z"))))
    halves = halve(request)
    assert halves is not None
    assert [half.values["B"] for half in halves] == [("x", "y"), ("z",)]
    assert halve(Request("T", (Choice("A", ("1",)),))) is None


def test_a_request_cannot_be_changed() -> None:
    request = Request("T", (Choice("A", ("1", "2")),))
    with pytest.raises(FrozenInstanceError):
        request.table = "U"  # type: ignore[misc]
    assert hash(request) == hash(Request("T", (Choice("A", ("1", "2")),)))

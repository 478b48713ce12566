"""What a check of a query finds, before any data is asked for."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from regionstudy.sources.http import Answer
from regionstudy.sources.pxweb_checks import Query, check_query, frozen_since
from regionstudy.sources.pxweb_reading import read_metadata
from regionstudy.sources.pxweb_tables import Table, TableMetadata, Variable

if TYPE_CHECKING:
    from pathlib import Path

CONTENTS = Variable(
    "ContentsCode", "tabellinnehåll", ("BE0101N1",), {"BE0101N1": "Folkmängd"}, role="metric"
)
YEARS = Variable("Tid", "år", ("2020", "2021", "2022", "2023"), role="time")
SEX = Variable("Kon", "kön", ("1", "2"), {"1": "män", "2": "kvinnor"}, elimination=True)
TABLE = TableMetadata("TAB638", "Folkmängd", (SEX, CONTENTS, YEARS))
TODAY = dt.date(2026, 11, 25)


def kinds(query: Query, metadata: TableMetadata = TABLE, **options: object) -> list[str]:
    return [finding.kind for finding in check_query(metadata, query, **options)]  # type: ignore[arg-type]


def test_nothing_is_said_of_a_query_without_fault() -> None:
    assert kinds(Query("TAB638", {"Kon": "*", "Tid": "*"})) == []


def test_every_fault_is_found_at_once_and_each_names_the_nearest() -> None:
    query = Query(
        "TAB638",
        {"Kno": "*", "Kon": "3", "Tid": "RANGE(2020,2033)"},
        contents={"BE0101N1": "Folkmangd"},
    )
    found = check_query(TABLE, query)
    assert [finding.kind for finding in found] == ["contents", *["selection"] * 3]
    assert all(finding.forbids for finding in found)
    told = [str(finding) for finding in found]
    assert 'Did you mean "BE0101N1" (Folkmängd)?' in told[0]
    assert 'no variable "Kno". Did you mean "Kon" (kön)?' in told[1]
    assert 'Kon has no value "3"' in told[2]
    assert 'Did you mean "2023"?' in told[3]


def test_a_variable_that_must_be_chosen_is_missed() -> None:
    (finding,) = check_query(TABLE, Query("TAB638", {"Kon": "1"}))
    assert "Tid (år) must be chosen" in str(finding)


def test_a_contents_code_with_another_text_forbids_to_ask() -> None:
    query = Query("TAB638", {"Kon": "*", "Tid": "*"}, contents={"BE0101N9": "Folkmängd"})
    (finding,) = check_query(TABLE, query)
    assert "has the code BE0101N1, not BE0101N9" in str(finding)


def test_elimination_is_told() -> None:
    (finding,) = check_query(TABLE, Query("TAB638", {"Tid": "*"}))
    assert (finding.kind, finding.variable, finding.forbids) == ("eliminated", "Kon", False)
    assert "the service sums over its values" in str(finding)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("*", ["break"]),
        ("RANGE(2021,2022)", ["break"]),
        ("FROM(2022)", []),  # all after the break
        ("TO(2021)", []),  # all before it
    ],
)
def test_a_break_inside_the_span_is_told(chosen: str, expected: list[str]) -> None:
    query = Query("TAB638", {"Kon": "*", "Tid": chosen}, breaks={"2022": "RAMS till BAS"})
    assert kinds(query) == expected


def test_a_break_in_the_publishers_notes_is_told() -> None:
    # As in TAB5839's notes.
    note = "Tidsseriebrott, fr.o.m. referensår 2019 används en ny datakälla."
    noted = TableMetadata("TAB5839", "", (SEX, YEARS), notes=(note, "Annat."))
    (finding,) = check_query(noted, Query("TAB5839", {"Kon": "*", "Tid": "*"}))
    assert (finding.kind, note in str(finding)) == ("break", True)


def test_perturbed_figures_are_told(shared: Path) -> None:
    path = shared / "recordings" / "pxweb2" / "TAB6471_metadata.json"
    answer = Answer(b"", "", 200, {}, False, dt.datetime.now(dt.UTC))
    recorded = read_metadata(json.loads(path.read_bytes()), answer, table="TAB6471")
    contents = {"000007SF": "Folkmängden per månad"}
    query = Query("TAB6471", {"Alder": "total", "Tid": "TOP(1)"}, contents=contents)
    found = check_query(recorded, query)
    assert not any(finding.forbids for finding in found)
    assert "perturbed" in [finding.kind for finding in found]


@pytest.mark.parametrize(
    ("last", "unit", "frozen"),
    [
        ("2023", "Annual", True),  # the next, 2024, was due in February 2026
        ("2024", "Annual", False),
        ("2026M04", "Monthly", True),
        ("2026M08", "Monthly", False),
        ("2025K4", "Quarterly", True),
        ("2026K2", "Quarterly", False),
        ("2026V20", "Weekly", True),
        ("2026V45", "Weekly", False),
        ("2020-2024", "Annual", False),
        ("2021/22", "Annual", True),
        ("2012", "Other", False),
        ("", "Annual", False),
    ],
)
def test_a_table_whose_next_period_is_overdue_has_frozen(
    last: str, unit: str, frozen: bool
) -> None:
    table = Table("T", "", last_period=last, time_unit=unit)
    assert (frozen_since(table, today=TODAY) is not None) == frozen


def test_a_frozen_or_discontinued_table_is_told() -> None:
    query = Query("TAB638", {"Kon": "*", "Tid": "*"})
    frozen = Table("TAB638", "", last_period="2023", time_unit="Annual")
    (finding,) = check_query(TABLE, query, table=frozen, today=TODAY)
    assert finding.kind == "frozen"
    assert "ends with 2023, although the next period should have come by 2026-02-28" in str(finding)
    gone = Table("TAB638", "", last_period="2023", time_unit="Annual", discontinued=True)
    assert kinds(query, table=gone, today=TODAY) == ["discontinued"]
    assert kinds(query, table=frozen) == []


def test_a_school_year_ends_in_the_century_of_its_last_year() -> None:
    table = Table("TAB1", "Elever", last_period="1999/00", time_unit="Annual")
    # The next one by the end of 2001, and its figures within 14 months.
    assert frozen_since(table, today=dt.date(2003, 2, 28)) is None
    assert frozen_since(table, today=dt.date(2003, 3, 1)) == dt.date(2003, 2, 28)

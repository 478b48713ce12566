"""Any workbook that openpyxl can write gives tables or faults: no exception, no lost row."""

from __future__ import annotations

import datetime as dt
from string import ascii_uppercase

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regionstudy.members.frame_schemas import frame_schema
from regionstudy.members.layout import find_header
from regionstudy.members.reading import open_tables, read
from regionstudy.members.schema import sheets

# What XML cannot hold, openpyxl refuses to write.
texts = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=12,
)
near_right = st.sampled_from(
    [*"ab1=", "outside", "2281", "180", "2512", "481a", "30-39", "60+", "2025", "2026-03-01"]
)
odd = st.sampled_from(
    [
        "ja",
        "flytt",
        "erbjuds",
        "https://a.example",
        "50 %",
        "1 204",
        "=1+1",
        "#REF!",
        "  ",
        "\u00a0",
    ]
)
cells = st.one_of(
    st.none(),
    near_right,
    odd,
    texts,
    st.booleans(),
    st.integers(-10, 10_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2090, 1, 1)),  # noqa: DTZ001
    st.times(),
    st.timedeltas(dt.timedelta(0), dt.timedelta(days=400)),
)
names = st.one_of(
    st.sampled_from([name for sheet in sheets().values() for name in (sheet.name, sheet.title.sv)]),
    st.sampled_from(["Om", "Listor", "Blad1", "Fel", "Personall"]),
)


@st.composite
def filled_sheets(draw):
    """Draw one sheet: its headers as they are or garbled, rows of anything, merges, hidden rows."""
    name = draw(names)
    known = {one: sheet for sheet in sheets().values() for one in (sheet.name, sheet.title.sv)}
    columns = known[name].columns if name in known else next(iter(sheets().values())).columns
    headers = [draw(st.sampled_from([c.name, c.title.sv, c.title.en + " *"])) for c in columns]
    if draw(st.integers(0, 5)) == 0:
        headers = [draw(st.one_of(st.just(header), texts)) for header in headers]
    above = draw(st.lists(st.lists(cells, max_size=len(headers)), max_size=2))
    width = len(headers) + 1
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=5))
    merged = draw(st.lists(st.tuples(*[st.integers(1, 7)] * 4), max_size=2))
    hidden = draw(st.sets(st.integers(1, 9), max_size=2))
    return name, [*above, headers, *rows], merged, hidden


def write(path, drawn):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows, merged, hidden in drawn:
        worksheet = book.create_sheet(name)
        for row in rows:
            worksheet.append(row)
        for top, left, bottom, right in merged:
            block = {"start_row": min(top, bottom), "end_row": max(top, bottom)}
            block |= {"start_column": min(left, right), "end_column": max(left, right)}
            worksheet.merge_cells(**block)
        for row in hidden:
            worksheet.row_dimensions[row].hidden = True
    book.save(path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(filled_sheets(), min_size=1, max_size=4))
def test_any_workbook_gives_tables_that_fit_their_schemas_or_faults(drawn, tmp_path):
    path = tmp_path / "any.xlsx"
    write(path, drawn)
    members, faults = read(path)
    assert (members is None) == bool(faults)
    for fault in faults:
        assert fault.file == "any.xlsx"
        assert fault.problem
        assert fault.remedy
    if members is not None:
        for name, frame in members.tables.items():
            frame_schema(name).validate(frame)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=filled_sheets())
def test_rows_in_are_rows_used_and_rows_reported(drawn, tmp_path):
    path = tmp_path / "any.xlsx"
    write(path, [drawn])
    opened = open_tables(path)
    # What openpyxl itself finds below the headers, before any merged cell is spread.
    worksheet = openpyxl.load_workbook(path, data_only=False).worksheets[0]
    seen = {
        number
        for number, row in enumerate(worksheet.iter_rows(values_only=True), 1)
        if any(cell is not None and str(cell).replace("\u202f", " ").strip() for cell in row)
    }
    reported = {fault.cell.lstrip(ascii_uppercase) for fault in opened.found.faults}
    for table in opened.tables.values():
        top = find_header(table.grid, table.sheet, [])
        assert set(table.frame.index) == {number for number in seen if number > top + 1}
        # What is neither used nor a title is said: a row of figures above the headers.
        needed = [place for place, c in enumerate(table.sheet.columns) if c.required]
        for number in range(1, top + 1):
            row = table.grid.rows[number - 1]
            # Where a column is missing, that is said first, and the row once it is there.
            if "" not in [row[place] for place in needed] and str(top + 1) not in reported:
                assert str(number) in reported
    if seen and not opened.tables:
        assert opened.found.faults

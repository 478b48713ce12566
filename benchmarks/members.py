"""
Read and check 24 workbooks of 10,000 staff rows each, against openpyxl's read-only pass.

The same files, one after the other, in the processor's time; the target is 0.4 of openpyxl's.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import openpyxl

from regionstudy.members import check
from regionstudy.members.occupations import occupation_labels
from regionstudy.members.schema import words
from regionstudy.members.template import member_workbook
from regionstudy.members.writing import write_rows

_WORKBOOKS = 24
_ROWS = 10_000
_TARGET = 0.4
_MUNICIPALITIES = ("2260", "2262", "2280", "2281", "2282", "2283", "2284")


def main() -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [_write(Path(folder), number) for number in range(_WORKBOOKS)]
        # Code lists are loaded once, whatever the number of workbooks.
        check(paths[0])
        begun = time.process_time()
        faults = sum(len(check(path)) for path in paths)
        ours = time.process_time() - begun
        begun = time.process_time()
        rows = sum(map(_openpyxl_pass, paths))
        theirs = time.process_time() - begun
    print(f"{_WORKBOOKS} workbooks, {rows:,} rows, {faults} faults")
    print(f"members: read and check {ours:.2f} s")
    print(f"openpyxl: read-only pass {theirs:.2f} s")
    print(f"ratio {ours / theirs:.2f} (target {_TARGET})")


def _write(folder: Path, number: int) -> Path:
    """Fill a template: every municipality, occupation, age band and year of one member."""
    rng = np.random.default_rng(number)
    cells = [
        (municipality, occupation, age, year)
        for municipality in _MUNICIPALITIES
        for occupation in list(occupation_labels())[:150]
        for age in words("age_band")
        for year in (2024, 2025)
    ][:_ROWS]
    names = ("municipality", "occupation", "age_band", "year")
    org_id = f"exempel-{number:02d}"
    workbook = member_workbook(lang="sv", org=org_id)
    facts = {"org_id": org_id, "name": f"Exempel {number}", "municipality": "2281"}
    write_rows(workbook, "organisations", [facts], lang="sv")
    rows = [
        {"org_id": org_id, "headcount": int(count), **dict(zip(names, cell, strict=True))}
        for cell, count in zip(cells, rng.integers(0, 400, len(cells)), strict=True)
    ]
    write_rows(workbook, "staff", rows, lang="sv")
    path = folder / f"{org_id}.xlsx"
    workbook.save(path)
    return path


def _openpyxl_pass(path: Path) -> int:
    """Read every cell of every sheet, as a program without our reader would."""
    workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = sum(1 for sheet in workbook for _ in sheet.iter_rows(values_only=True))
    workbook.close()
    return rows


if __name__ == "__main__":
    main()

"""A small network, as a folder of CSV and as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Tables = dict[str, list[list[Any]]]


@pytest.fixture
def tables() -> Tables:
    """Two organisations with staff in two municipalities: every sheet, nothing wrong."""
    return {
        "organisations": [
            ["org_id", "name", "municipality", "level", "cluster"],
            ["a", "Exempelverket", "2281", "1", "it"],
            ["b", "Exempelarkivet", "0180", "2", "archives"],
        ],
        "staff": [
            ["org_id", "municipality", "occupation", "age_band", "headcount", "year"],
            ["a", "2281", "2512", "30-39", 40, 2025],
            ["a", "2284", "2512", "-29", 3, 2025],
            ["a", "2280", "2512", "60-", 12, 2025],
            ["b", "0180", "2622", "60-", 11, 2025],
            ["b", "0180", "2622", "60-", 9, 2024],
        ],
        "needs": [
            ["org_id", "occupation", "year", "headcount", "scenario"],
            ["a", "2512", 2027, 4, "low"],
            ["a", "2622", 2027, 3, "low"],
        ],
        "assignments": [
            ["org_id", "title", "municipality", "remote_share", "opens", "public"],
            ["a", "Öppet uppdrag", "2281", 0.5, "2027-01-01", "yes"],
            ["a", "Internt uppdrag", "2281", None, None, None],
        ],
    }


@pytest.fixture
def workbook(tmp_path: Path) -> Callable[[Tables], Path]:
    """Write tables as a workbook and give its path."""

    def write(tables: Tables, name: str = "members.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet, rows in tables.items():
            worksheet = book.create_sheet(sheet)
            for row in rows:
                worksheet.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return write

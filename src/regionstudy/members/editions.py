"""
The private state of the gate: the last edition, what is protected already, what was hidden.

It lies beside the study's own state (``.regionstudy/members``), is never part of a site or a
commit, and holds true counts: it belongs where the workbook belongs.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.members.disclosure import EarlierTable, LinkedTable, Protection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["EditionTable", "State"]

_PREFIX = "earlier "
_KEPT = 5


class State:
    """
    The gate's private state in one folder.

    Parameters
    ----------
    folder : Path
        The folder; made when something is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def edition_text(self) -> str:
        """
        Give the last edition as it is kept.

        Returns
        -------
        str
            JSON; "" where there is none.
        """
        path = self._folder / "edition.json"
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    def earlier(self, sheet: str) -> list[EarlierTable]:
        """
        Give the tables of the last edition that were made from a sheet.

        Parameters
        ----------
        sheet : str
            The sheet.

        Returns
        -------
        list of EarlierTable
            Their names begin with "earlier ".
        """
        text = self.edition_text()
        kept: dict[str, Any] = json.loads(text) if text else {}
        return [
            EarlierTable(_table(f"{_PREFIX}{name}", entry), pd.DataFrame(entry["cells"]))
            for name, entry in kept.items()
            if entry["sheet"] == sheet
        ]

    def keep_edition(self, tables: Mapping[str, EditionTable]) -> None:
        """
        Keep what a site published, until the next one is published.

        Parameters
        ----------
        tables : mapping of str to EditionTable
            The tables by sheet and name. Tables of earlier editions that are no longer
            published stay: readers still hold them.
        """
        text = self.edition_text()
        kept: dict[str, Any] = json.loads(text) if text else {}
        for name, one in tables.items():
            kept[name] = {
                "sheet": one.sheet,
                "dimensions": list(one.table.dimensions),
                "where": {column: list(values) for column, values in one.table.where.items()},
                "separate": list(one.table.separate),
                "cells": one.cells.to_dict("list"),
            }
        self._write("edition.json", json.dumps(kept, ensure_ascii=False))

    def protection(self, key: str) -> Protection | None:
        """
        Give tables that were protected before, by another kernel.

        Parameters
        ----------
        key : str
            What they rest on.

        Returns
        -------
        Protection or None
            None where they are not kept, or the file is broken.
        """
        path = self._folder / f"protected-{key}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            tables = {name: _frame(columns) for name, columns in kept["tables"].items()}
            return Protection(tables, pd.DataFrame(kept["audit"]))
        except (OSError, ValueError, KeyError):
            return None

    def keep_protection(self, key: str, protection: Protection) -> None:
        """
        Keep protected tables, so that no other kernel has to solve them again.

        Parameters
        ----------
        key : str
            What they rest on.
        protection : Protection
            The tables.
        """
        tables = {name: _columns(frame) for name, frame in protection.tables.items()}
        kept = {"tables": tables, "audit": protection.audit.to_dict("list")}
        self._write(f"protected-{key}.json", json.dumps(kept, ensure_ascii=False))
        found = sorted(self._folder.glob("protected-*.json"), key=lambda p: p.stat().st_mtime)
        for path in found[:-_KEPT]:
            path.unlink(missing_ok=True)

    def keep_audit(self, audit: pd.DataFrame) -> None:
        """
        Write what was hidden and why, for the analyst to read.

        Parameters
        ----------
        audit : DataFrame
            As `Members.audit` gives it.
        """
        self._write("audit.csv", audit.to_csv(index=False))

    def _write(self, name: str, text: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        aside = self._folder / f".{name}.{os.getpid()}"
        aside.write_text(text, encoding="utf-8")
        aside.chmod(0o600)
        aside.replace(self._folder / name)


class EditionTable:
    """
    One table as an edition gives it.

    Parameters
    ----------
    sheet : str
        The sheet it was made from.
    table : LinkedTable
        How it was made.
    cells : DataFrame
        Its dimensions, ``count`` (what was counted, published or not) and ``hidden``.
    """

    def __init__(self, sheet: str, table: LinkedTable, cells: pd.DataFrame) -> None:
        self.sheet, self.table, self.cells = sheet, table, cells


def _table(name: str, entry: Mapping[str, Any]) -> LinkedTable:
    dimensions: Sequence[str] = entry["dimensions"]
    return LinkedTable(name, tuple(dimensions), where=entry["where"], separate=entry["separate"])


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    texts = frame.assign(status=frame["status"].astype("str"))
    return {
        str(name): [None if pd.isna(value) else value for value in column]
        for name, column in texts.items()
    }


def _frame(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    status = pd.Categorical(frame["status"], categories=["", "suppressed"])
    return frame.assign(status=status, headcount=frame["headcount"].astype("float64"))

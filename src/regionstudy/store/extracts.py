"""`regionstudy import`: official extracts, as files, made into the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.store.extract_plan import ExtractFile, Plan, Series, read_plan
from regionstudy.store.joining import Part, compare, join_parts
from regionstudy.store.observations import count_levels
from regionstudy.store.segments import join_segments
from regionstudy.store.tidying import apply_series, blank_zeros, require_codes
from regionstudy.store.write import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ImportReport", "import_extracts"]

_NEEDED = ("region", "indicator", "period", "value", "status")


@dataclass(frozen=True)
class ImportReport:
    """
    What an import read, kept and compared.

    Parameters
    ----------
    path : Path
        The snapshot that was written.
    files : DataFrame
        A row a series of a file: ``file``, ``series``, ``indicator``, ``read`` (rows), ``kept``
        (rows, sums included), ``blanked`` (zeros set to ".."), ``reason`` (why not all).
    checks : DataFrame
        A row a pair of files that hold the same figures: `joining.compare`.
    """

    path: Path
    files: pd.DataFrame
    checks: pd.DataFrame

    def summary(self) -> str:
        """
        Tell it in lines for the terminal.

        Returns
        -------
        str
            Rows read, kept and left out by reason, and what the cross-checks found.
        """
        kept = self.files[self.files["kept"] > 0]
        lines = [
            f"Read {int(self.files['read'].sum()):,} rows of {self.files['file'].nunique()} files; "
            f"wrote {int(self.files['kept'].sum()):,} rows of {kept['indicator'].nunique()} "
            f"indicators to {self.path}.",
        ]
        if blanked := int(self.files["blanked"].sum()):
            lines.append(f'{blanked} zeros of municipalities not yet formed are "..".')
        left = self.files[self.files["reason"] != ""]
        lines += [
            f"  left out: {f'{file} {series}'.strip()} ({read:,} rows): {reason}"
            for file, series, read, reason in left[["file", "series", "read", "reason"]].itertuples(
                index=False
            )
        ]
        differ = self.checks[self.checks["differ"] > 0]
        lines.append(
            f"Cross-checked {int(self.checks['cells'].sum()):,} cells that two files hold: "
            f"{int(self.checks['differ'].sum())} differ."
        )
        lines += [
            f"  {row.indicator}: {row.file} differs from {row.against} in {row.differ} of "
            f"{row.cells} cells, by up to {row.largest:g}"
            for row in differ.itertuples()
        ]
        return "\n".join(lines)


def import_extracts(
    folder: Path | str,
    into: Path | str,
    *,
    progress: Callable[[str], None] | None = None,
) -> ImportReport:
    """
    Make the snapshot from a folder of official extracts.

    What each file is stands in ``extracts.toml``. Files overlap: they are compared, and the one
    of the lowest rank is kept.

    Parameters
    ----------
    folder : path-like
        The folder, laid out as ``../shared/figures``.
    into : path-like
        The snapshot's folder, replaced as a whole.
    progress : callable, optional
        Called with each file's name before it is read.

    Returns
    -------
    ImportReport
        What was read, kept and left out, and what the cross-checks found.

    Raises
    ------
    DataError
        If a file is missing or not as described, a code is not one of its year, or the snapshot
        can not be written; the snapshot before it stays.
    """
    plan = read_plan()
    source = Path(folder)
    _require_files(plan, source)
    notes: list[dict[str, Any]] = []
    parts: dict[str, list[tuple[Part, ExtractFile, Series]]] = {}
    for file in plan.file:
        if progress:
            progress(file.name)
        frame = _read(source / file.name)
        if file.skip:
            notes.append(_note(file, "", "", read=len(frame), reason=file.skip))
            continue
        _require_described(frame, file)
        for series in file.series:
            part, note = _part(frame, file, series)
            notes.append(note)
            if part:
                parts.setdefault(series.into, []).append((part, file, series))
    frames, provenance, checks = {}, {}, []
    for indicator, entries in parts.items():
        joined = join_parts([part for part, _, _ in entries], indicator=indicator)
        if len(entries) > 1:
            checks += [compare(joined, part, indicator=indicator) for part, _, _ in entries]
        provenance[indicator] = _provenance(joined, entries, plan)
        frames[indicator] = joined.drop(columns="file")
    write_snapshot(frames, provenance, into)
    return ImportReport(Path(into), pd.DataFrame(notes), _checks(checks))


def _require_files(plan: Plan, folder: Path) -> None:
    absent = [file.name for file in plan.file if not (folder / file.name).is_file()]
    if absent:
        shown = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if absent[5:] else "")
        msg = f"{folder}: these files are missing: {shown}. Give the folder of all extracts."
        raise DataError(msg)
    strange = sorted(
        {one.name for one in folder.iterdir() if ".csv" in one.suffixes}
        - {file.name for file in plan.file}
    )
    if strange:
        msg = f"{folder}: {strange[0]} is not described in extracts.toml. Describe it, or skip it."
        raise DataError(msg)


def _read(file: Path) -> pd.DataFrame:
    try:
        # keep_default_na: an empty status is "published", not missing.
        return pd.read_csv(file, dtype="str", keep_default_na=False)
    except (OSError, ValueError, EOFError) as error:
        msg = f"{file}: can not be read as CSV ({error}). Get the file anew."
        raise DataError(msg) from error


def _require_described(frame: pd.DataFrame, file: ExtractFile) -> None:
    absent = [column for column in _NEEDED if column not in frame.columns]
    if absent:
        msg = f"{file.name}: the columns {', '.join(absent)} are missing. Get the file anew."
        raise DataError(msg)
    described = {name for series in file.series for name in series.read}
    found = set(frame["indicator"].unique())
    if strange := sorted(found - described):
        msg = f"{file.name}: extracts.toml does not say what to do with {', '.join(strange)}."
        raise DataError(msg)
    if lost := sorted(described - found):
        msg = f"{file.name}: extracts.toml names {', '.join(lost)}, which the file does not hold."
        raise DataError(msg)


def _part(
    frame: pd.DataFrame, file: ExtractFile, series: Series
) -> tuple[Part | None, dict[str, Any]]:
    read = int(frame["indicator"].isin(series.read).sum())
    names = ", ".join(series.read)
    if series.skip:
        return None, _note(file, names, "", read=read, reason=series.skip)
    rows = apply_series(frame, series, file=file.name)
    require_codes(rows, division=series.division or file.division, file=file.name)
    blanked = blank_zeros(rows)
    part = Part(file.name, blanked, series.rank, series.check_only, series.tolerance)
    if series.check_only:
        reason = f"compared only. {series.why}"
        return part, _note(file, names, series.into, read=read, reason=reason)
    zeros = int(blanked["value"].isna().sum() - rows["value"].isna().sum())
    return part, _note(file, names, series.into, read=read, kept=len(rows), blanked=zeros)


def _note(
    file: ExtractFile,
    series: str,
    indicator: str,
    *,
    read: int,
    kept: int = 0,
    blanked: int = 0,
    reason: str = "",
) -> dict[str, Any]:
    return {
        "file": file.name,
        "series": series,
        "indicator": indicator,
        "read": read,
        "kept": kept,
        "blanked": blanked,
        "reason": reason,
    }


def _provenance(
    joined: pd.DataFrame, entries: list[tuple[Part, ExtractFile, Series]], plan: Plan
) -> dict[str, Any]:
    """Say where an id's rows come from: one segment a file, and the whole in one line."""
    entries = sorted(
        (entry for entry in entries if not entry[0].check_only), key=lambda entry: entry[0].rank
    )
    segments = []
    for part, file, series in entries:
        rows = joined[joined["file"] == part.file]
        if len(rows):
            segments.append(_segment(rows, file, series, plan))
    return join_segments(segments)


def _segment(rows: pd.DataFrame, file: ExtractFile, series: Series, plan: Plan) -> dict[str, Any]:
    publisher = plan.publisher[series.publisher or file.publisher]
    how = plan.how["transcribed" if file.transcribed else "copied"]
    note = series.note or file.note
    return {
        "file": file.name,
        "periods": [rows["period"].min(), rows["period"].max()],
        "levels": count_levels(rows["region"]),
        "rows": len(rows),
        "publisher": publisher.name,
        "table": series.table or file.table,
        "query": f"{file.archive}: {file.path}",
        "how": {
            "sv": how.sv.format(archive=file.archive),
            "en": how.en.format(archive=file.archive),
        },
        "retrieved": plan.retrieved,
        "updated": file.updated,
        "licence": publisher.licence,
        "note": note.model_dump() if note else {"sv": "", "en": ""},
        "transcribed": file.transcribed,
        "url": publisher.url,
        "division": series.division or file.division,
        "rank": series.rank,
        "why": series.why,
    }


def _checks(checks: list[pd.DataFrame]) -> pd.DataFrame:
    found = [check for check in checks if len(check)]
    if not found:
        return pd.DataFrame(columns=["indicator", "file", "against", "cells", "differ", "largest"])
    return pd.concat(found, ignore_index=True)

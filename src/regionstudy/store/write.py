"""Writing a snapshot: the whole of it aside, then swapped in, so that the last one survives."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.store.observations import (
    STATUSES,
    breakdowns,
    count_levels,
    key_columns,
    tidy_observations,
)
from regionstudy.store.snapshot import PACKAGE, PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["write_snapshot"]

_FOLDER = "observations"
_LICENCES = {
    "CC0-1.0": {
        "name": "CC0-1.0",
        "path": "https://creativecommons.org/publicdomain/zero/1.0/",
        "title": "CC0 1.0",
    }
}
_REASONS = {
    errno.ENOSPC: ("the disk is full", "Make room and import again."),
    errno.EDQUOT: ("the disk quota is used up", "Make room and import again."),
    errno.EACCES: ("no permission to write there", "Ask for it, or choose another study folder."),
    errno.EPERM: ("no permission to write there", "Ask for it, or choose another study folder."),
    errno.EROFS: ("the disk can only be read", "Choose a study folder on another disk."),
}


def write_snapshot(
    frames: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Mapping[str, Any]],
    path: Path | str,
) -> None:
    """
    Write a whole snapshot; whatever fails, the last good one stays.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Observations by indicator id.
    provenance : mapping of str to mapping
        Where each indicator's figures come from; the keys of `Snapshot.provenance`, of which
        ``publisher``, ``source``, ``retrieved`` and ``licence`` must be there.
    path : path-like
        The snapshot's folder; replaced as a whole.

    Raises
    ------
    DataError
        If a frame is no observation frame, provenance is missing, or writing fails (full disk,
        no permission, ...), naming what, where and the remedy.
    """
    folder = Path(path)
    tidy = {one: tidy_observations(frames[one], indicator=one) for one in sorted(frames)}
    for one in tidy:
        missing = {"publisher", "source", "retrieved", "licence"} - set(provenance.get(one, {}))
        if missing:
            msg = f"{one}: its provenance lacks {', '.join(sorted(missing))}. Say where it is from."
            raise DataError(msg)
    aside: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _recover(folder)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        aside.chmod(0o755)
        _write_files(tidy, provenance, aside)
        _swap(aside, folder)
    except OSError as error:
        what, remedy = _REASONS.get(
            error.errno or 0, (error.strerror or str(error), "Check the folder and import again.")
        )
        msg = (
            f"{folder}: the snapshot could not be written: {what}. {remedy} "
            f"The snapshot before it is unchanged."
        )
        raise DataError(msg) from error
    finally:
        # Also after Ctrl-C: what was written aside is of no use to anyone.
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Put back a snapshot that a killed import left aside."""
    previous = folder.with_name(folder.name + PREVIOUS)
    if not previous.exists():
        return
    if folder.exists():
        shutil.rmtree(previous)
    else:
        os.replace(previous, folder)  # noqa: PTH105 (the tests make this very call fail)


def _swap(aside: Path, folder: Path) -> None:
    previous = folder.with_name(folder.name + PREVIOUS)
    if not folder.exists():
        os.replace(aside, folder)  # noqa: PTH105
        return
    # A folder can not be renamed onto one that has files: two renames, and back if cut off.
    try:
        os.replace(folder, previous)  # noqa: PTH105
        os.replace(aside, folder)  # noqa: PTH105
    except BaseException:
        if previous.exists() and not folder.exists():
            previous.rename(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _write_files(
    frames: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Mapping[str, Any]],
    folder: Path,
) -> None:
    (folder / _FOLDER).mkdir()
    resources = []
    for indicator, frame in frames.items():
        content = _encode(frame)
        place = f"{_FOLDER}/{indicator}.parquet"
        (folder / place).write_bytes(content)
        resources.append(_resource(indicator, frame, provenance[indicator], place, content))
    described = json.dumps(_package(resources), ensure_ascii=False, indent=1)
    (folder / PACKAGE).write_text(described + "\n", encoding="utf-8")


def _encode(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    columns = {
        column: pa.array(frame[column].astype("str")).cast(pa.string())
        for column in frame.columns
        if column != "value"
    }
    columns["value"] = pa.array(frame["value"], pa.float64(), from_pandas=True)
    table = pa.table({column: columns[column] for column in frame.columns})
    sink = pa.BufferOutputStream()
    # No schema of pandas or Arrow inside, one row group: the same rows give the same bytes.
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=19,
        use_dictionary=True,
        row_group_size=max(len(frame), 1),
        store_schema=False,
    )
    return bytes(sink.getvalue())


def _resource(
    indicator: str,
    frame: pd.DataFrame,
    provenance: Mapping[str, Any],
    place: str,
    content: bytes,
) -> dict[str, Any]:
    periods = sorted(frame["period"].unique())
    publisher = {"title": provenance["publisher"], "path": provenance.get("url")}
    fields = [{"name": column, "type": "string"} for column in frame.columns if column != "value"]
    fields.insert(list(frame.columns).index("value"), {"name": "value", "type": "number"})
    return {
        "name": indicator,
        "path": place,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [{key: text for key, text in publisher.items() if text}],
        "licenses": [_licence(provenance["licence"])],
        "schema": {"fields": fields, "primaryKey": key_columns(frame)},
        "indicator": indicator,
        "rows": len(frame),
        "missing": int(frame["value"].isna().sum()),
        "periods": {
            "first": periods[0] if periods else "",
            "last": periods[-1] if periods else "",
            "periods": len(periods),
        },
        "levels": count_levels(frame["region"]),
        "breakdowns": breakdowns(frame),
        "provenance": dict(provenance),
    }


def _package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    sources = {one["sources"][0]["title"]: one["sources"][0] for one in resources}
    licences = {one["licenses"][0]["name"]: one["licenses"][0] for one in resources}
    newest = max((one["provenance"]["retrieved"] for one in resources), default="1970-01-01")
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "regionstudy-snapshot",
        "title": "Official Swedish figures of the regionstudy snapshot",
        "description": "One row a value: region, indicator, period, breakdowns, value, status. "
        f"Status: {', '.join(repr(status) for status in STATUSES)}.",
        # The day of the newest figure, not of writing: the same import gives the same bytes.
        "created": f"{newest}T00:00:00Z",
        "licenses": [licences[name] for name in sorted(licences)],
        "sources": [sources[title] for title in sorted(sources)],
        "resources": resources,
    }


def _licence(name: str) -> dict[str, str]:
    plain = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    return _LICENCES.get(name, {"name": "-".join(filter(None, plain.split("-"))), "title": name})

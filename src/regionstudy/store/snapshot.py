"""The snapshot: the embedded official figures, read file by file when asked for."""

from __future__ import annotations

import copy
import datetime as dt
import difflib
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.store.observations import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Snapshot"]

PACKAGE = "datapackage.json"
# Where write_snapshot lays the last good snapshot while it swaps.
PREVIOUS = ".previous"

_REMEDY = "Restore it with `git checkout {path}` or make it anew with `regionstudy import FOLDER`."
_NEEDED = ("indicator", "path", "bytes", "hash", "provenance", "rows", "periods", "levels")
_REVISION_COLUMNS = [
    "region", "indicator", "period",
    "value", "status", "value_now", "status_now", "superseded",
]  # fmt: skip
_PROVENANCE_KEYS = (
    "publisher", "source", "table", "query", "how", "retrieved", "updated", "licence",
    "note", "transcribed", "url", "division", "segments",
)  # fmt: skip


class Provenance(dict[str, Any]):
    """
    Where a series' figures come from; read, never changed.

    pandas copies a frame's ``attrs`` deeply at every step. These are shared instead, which
    halves the time of most work on frames.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Provenance:
        return self


class Snapshot:
    """
    The official figures of a study, as a folder of Parquet files and ``datapackage.json``.

    Use `Snapshot.open`. A file is read, and its checksum verified, when first asked for.

    Parameters
    ----------
    path : Path
        The snapshot's folder.
    package : dict
        The parsed ``datapackage.json``.
    checksum : str
        The hash of ``datapackage.json``.

    Attributes
    ----------
    resources, revised : dict of str to dict
        The descriptions of the files of figures and of earlier vintages, by indicator.
    """

    def __init__(self, path: Path, package: dict[str, Any], checksum: str) -> None:
        self.path = path
        self.checksum = checksum
        self.resources: dict[str, dict[str, Any]] = {
            one["indicator"]: one for one in package["resources"]
        }
        self.revised: dict[str, dict[str, Any]] = package.get("revisions", {})
        self._read: dict[str, pd.DataFrame] = {}

    @classmethod
    def open(cls, path: Path | str) -> Snapshot:
        """
        Open a snapshot; reads ``datapackage.json`` only.

        Parameters
        ----------
        path : path-like
            The snapshot's folder, such as ``data/snapshot``.

        Returns
        -------
        Snapshot
            The snapshot. Its ``checksum`` is one hash over everything: ``datapackage.json``
            holds the hash of every file.

        Raises
        ------
        DataError
            If the folder or ``datapackage.json`` is missing or broken.
        """
        folder = Path(path)
        file = folder / PACKAGE
        remedy = _REMEDY.format(path=folder)
        aside = folder.with_name(folder.name + PREVIOUS)
        if aside.is_dir() and not folder.exists():
            # Between the two renames of a swap, or after one that was killed there: the last
            # good snapshot is the one laid aside; the next write puts it back.
            return cls.open(aside)
        try:
            content = file.read_bytes()
        except OSError as error:
            msg = f"{file}: there is no snapshot to read ({error.strerror}). {remedy}"
            raise DataError(msg) from error
        try:
            package = json.loads(content)
            for resource in package["resources"]:
                missing = [key for key in _NEEDED if key not in resource]
                if missing:
                    raise KeyError(f"{resource.get('name', 'a resource')}: {', '.join(missing)}")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            msg = f"{file}: the description of the snapshot is broken ({error}). {remedy}"
            raise DataError(msg) from error
        return cls(folder, package, hashlib.sha256(content).hexdigest())

    @property
    def indicators(self) -> tuple[str, ...]:
        """The ids that have figures, sorted."""
        return tuple(sorted(self.resources))

    @property
    def retrieved(self) -> dt.date:
        """The newest day that any of the figures was retrieved."""
        days = (one["provenance"]["retrieved"] for one in self.resources.values())
        return dt.date.fromisoformat(max(days))

    def observations(
        self,
        indicator: str,
        *,
        periods: Sequence[str] | None = None,
        regions: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """
        Give one indicator's observations, with all its breakdowns.

        Parameters
        ----------
        indicator : str
            An id of `indicators`.
        periods, regions : sequence of str, optional
            Keep only these; one that is not there gives no rows.

        Returns
        -------
        DataFrame, shape (n, 5 + breakdowns)
            A new frame: ``region``, ``indicator``, ``period`` and breakdowns (str; a total is
            "total"), ``value`` (float64, in the catalogue's unit) and ``status`` (category).
            ``attrs["provenance"]`` maps the id to where its figures come from.

        Raises
        ------
        DataError
            If there are no figures of the id, or its file is missing, truncated or changed.
        """
        frame = self._load(indicator)
        keep = pd.Series(True, index=frame.index)
        if periods is not None:
            keep &= frame["period"].isin(list(periods))
        if regions is not None:
            keep &= frame["region"].isin(list(regions))
        # A shallow copy is a frame of its own: pandas copies on write.
        chosen = frame.copy(deep=False) if keep.all() else frame[keep].reset_index(drop=True)
        chosen.attrs = {"provenance": {indicator: self.provenance(indicator)}}
        return chosen

    def provenance(self, indicator: str) -> Provenance:
        """
        Say where an indicator's figures come from.

        Parameters
        ----------
        indicator : str
            An id of `indicators`.

        Returns
        -------
        Provenance
            ``publisher``, ``source``, ``table``, ``query``, ``how`` and ``note`` (both
            ``{"sv": ..., "en": ...}``), ``retrieved``, ``updated``, ``licence``, ``checksum``,
            ``transcribed`` (bool), ``url``, ``division`` (year of the region codes, None = the
            figure's own) and ``segments``: one dict a file that the rows come from.

        Raises
        ------
        DataError
            If there are no figures of the id.
        """
        resource = self._resource(indicator)
        given = copy.deepcopy(resource["provenance"])
        facts = {key: given.pop(key, None) for key in _PROVENANCE_KEYS}
        return Provenance(facts, checksum=resource["hash"], **given)

    def summary(self) -> pd.DataFrame:
        """
        Say what the snapshot holds; reads no figures.

        Returns
        -------
        DataFrame, a row an indicator
            ``indicator``, ``first``, ``last`` (periods), ``periods`` (their number),
            ``country``, ``county``, ``municipality`` (numbers of regions), ``rows``,
            ``missing`` (rows without value), ``retrieved``, ``source``, ``table`` and
            ``transcribed`` (True if any part was typed in by hand).
        """
        rows = []
        for indicator in self.indicators:
            resource = self.resources[indicator]
            given = resource["provenance"]
            rows.append(
                {
                    "indicator": indicator,
                    **resource["periods"],
                    **resource["levels"],
                    "rows": resource["rows"],
                    "missing": resource.get("missing", 0),
                    "retrieved": given.get("retrieved"),
                    "source": given.get("source"),
                    "table": given.get("table"),
                    "transcribed": bool(given.get("transcribed")),
                }
            )
        return pd.DataFrame(rows)

    def revisions(self) -> pd.DataFrame:
        """
        Give the cells that publishers have revised since they were first fetched.

        Returns
        -------
        DataFrame, a row a revision
            The cell's keys (a breakdown that an indicator lacks is missing), ``value`` and
            ``status`` as they were, ``value_now`` and ``status_now`` as they became, and
            ``superseded``, the day it was found; the newest first.

        Raises
        ------
        DataError
            If a file of them is missing, truncated or changed.
        """
        frames = [found for one in self.revised if (found := self.revisions_of(one)) is not None]
        if not frames:
            return pd.DataFrame(columns=_REVISION_COLUMNS)
        every = pd.concat(frames, ignore_index=True)
        first = [column for column in every.columns if column not in _REVISION_COLUMNS[3:]]
        order = ["superseded", "indicator", "period", "region"]
        every = every[[*first, *_REVISION_COLUMNS[3:]]]
        return every.sort_values(order, ascending=[False, True, True, True], ignore_index=True)

    def revisions_of(self, indicator: str) -> pd.DataFrame | None:
        """
        Give one indicator's revisions.

        Parameters
        ----------
        indicator : str
            The id.

        Returns
        -------
        DataFrame or None
            As `revisions`, in the order in which they came; None where nothing was revised.

        Raises
        ------
        DataError
            If the file of them is missing, truncated or changed.
        """
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]

        resource = self.revised.get(indicator)
        if resource is None:
            return None
        frame: pd.DataFrame = pq.read_table(pa.BufferReader(self.verified(resource))).to_pandas()
        return frame

    def verified(self, resource: Mapping[str, Any]) -> bytes:
        """
        Read one of the snapshot's files and verify its checksum.

        Parameters
        ----------
        resource : mapping
            Its description, from `resources` or `revised`.

        Returns
        -------
        bytes
            Its content.

        Raises
        ------
        DataError
            If it is missing, truncated or changed.
        """
        file = self.path / str(resource["path"])
        remedy = _REMEDY.format(path=self.path)
        try:
            content = file.read_bytes()
        except OSError as error:
            msg = f"{file}: a file of the snapshot can not be read ({error.strerror}). {remedy}"
            raise DataError(msg) from error
        got = f"sha256:{hashlib.sha256(content).hexdigest()}"
        if len(content) != resource["bytes"] or got != resource["hash"]:
            msg = (
                f"{file}: the file is not the one that was imported: expected "
                f"{resource['bytes']} bytes, {resource['hash']}; got {len(content)} bytes, {got}. "
                f"{remedy}"
            )
            raise DataError(msg)
        return content

    def _resource(self, indicator: str) -> dict[str, Any]:
        if indicator in self.resources:
            return self.resources[indicator]
        near = difflib.get_close_matches(indicator, self.resources, n=1)
        meant = f" The nearest with figures is {near[0]}." if near else ""
        msg = (
            f'{self.path}: no figures of "{indicator}".{meant} See `regionstudy status` for what '
            f"the snapshot holds; `regionstudy fetch --indicator {indicator}` would fetch it."
        )
        raise DataError(msg)

    def _load(self, indicator: str) -> pd.DataFrame:
        if indicator not in self._read:
            resource = self._resource(indicator)
            self._read[indicator] = _decode(self.verified(resource), resource)
        return self._read[indicator]

    def __repr__(self) -> str:
        return f"<Snapshot {len(self.resources)} indicators at {self.path}>"


def _decode(content: bytes, resource: dict[str, Any]) -> pd.DataFrame:
    # Imported here: a study that is only loaded, not read, does without it.
    import pyarrow as pa
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pq.read_table(pa.BufferReader(content)).to_pandas()
    frame["status"] = pd.Categorical(frame["status"], categories=list(STATUSES))
    if len(frame) != resource["rows"]:
        msg = (
            f"{resource['path']}: {len(frame)} rows, {resource['rows']} described. "
            "Make the snapshot anew with `regionstudy import FOLDER`."
        )
        raise DataError(msg)
    return frame

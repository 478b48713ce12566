"""Jobs by region, industry and year as one array, with the whole of each region beside it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.clusters.coding import (
    Labels,
    label_codes,
    only_periods,
    read_counts,
    worst,
)
from regionstudy.analysis.statuses import MISSING
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["TOTALS", "Jobs", "read_jobs"]

# What a total of all industries is called: ours, and Statistics Sweden's own.
TOTALS = ("total", "A-U+US")
_KINDS = ("sum", "published")
# In an array of severities, where there is no row at all.
_ABSENT = 127


@dataclass(frozen=True)
class Jobs:
    """
    Jobs of regions and of the reference that they are compared with.

    The shapes are r regions (without the reference), i industries (without totals) and p
    periods. Missing counts are NaN; the arrays of codes hold severities (`statuses`).

    Parameters
    ----------
    regions, industries, periods : Labels
        The axes; one period named "" where the frame has none.
    count, count_code : array, shape (r, i, p)
        Jobs of each region.
    whole, whole_code : array, shape (r, p)
        All jobs of each region.
    base, base_code : array, shape (i, p)
        Jobs of the reference.
    base_whole, base_whole_code : array, shape (p,)
        All jobs of the reference.
    held, base_held : array of bool, shape (r, i, p) and (i, p)
        Whether there is a row, published or not.
    """

    regions: Labels
    industries: Labels
    periods: Labels
    count: NDArray[np.float64]
    count_code: NDArray[np.int8]
    whole: NDArray[np.float64]
    whole_code: NDArray[np.int8]
    base: NDArray[np.float64]
    base_code: NDArray[np.int8]
    base_whole: NDArray[np.float64]
    base_whole_code: NDArray[np.int8]
    held: NDArray[np.bool_]
    base_held: NDArray[np.bool_]

    @property
    def dated(self) -> bool:
        """Whether the frame had a column ``period``."""
        return list(self.periods.names) != [""]

    def keys(self, *axes: str) -> dict[str, Any]:
        """
        Give the label columns of a result, in the order of its flattened array.

        Parameters
        ----------
        *axes : {"region", "industry", "period"}
            The array's axes in order; ``period`` is left out where the frame had none.

        Returns
        -------
        dict of str to array
            A column an axis.
        """
        labels = {"region": self.regions, "industry": self.industries, "period": self.periods}
        sizes = [len(labels[axis].names) for axis in axes]
        columns = {}
        for number, axis in enumerate(axes):
            if axis == "period" and not self.dated:
                continue
            inner, outer = int(np.prod(sizes[number + 1 :])), int(np.prod(sizes[:number]))
            # Small numbers: a column of millions of rows is written several times over.
            small = np.min_scalar_type(-max(sizes[number], 1))
            places = np.tile(np.repeat(np.arange(sizes[number], dtype=small), inner), outer)
            columns[axis] = labels[axis].at(places)
        return columns


def read_jobs(
    employed: pd.DataFrame,
    *,
    reference: str,
    totals: str = "sum",
    periods: Sequence[str] | None = None,
) -> Jobs:
    """
    Check a frame of jobs, and lay it out as arrays.

    A combination without a row is missing, as one with status ".." is: it is no 0. Totals
    of all industries (`TOTALS`) are never counted as an industry. Where wholes are sums, the
    industries must be of one depth.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value`` and optionally ``period`` and ``status``.
    reference : str
        The region compared with.
    totals : {"sum", "published"}
        Whether a region's whole is the sum of its industries, or the row of the total.
    periods : sequence of str, optional
        The periods needed; others are left out.

    Returns
    -------
    Jobs
        The arrays.

    Raises
    ------
    DataError
        If a column or the reference is absent, rows repeat, a count is negative or no
        number, several indicators are mixed, sections stand beside finer industries that are
        summed, or a published total is wanted where none is.
    """
    if totals not in _KINDS:
        msg = f'totals="{totals}" is not known; use one of: {", ".join(_KINDS)}.'
        raise DataError(msg)
    require_columns(employed, ["region", "industry", "value"], name="employed")
    _require_one_indicator(employed)
    axes = ["region", "industry", *(["period"] if "period" in employed.columns else [])]
    coded = {axis: label_codes(employed[axis], axis) for axis in axes}
    rows: Any = slice(None)
    if periods is not None:
        rows, coded["period"] = only_periods(coded["period"], periods)
        for axis in ("region", "industry"):
            coded[axis] = coded[axis][0][rows], coded[axis][1]
    value, code = read_counts(employed, rows)
    shape = tuple(len(coded[axis][1].names) for axis in axes)
    places = [coded[axis][0] for axis in axes]
    count, count_code = _lay_out(value, code, places, shape)
    seen = count_code != _ABSENT
    rows_seen = np.count_nonzero(seen)
    if rows_seen != len(value):
        require_unique(employed, axes, name="employed")
    labels = [coded[axis][1] for axis in axes]
    if rows_seen != seen.size:
        count_code[~seen] = MISSING
        for number in range(len(axes)):
            others = tuple(other for other in range(len(axes)) if other != number)
            held = np.asarray(seen.any(axis=others))
            # Categories that no row has are no regions or industries of this frame.
            count, count_code = count.compress(held, number), count_code.compress(held, number)
            seen = seen.compress(held, number)
            labels[number] = Labels(labels[number].names[held], labels[number].categorical)
    if len(axes) == 2:
        count, count_code = count[..., np.newaxis], count_code[..., np.newaxis]
        seen = seen[..., np.newaxis]
        labels.append(Labels(pd.Index([""]), categorical=False))
    return _split(count, count_code, seen, labels, reference=reference, totals=totals)


def _require_one_indicator(employed: pd.DataFrame) -> None:
    if "indicator" not in employed.columns:
        return
    names = sorted(str(name) for name in employed["indicator"].unique())
    if len(names) > 1:
        msg = (
            f"employed mixes the indicators {', '.join(names[:5])}, which count differently and "
            "must not be spliced. Choose one of them first."
        )
        raise DataError(msg)


def _require_one_depth(industries: pd.Index[str]) -> None:
    """Refuse sections beside their own divisions: their sum would count jobs twice."""
    sections = industries[industries.str.fullmatch(r"[A-U]([+-][A-U])*")]
    finer = industries[industries.str.fullmatch(r"\d\d[\d.]*")]
    if len(sections) and len(finer):
        msg = (
            f"employed has sections ({sections[0]}) beside finer industries ({finer[0]}), so that "
            'their sum counts jobs twice. Keep one depth, or use totals="published".'
        )
        raise DataError(msg)


def _lay_out(
    value: NDArray[np.float64],
    code: NDArray[np.int8],
    places: list[NDArray[Any]],
    shape: tuple[int, ...],
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Put each row in its place; of rows that share one, the last stands there."""
    if len(value) == np.prod(shape):
        # Sorted and whole, as the store gives frames: the rows are the array already.
        axes = [
            np.arange(size, dtype=place.dtype) for size, place in zip(shape, places, strict=True)
        ]
        grid = np.meshgrid(*axes, indexing="ij", sparse=True)
        pairs = zip(places, grid, strict=True)
        if all((place.reshape(shape) == axis).all() for place, axis in pairs):
            return value.reshape(shape), code.reshape(shape)
    flat = places[0].astype(np.intp)
    for place, size in zip(places[1:], shape[1:], strict=True):
        flat *= size
        flat += place
    count = np.full(shape, np.nan)
    count_code = np.full(shape, _ABSENT, dtype=np.int8)
    count.reshape(-1)[flat] = value
    count_code.reshape(-1)[flat] = code
    return count, count_code


def _split(
    count: NDArray[np.float64],
    code: NDArray[np.int8],
    held: NDArray[np.bool_],
    labels: list[Labels],
    *,
    reference: str,
    totals: str,
) -> Jobs:
    """Take the reference and the totals out of the industries of regions."""
    regions, industries, periods = labels
    if reference not in regions.names:
        near = difflib.get_close_matches(reference, [str(name) for name in regions.names], n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'employed has no rows of the reference "{reference}".{hint}'
        raise DataError(msg)
    is_total = industries.names.isin(TOTALS)
    published = np.flatnonzero(is_total)
    if totals == "published" and len(published) != 1:
        which = "both" if len(published) else "none"
        msg = (
            f"employed has {which} of the industries {' and '.join(TOTALS)}; published totals "
            'need one of them. Keep one, or use totals="sum".'
        )
        raise DataError(msg)
    whole = count[:, published[0]] if totals == "published" else None
    whole_code = code[:, published[0]] if totals == "published" else None
    if is_total.any():
        count, code, held = count[:, ~is_total], code[:, ~is_total], held[:, ~is_total]
    if whole is None or whole_code is None:
        _require_one_depth(industries.names[~is_total])
        # A sum over a missing part is missing: NaN carries through, and the worst status.
        whole, whole_code = count.sum(axis=1), worst(code, axis=1)
    base = int(np.flatnonzero(regions.names == reference)[0])
    others = np.delete(np.arange(len(regions.names)), base)
    if base == 0:
        # The country's code sorts first: views of all the rest, no copies.
        others = slice(1, None)  # type: ignore[assignment]
    return Jobs(
        regions=Labels(regions.names[others], regions.categorical),
        industries=Labels(industries.names[~is_total], industries.categorical),
        periods=periods,
        count=count[others],
        count_code=code[others],
        whole=whole[others],
        whole_code=whole_code[others],
        base=count[base],
        base_code=code[base],
        base_whole=whole[base],
        base_whole_code=whole_code[base],
        held=held[others],
        base_held=held[base],
    )

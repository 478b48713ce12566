"""Figures of one measure by region and period, and arithmetic that keeps what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ABSENT",
    "MISSING",
    "STATUSES",
    "Floats",
    "Panel",
    "change",
    "combine",
    "from_rows",
    "join",
    "mark_estimated",
    "moving_mean",
    "pct_change",
    "to_frame",
]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

# In the order in which they win over each other when figures are combined: a result with one
# preliminary part is preliminary, with one missing part missing.
STATUSES = ("-", "", "r", "p", "i", ".", "..")
_PUBLISHED, _ESTIMATED, _NOT_APPLICABLE, MISSING = (STATUSES.index(s) for s in ("", "i", ".", ".."))
# No row at all, which is neither published nor missing; it never leaves this module.
ABSENT = -1


@dataclass(frozen=True, slots=True)
class Panel:
    """
    One measure, a row a region and a column a period.

    Parameters
    ----------
    regions, periods : Index
        Codes; periods sorted.
    value : array of float64, shape (regions, periods)
        NaN exactly where there is nothing published.
    status : array of int8, shape (regions, periods)
        Positions in `STATUSES`, or `ABSENT`.
    """

    regions: pd.Index
    periods: pd.Index
    value: Floats
    status: Codes

    @property
    def published(self) -> bool:
        """Whether there is any figure at all."""
        return bool(np.isfinite(self.value).any())


def from_rows(rows: pd.DataFrame, *, parts: int = 1) -> Panel:
    """
    Sum rows to one figure a region and period.

    Parameters
    ----------
    rows : DataFrame
        Columns ``region``, ``period``, ``value``, ``status``.
    parts : int, default 1
        How many rows make a whole; with fewer the sum is missing, not smaller.

    Returns
    -------
    Panel
        The sums.

    Raises
    ------
    DataError
        If a region and period have more rows than `parts`.
    """
    region, regions = pd.factorize(rows["region"], sort=True)
    period, periods = pd.factorize(rows["period"], sort=True)
    shape = (len(regions), len(periods))
    cell = region * shape[1] + period
    size = shape[0] * shape[1]
    count = np.bincount(cell, minlength=size)
    if (count > parts).any():
        at = int(np.argmax(count > parts))
        where = f"region {regions[at // shape[1]]}, period {periods[at % shape[1]]}"
        msg = (
            f"{where}: {count[at]} rows where {parts} make the whole. "
            "Choose one cell of each breakdown with at()."
        )
        raise DataError(msg)
    value = np.bincount(cell, weights=rows["value"].to_numpy(dtype=float), minlength=size).astype(
        np.float64
    )
    status = np.full(size, ABSENT, dtype=np.int8)
    np.maximum.at(status, cell, _codes(rows["status"]))
    status[(count > 0) & (count < parts)] = MISSING
    value[count == 0] = np.nan
    # A figure that is not there is missing, whatever a part's status says.
    status[np.isnan(value) & (status >= 0) & (status < _NOT_APPLICABLE)] = MISSING
    return _settle(
        pd.Index(regions), pd.Index(periods), value.reshape(shape), status.reshape(shape)
    )


def to_frame(panel: Panel) -> pd.DataFrame:
    """
    Lay a panel out, a row a region and period.

    Parameters
    ----------
    panel : Panel
        What to lay out.

    Returns
    -------
    DataFrame
        Columns ``region``, ``period``, ``value``, ``status`` (category).
    """
    keep = panel.status.ravel() != ABSENT
    region = np.repeat(np.arange(len(panel.regions)), len(panel.periods))
    period = np.tile(np.arange(len(panel.periods)), len(panel.regions))
    codes = panel.status.ravel()[keep]
    return pd.DataFrame(
        {
            "region": panel.regions.take(region[keep]).astype("str"),
            "period": panel.periods.take(period[keep]).astype("str"),
            "value": panel.value.ravel()[keep],
            "status": pd.Categorical.from_codes(codes.astype(int), categories=pd.Index(STATUSES)),
        }
    )


def combine(operation: Callable[..., Floats], *parts: Panel | float) -> Panel:
    """
    Compute one figure out of several, region by region and period by period.

    Parameters
    ----------
    operation : callable
        Takes as many arrays as there are parts.
    *parts : Panel or float
        What to combine. Only periods that every panel has are computed; a region that one
        of them lacks in such a period is "..".

    Returns
    -------
    Panel
        The results. Nothing divided by nothing is not a number and marked ".".
    """
    aligned = _align([part for part in parts if isinstance(part, Panel)])
    rest = iter(aligned)
    arrays = [next(rest).value if isinstance(part, Panel) else part for part in parts]
    with np.errstate(all="ignore"):
        value = operation(*arrays)
    codes = np.stack([part.status for part in aligned])
    nowhere = (codes == ABSENT).all(axis=0)
    status = np.where(codes == ABSENT, MISSING, codes).max(axis=0)
    # "-" is a true nought: what is computed from it is an ordinary figure.
    status = np.where(status == 0, np.where(len(parts) > 1, _PUBLISHED, 0), status)
    status = np.where(nowhere, ABSENT, status).astype(np.int8)
    return _settle(aligned[0].regions, aligned[0].periods, value, status)


def shift(panel: Panel, years: int) -> Panel:
    """
    Move figures to a later year.

    Parameters
    ----------
    panel : Panel
        What to move.
    years : int
        By how many years; month and quarter stay.

    Returns
    -------
    Panel
        The same figures under later periods.
    """
    later = [f"{int(period[:4]) + years:04d}{period[4:]}" for period in panel.periods]
    return Panel(panel.regions, pd.Index(later, dtype="str"), panel.value, panel.status)


def change(panel: Panel, years: int) -> Panel:
    """
    Subtract the figure of some years ago.

    Parameters
    ----------
    panel : Panel
        The figures.
    years : int
        How many years ago.

    Returns
    -------
    Panel
        The differences, under the later period.
    """
    return combine(np.subtract, panel, shift(panel, years))


def pct_change(panel: Panel, years: int) -> Panel:
    """
    Compare with the figure of some years ago, in per cent.

    Parameters
    ----------
    panel : Panel
        The figures.
    years : int
        How many years ago.

    Returns
    -------
    Panel
        The changes in per cent, under the later period.
    """
    return combine(lambda now, then: 100 * (now - then) / then, panel, shift(panel, years))


def moving_mean(panel: Panel, years: int) -> Panel:
    """
    Average the years up to each period.

    Parameters
    ----------
    panel : Panel
        The figures.
    years : int
        How many years, the period's own included; all must be there.

    Returns
    -------
    Panel
        The means, under the last period.
    """
    parts = [shift(panel, back) for back in range(years)]
    return combine(lambda *arrays: sum(arrays) / years, *parts)


def join(*parts: Panel) -> tuple[Panel, npt.NDArray[np.int64]]:
    """
    Take each figure from the first part that has it.

    Parameters
    ----------
    *parts : Panel
        In the order of preference.

    Returns
    -------
    joined : Panel
        The first published figure, else the first part's status.
    origin : array of int, shape (regions, periods)
        Which part it came from; -1 where no part has a row.
    """
    regions, periods = parts[0].regions, parts[0].periods
    for part in parts[1:]:
        regions, periods = regions.union(part.regions), periods.union(part.periods)
    aligned = [_reindex(part, regions, periods) for part in parts]
    value = np.stack([part.value for part in aligned])
    status = np.stack([part.status for part in aligned])
    has_figure, has_row = np.isfinite(value), status != ABSENT
    # argmax gives the first True; a row without figure counts where no part has a figure.
    origin = np.where(has_figure.any(axis=0), has_figure.argmax(axis=0), has_row.argmax(axis=0))
    pick = origin[np.newaxis]
    joined = Panel(
        regions,
        periods,
        np.take_along_axis(value, pick, axis=0)[0],
        np.take_along_axis(status, pick, axis=0)[0],
    )
    return joined, np.where(has_row.any(axis=0), origin, -1)


def mark_estimated(panel: Panel) -> Panel:
    """
    Mark every figure as estimated by us.

    Parameters
    ----------
    panel : Panel
        The figures.

    Returns
    -------
    Panel
        The same with status "i".
    """
    status = np.where(np.isfinite(panel.value), _ESTIMATED, panel.status).astype(np.int8)
    return Panel(panel.regions, panel.periods, panel.value, status)


def _align(parts: list[Panel]) -> list[Panel]:
    regions, periods = parts[0].regions, parts[0].periods
    for part in parts[1:]:
        regions, periods = regions.union(part.regions), periods.intersection(part.periods)
    return [_reindex(part, regions, periods.sort_values()) for part in parts]


def _reindex(part: Panel, regions: pd.Index, periods: pd.Index) -> Panel:
    if part.regions.equals(regions) and part.periods.equals(periods):
        return part
    row, column = part.regions.get_indexer(regions), part.periods.get_indexer(periods)
    outside = (row < 0)[:, np.newaxis] | (column < 0)[np.newaxis, :]
    if part.value.size == 0:
        shape = (len(regions), len(periods))
        return Panel(regions, periods, np.full(shape, np.nan), np.full(shape, ABSENT, np.int8))
    cells = np.ix_(row, column)
    value = np.where(outside, np.nan, part.value[cells])
    status = np.where(outside, ABSENT, part.status[cells]).astype(np.int8)
    return Panel(regions, periods, value, status)


def _codes(status: pd.Series) -> Codes:
    given = pd.Categorical(status)
    # The last place answers for a status that is itself missing, whose code is -1.
    known = np.append(pd.Index(STATUSES).get_indexer(given.categories), -1)
    codes: Codes = known[given.codes].astype(np.int8)
    if (codes < 0).any():
        unknown = sorted({str(item) for item in status[codes < 0]})
        msg = f"Unknown status {', '.join(unknown[:5])}; the store knows {', '.join(STATUSES)}."
        raise DataError(msg)
    return codes


def _settle(regions: pd.Index, periods: pd.Index, value: Floats, status: Codes) -> Panel:
    """Make value and status agree: nothing published is NaN, and NaN is never published."""
    value = np.where((status >= _NOT_APPLICABLE) | ~np.isfinite(value), np.nan, value)
    lost = np.isnan(value) & (status >= 0) & (status < _NOT_APPLICABLE)
    return Panel(regions, periods, value, np.where(lost, _NOT_APPLICABLE, status).astype(np.int8))

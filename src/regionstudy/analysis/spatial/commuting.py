"""Commuting flows as a matrix of residence by workplace, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Commuting", "read_commuting"]


@dataclass(frozen=True, eq=False, slots=True)
class Commuting:
    """
    Employed persons by where they live and where they work.

    Parameters
    ----------
    regions : tuple of str
        Codes.
    persons : ndarray, shape (n, n)
        Row: residence; column: workplace. The diagonal holds those who do both in one.
    residents : ndarray, shape (n,)
        Employed residents, also those who work outside the regions given.
    """

    regions: tuple[str, ...]
    persons: NDArray[np.float64]
    residents: NDArray[np.float64]


def read_commuting(flows: pd.DataFrame, employed: pd.DataFrame) -> Commuting:
    """
    Lay flows and employed residents out as a matrix.

    Parameters
    ----------
    flows : DataFrame
        ``origin`` (residence), ``destination`` (workplace), ``value`` (persons). A pair
        without a row is a pair that nobody commutes between. Those who work where they
        live may stand there too; where a region has no such row, they are its employed
        residents less those who leave.
    employed : DataFrame
        ``region``, ``value`` (employed residents), optionally ``status``.

    Returns
    -------
    Commuting
        The matrix, in the order of codes.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, a figure is missing or negative, a region of
        the flows has no employed residents, or more leave it than it has.
    """
    require_columns(flows, ["origin", "destination", "value"], name="flows")
    require_unique(flows, ["origin", "destination"], name="flows")
    require_columns(employed, ["region", "value"], name="employed")
    require_unique(employed, ["region"], name="employed")
    _require_counts(flows, ["origin", "destination"], name="flows")
    _require_counts(employed, ["region"], name="employed")
    ordered = employed.assign(region=employed["region"].astype(str)).sort_values("region")
    place = pd.Index(ordered["region"])
    ends = {end: place.get_indexer(flows[end].astype(str)) for end in ("origin", "destination")}
    for end, places in ends.items():
        if (places < 0).any():
            codes = sorted(set(flows[end].astype(str)[places < 0]))
            msg = (
                f"flows has the {end} {', '.join(codes[:5])}, which employed lacks; add its "
                "employed residents, or leave the flow out."
            )
            raise DataError(msg)
    residents = ordered["value"].to_numpy(dtype=float)
    persons = np.zeros((len(place),) * 2)
    persons[ends["origin"], ends["destination"]] = flows["value"].to_numpy(dtype=float)
    diagonal = np.zeros(len(place), dtype=bool)
    diagonal[ends["origin"][ends["origin"] == ends["destination"]]] = True
    left = persons.sum(axis=1)
    short = (left > residents * (1 + 1e-9)).nonzero()[0]
    if len(short):
        region = place[short[0]]
        msg = (
            f"flows has {left[short[0]]:g} employed residents of {region}, employed has "
            f"{residents[short[0]]:g}; take both from one source and year."
        )
        raise DataError(msg)
    stay = np.where(diagonal, persons.diagonal(), residents - left)
    np.fill_diagonal(persons, stay)
    return Commuting(tuple(place), persons, residents)


def _require_counts(frame: pd.DataFrame, keys: list[str], *, name: str) -> None:
    values: Any = frame["value"]
    wrong = values.isna() | (values < 0)
    if "status" in frame.columns:
        wrong |= severity(frame["status"]) >= MISSING
    if wrong.any():
        first = frame.loc[wrong].iloc[0]
        where = ", ".join(f"{key} {first[key]}" for key in keys)
        msg = (
            f"{name} has {int(wrong.sum())} values that are missing or negative, first at {where}; "
            "estimate them first: a region made of gaps is none."
        )
        raise DataError(msg)

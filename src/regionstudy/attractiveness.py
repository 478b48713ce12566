"""The attractiveness index of a study: from ``data/index.toml`` and the newest figures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite import (
    Index,
    build_index,
    decompose_change,
    sensitivity,
    uncertainty,
)
from regionstudy.errors import DataError
from regionstudy.indicators.structure import index_structure, restrict_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.composite import RankIntervals, Sensitivity
    from regionstudy.study import Study

__all__ = ["StudyIndex", "build", "change_since", "sensitivity_of"]

# How many variants the intervals rest on, and where their random numbers start.
DRAWS = 2000
SEED = 1
# A base sample is drawn anew for each choice, so this is some thousands of variants.
SENSITIVITY_DRAWS = 512


@dataclass(frozen=True)
class StudyIndex(Index):
    """
    An index of the study: an `Index` that also knows its ingredients' years.

    Parameters
    ----------
    target : str
        The target group.
    values : DataFrame, shape (regions, indicators)
        The figures, before any step.
    options : dict
        The choices of method, as `build_index` takes them.
    periods : Series
        Index indicator id, value the period used.
    dropped : DataFrame
        Ingredients left out: ``id``, ``reason`` and ``period`` (the newest there is).
    provenance : dict
        Sources, by indicator.
    """

    target: str = ""
    values: pd.DataFrame = field(default_factory=pd.DataFrame)
    options: dict[str, Any] = field(default_factory=dict)
    periods: pd.Series = field(default_factory=pd.Series)
    dropped: pd.DataFrame = field(default_factory=pd.DataFrame)
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def domains(self) -> list[str]:
        """The ids of the domains that have an indicator, in the file's order."""
        return list(self.structure.loc[self.structure["parent"] == self.root, "id"])

    @property
    def choices(self) -> dict[str, Any]:
        """What the method's variants vary: nothing is imputed, the only indicator stays."""
        return {
            "nominal": self.options,
            "leave_one_out": self.values.shape[1] > 1,
            # Every figure is there, so there is nothing to impute in one way or the other.
            "imputations": (None,),
        }

    @cached_property
    def intervals(self) -> RankIntervals:
        """
        How far ranks move when the method's choices are made otherwise.

        Each of two thousand variants draws a treatment of outliers, a normalisation, a mean,
        weights up to a quarter more or less than the file's, and may leave one indicator
        out; low to high holds 90 % of the ranks. These are intervals of choices, not of
        chance: the figures themselves are taken as they are.
        """
        return uncertainty(
            self.values,
            self.structure,
            draws=DRAWS,
            seed=SEED,
            **self.choices,
        )


def build(
    study: Study,
    *,
    target: str,
    weights: Mapping[str, float] | None = None,
    as_of: int | str | None = None,
    **options: Any,
) -> StudyIndex:
    """
    Build the index of one target group over all municipalities.

    Parameters
    ----------
    study : Study
        The study.
    target : str
        A target group of ``data/index.toml``.
    weights : mapping of str to float, optional
        Other weights than the file's, by id of a domain or an indicator.
    as_of : int or str, optional
        Look from an earlier year than the snapshot's, such as 2023.
    **options
        Passed to `build_index`; without them values are not treated for outliers,
        min-max normalised and averaged.

    Returns
    -------
    StudyIndex
        The index, with what it is made of.

    Raises
    ------
    ConfigError
        If the file, the group, a weight or the year is wrong.
    DataError
        If no ingredient has a complete year among the newest.
    """
    structure = index_structure(
        study.folder / "data" / "index.toml",
        target=target,
        catalogue=study.catalogue,
        weights=weights,
    )
    ingredients = structure.loc[~structure["id"].isin(structure["parent"]), "id"]
    selection = study.newest(list(ingredients), as_of=as_of)
    if selection.values.empty:
        msg = (
            f"The index for {target}: none of its indicators has a complete year within "
            f"{study.settings.newest_within_years} years. See: regionstudy status"
        )
        raise DataError(msg)
    chosen = {"treatment": None, **options}
    index = build_index(
        selection.values, restrict_structure(structure, selection.values.columns), **chosen
    )
    behind = selection.values.attrs["parts"]
    used = {part for one in selection.periods.index for part in behind.get(one, (one,))}
    sources = selection.values.attrs["provenance"]
    parts = {part.name: getattr(index, part.name) for part in fields(index)}
    return StudyIndex(
        **parts,
        target=target,
        values=selection.values,
        options=chosen,
        periods=selection.periods,
        dropped=selection.dropped,
        provenance={one: entry for one, entry in sources.items() if one in used},
    )


def sensitivity_of(
    index: StudyIndex, region: str, *, draws: int = SENSITIVITY_DRAWS, seed: int = SEED
) -> Sensitivity:
    """
    Say which of the method's choices moves a region's rank most.

    Parameters
    ----------
    index : StudyIndex
        The index.
    region : str
        The region's code.
    draws : int, default 512
        Size of the base sample, a power of two.
    seed : int, default 1
        Start of the random numbers.

    Returns
    -------
    Sensitivity
        Sobol indices of the choices that `StudyIndex.intervals` varies.
    """
    return sensitivity(
        index.values,
        index.structure,
        region=region,
        draws=draws,
        seed=seed,
        **index.choices,
    )


def change_since(study: Study, index: StudyIndex, region: str, *, years: int) -> pd.DataFrame:
    """
    Split how a region's score changed into what it did itself and what the others did.

    Both years use the indicators that have complete figures in both.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index of today.
    region : str
        The region's code.
    years : int
        How many years back.

    Returns
    -------
    DataFrame, index node
        As `decompose_change`; ``attrs["periods"]`` has the periods ``before`` and ``after``
        of each indicator.

    Raises
    ------
    DataError
        If no indicator has complete figures in both years.
    """
    now = study.newest(list(index.values.columns))
    before = study.newest(list(index.values.columns), as_of=study.as_of - years)
    both = [one for one in now.values.columns if one in before.values.columns]
    if all(before.periods[one] == now.periods[one] for one in both):
        msg = f"No indicator of the index has complete figures {years} years apart."
        raise DataError(msg)
    change = decompose_change(
        before.values[both],
        now.values[both],
        restrict_structure(index.structure, both),
        region=region,
        **index.options,
    )
    change.attrs["periods"] = pd.DataFrame(
        {"before": before.periods[both], "after": now.periods[both]}
    )
    return change

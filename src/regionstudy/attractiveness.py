"""The attractiveness index of a study: from ``data/index.toml`` and the newest figures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite import Index, build_index
from regionstudy.errors import DataError
from regionstudy.indicators.structure import index_structure, indicators_below, restrict_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.study import Study

__all__ = ["StudyIndex", "build", "rank_spans"]


@dataclass(frozen=True)
class StudyIndex(Index):
    """
    An index of the study: an `Index` that also knows its ingredients' years.

    Parameters
    ----------
    target : str
        The target group.
    periods : Series
        Index indicator id, value the period used.
    dropped : DataFrame
        Ingredients left out: ``id``, ``reason`` and ``period`` (the newest there is).
    provenance : dict
        Sources, by indicator.
    """

    target: str = ""
    periods: pd.Series = field(default_factory=pd.Series)
    dropped: pd.DataFrame = field(default_factory=pd.DataFrame)
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def domains(self) -> list[str]:
        """The ids of the domains that have an indicator, in the file's order."""
        return list(self.structure.loc[self.structure["parent"] == self.root, "id"])


def build(
    study: Study,
    *,
    target: str,
    weights: Mapping[str, float] | None = None,
    as_of: int | None = None,
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
    as_of : int, optional
        Look from an earlier year than the snapshot's.
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
        If the file, the group or a weight is wrong.
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
    index = build_index(
        selection.values,
        restrict_structure(structure, selection.values.columns),
        **{"treatment": None, **options},
    )
    behind = selection.values.attrs["parts"]
    used = {part for one in selection.periods.index for part in behind.get(one, (one,))}
    sources = selection.values.attrs["provenance"]
    parts = {part.name: getattr(index, part.name) for part in fields(index)}
    return StudyIndex(
        **parts,
        target=target,
        periods=selection.periods,
        dropped=selection.dropped,
        provenance={one: entry for one, entry in sources.items() if one in used},
    )


def rank_spans(index: StudyIndex) -> pd.DataFrame:
    """
    Say how far ranks move when one domain at a time is left out.

    Parameters
    ----------
    index : StudyIndex
        An index of at least two domains.

    Returns
    -------
    DataFrame, index region
        ``rank`` (all domains), ``rank_low`` and ``rank_high``: the best and the worst rank
        over all domains and each leave-one-out. A span of choices, not of chance.
    """
    ranks = [index.ranks[index.root]]
    for domain in index.domains:
        left_out = indicators_below(index.structure, domain)
        kept = restrict_structure(index.structure, index.treated.columns.difference(left_out))
        ranks.append(build_index(index.treated, kept, treatment=None).ranks[index.root])
    every = pd.concat(ranks, axis=1)
    return pd.DataFrame(
        {"rank": ranks[0], "rank_low": every.min(axis=1), "rank_high": every.max(axis=1)}
    )

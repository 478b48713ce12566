"""Build an index from values and a structure: treat, normalise, aggregate, rank."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.aggregate import join, methods_by_level, require_leaves
from regionstudy.analysis.composite.contributions import contributions
from regionstudy.analysis.composite.impute import impute, imputed_cells
from regionstudy.analysis.composite.normalise import normalise
from regionstudy.analysis.composite.ranks import rank
from regionstudy.analysis.composite.registry import find, name_some
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.transform import transform
from regionstudy.analysis.composite.treat import treat
from regionstudy.analysis.composite.values import filled
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from regionstudy.analysis.composite.values import Array

__all__ = ["TREATMENTS", "Index", "build_index"]


def _transform_by(method: str) -> Callable[..., pd.DataFrame]:
    def transformed(values: pd.DataFrame, **options: Any) -> pd.DataFrame:
        return transform(values, method=method, **options)

    return transformed


TREATMENTS: dict[str, Callable[..., pd.DataFrame]] = {
    "winsorise": treat,
    "box_cox": _transform_by("box_cox"),
    "log": _transform_by("log"),
    "yeo_johnson": _transform_by("yeo_johnson"),
}


@dataclass(frozen=True)
class Index:
    """
    An index with everything that led to it.

    Parameters
    ----------
    scores : DataFrame, shape (regions, nodes)
        The indicators' normalised values, then the aggregates; the index is the last column.
    ranks : DataFrame, shape (regions, nodes)
        1 is best, ties share the lowest rank, missing stays missing.
    normalised : DataFrame, shape (regions, indicators)
        High is good.
    treated : DataFrame, shape (regions, indicators)
        In the indicators' own units; ``attrs["treated"]`` names each touched point.
    imputed : DataFrame of bool, shape (regions, indicators)
        True where a value was estimated by us.
    structure : DataFrame
        As given.
    aggregation : str or tuple of str
        How the children were joined.
    aggregation_options : dict
        With which options.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    normalised: pd.DataFrame
    treated: pd.DataFrame
    imputed: pd.DataFrame
    structure: pd.DataFrame
    aggregation: str | tuple[str, ...] = "arithmetic"
    aggregation_options: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The id of the index itself."""
        return str(self.scores.columns[-1])

    def contributions(self, node: str | None = None, *, by: str = "child") -> pd.DataFrame:
        """
        Split each region's score of a node into contributions that add up to it.

        Parameters
        ----------
        node : str, optional
            An aggregate; the index itself where none is given.
        by : {"child", "indicator"}
            Parts directly under the node, or the indicators at the bottom.

        Returns
        -------
        DataFrame, shape (regions, parts)
            ``attrs["scale"]`` says what they add up to; see `contributions`.

        Raises
        ------
        ConfigError
            If the node is unknown or an indicator, or `by` is unknown.
        """
        return contributions(
            self.scores,
            self.structure,
            node=self.root if node is None else node,
            by=by,
            method=self.aggregation,
            **self.aggregation_options,
        )


def build_index(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    imputation: str | None = None,
    imputation_options: Mapping[str, Any] | None = None,
    treatment: str | None = "winsorise",
    treatment_options: Mapping[str, Any] | None = None,
    normalisation: str = "minmax",
    normalisation_options: Mapping[str, Any] | None = None,
    aggregation: str | Sequence[str] = "arithmetic",
    aggregation_options: Mapping[str, Any] | None = None,
    within: str | None = None,
) -> Index:
    """
    Build a composite index: impute, treat, normalise, aggregate, rank.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region (or region and period), columns indicator ids; columns that the
        structure does not name are left aside.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``; a row a node, the root's
        parent empty. See `read_structure`.
    imputation : str or None
        A method of `impute`; None leaves missing missing.
    treatment : str or None, default "winsorise"
        "winsorise" (see `treat`), or "log", "box_cox", "yeo_johnson" for every indicator;
        None for none.
    normalisation : str, default "minmax"
        A method of `normalise`; ``by_indicator`` among its options gives some their own.
    aggregation : str or list of str, default "arithmetic"
        A method of `aggregate`, or one a level from the bottom.
    imputation_options, treatment_options, normalisation_options, aggregation_options : mapping
        Options of the methods.
    within : str, optional
        Index level, such as "period", within which to normalise and rank; without it
        a panel is normalised and ranked over all periods.

    Returns
    -------
    Index
        Scores, ranks and what led to them.

    Raises
    ------
    ConfigError
        If the structure, a method, an option or an id is wrong.
    DataError
        If an indicator is constant, all missing or infinite, a region repeats, is alone,
        or has no value at all.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [1, 1, 1], "direction": [1, -1, 1]})
    >>> values = pd.DataFrame({"jobs": [60.0, 70.0, 80.0], "rent": [8.0, 6.0, 5.0]},
    ...     index=["2281", "2262", "2284"])
    >>> index = build_index(values, structure)
    >>> index.ranks["index"].tolist()
    [3.0, 2.0, 1.0]
    >>> index.contributions("index").loc["2284"].tolist()
    [50.0, 50.0]
    """
    tree = read_structure(structure)
    require_leaves(tree, values)
    columns = values.columns.get_indexer(pd.Index(tree.indicators))
    chosen = filled(values.take(columns, axis=1))
    _require_some(chosen)
    if imputation is not None:
        chosen = impute(chosen, method=imputation, **(imputation_options or {}))
    treated = chosen
    if treatment is not None:
        treated = find(TREATMENTS, treatment, "treatment")(chosen, **(treatment_options or {}))
    normalised = normalise(
        treated,
        method=normalisation,
        direction=tree.direction,
        within=within,
        **(normalisation_options or {}),
    )
    options = dict(aggregation_options or {})
    min_available = options.pop("min_available", None)
    numbers = join(
        normalised.to_numpy(),
        normalised.index,
        tree,
        methods_by_level(aggregation, tree, options),
        options,
        min_available=min_available,
    )
    _require_scores(numbers, normalised.index, tree.root)
    scores = pd.DataFrame(numbers, index=values.index, columns=list(tree.nodes))
    return Index(
        scores=scores,
        ranks=rank(scores, within=within),
        normalised=normalised,
        treated=treated,
        imputed=imputed_cells(chosen),
        structure=structure.copy(deep=False),  # copied on write
        aggregation=aggregation if isinstance(aggregation, str) else tuple(aggregation),
        aggregation_options=options,
    )


def _require_some(values: pd.DataFrame) -> None:
    empty = np.isnan(values.to_numpy()).all(axis=1)
    if empty.any():
        raise DataError(
            f"values: the regions {name_some(values.index[empty])} have no indicator of the index "
            "at all. Leave them out (see screen), or fetch their figures."
        )


def _require_scores(numbers: Array, regions: pd.Index[str], root: str) -> None:
    unscored = np.isnan(numbers[:, -1])
    if unscored.any():
        raise DataError(
            f"'{root}' has no score in the regions {name_some(regions[unscored])}: what they have "
            "weighs nothing, or is less than min_available. Leave them out (see screen), or impute."
        )

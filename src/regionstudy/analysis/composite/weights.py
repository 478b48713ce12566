"""Ways to weight indicators and domains; others can join the registry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import check_options, find, name_some, nearest
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.values import check_values, filled
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Weighting = Callable[..., Mapping[str, float] | pd.Series[float]]

__all__ = ["WEIGHTINGS", "effective_weights", "register_weighting", "weigh"]


def weigh(structure: pd.DataFrame, *, method: str = "equal", **options: Any) -> pd.DataFrame:
    """
    Give the nodes of a structure new weights.

    Methods: ``equal`` (1 for every node); ``expert`` (``weights=`` node to weight; nodes
    it does not name keep theirs); ``budget`` (``allocations=`` a frame, index node, a column
    an expert, each having shared out points among the nodes of a parent: the mean share);
    ``pca`` (``normalised=`` a frame: within each parent of indicators, squared loadings on
    the principal components with eigenvalues above 1, each weighted by its explained
    variance).

    Parameters
    ----------
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``; see `read_structure`.
    method : str, default "equal"
        One of the methods above, or one that was registered.
    **options
        Options of the method.

    Returns
    -------
    DataFrame
        The structure with its column ``weight`` replaced.

    Raises
    ------
    ConfigError
        If the method, an option or a node is unknown, or the weights make no structure
        (negative, all zero under a parent).

    References
    ----------
    Nicoletti, Scarpetta and Boylaud (2000), OECD Economics Working Paper 226 (pca).

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [1, 1, 1], "direction": [1, -1, 1]})
    >>> weigh(structure, method="expert", weights={"jobs": 3})["weight"].tolist()
    [3.0, 1.0, 1.0]
    """
    tree = read_structure(structure)
    function = find(WEIGHTINGS, method, "weighting")
    check_options(function, options, word=method, what="weighting")
    given = dict(function(structure, **options).items())
    unknown = [name for name in given if name not in tree.level]
    if unknown:
        raise ConfigError(
            f"weights: {name_some(unknown)} is no node of the structure."
            f"{nearest(unknown[0], tree.nodes)}"
        )
    weights = [given.get(str(name), tree.weight[str(name)]) for name in structure["id"]]
    weighed = structure.assign(weight=np.asarray(weights, dtype=np.float64))
    read_structure(weighed)
    return weighed


def register_weighting(word: str, function: Weighting) -> None:
    """
    Add a way of weighting, such as weights revealed by a regression.

    Parameters
    ----------
    word : str
        The method's word for `weigh`.
    function : callable
        Takes the structure and keyword-only options; returns node to weight.

    Raises
    ------
    ConfigError
        If the word is taken.
    """
    if word in WEIGHTINGS:
        raise ConfigError(f"The weighting '{word}' is there already. Choose another word.")
    WEIGHTINGS[word] = function


def effective_weights(structure: pd.DataFrame) -> pd.DataFrame:
    """
    Compute what each node weighs in the index: the product of the shares on its path.

    Parameters
    ----------
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``; see `read_structure`.

    Returns
    -------
    DataFrame
        ``id``, ``parent``, ``level`` (1 = indicator), ``weight`` (as given) and
        ``effective_weight`` (share of the index). The indicators' sum to 1.

    Raises
    ------
    ConfigError
        If the structure is wrong.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [3, 1, 1], "direction": [1, -1, 1]})
    >>> effective_weights(structure)[["id", "effective_weight"]]
          id  effective_weight
    0   jobs              0.75
    1   rent              0.25
    2  index              1.00
    """
    tree = read_structure(structure)
    effective = {tree.root: 1.0}
    parent = {tree.root: ""}
    for name in reversed(tree.aggregates):
        total = math.fsum(tree.weight[part] for part in tree.children[name])
        for part in tree.children[name]:
            effective[part] = effective[name] * tree.weight[part] / total
            parent[part] = name
    nodes = list(tree.nodes)
    return pd.DataFrame(
        {
            "id": nodes,
            "parent": [parent[name] for name in nodes],
            "level": [tree.level[name] for name in nodes],
            "weight": [tree.weight[name] for name in nodes],
            "effective_weight": [effective[name] for name in nodes],
        }
    )


def _equal(structure: pd.DataFrame) -> dict[str, float]:
    return {str(name): 1.0 for name in structure["id"]}


def _expert(structure: pd.DataFrame, *, weights: Mapping[str, float]) -> dict[str, float]:  # noqa: ARG001
    return {str(name): float(weight) for name, weight in weights.items()}


def _budget(structure: pd.DataFrame, *, allocations: pd.DataFrame) -> pd.Series[float]:
    points = check_values(allocations, what="allocations")
    if points.isna().to_numpy().any() or (points.to_numpy() < 0).any():
        raise DataError("allocations: a figure is missing or negative. Write 0 for no points.")
    parent = structure.set_index(structure["id"].astype(str))["parent"].reindex(points.index)
    totals = points.groupby(parent.fillna("").to_numpy()).transform("sum")
    if (totals.to_numpy() <= 0).any():
        row, column = np.argwhere(totals.to_numpy() <= 0)[0]
        raise DataError(
            f"allocations: the expert '{points.columns[column]}' gave no points beside "
            f"'{points.index[row]}'. Leave the expert out, or complete the column."
        )
    return (points / totals).mean(axis=1)


def _pca(structure: pd.DataFrame, *, normalised: pd.DataFrame) -> dict[str, float]:
    tree = read_structure(structure)
    weights: dict[str, float] = {}
    for children in tree.children.values():
        leaves = [name for name in children if name not in tree.children]
        if len(leaves) < 2 or len(leaves) < len(children):
            continue
        complete = filled(normalised[leaves], what="normalised").dropna()
        if len(complete) < 3 or (complete.std() == 0).any():
            raise DataError(
                f"pca: {name_some(leaves)} have fewer than three complete regions, or do not vary. "
                "Impute first, or weight them otherwise."
            )
        variance, vectors = np.linalg.eigh(np.corrcoef(complete.to_numpy(), rowvar=False))
        kept = variance > 1
        if not kept.any():
            kept = variance == variance.max()  # uncorrelated: the first alone
        share = (vectors[:, kept] ** 2) @ variance[kept] / variance[kept].sum()
        weights.update(zip(leaves, share.tolist(), strict=True))
    return weights


WEIGHTINGS: dict[str, Weighting] = {
    "budget": _budget,
    "equal": _equal,
    "expert": _expert,
    "pca": _pca,
}

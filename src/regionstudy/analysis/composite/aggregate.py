"""Join indicators into domains and domains into an index, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.means import AGGREGATIONS, Siblings
from regionstudy.analysis.composite.registry import check_options, find, name_some, nearest
from regionstudy.analysis.composite.structure import Tree, read_structure
from regionstudy.analysis.composite.values import check_values
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.analysis.composite.values import Array

__all__ = ["aggregate", "join", "methods_by_level", "require_leaves", "shares"]


def aggregate(
    normalised: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    method: str | Sequence[str] = "arithmetic",
    min_available: float | None = None,
    **options: Any,
) -> pd.DataFrame:
    r"""
    Join normalised indicators into the aggregates above them, level by level.

    With :math:`w` the weights of a node's present children, scaled to add up to 1:
    ``arithmetic`` :math:`\sum w x`; ``geometric`` :math:`\exp \sum w \ln x`; ``harmonic``
    :math:`1/\sum (w/x)`; ``generalised`` (``power=p``) :math:`(\sum w x^p)^{1/p}`; ``mpi``
    :math:`M - S^2/M` with the children's mean and variance (n - 1), ``ampi`` the same with
    the variance over n (both with ``polarity="negative"`` for phenomena where more is worse:
    :math:`M + S^2/M`); ``copeland`` the regions beaten less those that beat.

    Parameters
    ----------
    normalised : DataFrame, shape (regions, indicators)
        High is good; must hold every indicator of the structure.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``; see `read_structure`.
    method : str or list of str, default "arithmetic"
        One aggregation for all levels, or one for each from the bottom up.
    min_available : float, optional
        Share of a node's children (0-1) that a region must have; below it the node is
        missing there. Without it one child is enough.
    **options
        Options of the aggregation(s): ``power``, ``polarity``.

    Returns
    -------
    DataFrame, shape (regions, nodes)
        The indicators, then the aggregates from the bottom up, the index last. A missing
        child is left out and the other weights are scaled up; it never counts as 0.

    Raises
    ------
    ConfigError
        If the structure is wrong, or a method, option or indicator is unknown.
    DataError
        If a geometric, harmonic or generalised mean meets a value of 0 or less, or a
        Mazziotta-Pareto mean is not positive.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [3, 1, 1], "direction": [1, -1, 1]})
    >>> scores = pd.DataFrame({"jobs": [100, 0], "rent": [0, 80]}, index=["2281", "2262"])
    >>> aggregate(scores, structure)["index"].tolist()
    [75.0, 20.0]
    """
    tree = read_structure(structure)
    require_leaves(tree, normalised, what="normalised")
    methods = methods_by_level(method, tree, options)
    checked = check_values(normalised[list(tree.indicators)], what="normalised")
    numbers = join(
        checked.to_numpy(), checked.index, tree, methods, options, min_available=min_available
    )
    scores = pd.DataFrame(numbers, index=normalised.index, columns=list(tree.nodes))
    scores.attrs = normalised.attrs
    return scores


def join(
    x: Array,
    regions: pd.Index[str],
    tree: Tree,
    methods: Sequence[str],
    options: Mapping[str, Any],
    *,
    min_available: float | None = None,
    weight: Mapping[str, float] | None = None,
) -> Array:
    """
    Compute every node from arrays that have been checked.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        Normalised values in the order of the tree's indicators.
    regions : Index
        Names of the rows, for messages.
    tree : Tree
        The structure.
    methods : sequence of str
        One aggregation for each level, from the bottom up.
    options : mapping
        Options of the aggregations; each takes those that it knows.
    min_available : float, optional
        See `aggregate`.
    weight : mapping of str to float, optional
        Weights other than the tree's.

    Returns
    -------
    array, shape (regions, nodes)
        Scores in the order of the tree's nodes.
    """
    place = {name: k for k, name in enumerate(tree.nodes)}
    scores = np.empty((len(x), len(place)))
    scores[:, : x.shape[1]] = x
    for node, children in tree.children.items():
        word = methods[tree.level[node] - 2]
        siblings = Siblings(
            x=scores[:, [place[name] for name in children]],
            weights=shares(weight or tree.weight, children),
            node=node,
            children=children,
            regions=regions,
        )
        joined = AGGREGATIONS[word](siblings, **own_options(word, options))
        if min_available is not None:
            joined[np.isfinite(siblings.x).mean(axis=1) < min_available] = np.nan
        scores[:, place[node]] = joined
    return scores


def shares(weight: Mapping[str, float], children: Sequence[str]) -> Array:
    """
    Scale the weights of siblings so that they add up to 1.

    Parameters
    ----------
    weight : mapping of str to float
        Weight of each node.
    children : sequence of str
        The siblings.

    Returns
    -------
    array, shape (children,)
        Their shares; all 0 where no child weighs anything.
    """
    weights = np.array([weight[name] for name in children])
    return np.asarray(weights / (weights.sum() or 1.0))


def methods_by_level(
    method: str | Sequence[str], tree: Tree, options: Mapping[str, Any]
) -> tuple[str, ...]:
    """
    Say which aggregation each level takes, and check its options.

    Parameters
    ----------
    method : str or list of str
        One for all levels, or one for each from the bottom up.
    tree : Tree
        The structure.
    options : mapping
        Options; each must be known to one of the aggregations at least.

    Returns
    -------
    tuple of str
        One aggregation a level.

    Raises
    ------
    ConfigError
        If a method or an option is unknown, or the list has the wrong length.
    """
    methods = (method,) * tree.height if isinstance(method, str) else tuple(method)
    if len(methods) != tree.height:
        raise ConfigError(
            f"aggregation: {len(methods)} methods are given for {tree.height} levels above the "
            "indicators. Give one for each, from the bottom up, or a single word."
        )
    taken: set[str] = set()
    for word in methods:
        function = find(AGGREGATIONS, word, "aggregation")
        own = own_options(word, options)
        check_options(function, own, word=word, what="aggregation")
        taken |= set(own)
    for name in options:
        if name not in taken:
            raise ConfigError(
                f"No aggregation among {name_some(dict.fromkeys(methods))} has an option '{name}'."
            )
    return methods


def own_options(word: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """
    Pick the options that one aggregation knows.

    Parameters
    ----------
    word : str
        The aggregation.
    options : mapping
        Options of all.

    Returns
    -------
    dict
        Its own.
    """
    known = AGGREGATIONS[word].__kwdefaults__ or {}
    names = {*known, *(("power",) if word == "generalised" else ())}
    return {name: option for name, option in options.items() if name in names}


def require_leaves(tree: Tree, values: pd.DataFrame, *, what: str = "values") -> None:
    """
    Refuse values that lack an indicator of the structure.

    Parameters
    ----------
    tree : Tree
        The structure.
    values : DataFrame
        Columns indicator ids.
    what : str, default "values"
        The frame's name, for the message.

    Raises
    ------
    ConfigError
        If an indicator is no column; names it and the nearest.
    """
    known = set(values.columns)
    lacking = [name for name in tree.indicators if name not in known]
    if lacking:
        raise ConfigError(
            f"structure: {name_some(lacking)} is no column of {what} and has no children."
            f"{nearest(lacking[0], values.columns)} Add the indicator, or drop it from the "
            "structure."
        )

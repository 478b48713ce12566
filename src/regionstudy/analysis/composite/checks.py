"""Test whether the indicators of a domain belong together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import find, name_some
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.values import check_values, filled
from regionstudy.errors import ConfigError, DataError

__all__ = [
    "PrincipalComponents",
    "correlation_flags",
    "correlations",
    "correlations_above",
    "cronbach_alpha",
    "principal_components",
]

CORRELATIONS = {"kendall": "kendall", "pearson": "pearson", "spearman": "spearman"}


@dataclass(frozen=True)
class PrincipalComponents:
    """
    Principal components of standardised indicators.

    Parameters
    ----------
    explained : DataFrame, a row a component
        ``eigenvalue``, ``share`` (of the variance) and ``cumulative``.
    loadings : DataFrame, shape (indicators, components)
        Correlation of each indicator with each component; a component's largest is positive.
    regions : int
        How many complete regions they rest on.
    """

    explained: pd.DataFrame
    loadings: pd.DataFrame
    regions: int


def correlations(values: pd.DataFrame, *, method: str = "pearson") -> pd.DataFrame:
    """
    Correlate each pair of indicators over the regions that have both.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Any stage of the method.
    method : {"pearson", "spearman", "kendall"}
        Kendall's is tau-b.

    Returns
    -------
    DataFrame, shape (indicators, indicators)
        Missing where an indicator does not vary.

    Raises
    ------
    ConfigError
        If the method is unknown.
    """
    find(CORRELATIONS, method, "correlation")
    # A name that is no literal is refused above.
    return check_values(values).corr(method=method)  # type: ignore[arg-type]


def correlations_above(
    scores: pd.DataFrame, structure: pd.DataFrame, *, method: str = "pearson"
) -> pd.DataFrame:
    """
    Correlate each indicator with each aggregate above it.

    Parameters
    ----------
    scores : DataFrame, shape (regions, nodes)
        As `aggregate` gives them.
    structure : DataFrame
        The structure they were made with.
    method : {"pearson", "spearman", "kendall"}
        Kind of correlation.

    Returns
    -------
    DataFrame
        ``indicator``, ``aggregate``, ``level`` of the aggregate, ``correlation``.

    Raises
    ------
    ConfigError
        If the method or the structure is wrong.
    """
    tree = read_structure(structure)
    strength = correlations(scores[list(tree.nodes)], method=method).to_numpy()
    place = {name: k for k, name in enumerate(tree.nodes)}
    rows = [
        {
            "indicator": name,
            "aggregate": node,
            "level": tree.level[node],
            "correlation": strength[place[name], place[node]],
        }
        for node in tree.aggregates
        for name in tree.below(node)
    ]
    return pd.DataFrame(rows)


def correlation_flags(
    normalised: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    redundant: float = 0.92,
    negative: float = 0.0,
    method: str = "pearson",
) -> pd.DataFrame:
    """
    Name the pairs of indicators that say the same, or pull against each other.

    Parameters
    ----------
    normalised : DataFrame, shape (regions, indicators)
        High is good.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    redundant : float, default 0.92
        Correlation from which a pair, of one domain or two, is "redundant".
    negative : float, default 0
        Correlation below which a pair of one domain is "negative".
    method : {"pearson", "spearman", "kendall"}
        Kind of correlation.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``parent`` (the domain, "" where they differ),
        ``correlation``, ``flag``; the strongest first.

    Raises
    ------
    ConfigError
        If the method or the structure is wrong, or a limit is no correlation.
    """
    for name, limit in (("redundant", redundant), ("negative", negative)):
        if not -1 <= limit <= 1:
            raise ConfigError(f"{name}={limit} is no correlation. Give a number from -1 to 1.")
    tree = read_structure(structure)
    leaves = list(tree.indicators)
    matrix = correlations(normalised[leaves], method=method).to_numpy()
    parent = {child: node for node, children in tree.children.items() for child in children}
    of = np.array([parent[name] for name in leaves])
    one, other = np.triu_indices(len(leaves), k=1)
    strength = matrix[one, other]
    together = of[one] == of[other]
    flag = np.where(
        strength > redundant,
        "redundant",
        np.where(together & (strength < negative), "negative", ""),
    )
    names = np.array(leaves)
    flags = pd.DataFrame(
        {
            "first": names[one],
            "second": names[other],
            "parent": np.where(together, of[one], ""),
            "correlation": strength,
            "flag": flag,
        }
    )
    order = flags["correlation"].abs().sort_values(ascending=False, kind="stable").index
    flagged = flags.loc[order]
    return flagged[flagged["flag"] != ""].reset_index(drop=True)


def cronbach_alpha(scores: pd.DataFrame, structure: pd.DataFrame) -> pd.DataFrame:
    r"""
    Measure how consistently the children of each aggregate vary together.

    :math:`\alpha = k/(k-1)\,(1 - \sum s_i^2 / s_{sum}^2)` over the regions that have all
    :math:`k` children.

    Parameters
    ----------
    scores : DataFrame, shape (regions, nodes)
        As `aggregate` gives them.
    structure : DataFrame
        The structure they were made with.

    Returns
    -------
    DataFrame
        ``id`` (aggregate), ``children``, ``regions`` (complete ones) and ``alpha``, missing
        where there is one child, or fewer than two regions.

    Raises
    ------
    ConfigError
        If the structure is wrong.
    """
    tree = read_structure(structure)
    rows = []
    for node, children in tree.children.items():
        complete = check_values(scores[list(children)], what="scores").dropna()
        count, regions = len(children), len(complete)
        alpha = np.nan
        if count > 1 and regions > 1:
            total = complete.sum(axis=1).var()
            if total > 0:
                alpha = count / (count - 1) * (1 - complete.var().sum() / total)
        rows.append({"id": node, "children": count, "regions": regions, "alpha": alpha})
    return pd.DataFrame(rows)


def principal_components(values: pd.DataFrame) -> PrincipalComponents:
    """
    Find the principal components of standardised indicators.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Normalised values; regions with a missing one are left out.

    Returns
    -------
    PrincipalComponents
        Explained variance and loadings.

    Raises
    ------
    DataError
        If fewer than three regions are complete, or an indicator does not vary among them.
    """
    complete = filled(values).dropna()
    if len(complete) < 3:
        raise DataError(
            f"Principal components need three complete regions; there are {len(complete)}. "
            "Impute, or leave out the indicators with gaps."
        )
    constant = complete.columns[complete.std().to_numpy() == 0]
    if len(constant):
        raise DataError(f"{name_some(constant)} does not vary among the complete regions. Drop it.")
    eigenvalues, vectors = np.linalg.eigh(np.corrcoef(complete.to_numpy(), rowvar=False))
    eigenvalues, vectors = np.maximum(eigenvalues[::-1], 0.0), vectors[:, ::-1]
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])]
    loadings = vectors * np.sign(largest) * np.sqrt(eigenvalues)
    names = [f"PC{k + 1}" for k in range(len(eigenvalues))]
    share = eigenvalues / eigenvalues.sum()
    explained = pd.DataFrame(
        {"eigenvalue": eigenvalues, "share": share, "cumulative": share.cumsum()}, index=names
    )
    return PrincipalComponents(
        explained=explained,
        loadings=pd.DataFrame(loadings, index=complete.columns, columns=names),
        regions=len(complete),
    )

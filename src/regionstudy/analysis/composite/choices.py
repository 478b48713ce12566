"""The choices an index could have been made with, and how one of each is drawn."""

from __future__ import annotations

import itertools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.aggregate import join, methods_by_level
from regionstudy.analysis.composite.alternatives import (
    POSITIVE,
    Alternatives,
    as_pair,
    as_words,
)
from regionstudy.analysis.composite.index import Index, build_index
from regionstudy.analysis.composite.outranking_variants import on_grid
from regionstudy.analysis.composite.ranks import rank_rows
from regionstudy.analysis.composite.registry import name_some
from regionstudy.analysis.composite.structure import Tree, read_structure
from regionstudy.analysis.composite.variants import effective_shares, root_scores
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array


__all__ = ["Space", "Variants", "build_nominal"]

# A block of variants that stays in the processor's cache.
BLOCK = 400_000


@dataclass(frozen=True)
class Variants:
    """
    Drawn variants of an index.

    Parameters
    ----------
    base : array of int, shape (variants,)
        Which imputation, treatment and normalisation.
    aggregation : array of int, shape (variants,)
        Which aggregation.
    left_out : array of int, shape (variants,)
        Which indicator is left out, -1 for none.
    weights : array, shape (variants, nodes)
        Weights of the nodes.
    """

    base: NDArray[np.intp]
    aggregation: NDArray[np.intp]
    left_out: NDArray[np.intp]
    weights: Array


class Space:
    """
    All variants of one index: its values under every choice, computed once.

    Parameters
    ----------
    values, structure : DataFrame
        As `build_index` takes them.
    alternatives : Alternatives
        What may vary.
    """

    def __init__(
        self, values: pd.DataFrame, structure: pd.DataFrame, alternatives: Alternatives
    ) -> None:
        self.tree: Tree = read_structure(structure)
        self.alternatives = alternatives
        imputations = list(alternatives.imputations)
        known = [name for name in self.tree.indicators if name in values.columns]
        if not values[known].isna().to_numpy().any():
            imputations = imputations[:1]  # nothing to impute: the choice is none
        self.choices: dict[str, list[tuple[str, Any]]] = {
            "imputation": [as_pair(given) for given in imputations],
            "treatment": [as_pair(given) for given in alternatives.treatments],
            "normalisation": [as_pair(given) for given in alternatives.normalisations],
            "aggregation": [as_pair(given) for given in alternatives.aggregations],
        }
        self.bases: list[Array] = []
        self.aggregations = [
            (methods_by_level(as_words(word), self.tree, options), dict(options))
            for word, options in self.choices["aggregation"]
        ]
        for imputation, treatment, normalisation in itertools.product(
            *(self.choices[name] for name in ("imputation", "treatment", "normalisation"))
        ):
            index = build_index(
                values,
                structure,
                imputation=imputation[0] or None,
                imputation_options=imputation[1],
                treatment=treatment[0] or None,
                treatment_options=treatment[1],
                normalisation=normalisation[0],
                normalisation_options=normalisation[1] or POSITIVE.get(normalisation[0], {}),
            )
            base = index.normalised.to_numpy()
            for methods, options in self.aggregations:
                # Fails with the indicator's name where a mean does not exist.
                join(base, values.index, self.tree, methods, options)
            if alternatives.leave_one_out:
                _require_two(base, self.tree, values.index)
            self.bases.append(base)

    @property
    def factors(self) -> tuple[str, ...]:
        """What varies: the choices with an alternative, "left_out" and "weights"."""
        names = [name for name, given in self.choices.items() if len(given) > 1]
        if self.alternatives.leave_one_out:
            names.append("left_out")
        if self.alternatives.weight_noise > 0:
            names.append("weights")
        return tuple(names)

    @property
    def weighted(self) -> tuple[str, ...]:
        """The nodes whose weights vary: all but the index itself."""
        return self.tree.nodes[:-1]

    def decode(
        self, drawn: Mapping[str, Array], weight_draws: Array | None, count: int
    ) -> Variants:
        """
        Turn uniform numbers into variants.

        Parameters
        ----------
        drawn : mapping of str to array, shape (count,)
            For each factor but the weights, numbers in [0, 1).
        weight_draws : array, shape (count, weighted nodes), optional
            Numbers in [0, 1) for the weights.
        count : int
            How many variants.

        Returns
        -------
        Variants
            One a row.
        """
        picked = {
            name: _pick(drawn.get(name), len(given), count) for name, given in self.choices.items()
        }
        base = picked["imputation"]
        for name in ("treatment", "normalisation"):
            base = base * len(self.choices[name]) + picked[name]
        left_out = _pick(drawn.get("left_out"), len(self.tree.indicators) + 1, count) - 1
        if "left_out" not in drawn:
            left_out = np.full(count, -1, dtype=np.intp)
        nominal = np.array([self.tree.weight[name] for name in self.tree.nodes])
        weights = np.tile(nominal, (count, 1))
        if weight_draws is not None:
            noise = self.alternatives.weight_noise
            weights[:, :-1] *= 1 + noise * (2 * weight_draws - 1)
            place = {name: k for k, name in enumerate(self.tree.nodes)}
            for children in self.tree.children.values():
                columns = [place[name] for name in children]
                weights[:, columns] = on_grid(weights[:, columns], nominal[columns])
        return Variants(
            base=base, aggregation=picked["aggregation"], left_out=left_out, weights=weights
        )

    def ranks(self, variants: Variants) -> NDArray[np.int32]:
        """
        Rank the regions in each variant.

        Parameters
        ----------
        variants : Variants
            What to compute.

        Returns
        -------
        array of int, shape (variants, regions)
            1 is best, ties share the lowest rank.
        """
        regions = len(self.bases[0])
        ranks = np.empty((len(variants.base), regions), dtype=np.int32)
        group = variants.base * len(self.aggregations) + variants.aggregation
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        size = max(1, BLOCK // regions)
        blocks = [
            order[first : min(first + size, stop)]
            for start, stop in itertools.pairwise([*starts.tolist(), len(order)])
            for first in range(start, stop, size)
        ]

        def fill(rows: NDArray[np.intp]) -> None:
            base, aggregation = divmod(int(group[rows[0]]), len(self.aggregations))
            methods, options = self.aggregations[aggregation]
            weights = variants.weights[rows]
            out = variants.left_out[rows]
            weights[np.flatnonzero(out >= 0), out[out >= 0]] = 0.0
            scores = root_scores(
                self.bases[base], self.tree, weights, methods=methods, options=options
            )
            ranks[rows] = rank_rows(scores)

        # numpy lets go of the interpreter lock, and each block writes rows of its own.
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for _ in pool.map(fill, blocks):
                pass
        return ranks

    def describe(self, variants: Variants) -> pd.DataFrame:
        """
        Name the choices of each variant.

        Parameters
        ----------
        variants : Variants
            What was drawn.

        Returns
        -------
        DataFrame, a row a variant
            ``imputation``, ``treatment``, ``normalisation``, ``aggregation``, ``left_out``
            ("" for none); categories.
        """
        steps = ("imputation", "treatment", "normalisation")
        base = np.unravel_index(variants.base, [len(self.choices[name]) for name in steps])
        codes = {**dict(zip(steps, base, strict=True)), "aggregation": variants.aggregation}
        labels = {name: _labels(self.choices[name]) for name in codes}
        codes["left_out"], labels["left_out"] = variants.left_out + 1, ["", *self.tree.indicators]
        return pd.DataFrame(
            {
                name: pd.Categorical.from_codes(code.tolist(), pd.Index(labels[name]))
                for name, code in codes.items()
            }
        )


def build_nominal(
    values: pd.DataFrame, structure: pd.DataFrame, nominal: Mapping[str, Any] | None
) -> Index:
    """
    Build the index as it is made, against which its variants are held.

    Parameters
    ----------
    values, structure : DataFrame
        As `build_index` takes them.
    nominal : mapping, optional
        Its choices.

    Returns
    -------
    Index
        The nominal index.

    Raises
    ------
    ConfigError
        If its choices hold ``within``: variants are ranked over all rows.
    """
    choices = dict(nominal or {})
    if choices.get("within") is not None:
        raise ConfigError(
            f"nominal: variants are ranked over all rows, not within='{choices['within']}'. "
            "Draw one period at a time."
        )
    return build_index(values, structure, **choices)


def _require_two(base: Array, tree: Tree, regions: pd.Index[str]) -> None:
    """Refuse regions that would be without any score when their only indicator is left out."""
    nominal = np.array([[tree.weight[name] for name in tree.nodes]])
    alone = (np.isfinite(base) & (effective_shares(tree, nominal) > 0)).sum(axis=1) < 2
    if alone.any():
        raise DataError(
            f"leave_one_out: {name_some(regions[alone])} have a single indicator of the index, and "
            "without it no score. Leave such regions out (see screen), or set leave_one_out=False."
        )


def _labels(choices: Sequence[tuple[Any, Mapping[str, Any]]]) -> list[str]:
    labels = []
    for word, options in choices:
        name = word if isinstance(word, str) else ", ".join(word)
        detail = ", ".join(f"{key}={value}" for key, value in options.items())
        labels.append(f"{name} ({detail})" if detail else name)
    if len(set(labels)) < len(labels):
        raise ConfigError(f"The alternatives {name_some(labels)} hold one twice. Drop it.")
    return labels


def _pick(uniform: Array | None, alternatives: int, count: int) -> NDArray[np.intp]:
    if uniform is None:
        return np.zeros(count, dtype=np.intp)
    # A number so close to 1 that the product rounds up to `alternatives` is the last one.
    return np.minimum((uniform * alternatives).astype(np.intp), alternatives - 1)

"""Evaluating a formula's parts on the store's observations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.indicators.cells import choose, cohort_rate
from regionstudy.indicators.formula import Call, Formula, Name, Node, Number, Operation
from regionstudy.indicators.panel import (
    Panel,
    change,
    combine,
    join,
    moving_mean,
    pct_change,
    shift,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

__all__ = ["Evaluation", "Segment"]

_OPERATIONS = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a joined series that comes from one of its parts."""

    part: str
    first: str
    last: str


@dataclass(slots=True)
class Evaluation:
    """
    One formula's evaluation.

    Parameters
    ----------
    panel : callable
        Gives an indicator's figures by id, derived ones too.
    observations : callable
        Gives an indicator's observations by id.
    cells : callable
        Gives the cells that stand for an indicator's whole, by id.
    segments : list of Segment
        Filled while evaluating: where each join took its figures from.
    """

    panel: Callable[[str], Panel]
    observations: Callable[[str], pd.DataFrame]
    cells: Callable[[str], Mapping[str, Sequence[str]]]
    segments: list[Segment] = field(default_factory=list)

    def run(self, formula: Formula) -> Panel:
        """
        Compute a formula.

        Parameters
        ----------
        formula : Formula
            What to compute; it names at least one indicator.

        Returns
        -------
        Panel
            Its figures.
        """
        result = self._node(formula.root)
        # A formula names an indicator, so a bare number can not come out of it.
        assert isinstance(result, Panel)
        return result

    def _node(self, node: Node) -> Panel | float:
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Name):
            return self.panel(node.id)
        if isinstance(node, Operation):
            operation = _OPERATIONS[node.operator]
            left, right = self._node(node.left), self._node(node.right)
            if isinstance(left, float) and isinstance(right, float):
                with np.errstate(all="ignore"):
                    return float(operation(left, right))
            return combine(operation, left, right)
        return self._call(node)

    def _call(self, node: Call) -> Panel:
        if node.function == "at":
            return self._at(node)
        if node.function == "cohort_rate":
            return self._cohort_rate(node)
        parts = [self._node(part) for part in node.parts]
        if node.function == "join":
            return self._join(node, parts)
        return _FUNCTIONS[node.function](*parts, *node.numbers)

    def _at(self, node: Call) -> Panel:
        name = node.parts[0]
        assert isinstance(name, Name)
        return choose(self.observations(name.id), node.cells, default=self.cells(name.id))

    def _cohort_rate(self, node: Call) -> Panel:
        part = node.parts[0]
        cells = part.cells if isinstance(part, Call) else {}
        name = part.parts[0] if isinstance(part, Call) else part
        assert isinstance(name, Name)
        return cohort_rate(
            self.observations(name.id),
            cells,
            low=node.numbers[0],
            high=node.numbers[1],
            default=self.cells(name.id),
        )

    def _join(self, node: Call, parts: list[Panel | float]) -> Panel:
        joined, origin = join(*(part for part in parts if isinstance(part, Panel)))
        for position, text in enumerate(node.text):
            used = ((origin == position) & np.isfinite(joined.value)).any(axis=0)
            if used.any():
                periods = joined.periods[used]
                self.segments.append(Segment(text, periods[0], periods[-1]))
        return joined


def _mean_population(population: Panel) -> Panel:
    return combine(lambda now, before: (now + before) / 2, population, shift(population, 1))


def _ratio(factor: float, part: Panel | float, whole: Panel | float) -> Panel:
    return combine(lambda part, whole: factor * part / whole, part, whole)


_FUNCTIONS: dict[str, Callable[..., Panel]] = {
    "change": change,
    "mean_population": _mean_population,
    "moving_mean": moving_mean,
    "pct_change": pct_change,
    "per_1000": partial(_ratio, 1000.0),
    "share": partial(_ratio, 100.0),
}

"""Read the structure of an index: which indicator belongs where, and how much it weighs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.errors import ConfigError

__all__ = ["Tree", "read_structure"]

COLUMNS = ("id", "parent", "weight", "direction")


@dataclass(frozen=True, slots=True)
class Tree:
    """
    A structure that has been checked, in the order in which it is computed.

    Parameters
    ----------
    indicators : tuple of str
        The leaves, in the order of the structure's rows.
    children : dict of str to tuple of str
        Each aggregate's children; the aggregates run from the bottom up, the root last.
    level : dict of str to int
        1 for an indicator, otherwise one more than its highest child.
    weight : dict of str to float
        Weight of each node among its siblings, on any scale.
    direction : dict of str to int
        +1 or -1 for each indicator.
    """

    indicators: tuple[str, ...]
    children: dict[str, tuple[str, ...]]
    level: dict[str, int]
    weight: dict[str, float]
    direction: dict[str, int]

    @property
    def aggregates(self) -> tuple[str, ...]:
        """The nodes above the indicators, from the bottom up; the root is last."""
        return tuple(self.children)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node: the indicators, then the aggregates."""
        return self.indicators + self.aggregates

    @property
    def root(self) -> str:
        """The index itself."""
        return self.aggregates[-1]

    @property
    def height(self) -> int:
        """How many levels lie above the indicators."""
        return self.level[self.root] - 1

    def below(self, node: str) -> tuple[str, ...]:
        """
        List the indicators under a node.

        Parameters
        ----------
        node : str
            An indicator (which lies under itself) or an aggregate.

        Returns
        -------
        tuple of str
            In the order of the children.
        """
        if node not in self.children:
            return (node,)
        return tuple(leaf for child in self.children[node] for leaf in self.below(child))

    def require(self, node: str) -> None:
        """
        Refuse an id that is no node.

        Parameters
        ----------
        node : str
            The id.

        Raises
        ------
        ConfigError
            If the structure has no such node; names the nearest.
        """
        if node not in self.level:
            raise ConfigError(f"The structure has no node '{node}'.{nearest(node, self.nodes)}")

    def require_aggregate(self, node: str) -> None:
        """
        Refuse an id that is no aggregate.

        Parameters
        ----------
        node : str
            The id.

        Raises
        ------
        ConfigError
            If it is unknown, or an indicator.
        """
        self.require(node)
        if node not in self.children:
            raise ConfigError(
                f"'{node}' is an indicator and has no parts. "
                f"Choose one of {name_some(self.aggregates)}."
            )


def read_structure(structure: pd.DataFrame) -> Tree:
    """
    Check a structure and put its nodes in order.

    Parameters
    ----------
    structure : DataFrame
        Columns ``id``, ``parent`` ("" or missing for the root), ``weight`` (not negative;
        any scale; the root's is not used) and ``direction`` (+1 more attracts, -1 less
        attracts; aggregates +1 or missing). One row a node, any depth.

    Returns
    -------
    Tree
        The structure, indicators first and the root last.

    Raises
    ------
    ConfigError
        If a column is missing, an id repeats or is empty, a parent is unknown, there is not
        exactly one root, a cycle exists, a weight is missing, negative or infinite, all
        weights under a parent are zero, or a direction is not +1 or -1.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [2, 1, 1], "direction": [1, -1, 1]})
    >>> read_structure(structure).children
    {'index': ('jobs', 'rent')}
    """
    lacking = [name for name in COLUMNS if name not in structure.columns]
    if lacking:
        raise ConfigError(
            f"structure: the column {name_some(lacking)} is missing; it needs {', '.join(COLUMNS)}."
        )
    ids, parents = _read_ids(structure)
    root = _find_root(ids, parents)
    children = _find_children(ids, parents)
    level = _find_levels(root, children, ids)
    weight = _read_weights(structure, ids, root)
    indicators = tuple(name for name in ids if name not in children)
    direction = _read_directions(structure, ids, children)
    tree = Tree(
        indicators=indicators,
        # sorted() is stable: within a level the order of the rows holds.
        children={name: children[name] for name in sorted(children, key=level.__getitem__)},
        level=level,
        weight=weight,
        direction=direction,
    )
    for name, parts in tree.children.items():
        if not any(weight[part] > 0 for part in parts):
            raise ConfigError(
                f"structure: all weights under '{name}' are zero. Give at least one of "
                f"{name_some(parts)} a weight above 0, or drop '{name}'."
            )
    return tree


def _read_ids(structure: pd.DataFrame) -> tuple[list[str], list[str]]:
    ids = [_text(name) for name in structure["id"].tolist()]
    parents = [_text(name) for name in structure["parent"].tolist()]
    if not ids:
        raise ConfigError("structure: it has no rows. Give one row a node, and the root.")
    if "" in ids:
        raise ConfigError(f"structure: row {ids.index('') + 1} has no id. Name the node.")
    twice = (
        sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    )
    if twice:
        raise ConfigError(
            f"structure: the ids {name_some(twice)} occur more than once. "
            "A node has one parent; give the second another id."
        )
    return ids, parents


def _missing(given: object) -> bool:
    # pandas.isna costs more than the rest of the reading, a cell at a time.
    return given is None or given is pd.NA or given != given


def _text(given: object) -> str:
    if isinstance(given, str):
        return given
    return "" if _missing(given) else str(given)


def _find_root(ids: list[str], parents: list[str]) -> str:
    roots = [name for name, parent in zip(ids, parents, strict=True) if parent == ""]
    if not roots:
        raise ConfigError(
            "structure: no node is the root, so the parents run in a cycle. "
            "Leave the parent of the index itself empty."
        )
    if len(roots) > 1:
        raise ConfigError(
            f"structure: {name_some(roots)} are without a parent. Only the index itself may be; "
            "give the others their parent."
        )
    return roots[0]


def _find_children(ids: list[str], parents: list[str]) -> dict[str, tuple[str, ...]]:
    known = set(ids)
    children: dict[str, list[str]] = {}
    for name, parent in zip(ids, parents, strict=True):
        if parent == "":
            continue
        if parent not in known:
            raise ConfigError(
                f"structure: '{name}' has the parent '{parent}', which is no id."
                f"{nearest(parent, ids)} Add a row for it, or mend the name."
            )
        children.setdefault(parent, []).append(name)
    return {parent: tuple(parts) for parent, parts in children.items()}


def _find_levels(root: str, children: dict[str, tuple[str, ...]], ids: list[str]) -> dict[str, int]:
    order = [root]
    for name in order:  # grows while it is walked: breadth first
        order.extend(children.get(name, ()))
    if len(order) < len(ids):
        lost = sorted(set(ids) - set(order))
        raise ConfigError(
            f"structure: {name_some(lost)} hang together in a cycle and never reach the root "
            f"'{root}'. Mend one of their parents."
        )
    if root not in children:
        raise ConfigError(f"structure: the root '{root}' has no children. Add the indicators.")
    level: dict[str, int] = {}
    for name in reversed(order):
        level[name] = 1 + max((level[part] for part in children.get(name, ())), default=0)
    return level


def _read_weights(structure: pd.DataFrame, ids: list[str], root: str) -> dict[str, float]:
    weight: dict[str, float] = {}
    for name, given in zip(ids, structure["weight"].tolist(), strict=True):
        try:
            number = float("nan") if _missing(given) else float(given)
        except (TypeError, ValueError):
            number = float("nan")
        if name == root and not number > 0:
            number = 1.0  # the root has no siblings to be weighed against
        if not math.isfinite(number):
            raise ConfigError(
                f"structure: '{name}' has the weight {given}. Give it a number, 0 or more."
            )
        if number < 0:
            raise ConfigError(
                f"structure: '{name}' has the negative weight {given}. Where less attracts, "
                "set direction -1 and keep the weight positive."
            )
        weight[name] = number
    return weight


def _read_directions(
    structure: pd.DataFrame, ids: list[str], children: dict[str, tuple[str, ...]]
) -> dict[str, int]:
    direction: dict[str, int] = {}
    for name, given in zip(ids, structure["direction"].tolist(), strict=True):
        if name in children:
            if not _missing(given) and given != 1:
                raise ConfigError(
                    f"structure: the aggregate '{name}' has the direction {given}. "
                    "Only indicators have one; set 1, and turn its indicators instead."
                )
        elif _missing(given) or given not in (1, -1):
            raise ConfigError(
                f"structure: the indicator '{name}' has the direction {given}. Set 1 (more "
                "attracts) or -1 (less attracts); context (0) does not belong in an index."
            )
        else:
            direction[name] = int(given)
    return direction

"""The index's structure: ``data/index.toml`` read into the frame that composites are built on."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.study_files import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from regionstudy.catalogue import Catalogue

__all__ = ["ROOT", "index_structure", "indicators_below", "restrict_structure", "targets"]

ROOT = "index"


def index_structure(
    path: Path,
    *,
    target: str,
    catalogue: Catalogue,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """
    Read one target group's index: its domains, their indicators, weights and directions.

    A domain may be divided: each table below it is a sub-domain, with a weight against its
    sisters, and may be divided again. Its id is the path to it, such as "housing.cost".

    Parameters
    ----------
    path : Path
        The ``index.toml``.
    target : str
        The target group, a table of the file such as "incomer".
    catalogue : Catalogue
        Where the indicators' directions and roles stand.
    weights : mapping of str to float, optional
        Weights to use instead of the file's, by id of a domain or an indicator.

    Returns
    -------
    DataFrame, shape (nodes, 4)
        Columns ``id``, ``parent`` ("" for the root), ``weight`` and ``direction``; the root
        first, each part before what it is made of.

    Raises
    ------
    ConfigError
        Naming file, entry and remedy: no such group, domain or indicator, an outcome among
        the ingredients, an indicator without direction, a weight that is no number >= 0.
    """
    table = read_toml(path)
    if target not in table:
        msg = f'{path}: no target group "{target}". The file has: {", ".join(table)}.'
        raise ConfigError(msg)
    rows: list[dict[str, Any]] = [{"id": ROOT, "parent": "", "weight": 1.0, "direction": 1}]
    for domain, entry in table[target].items():
        where = f"{path}, [{target}.{domain}]"
        if domain not in catalogue.domains:
            raise ConfigError(f"{where}: {_unknown(domain, 'domain', catalogue.domains)}")
        rows += _part(entry, domain, ROOT, where, catalogue)
    structure = pd.DataFrame(rows)
    repeated = structure["id"][structure["id"].duplicated()]
    if len(repeated):
        msg = f"{path}, [{target}]: {repeated.iloc[0]} stands in two places; keep one."
        raise ConfigError(msg)
    return _with_weights(structure, weights or {})


def targets(path: Path) -> list[str]:
    """
    Name the target groups of an ``index.toml``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of str
        In the file's order.

    Raises
    ------
    ConfigError
        If the file can not be read.
    """
    return list(read_toml(path))


def indicators_below(structure: pd.DataFrame, part: str) -> list[str]:
    """
    Name the indicators of a part of the index, at any depth.

    Parameters
    ----------
    structure : DataFrame
        Columns ``id`` and ``parent``.
    part : str
        A domain, a sub-domain or the index.

    Returns
    -------
    list of str
        In the structure's order.
    """
    parent = dict(zip(structure["id"], structure["parent"], strict=True))

    def is_below(one: str) -> bool:
        while one in parent and one != part:
            one = parent[one]
        return one == part

    leaves = structure.loc[~structure["id"].isin(structure["parent"]), "id"]
    return [one for one in leaves if one != part and is_below(one)]


def restrict_structure(structure: pd.DataFrame, available: Iterable[str]) -> pd.DataFrame:
    """
    Keep the indicators that have figures, and the domains that still have an indicator.

    Parameters
    ----------
    structure : DataFrame
        As `index_structure` gives it.
    available : iterable of str
        Ids of the indicators with figures.

    Returns
    -------
    DataFrame
        The same columns, fewer rows; weights are relative, so they need no change.
    """
    parents = set(structure["parent"])
    leaf = ~structure["id"].isin(parents)
    kept = structure[~leaf | structure["id"].isin(set(available))]
    while True:
        empty = kept["id"].isin(parents) & ~kept["id"].isin(set(kept["parent"]))
        if not empty.any():
            return kept.reset_index(drop=True)
        kept = kept[~empty]


def _part(
    entry: object, name: str, parent: str, where: str, catalogue: Catalogue
) -> list[dict[str, Any]]:
    """Read a domain or sub-domain, and all below it."""
    if not isinstance(entry, dict):
        msg = f"{where}: {entry!r} is not a table. Write: indicators = [...]"
        raise ConfigError(msg)
    below = {key: part for key, part in entry.items() if key not in ("weight", "indicators")}
    if not below and "indicators" not in entry:
        msg = f"{where}: says no indicators. Add: indicators = [...]"
        raise ConfigError(msg)
    weight = _weight(entry.get("weight", 1), where)
    rows = [{"id": name, "parent": parent, "weight": weight, "direction": 1}]
    rows += _ingredients(entry.get("indicators", []), name, where, catalogue)
    for key, part in below.items():
        rows += _part(part, f"{name}.{key}", name, f"{where}, {key}", catalogue)
    return rows


def _ingredients(
    listed: list[str] | dict[str, float], domain: str, where: str, catalogue: Catalogue
) -> list[dict[str, Any]]:
    weights = listed if isinstance(listed, dict) else dict.fromkeys(listed, 1.0)
    rows = []
    for name, weight in weights.items():
        if name not in catalogue:
            raise ConfigError(f"{where}: {_unknown(name, 'indicator', catalogue)}")
        indicator = catalogue[name]
        if indicator.role == "outcome":
            msg = (
                f"{where}: {name} is an outcome, what the index is compared with; "
                "an index of it would explain itself. Take it out."
            )
            raise ConfigError(msg)
        if indicator.direction == 0:
            msg = (
                f"{where}: {name} has no direction (whether more attracts). "
                "Give it one in the catalogue, or take it out."
            )
            raise ConfigError(msg)
        rows.append(
            {
                "id": name,
                "parent": domain,
                "weight": _weight(weight, f"{where}, {name}"),
                "direction": indicator.direction,
            }
        )
    return rows


def _with_weights(structure: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    result = structure.set_index("id")
    for name, weight in weights.items():
        if name not in result.index or name == ROOT:
            raise ConfigError(f"weights: {_no_part(name, structure)}")
        result.loc[name, "weight"] = _weight(weight, f"weights, {name}")
    return result.reset_index()


def _no_part(name: str, structure: pd.DataFrame) -> str:
    """Say which weights there are: those of domains and sub-domains, then of indicators."""
    below = structure[structure["id"] != ROOT]
    divided = below["id"].isin(structure["parent"])
    near = difflib.get_close_matches(name, list(below["id"]), n=1)
    # Whoever divides a domain writes the last part of the path in the file.
    ends = [one for one in below["id"] if one.rpartition(".")[2] == name]
    hint = f' Did you mean "{(ends or near)[0]}"?' if ends or near else ""
    return (
        f'no part of this index "{name}".{hint} Its parts are: {", ".join(below["id"][divided])}; '
        f"its indicators: {', '.join(below['id'][~divided])}."
    )


def _weight(weight: object, where: str) -> float:
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not weight >= 0:
        msg = f"{where}: the weight {weight!r} is not a number of 0 or more."
        raise ConfigError(msg)
    return float(weight)


def _unknown(name: str, kind: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f'Did you mean "{near[0]}"?' if near else "See: regionstudy search TEXT"
    return f'no {kind} "{name}". {hint}'

"""The index's structure: ``data/index.toml`` read into the frame that composites are built on."""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from regionstudy.catalogue import Catalogue

__all__ = ["ROOT", "index_structure", "restrict_structure"]

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
        first, each domain before its indicators.

    Raises
    ------
    ConfigError
        Naming file, entry and remedy: no such group, domain or indicator, an outcome among
        the ingredients, an indicator without direction, a weight that is no number >= 0.
    """
    table = _read(path)
    if target not in table:
        msg = f'{path}: no target group "{target}". The file has: {", ".join(table)}.'
        raise ConfigError(msg)
    rows: list[dict[str, Any]] = [{"id": ROOT, "parent": "", "weight": 1.0, "direction": 1}]
    for domain, entry in table[target].items():
        where = f"{path}, [{target}.{domain}]"
        if domain not in catalogue.domains:
            raise ConfigError(f"{where}: {_unknown(domain, 'domain', catalogue.domains)}")
        if not isinstance(entry, dict) or "indicators" not in entry:
            msg = f"{where}: says no indicators. Add: indicators = [...]"
            raise ConfigError(msg)
        weight = _weight(entry.get("weight", 1), where)
        rows.append({"id": domain, "parent": ROOT, "weight": weight, "direction": 1})
        rows += _ingredients(entry["indicators"], domain, where, catalogue)
    structure = pd.DataFrame(rows)
    repeated = structure["id"][structure["id"].duplicated()]
    if len(repeated):
        msg = f"{path}, [{target}]: {repeated.iloc[0]} stands in two places; keep one."
        raise ConfigError(msg)
    return _with_weights(structure, weights or {})


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


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: can not be read ({error.strerror}). It comes with every study folder."
        raise ConfigError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: not valid TOML: {error}. Mend that line."
        raise ConfigError(msg) from error


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
        if name not in result.index:
            raise ConfigError(f"weights: {_unknown(name, 'part of this index', result.index)}")
        result.loc[name, "weight"] = _weight(weight, f"weights, {name}")
    return result.reset_index()


def _weight(weight: object, where: str) -> float:
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not weight >= 0:
        msg = f"{where}: the weight {weight!r} is not a number of 0 or more."
        raise ConfigError(msg)
    return float(weight)


def _unknown(name: str, kind: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    hint = f'Did you mean "{near[0]}"?' if near else "See: regionstudy search TEXT"
    return f'no {kind} "{name}". {hint}'

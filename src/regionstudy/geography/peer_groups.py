"""The regions that a region is compared with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.errors import ConfigError, DataError
from regionstudy.geography.code_list import read_table, region_list
from regionstudy.geography.codes import label, level_of, name, parent, require_region
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["METHODS", "PeerGroup", "peers"]


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """
    A region and those that it is compared with.

    Parameters
    ----------
    home : str
        The region that is compared.
    method : str
        How the peers were chosen, one of `METHODS`.
    members : tuple of str
        Codes, the home first; then in the order of codes, or of nearness.
    title, explanation : Words
        The group's name, and how it came about.
    source : str
        Who drew the group.
    distances : tuple of float
        For "nearest" the distance of each member (the home's is 0), else empty.
    """

    home: str
    method: str
    members: tuple[str, ...]
    title: Words
    explanation: Words
    source: str
    distances: tuple[float, ...] = ()

    @property
    def others(self) -> tuple[str, ...]:
        """The members without the home."""
        return self.members[1:]


def peers(
    home: str,
    *,
    method: str = "skr",
    features: pd.DataFrame | None = None,
    k: int = 7,
) -> PeerGroup:
    """
    Give the regions that a region is compared with.

    Parameters
    ----------
    home : str
        A region code; a municipality for every method but "level" and "nearest".
    method : str, default "skr"
        "skr": the home's group in SKR's classification of 2023. "kolada" and
        "kolada_socioeconomic": RKA's similar municipalities (only for those of
        Västernorrland). "county": the county's municipalities. "level": every region of
        the home's level. "nearest": the `k` nearest by `features`.
    features : DataFrame, shape (regions, features), optional
        For "nearest": numbers, the index region codes of the home's level.
    k : int, default 7
        For "nearest": how many peers.

    Returns
    -------
    PeerGroup
        Members, the home first, with title, explanation and source.

    Raises
    ------
    ConfigError
        If the home or the method is unknown, the method does not fit the home, or
        `features` is given to a method that has no use for it.
    DataError
        If `features` cannot be used: the home absent or incomplete, a feature constant,
        regions of another level, or fewer than `k` complete regions beside the home.

    Examples
    --------
    >>> group = peers("2281")
    >>> group.title.sv, len(group.members), group.members[0]
    ('Större stad', 23, '2281')
    """
    require_region(home)
    if method not in METHODS:
        msg = f'"{method}" is not a way to choose peers; use one of: {", ".join(METHODS)}.'
        raise ConfigError(msg)
    if method == "nearest":
        if features is None:
            msg = 'method="nearest" needs features: a DataFrame, a row a region.'
            raise ConfigError(msg)
        return _nearest(home, features, k)
    if features is not None:
        msg = f'method="{method}" has no use for features; they belong to method="nearest".'
        raise ConfigError(msg)
    return _PUBLISHED[method](home)


@cache
def _skr_groups() -> dict[str, str]:
    return {row["municipality"]: row["group"] for row in read_table("skr_groups_2023.csv")}


@cache
def _skr_titles() -> dict[str, Words]:
    text = (
        files("regionstudy.geography").joinpath("data", "skr_groups_2023.toml").read_text("utf-8")
    )
    return {key: Words(**entry) for key, entry in tomllib.loads(text).items()}


def _home_first(home: str, codes: list[str]) -> tuple[str, ...]:
    return (home, *sorted(code for code in codes if code != home))


def _require_municipality(home: str, method: str) -> None:
    if level_of(home) != "municipality":
        msg = (
            f'method="{method}" is about municipalities, and {home} {name(home)} is none; '
            f'use a municipality, or method="level" or "nearest".'
        )
        raise ConfigError(msg)


def _skr(home: str) -> PeerGroup:
    _require_municipality(home, "skr")
    group = _skr_groups()[home]
    title = _skr_titles()[group]
    return PeerGroup(
        home=home,
        method="skr",
        members=_home_first(home, [one for one, its in _skr_groups().items() if its == group]),
        title=title,
        explanation=Words(
            sv=f"Kommunerna i gruppen {title.sv} i SKR:s kommungruppsindelning 2023.",
            en=f"The municipalities of the group {title.en} in SKR's classification of 2023.",
        ),
        source=f"SKR, kommungruppsindelning 2023 (Kolada {group})",
    )


_KOLADA_TITLES = {
    "kolada": Words(sv="Liknande kommuner, övergripande", en="Similar municipalities, overall"),
    "kolada_socioeconomic": Words(
        sv="Liknande kommuner, socioekonomi", en="Similar municipalities, socio-economic"
    ),
}


def _kolada(home: str, method: str) -> PeerGroup:
    _require_municipality(home, method)
    table = [row for row in read_table("kolada_similar.csv") if row["method"] == method]
    rows = [row for row in table if row["home"] == home]
    if not rows:
        known = ", ".join(f"{one} {name(one)}" for one in sorted({row["home"] for row in table}))
        msg = (
            f"Kolada's similar municipalities of {home} {name(home)} are not embedded; those of "
            f'{known} are. Use method="skr", "county" or "nearest".'
        )
        raise ConfigError(msg)
    group, edition = rows[0]["group"], rows[0]["edition"]
    title = _KOLADA_TITLES[method]
    return PeerGroup(
        home=home,
        method=method,
        members=_home_first(home, [row["municipality"] for row in rows]),
        title=title,
        explanation=Words(
            sv=f"De sju kommuner som RKA räknar som mest lika {name(home)} ({edition}).",
            en=f"The seven municipalities that RKA counts as most like {name(home)} ({edition}).",
        ),
        source=f"Kolada (RKA), {group}, {edition}",
    )


def _county(home: str) -> PeerGroup:
    _require_municipality(home, "county")
    county = parent(home)
    title = label(county)
    return PeerGroup(
        home=home,
        method="county",
        members=_home_first(home, [r.region for r in region_list().values() if r.parent == county]),
        title=title,
        explanation=Words(sv=f"Kommunerna i {title.sv}.", en=f"The municipalities of {title.en}."),
        source="SCB, regionala indelningar",
    )


_LEVEL_TITLES = {
    "county": Words(sv="Alla län", en="All counties"),
    "fa_region": Words(sv="Alla FA-regioner", en="All FA regions"),
    "municipality": Words(sv="Alla kommuner", en="All municipalities"),
}


def _level(home: str) -> PeerGroup:
    level = level_of(home)
    if level not in _LEVEL_TITLES:
        msg = f"{home} {name(home)} is the whole country, which has no peers."
        raise ConfigError(msg)
    title = _LEVEL_TITLES[level]
    members = _home_first(home, [r.region for r in region_list().values() if r.level == level])
    return PeerGroup(
        home=home,
        method="level",
        members=members,
        title=title,
        explanation=Words(
            sv=f"{title.sv} i landet, {len(members)} stycken.",
            en=f"{title.en} of the country, {len(members)} of them.",
        ),
        source="SCB, regionala indelningar; Tillväxtverket, FA-regioner 2015",
    )


_PUBLISHED: dict[str, Callable[[str], PeerGroup]] = {
    "skr": _skr,
    "kolada": lambda home: _kolada(home, "kolada"),
    "kolada_socioeconomic": lambda home: _kolada(home, "kolada_socioeconomic"),
    "county": _county,
    "level": _level,
}

METHODS = (*_PUBLISHED, "nearest")


def _nearest(home: str, features: pd.DataFrame, k: int) -> PeerGroup:
    complete, dropped = _complete(home, features, k)
    # z-scores over the complete regions, so that each feature weighs the same.
    scores = (complete - complete.mean()) / complete.std(ddof=0)
    distance = np.sqrt(((scores - scores.loc[home]) ** 2).sum(axis=1))
    ranked = distance.drop(home).rename_axis("region").reset_index(name="distance")
    # Ties go by code, so that the order of the frame does not matter.
    chosen = ranked.sort_values(["distance", "region"]).head(k)
    named = ", ".join(map(str, features.columns))
    left_out_sv = f" {dropped} regioner saknar någon uppgift och är inte med." if dropped else ""
    left_out_en = f" {dropped} regions lack a figure and are left out." if dropped else ""
    return PeerGroup(
        home=home,
        method="nearest",
        members=(home, *chosen["region"]),
        title=Words(
            sv=f"De {k} som mest liknar {name(home)}", en=f"The {k} most like {label(home).en}"
        ),
        explanation=Words(
            sv=f"Minst avstånd (euklidiskt, standardiserade värden) i: {named}.{left_out_sv}",
            en=f"Least distance (Euclidean, standardised values) in: {named}.{left_out_en}",
        ),
        source="regionstudy",
        distances=(0.0, *chosen["distance"].astype(float)),
    )


def _complete(home: str, features: pd.DataFrame, k: int) -> tuple[pd.DataFrame, int]:
    """Give the regions with every feature, and the number of those without."""
    if features.index.has_duplicates:
        twice = features.index[features.index.duplicated()][0]
        msg = f"features holds {twice} twice; give one row a region."
        raise DataError(msg)
    level = level_of(home)
    other = [code for code in features.index if level_of(str(code)) != level]
    if other:
        msg = f"features holds {other[0]} {name(other[0])}, which is not a {level} like {home}."
        raise DataError(msg)
    if home not in features.index:
        msg = f"features has no row for {home} {name(home)}; its index must hold region codes."
        raise DataError(msg)
    absent = [str(column) for column in features.columns[features.loc[[home]].isna().any()]]
    if absent or not len(features.columns):
        lacking = ", ".join(absent) or "any feature"
        msg = f"{home} {name(home)} lacks {lacking}; choose features that the home has."
        raise DataError(msg)
    complete = features.dropna().astype(float)
    if not 1 <= k < len(complete):
        msg = f"k={k}, but {len(complete) - 1} regions beside {home} have every feature."
        raise DataError(msg)
    constant = [str(column) for column in complete.columns[complete.max() == complete.min()]]
    if constant:
        msg = f"{', '.join(constant)} is the same in every region and cannot tell them apart."
        raise DataError(msg)
    return complete, len(features) - len(complete)

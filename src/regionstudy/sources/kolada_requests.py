"""Which requests bring what is asked of Kolada: region codes, batches and pages, computed ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from regionstudy.errors import ConfigError
from regionstudy.geography import require_region
from regionstudy.sources.faults import source_error
from regionstudy.sources.selection import as_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regionstudy.sources.selection import Chosen

__all__ = [
    "BATCH",
    "PAGE",
    "KoladaRequest",
    "kolada_code",
    "plan_data",
    "plan_lookup",
    "region_code",
]

# Both are the service's own limits: ids in one list (years too), rows on one page.
BATCH = 25
PAGE = 5000
# 290 municipalities, 21 regions and the country: the rows of a KPI and year for everywhere.
_EVERYWHERE = 312
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SEXES = 3
_WHAT = "Kolada's figures"


@dataclass(frozen=True, slots=True)
class KoladaRequest:
    """
    One request to Kolada, with what it asks for.

    Parameters
    ----------
    url : str
        The address, without parameters.
    params : tuple of (str, str)
        The parameters.
    kpis, areas, years : tuple of str
        What was asked for, in Kolada's own ids; `areas` or `years` is empty where all are.
    rows : int
        How many rows it can answer with at most; 0 where that is not known ahead.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    kpis: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    rows: int = 0

    @property
    def brings_values(self) -> bool:
        """Whether it asks for values; the others look ids up."""
        return bool(self.areas or self.years)

    @property
    def calls(self) -> int:
        """How many calls it takes at most: one a page of 5,000 rows."""
        return max(1, math.ceil(self.rows / PAGE))

    @property
    def cells(self) -> int:
        """How many values it can bring at most: the total, women and men of each row."""
        return self.rows * _SEXES

    def __str__(self) -> str:
        return self.url + (f"?{urlencode(self.params)}" if self.params else "")


def kolada_code(region: str, *, url: str = "") -> str:
    """
    Turn a region code of SCB into Kolada's.

    Parameters
    ----------
    region : str
        SCB's code of the country, a county or a municipality; or the id of a group of
        Kolada's municipalities ("G33629"), which stays as it is.
    url : str
        The service's address, for the error.

    Returns
    -------
    str
        "00" is "0000" and county "22" is "0022"; a municipality keeps its code.

    Raises
    ------
    SourceError
        If it is no region code of today (the nearest is named), or Kolada has no such region.

    Examples
    --------
    >>> kolada_code("00"), kolada_code("22"), kolada_code("2281"), kolada_code("G33629")
    ('0000', '0022', '2281', 'G33629')
    """
    if region[:1] == "G" and region[1:].isdigit():
        return region
    try:
        require_region(region)
    except ConfigError as error:
        raise source_error(str(error).rstrip("."), what=_WHAT, url=url) from error
    if not region.isdigit():
        problem = f'it has none of functional regions such as "{region}"'
        remedy = "Ask for the municipalities it consists of."
        raise source_error(problem, what=_WHAT, url=url, remedy=remedy)
    return region.zfill(4)


def region_code(municipality: str) -> str:
    """
    Turn a municipality id of Kolada into SCB's region code.

    Parameters
    ----------
    municipality : str
        Kolada's id of a municipality, a region, the country or a group.

    Returns
    -------
    str
        The region code; a group keeps its id.

    Examples
    --------
    >>> region_code("0000"), region_code("0022"), region_code("2281"), region_code("G33629")
    ('00', '22', '2281', 'G33629')
    """
    # No municipality's code begins with 00, so the two kinds can not be confused.
    return municipality.removeprefix("00")


def plan_lookup(url: str, ids: Iterable[str]) -> list[KoladaRequest]:
    """
    Plan the requests that look things up by their ids.

    Parameters
    ----------
    url : str
        The address of the list, such as ".../v3/kpi".
    ids : iterable of str
        The ids; repeated ones are asked for once.

    Returns
    -------
    list of KoladaRequest
        One for each 25 ids.
    """
    return [
        KoladaRequest(f"{url}/{_path(batch)}", kpis=batch, rows=len(batch))
        for batch in _batches(ids)
    ]


def plan_data(
    url: str,
    kpis: Sequence[str],
    *,
    regions: Chosen | None,
    years: Chosen | None,
    from_date: str = "",
) -> list[KoladaRequest]:
    """
    Plan the requests that bring values.

    Parameters
    ----------
    url : str
        The service's address, such as "https://api.kolada.se/v3".
    kpis : sequence of str
        KPI ids.
    regions : str, iterable of str or None
        SCB's region codes (or ids of Kolada's groups); None for all.
    years : int, str, iterable of them or None
        Years; None for all.
    from_date : str
        If given, ask only for what has changed since this day (YYYY-MM-DD).

    Returns
    -------
    list of KoladaRequest
        Each at most 25 KPIs, 25 regions and 25 years, which together cover each cell once.

    Raises
    ------
    SourceError
        If nothing is asked for, both regions and years are left out, or a region or year is none.

    Examples
    --------
    >>> [one] = plan_data("https://api.kolada.se/v3", ["N01951"], regions=["2281"], years=[2024])
    >>> print(one, one.rows)
    https://api.kolada.se/v3/data/kpi/N01951/municipality/2281/year/2024?per_page=5000 1
    """
    areas = None if regions is None else [kolada_code(one, url=url) for one in as_items(regions)]
    periods = None if years is None else [_year(one, url) for one in as_items(years)]
    _require_two(url, kpis, areas, periods)
    params = [("per_page", str(PAGE))]
    if from_date:
        params.append(("from_date", from_date))
    requests = []
    for kpi, area, year in product(_batches(kpis), _batches(areas), _batches(periods)):
        path = f"data/kpi/{_path(kpi)}"
        path += f"/municipality/{_path(area)}" if area else ""
        path += f"/year/{_path(year)}" if year else ""
        # Left-out years can not be counted ahead: a page is the least it takes.
        rows = len(kpi) * (len(area) or _EVERYWHERE) * len(year) if year else 0
        requests.append(KoladaRequest(f"{url}/{path}", tuple(params), kpi, area, year, rows))
    return requests


def _path(ids: Sequence[str]) -> str:
    # The comma is the service's own separator; anything odd inside an id is encoded.
    return ",".join(quote(one, safe="") for one in ids)


def _batches(ids: Iterable[str] | None) -> list[tuple[str, ...]]:
    if ids is None:
        return [()]
    once = tuple(dict.fromkeys(ids))
    return [once[start : start + BATCH] for start in range(0, len(once), BATCH)]


def _year(year: str, url: str) -> str:
    if year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return year
    problem = f'"{year}" is not a year'
    raise source_error(problem, what=_WHAT, url=url, remedy="Write it as 2024.")


def _require_two(
    url: str, kpis: Sequence[str], areas: Sequence[str] | None, years: Sequence[str] | None
) -> None:
    empty = [
        name
        for name, asked in (("KPI", kpis), ("region", areas), ("year", years))
        if asked is not None and not asked
    ]
    if empty:
        problem = f"no {' and no '.join(empty)} was asked for"
        remedy = "Name at least one; leave regions or years out for all of them."
        raise source_error(problem, what=_WHAT, url=url, remedy=remedy)
    if areas is None and years is None:
        problem = "it answers only where two of KPI, region and year are given"
        raise source_error(problem, what=_WHAT, url=url, remedy="Name regions or years.")

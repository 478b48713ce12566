"""How job ads are read: one row an ad, without persons; and how they are counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.sources.faults import changed
from regionstudy.sources.personal_data import (
    is_sole_trader,
    without_contacts,
    without_identifiers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["AD_COLUMNS", "count_ads", "read_ads", "without_persons"]

AD_COLUMNS = (
    "id",
    "title",
    "employer",
    "organisation_number",
    "region",
    "county",
    "place",
    "occupation",
    "occupation_name",
    "vacancies",
    "published",
    "deadline",
    "link",
    "text",
)
# The service leaves out a field that is null, so only what every ad has can be demanded of each.
_ALWAYS = ("id", "headline", "publication_date")
# Demanded of some ad among many: a field that none of them has was renamed.
_OFTEN = ("workplace_address", "occupation_group", "number_of_vacancies", "employer")
_MANY = 10
_CONCEPT = ("concept_id", "label", "legacy_ams_taxonomy_id")
_PLACE = tuple(
    f"{kind}{part}"
    for kind in ("municipality", "region", "country")
    for part in ("", "_code", "_concept_id")
)
# What is read of an ad: fields, and the fields inside them. The names of contacts are needed to
# find them in the text, and go no further.
_PARTS: dict[str, tuple[str, ...]] = {
    "id": (),
    "headline": (),
    "publication_date": (),
    "application_deadline": (),
    "number_of_vacancies": (),
    "webpage_url": (),
    "application_contacts": (),
    "employer": ("name", "organization_number"),
    "description": ("text",),
    "occupation": _CONCEPT,
    "occupation_group": _CONCEPT,
    "workplace_address": _PLACE,
}
_UNIT_GROUP = re.compile(r"\d{4}")
_SWEDEN = "199"
_LINK = "https://arbetsformedlingen.se/platsbanken/annonser/"


def read_ads(hits: Sequence[Mapping[str, Any]], *, url: str, what: str) -> pd.DataFrame:
    """
    Make a table of ads.

    Contact persons, addresses and telephone numbers are left out; in titles they are cut away,
    and in texts the sentences that hold them are.

    Parameters
    ----------
    hits : sequence of mapping
        The ``hits`` of the answers.
    url, what : str
        What was asked, for the errors.

    Returns
    -------
    DataFrame, a row an ad
        ``id``, ``title``, ``employer``, ``organisation_number`` ("" for sole traders, whose
        number is a person's), ``region`` (municipality) and ``county`` (SCB's codes, ""
        where the ad names none), ``place``, ``occupation`` (SSYK 2012, four digits),
        ``occupation_name``, ``vacancies`` (float64, NaN where not said), ``published`` and
        ``deadline`` (datetime64, Swedish time), ``link`` and ``text``.

    Raises
    ------
    SourceError
        If a field is missing or a date or number is none: the service has changed.
    """
    _require_fields(hits, url=url, what=what)
    try:
        rows = [_ad(hit) for hit in hits]
    except (AttributeError, TypeError) as error:
        raise changed(f"a part of an ad has another form: {error}", url=url, what=what) from error
    ads = pd.DataFrame.from_records(rows, columns=list(AD_COLUMNS))
    for column in ("published", "deadline"):
        try:
            ads[column] = pd.to_datetime(ads[column], format="ISO8601")
        except ValueError as error:
            raise changed(f"{column} is not a time: {error}", url=url, what=what) from error
    try:
        ads["vacancies"] = pd.to_numeric(ads["vacancies"]).astype("float64")
    except (TypeError, ValueError) as error:
        problem = f"number_of_vacancies is not a number: {error}"
        raise changed(problem, url=url, what=what) from error
    texts = [one for one in AD_COLUMNS if one not in ("published", "deadline", "vacancies")]
    ads[texts] = ads[texts].astype("str")
    return ads


def without_persons(hit: Mapping[str, Any]) -> dict[str, Any]:
    """
    Keep what `read_ads` reads of an ad, as soon as it has come.

    Parameters
    ----------
    hit : mapping
        The ad as the service gives it: ten times as large, with how to reach persons.

    Returns
    -------
    dict
        The same ad with fewer fields.
    """
    kept = {}
    for name, inner in _PARTS.items():
        if name in hit:
            part = hit[name]
            kept[name] = (
                {key: part[key] for key in inner if key in part}
                if inner and isinstance(part, dict)
                else part
            )
    return kept


def count_ads(
    ads: pd.DataFrame,
    *,
    regions: Sequence[str],
    periods: Sequence[str],
    indicators: tuple[str, str],
    occupations: Sequence[str] = (),
    current: str = "",
) -> pd.DataFrame:
    """
    Count ads and the vacancies in them by region, occupation and month of publication.

    Parameters
    ----------
    ads : DataFrame
        Ads with a ``period``.
    regions : sequence of str
        The regions to count for: "00", counties and municipalities. An ad that names only
        its county is counted for the county and the country.
    periods : sequence of str
        The months to count for, such as "2026M01".
    indicators : tuple of str
        The ids of the number of ads and of vacancies.
    occupations : sequence of str
        The unit groups that were asked for; without any, those that some ad has.
    current : str
        The month that is not over yet: its figures are preliminary.

    Returns
    -------
    DataFrame
        Observations: ``region``, ``indicator``, ``period``, ``occupation`` ("total", and
        SSYK 2012), ``value`` and ``status`` ("", "p" in the current month, ".." where an ad
        does not say how many it seeks). Each region, month and occupation has a row, also
        where no ad was published: 0.
    """
    groups = list(occupations) or sorted(set(ads["occupation"]) - {""})
    placed = pd.concat([_placed(ads, region) for region in regions], ignore_index=True)
    everyone = pd.concat([placed, placed.assign(occupation="total")], ignore_index=True)
    grid = pd.MultiIndex.from_product(
        [regions, periods, ["total", *groups]], names=["place_code", "period", "occupation"]
    )
    by = everyone.groupby(["place_code", "period", "occupation"])["vacancies"]
    # One ad that does not say how many it seeks makes the sum unknown, not smaller.
    counted = pd.DataFrame(
        {indicators[0]: by.size().astype("float64"), indicators[1]: by.sum(min_count=1)}
    )
    counted.loc[by.count() < by.size(), indicators[1]] = float("nan")
    filled = counted.reindex(grid)
    # The question was answered in full, so a combination without ads has none: that is a zero.
    filled[~grid.isin(counted.index)] = 0.0
    tidy = (
        filled.reset_index()
        .melt(["place_code", "period", "occupation"], var_name="indicator")
        .rename(columns={"place_code": "region"})
    )
    status = pd.Series("", index=tidy.index).mask(tidy["period"].eq(current), "p")
    tidy["status"] = pd.Categorical(
        status.mask(tidy["value"].isna(), ".."), categories=["", "..", "p"]
    )
    columns = ["region", "indicator", "period", "occupation", "value", "status"]
    keys = ["indicator", "occupation", "period", "region"]
    return tidy[columns].sort_values(keys, ignore_index=True)


def _placed(ads: pd.DataFrame, region: str) -> pd.DataFrame:
    column = {2: "county", 4: "region"}[len(region)]
    inside = ads if region == "00" else ads[ads[column] == region]
    return inside[["period", "occupation", "vacancies"]].assign(place_code=region)


def _ad(hit: Mapping[str, Any]) -> tuple[Any, ...]:
    address, employer, group, occupation, description = (
        hit.get(part) or {}
        for part in (
            "workplace_address",
            "employer",
            "occupation_group",
            "occupation",
            "description",
        )
    )
    contacts = [contact.get("name") or "" for contact in hit.get("application_contacts") or []]
    number = employer.get("organization_number") or ""
    code = group.get("legacy_ams_taxonomy_id") or ""
    text = description.get("text") or ""
    return (
        hit["id"],
        without_identifiers(hit["headline"] or "", names=contacts),
        employer.get("name") or "",
        "" if is_sole_trader(number) else number,
        address.get("municipality_code") or "",
        address.get("region_code") or "",
        address.get("municipality") or address.get("region") or address.get("country") or "",
        code if _UNIT_GROUP.fullmatch(code) else "",
        occupation.get("label") or "",
        hit.get("number_of_vacancies"),
        hit["publication_date"],
        hit.get("application_deadline"),
        hit.get("webpage_url") or f"{_LINK}{hit['id']}",
        without_contacts(text, names=contacts),
    )


def _require_fields(hits: Sequence[Mapping[str, Any]], *, url: str, what: str) -> None:
    for hit in hits:
        missing = [field for field in _ALWAYS if field not in hit]
        if missing:
            problem = f"an ad lacks the field {', '.join(missing)}; it has {', '.join(hit)}"
            raise changed(problem, url=url, what=what)
    gone = [field for field in _OFTEN if not any(field in hit for hit in hits)]
    if len(hits) >= _MANY and gone:
        problem = f"none of {len(hits)} ads has the field {', '.join(gone)}"
        raise changed(problem, url=url, what=what)

"""Functional regions by commuting: who lives and works with whom, beside the FA regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import maps, note
from regionstudy.figures.content import Measure
from regionstudy.figures.provenance import period_text
from regionstudy.geography import label, name, region_list
from regionstudy.words import Message, texts_of

if TYPE_CHECKING:
    from regionstudy.analysis.spatial import FunctionalRegions
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study

__all__ = ["functional_regions_map"]

_MATRIX, _RESIDENTS = "commuting_matrix", "employed_residence_by_industry"
_TOTAL = "total"
# Commuting of fewer residents than this share of the municipalities is a slice of the matrix.
_WHOLE = 0.95
# More names than these make a title too long.
_NAMED = 5
_KINDS = ("both", "commuting", "published")


def functional_regions_map(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Map the functional region that commuting gives the home, beside its FA region.

    Municipalities are joined until most people work in the functional region that they live in,
    `regionstudy.analysis.spatial.functional_regions`, by the newest year that has both the
    whole matrix of commuters and employed residents.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure or Note
        A map of who is in both or in one of them; or what is missing, and the command.
    """
    from regionstudy.analysis import spatial

    regions = study.regions()
    codes = sorted(regions["region"].astype(str))
    flows, employed, period = _commuting(study, codes)
    if not period:
        return _missing(study, flows)
    try:
        found = spatial.functional_regions(flows, employed)
    except DataError:
        return note(text("functional_none", period=period), tone="missing")
    known = region_list()
    published = pd.Series({code: known[code].fa_region for code in codes})
    members = found.members.set_index("region")["centre"].reindex(codes)
    agreement = spatial.compare_divisions(members, published)
    ours = set(members.index[members == members[study.home]])
    theirs = set(published.index[published == published[study.home]])
    shown = sorted(ours | theirs)
    frame = pd.DataFrame({"region": shown, "status": ""})
    frame["value"] = [_kind(code in ours, code in theirs) for code in shown]
    frame.attrs["provenance"] = {
        key: entry
        for part in (flows, employed)
        for key, entry in part.attrs.get("provenance", {}).items()
    }
    fa_region = str(published[study.home])
    told: dict[str, Any] = {"place": label(study.home), "fa": name(fa_region)}
    options: dict[str, Any] = {
        "title": _title(ours, theirs, study.home, period, fa_region),
        "paragraphs": [
            _contained(found, str(members[study.home]), period),
            text(
                "functional_agreement",
                n=len(found.summary),
                fa=int(published.nunique()),
                together=100 * agreement.together,
                rand=agreement.adjusted_rand,
            ),
        ],
        "measure": Measure(text("measure.functional", **told), text("unit.functional"),
                           period_text(pd.Series([period]))),
        "how_to_read": text("how.functional"),
        "notes": [text("note.functional"), text("note.commuters")],
        "home": [study.home],
        "outline": sorted(theirs),
        "region_map": shown,
        "extent": "region",
        "categories": {one: text(f"functional.{one}") for one in _KINDS},
        "id": "functional-regions",
    }  # fmt: skip
    return maps.choropleth(frame, regions=regions, **(options | about))


text = texts_of("flows")


def _commuting(study: Study, codes: list[str]) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Give commuters and employed residents of the newest year that has both; else no year."""
    nothing = pd.DataFrame(columns=["region", "origin", "destination", "period", "value"])
    if _MATRIX not in study.snapshot.indicators:
        return nothing, nothing, ""
    flows = study.observations(_MATRIX)
    flows = flows[flows[["origin", "destination"]].isin(codes).all(axis=1)]
    if _RESIDENTS not in study.snapshot.indicators:
        return flows, nothing, ""
    employed = study.observations(_RESIDENTS)
    for column in ("sex", "industry"):
        if column in employed:
            employed = employed[employed[column].astype(str) == _TOTAL]
    employed = employed[employed["region"].isin(codes) & employed["value"].notna()]
    whole = {
        str(period)
        for period, rows in flows.groupby("period", observed=True)
        if _is_whole(rows, len(codes))
    }
    counted = employed.groupby("period", observed=True)["region"].nunique()
    years = whole & {str(period) for period in counted.index[counted == len(codes)]}
    if not years:
        return flows, employed, ""
    period = max(years)
    kept = flows[
        (flows["period"].astype(str) == period) & (flows["origin"] != flows["destination"])
    ]
    residents = employed[employed["period"].astype(str) == period]
    columns = ["origin", "destination", "value", "status"]
    chosen = kept[columns].reset_index(drop=True)
    chosen.attrs["provenance"] = flows.attrs.get("provenance", {})
    people = residents[["region", "value", "status"]].reset_index(drop=True)
    people.attrs["provenance"] = employed.attrs.get("provenance", {})
    return chosen, people, period


def _missing(study: Study, flows: pd.DataFrame) -> Note:
    """Say what is held of the matrix, and what would fetch the rest."""
    newest = flows["period"].astype(str).max() if len(flows) else ""
    ends = sorted(set(flows["destination"].astype(str)))
    if not ends:
        return note(text("functional_missing"), tone="missing")
    told: dict[str, Any] = {"place": label(study.home), "period": newest}
    if _is_whole(flows, len(study.regions())):
        return note(text("functional_partly", **told), tone="missing")
    held = text("functional_slice", n=len(ends), names=[name(code) for code in ends[:5]])
    return note(text("functional_elsewhere", held=held, **told), tone="missing")


def _is_whole(flows: pd.DataFrame, municipalities: int) -> bool:
    ends = (flows["origin"].nunique(), flows["destination"].nunique())
    return min(ends) >= _WHOLE * municipalities


def _kind(ours: bool, theirs: bool) -> str:
    if ours and theirs:
        return "both"
    return "commuting" if ours else "published"


def _title(ours: set[str], theirs: set[str], home: str, period: str, fa_region: str) -> Message:
    told: dict[str, Any] = {"place": label(home), "period": period, "fa": name(fa_region)}
    others = sorted(name(code) for code in ours - {home})
    if not others:
        return text("functional_alone", m=len(theirs), **told)
    if ours == theirs:
        return text("functional_same", n=len(ours), **told)
    told |= {"common": len(ours & theirs) - 1, "m": len(theirs) - 1}
    if len(others) > _NAMED:
        return text("functional_many", n=len(others), **told)
    return text("functional_title", names=others, **told)


def _contained(found: FunctionalRegions, centre: str, period: str) -> Message:
    row: Any = found.summary.set_index("centre").loc[centre]
    return text(
        "functional_contained",
        period=period,
        staying=100 * row["residents_staying"],
        held=100 * row["jobs_held_by_residents"],
    )

"""The study's own figures: an indicator or a domain on the map, and the home's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures import charts, maps, note
from regionstudy.figures.charts.profiles import ProfileRow
from regionstudy.figures.content import Measure
from regionstudy.figures.provenance import period_text
from regionstudy.figures.values import number_text
from regionstudy.geography import municipalities_in, name, require_region
from regionstudy.indicators.structure import indicators_below
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.attractiveness import StudyIndex
    from regionstudy.catalogue import Indicator
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = [
    "change_unit",
    "domain_map",
    "domain_maps",
    "indicator_map",
    "indicator_rows",
    "measure_of",
    "profile_chart",
]


def indicator_rows(study: Study, indicator: str, *, period: str | None = None) -> pd.DataFrame:
    """
    Give one indicator of one period as a map needs it.

    Parameters
    ----------
    study : Study
        The study.
    indicator : str
        A catalogue id.
    period : str, optional
        The period; without it the newest that has figures.

    Returns
    -------
    DataFrame, a row a municipality
        ``region, indicator, period, value, status``; ``rank`` among all and ``peer_rank``,
        ``peer_count`` among the home's peers where the indicator has a direction (1 attracts
        most, ties share the lowest); ``national``: the country's figure where published
        (``attrs["national_kind"]`` "published"), else the unweighted mean ("mean").

    Raises
    ------
    ConfigError
        If the indicator has no such period.
    DataError
        If the indicator has no figures; names what would fetch them.
    """
    entry = study.catalogue[indicator]
    frame = study.indicators(indicator)
    published = frame[frame["value"].notna()]
    if published.empty:
        absent = frame.attrs["missing"][indicator]
        msg = f"{indicator} has no figures for municipalities: {absent['en']} {absent['command']}"
        raise DataError(msg.rstrip())
    held = sorted(published["period"].unique())
    chosen = held[-1] if period is None else str(period)
    if chosen not in held:
        msg = f"{indicator} has no period {chosen}; it has {held[0]} to {held[-1]}."
        raise ConfigError(msg)
    rows = frame[frame["period"] == chosen].reset_index(drop=True)
    if entry.direction:
        order: dict[str, Any] = {"ascending": entry.direction < 0, "method": "min"}
        rows["rank"] = rows["value"].rank(**order)
        among = rows["region"].isin(list(study.peers.members))
        rows["peer_rank"] = rows["value"].where(among).rank(**order)
        rows["peer_count"] = float(rows.loc[among, "value"].notna().sum())
    country = study.indicators(indicator, level="country", periods=[chosen])["value"].dropna()
    rows["national"] = country.iloc[0] if len(country) else rows["value"].mean()
    rows.attrs["national_kind"] = "published" if len(country) else "mean"
    return rows


def indicator_map(
    study: Study,
    indicator: str,
    *,
    period: str | None = None,
    region: str | None = None,
    **about: Any,
) -> StudyFigure:
    """
    Draw one indicator on the map.

    Parameters
    ----------
    study : Study
        The study.
    indicator : str
        A catalogue id.
    period : str, optional
        The period; without it the newest that has figures, which the figure states.
    region : str, optional
        Only this region and its surroundings; "00" is the country alone. Without it the
        country beside the study's region.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure
        The figure.
    """
    entry = study.catalogue[indicator]
    inside = list(study.region)
    extent: Literal["country", "region", "both"] = "both"
    if region is not None:
        code = require_region(region)
        inside = list(municipalities_in(code))
        extent = "country" if code == "00" else "region"
    rows = indicator_rows(study, indicator, period=period)
    outline = [] if extent == "country" else inside
    labels = {study.home: name(study.home)} if extent == "country" else {}
    options: dict[str, Any] = {
        "title": map_title(study, entry, rows),
        "measure": measure_of(entry, rows["period"]),
        "notes": _notes(entry, rows),
        "id": indicator.replace("_", "-"),
    }
    return maps.choropleth(
        rows,
        regions=study.regions(),
        decimals=entry.decimals,
        home=[study.home],
        outline=outline,
        labels=labels,
        region_map=inside if extent != "country" else [],
        extent=extent,
        **(options | about),
    )


def domain_map(study: Study, domain: str, *, target: str = "incomer") -> StudyFigure | Note:
    """
    Draw a domain of pull factors: its first indicator with figures, and the members' workplaces.

    Parameters
    ----------
    study : Study
        The study.
    domain : str
        A domain's id.
    target : str, default "incomer"
        The target group whose part of ``data/index.toml`` names the domain's indicators.

    Returns
    -------
    StudyFigure or Note
        The map, or a line that says that no figures cover all municipalities.
    """
    return _domain_map(study, domain, study.composite(target=target), listed=None)


def domain_maps(study: Study, *, target: str = "incomer") -> list[StudyFigure | Note]:
    """
    Draw every domain of pull factors, with one list of the members' workplaces for all.

    Parameters
    ----------
    study : Study
        The study.
    target : str, default "incomer"
        The target group.

    Returns
    -------
    list of StudyFigure or Note
        As `domain_map`, in the order of the domains. On a page the list of workplaces stands
        by the first map, and the other maps' notes say so.
    """
    index = study.composite(target=target)
    shown: list[StudyFigure | Note] = []
    listed: Text | None = None
    for domain in study.pull_domains:
        indicators = indicators_below(index.structure, domain)
        shown.append(_domain_map(study, domain, index, listed=listed))
        if listed is None and indicators:
            listed = study.catalogue[indicators[0]].label
    return shown


def _domain_map(
    study: Study, domain: str, index: StudyIndex, *, listed: Text | None
) -> StudyFigure | Note:
    """Draw a domain's map; `listed` is the map of the page that has the list of workplaces."""
    indicators = indicators_below(index.structure, domain)
    if not indicators:
        title = study.catalogue.domains[domain].title
        pull = [
            one.id
            for one in study.catalogue.values()
            if one.domain == domain and one.role == "pull" and one.source is not None
        ]
        told = {"domain": title, "n": len(pull)}
        return note(Message("study.domain_missing", told), tone="missing")
    chosen = indicators[0]
    period = str(index.periods[chosen])
    points = _workplaces(study)
    about: dict[str, Any] = {"id": f"domain-{domain}", "points": points}
    if points is not None and listed is None:
        about["points_title"] = Message("study.workplaces")
    elif points is not None:
        entry = study.catalogue[chosen]
        notes = _notes(entry, indicator_rows(study, chosen, period=period))
        about["notes"] = [*notes, Message("study.workplaces_listed", {"map": listed})]
    return indicator_map(study, chosen, period=period, **about)


def profile_chart(study: Study, ids: Sequence[str], **about: Any) -> StudyFigure:
    """
    Draw the home among its peers, an indicator a row, strengths first.

    Parameters
    ----------
    study : Study
        The study.
    ids : sequence of str
        Catalogue ids, each shown at its newest complete year.
    **about
        Passed on to `regionstudy.figures.charts.profile`.

    Returns
    -------
    StudyFigure
        The figure.
    """
    selection = study.newest(ids)
    kept = [one for one in selection.periods.index if study.catalogue[one].direction]
    compared = selection.values.loc[list(study.peers.members), kept]
    long = compared.rename_axis("region").reset_index().melt("region", var_name="indicator")
    long["status"] = ""
    country = study.indicators(kept, level="country")
    country = country.merge(
        selection.periods.rename_axis("indicator").reset_index(),
        on=["indicator", "period"],
        validate="many_to_one",
    )
    frame = pd.concat([long, country[["region", "indicator", "value", "status"]]])
    frame = frame.reset_index(drop=True)
    frame.attrs["provenance"] = selection.values.attrs.get("provenance", {})
    rows = {}
    for one in kept:
        entry = study.catalogue[one]
        period = str(selection.periods[one])
        rows[one] = ProfileRow(
            entry.label,
            unit=entry.symbol,
            note=Words(sv=period, en=period),
            decimals=entry.decimals,
            direction=entry.direction,
        )
    options: dict[str, Any] = {
        "measure": Measure(Message("study.profile_measure"), period=period_text(selection.periods))
    }
    return charts.profile(frame, home=study.home, rows=rows, **(options | about))


def map_title(study: Study, entry: Indicator, rows: pd.DataFrame) -> Message:
    """
    Say where the home stands on an indicator.

    Parameters
    ----------
    study : Study
        The study.
    entry : Indicator
        The indicator.
    rows : DataFrame
        From `indicator_rows`.

    Returns
    -------
    Message
        The home's value and rank, or that its figure is missing.
    """
    own: Any = rows.set_index("region").loc[study.home]
    told: dict[str, Any] = {"measure": entry.label, "place": name(study.home)}
    if pd.isna(own["value"]):
        return Message("study.map_missing", told)
    told["value"] = number_text(float(own["value"]), entry.decimals)
    told["unit"] = entry.symbol
    if "rank" not in rows:
        return Message("study.map_value", told)
    counts = {"rank": int(own["rank"]), "n": int(rows["value"].notna().sum())}
    return Message("study.map_rank", told | counts)


def measure_of(entry: Indicator, periods: pd.Series[str]) -> Measure:
    """
    Make the line above an indicator's picture.

    Parameters
    ----------
    entry : Indicator
        The indicator.
    periods : Series of str
        The periods shown.

    Returns
    -------
    Measure
        Name, unit and period.
    """
    return Measure(entry.label, unit=entry.symbol, period=period_text(periods))


def _workplaces(study: Study) -> pd.DataFrame | None:
    """Members' staff by municipality: the released margin, so what is hidden stays hidden."""
    members = study.members
    if members is None:
        return None
    counts = members.release("staff_by_organisation_and_municipality")
    margin = counts[(counts["org_id"] == "total") & (counts["municipality"] != "total")]
    # A published 0 is no workplace.
    points = margin.loc[margin["headcount"] != 0, ["municipality", "headcount", "status"]]
    points = points.assign(name=points["municipality"].map(name)).reset_index(drop=True)
    points.attrs.update(counts.attrs)
    return points


def change_unit(entry: Indicator) -> Words:
    """
    Name the unit of a change: percentages change by percentage points.

    Parameters
    ----------
    entry : Indicator
        The indicator.

    Returns
    -------
    Words
        The unit.
    """
    if entry.unit == "percent":
        return Words(sv="procentenheter", en="percentage points")
    return entry.symbol


def _notes(entry: Indicator, rows: pd.DataFrame) -> list[Words | Message]:
    found: list[Words | Message] = [entry.description]
    if entry.direction:
        key = "study.more_attracts" if entry.direction > 0 else "study.less_attracts"
        found.append(Message(key))
    if rows["status"].eq("i").any():
        found.append(Message("study.estimated"))
    return found

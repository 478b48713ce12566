"""Where the missing competence lives today: near the workplaces, next door, where one studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.competence_assumptions import read_assumptions
from regionstudy.figures import maps, note, table
from regionstudy.figures.content import Column
from regionstudy.figures.provenance import member_releases
from regionstudy.figures.tables import with_figures
from regionstudy.figures.values import joined
from regionstudy.geography import label, municipalities_in, name, surroundings
from regionstudy.views.gap.official import OFFICIAL, bringing
from regionstudy.views.gap.wording import text
from regionstudy.views.indicator import indicator_rows, measure_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.gap.facts import CompetenceFacts
    from regionstudy.words import Text

__all__ = ["reach_map", "reach_table"]

_SHARE = "post_secondary_share"
_LEVELS = "education_level"
_OUT = "out_commuter_share"
_STAFF = "staff_by_organisation_and_municipality"
_LONG = ("eftergymnasial utbildning, 3 år eller mer", "forskarutbildning")
_TOTAL = "total"
_NEAREST = 5
_KM = 1000.0


def reach_map(study: Study, facts: CompetenceFacts | None, **about: Any) -> StudyFigure | Note:
    """
    Draw where those with post-secondary education live, and where members' workplaces are.

    No open figures tell where people of one occupation or field of education live; the share
    with post-secondary education is the nearest there is, and the map says so.

    Parameters
    ----------
    study : Study
        The study.
    facts : CompetenceFacts or None
        From `competence_facts`; without it no workplaces are drawn.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure or Note
        The map of the country and of the region with its neighbours; or what is missing.
    """
    if _SHARE not in study.snapshot.indicators:
        return _waits(study, _SHARE)
    rows = indicator_rows(study, _SHARE)
    around = [*study.region, *_neighbours(study)]
    shares = rows.set_index("region")["value"]
    nearest = shares.reindex(_towns(study)["region"]).dropna()
    entry = study.catalogue[_SHARE]
    title: Text = entry.label
    if len(nearest):
        top = str(nearest.idxmax())
        told = {
            "place": label(study.home),
            "own": float(shares.get(study.home, float("nan"))),
            "town": name(top),
            "share": float(nearest[top]),
        }
        title = text("reach_title", **told)
    points = None
    if facts is not None and study.members is not None:
        counts = study.members.release(_STAFF)
        points = _workplaces(counts)
        about.setdefault("releases", (*facts.releases, *member_releases(counts)))
        about.setdefault("points_title", text("workplaces"))
        about.setdefault("fictitious", facts.fictitious)
        about.setdefault("sources", [facts.source])
    notes: list[Text] = [text("note.base"), *_returned_note(facts)]
    options: dict[str, Any] = {
        "regions": study.regions(),
        "title": title,
        "measure": measure_of(entry, rows["period"]),
        "decimals": entry.decimals,
        "home": [study.home],
        "outline": list(study.region),
        "extent": "both",
        "region_map": around,
        "points": points,
        "notes": notes,
        "id": "reach",
    }
    return maps.choropleth(rows, **(options | about))


def reach_table(study: Study) -> Table | Note:
    """
    List the region's municipalities, its neighbours and the nearest university towns.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table or Note
        With how many have long education, and how many of the employed already work elsewhere.
    """
    if _SHARE not in study.snapshot.indicators:
        return _waits(study, _SHARE)
    towns = _towns(study)
    groups = (
        ("own", list(study.region)),
        ("neighbour", _neighbours(study)),
        ("town", [one for one in towns["region"] if one not in _neighbours(study)]),
    )
    frame = pd.DataFrame(
        [(code, kind) for kind, codes in groups for code in codes], columns=["region", "kind"]
    )
    share = indicator_rows(study, _SHARE)
    frames = [share]
    frame = with_figures(frame, share, "share")
    if _OUT in study.snapshot.indicators:
        out = indicator_rows(study, _OUT)
        frames.append(out)
        frame = with_figures(frame, out, "out")
    else:
        frame = frame.assign(out=float("nan"), out_status="..")
    long = _long_educated(study)
    if long is None:
        frame = frame.assign(long=float("nan"), long_status="..")
    else:
        frames.append(long)
        frame = with_figures(frame, long, "long")
    into = _commuters(study)
    if into is not None:
        frames.append(into)
        frame = with_figures(frame, into, "into")
    frame = frame.merge(_distances(study), on="region", how="left", validate="one_to_one")
    order = {kind: at for at, (kind, _) in enumerate(groups)}
    frame = frame.assign(order=frame["kind"].map(order)).sort_values(
        ["order", "km"], ignore_index=True
    )
    frame["name"] = frame["region"].map(name)
    frame["kind"] = frame["kind"].map(lambda kind: text(f"kind.{kind}"))
    frame.attrs["provenance"] = {
        key: entry for one in frames for key, entry in one.attrs.get("provenance", {}).items()
    }
    periods = {key: str(one["period"].max()) for key, one in (("share", share),)}
    columns = [
        Column("name", text("column.municipality")),
        Column("km", text("column.km"), "number"),
        Column("share", text("column.share", period=periods["share"]), "number", 1),
        Column("long", _dated("column.long", long), "number"),
        Column("out", _dated("column.out", frames[1] if len(frames) > 1 else None), "number", 1),
    ]
    caption: list[Text] = [text("places_caption")]
    if into is None:
        how = bringing(study, OFFICIAL["commuters"])
        caption.append(text("places_flows", how=how))
    else:
        columns.append(Column("into", _dated("column.into", into), "number"))
        caption.append(text("places_into", list=[name(one) for one in into.attrs["into"]]))
    # Last, since a phone shows the first columns.
    columns.append(Column("kind", text("column.kind")))
    return table(
        frame,
        columns=columns,
        title=text("places_title", place=label(study.settings.region)),
        caption=joined(caption),
        home=[study.home],
    )


def _dated(key: str, rows: pd.DataFrame | None) -> Text:
    period = "" if rows is None or "period" not in rows else str(rows["period"].max())
    return text(key, period=period)


def _commuters(study: Study) -> pd.DataFrame | None:
    """Count who commutes into the region, from each municipality outside it."""
    if OFFICIAL["commuters"] not in study.snapshot.indicators:
        return None
    rows = study.observations(OFFICIAL["commuters"])
    rows = rows[rows["destination"].isin(list(study.region))]
    rows = rows[~rows["origin"].isin(list(study.region))]
    if rows.empty:
        return None
    rows = rows[rows["period"] == rows["period"].max()]
    sums = rows.groupby(rows["origin"].astype(str))["value"]
    whole = sums.sum().where(sums.count() == sums.size())
    found = pd.DataFrame({"region": whole.index, "value": whole.to_numpy()})
    found["period"] = str(rows["period"].iloc[0])
    found["status"] = found["value"].isna().map({True: "..", False: ""})
    found.attrs["provenance"] = rows.attrs.get("provenance", {})
    found.attrs["into"] = sorted(set(rows["destination"].astype(str)))
    return found


def _workplaces(counts: pd.DataFrame) -> pd.DataFrame:
    """Give members' protected staff by municipality, all organisations together."""
    whole = counts[(counts["org_id"] == _TOTAL) & (counts["municipality"] != _TOTAL)]
    whole = whole[whole["headcount"] != 0]
    return pd.DataFrame(
        {
            "name": whole["municipality"].map(name),
            "municipality": whole["municipality"],
            "headcount": whole["headcount"],
            "status": whole["status"],
        }
    ).reset_index(drop=True)


def _waits(study: Study, indicator: str) -> Note:
    return note(text("missing.places", how=bringing(study, indicator)), tone="missing")


def _neighbours(study: Study) -> list[str]:
    inside = set(study.region)
    around: Sequence[str] = surroundings(list(study.region))
    return [one for one in around if one not in inside]


def _towns(study: Study) -> pd.DataFrame:
    """Give the nearest municipalities outside the region where one can study."""
    far = _distances(study)
    listed = read_assumptions(study.folder / "data" / "competence.toml").university_towns
    chosen = far[far["region"].isin(listed) & ~far["region"].isin(list(study.region))]
    return chosen.sort_values(["km", "region"], ignore_index=True).head(_NEAREST)


def _distances(study: Study) -> pd.DataFrame:
    """Give the straight distance from the home, middle to middle, in kilometres."""
    regions = study.regions()
    middles = regions.geometry.representative_point()
    home = middles[regions["region"].to_numpy() == study.home].iloc[0]
    return pd.DataFrame({"region": regions["region"], "km": middles.distance(home) / _KM})


def _long_educated(study: Study) -> pd.DataFrame | None:
    """Count those aged 16-74 with three years or more of post-secondary education."""
    if _LEVELS not in study.snapshot.indicators:
        return None
    rows = study.observations(_LEVELS)
    rows = rows[(rows["sex"] == _TOTAL) & rows["education"].isin(_LONG)]
    rows = rows[rows["region"].isin(list(municipalities_in("00")))]
    if rows.empty:
        return None
    rows = rows[rows["period"] == rows["period"].max()]
    sums = rows.groupby("region", observed=True)["value"]
    found = pd.DataFrame({"value": sums.sum().where(sums.count() == len(_LONG))}).reset_index()
    found = found.assign(period=str(rows["period"].max()))
    found["status"] = found["value"].isna().map({True: "..", False: ""})
    found.attrs["provenance"] = rows.attrs.get("provenance", {})
    return found


def _returned_note(facts: CompetenceFacts | None) -> list[Text]:
    """Say where those who returned to members' jobs came from."""
    if facts is None or facts.gathered.returned_from.empty:
        return []
    top = facts.gathered.returned_from.head(3)
    listed = [
        text("item", name=label(str(code)), n=count)
        for code, count in zip(top["from_region"], top["headcount"], strict=True)
    ]
    period = str(top["period"].iloc[0]).replace("-", "–")
    return [text("note.returned", list=listed, period=period)]

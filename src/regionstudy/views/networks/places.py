"""From where in the region we reach networks, beside where our staff work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.figures import maps, note
from regionstudy.figures.content import Measure
from regionstudy.geography import name
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.views.networks.facts import StudyNetworks

__all__ = ["network_place_map"]

_RELEASE = "staff_by_organisation_and_municipality"
_TOTAL = "total"


def network_place_map(study: Study, net: StudyNetworks | None) -> StudyFigure | Note:
    """
    Map from where in the region we reach networks, and where our staff work.

    Parameters
    ----------
    study : Study
        The study.
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    StudyFigure or Note
        The municipalities by the networks that organisations seated there sit in; dots for
        staff, whose small numbers are protected. Or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    inside = list(study.region)
    seat = net.found.organisations.set_index("org_id")["municipality"].astype("str")
    held = net.found.seats.assign(region=net.found.seats["org_id"].map(seat))
    reached = held.groupby("region")["network_id"].nunique()
    here = seat.isin(inside)
    if not here.any():
        return note(text("place.outside"), tone="missing")
    # A municipality where nobody has its seat reaches none: a true zero.
    frame = pd.DataFrame({"region": inside, "value": reached.reindex(inside).fillna(0.0)})
    frame = frame.reset_index(drop=True).assign(status="")
    most = frame.iloc[int(frame["value"].to_numpy().argmax())]
    notes = [text("place.seat")]
    if not here.all():
        notes.append(text("place.apart", n=int((~here).sum())))
    points = _staff(study)
    if points is not None:
        notes.append(text("place.rule", threshold=points.attrs["threshold"]))
    told = {"place": name(str(most["region"])), "n": int(most["value"])}
    return maps.choropleth(
        frame,
        regions=study.regions("municipality"),
        title=text("place.title", of=net.found.reach.networks, **told),
        measure=Measure(text("place.measure"), text("place.unit")),
        decimals=0,
        scale="sequential",
        home=[study.home],
        outline=inside,
        extent="region",
        points=points,
        points_title=None if points is None else text("place.points"),
        how_to_read=text("place.how_to_read"),
        notes=notes,
        id="networks-by-place",
        **net.about,
    )


def _staff(study: Study) -> pd.DataFrame | None:
    """Give members' staff by municipality as it is released; None where it is not."""
    if study.members is None:
        return None
    try:
        counts = study.members.release(_RELEASE)
    except ConfigError:
        return None
    rows = counts[(counts["org_id"] == _TOTAL) & (counts["municipality"] != _TOTAL)]
    # A published 0 is no workplace.
    rows = rows.loc[rows["headcount"] != 0, ["municipality", "headcount", "status"]]
    found = rows.assign(name=rows["municipality"].map(name)).reset_index(drop=True)
    found.attrs.update(counts.attrs)
    return found

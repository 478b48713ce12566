"""The drawing of organisations and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.figures import charts, note
from regionstudy.figures.content import Measure
from regionstudy.views.networks.facts import text
from regionstudy.views.networks.links import leaving_text

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.views.networks.facts import StudyNetworks
    from regionstudy.words import Message

__all__ = ["network_drawing"]

# So many organisations are still found in a list to choose from.
_CHOSEN = 60
# So many marks have room beside each other, on a phone too.
_DRAWN = 200


def network_drawing(net: StudyNetworks | None) -> StudyFigure | Note:
    """
    Draw who sits in which network.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    StudyFigure or Note
        The drawing, filtered by theme and without any one organisation on the page; or what
        is missing, or that there are too many to draw.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    marks = int((net.found.organisations["networks"] > 0).sum()) + net.found.reach.networks
    if marks > _DRAWN:
        return note(text("drawing.too_many", n=marks, most=_DRAWN))
    organisations, networks = _organisations(net), _networks(net)
    notes = [text("drawing.place")]
    apart = (
        [net.organisations[one] for one in _without(net.found.organisations, "networks", "org_id")],
        [net.networks[one] for one in _without(net.found.networks, "organisations", "network_id")],
    )
    for which, names in zip(("organisations", "networks"), apart, strict=True):
        if names:
            notes.append(text(f"drawing.{which}_apart", list=names))
    order = sorted(net.organisations, key=lambda one: net.organisations[one].casefold())
    losses: Any = net.losses.set_index("org_id")
    return charts.network(
        organisations,
        networks,
        net.found.seats[["org_id", "network_id"]],
        title=_title(net),
        measure=Measure(text("drawing.measure"), text("drawing.unit")),
        leaving={one: leaving_text(net, one, losses.loc[one]) for one in order}
        if len(order) <= _CHOSEN
        else None,
        how_to_read=text("drawing.how_to_read"),
        notes=notes,
        id="networks",
        **net.about,
    )


def _title(net: StudyNetworks) -> Message:
    single = len(net.single)
    which = "drawing.title" if single > 1 else "drawing.title_one"
    return text(which if single else "drawing.title_firm", n=single)


def _organisations(net: StudyNetworks) -> pd.DataFrame:
    rows = net.found.organisations
    frame = rows[["org_id", "x", "y"]].assign(
        name=rows["org_id"].map(net.organisations), links=rows["networks"]
    )
    pairs = zip(frame["name"], rows["networks"], rows["meets"], strict=True)
    tips: Any = [
        text("drawing.tip_organisation", name=name, networks=int(seats), meets=int(meets))
        for name, seats, meets in pairs
    ]
    frame["tip"] = tips
    return frame.sort_values("name", key=lambda one: one.str.casefold(), ignore_index=True)


def _networks(net: StudyNetworks) -> pd.DataFrame:
    rows = net.found.networks
    frame = rows[["network_id", "theme", "only", "x", "y"]].assign(
        name=rows["network_id"].map(net.networks), links=rows["organisations"]
    )
    tips: Any = [
        text("drawing.tip_only", name=name, theme=theme or "–", only=net.organisations[only])
        if only
        else text("drawing.tip_network", name=name, theme=theme or "–", n=int(n))
        for name, theme, only, n in zip(
            frame["name"], frame["theme"], frame["only"], frame["links"], strict=True
        )
    ]
    frame["tip"] = tips
    return frame.sort_values("name", key=lambda one: one.str.casefold(), ignore_index=True)


def _without(rows: pd.DataFrame, links: str, key: str) -> list[str]:
    return [str(one) for one in rows.loc[rows[links] == 0, key]]

"""With which counties the home's exchanges more movers than size and distance explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import charts, note
from regionstudy.geography import label, parent
from regionstudy.views.migration.exchange import (
    county_flows_held,
    exchange_measure,
    newest,
    noise_notes,
    text,
)

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study

__all__ = ["county_ties"]

# An interval of 95 per cent, in standard deviations.
_WIDTH = 1.96


def county_ties(
    study: Study, *, flows: pd.DataFrame | None = None, **about: Any
) -> StudyFigure | Note | None:
    """
    Draw with which counties the home's exchanges more than size and distance explain.

    A gravity model of the newest year, `regionstudy.analysis.revealed.gravity`, gives each
    county its size at either end, and all pairs one effect of distance between their middles.

    Parameters
    ----------
    study : Study
        The study.
    flows : DataFrame, optional
        As `county_flows_held` gives them, which are taken without it.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure, Note or None
        Moves both ways against the expected, in per cent, with intervals; a line where no model
        can be fitted; nothing where no flows are there.
    """
    from regionstudy.analysis import migration
    from regionstudy.analysis.revealed import gravity

    flows = county_flows_held(study) if flows is None else flows
    if flows is None:
        return None
    shown, period = newest(flows)
    county = parent(study.home)
    try:
        model = gravity(shown, distance=_distances(study))
        pairs = migration.gravity_residual(model)
    except DataError:
        return note(text("ties_none", period=period), tone="missing")
    dispersion = float(pairs.attrs["dispersion"])
    mine = pairs[(pairs["origin"] == county) != (pairs["destination"] == county)]
    other = mine["origin"].where(mine["origin"] != county, mine["destination"])
    both = mine.groupby(other)[["value", "fitted"]].sum()
    # What chance alone would give of so many moves, as wide as the whole model's misfit.
    width = _WIDTH * np.sqrt(dispersion * both["fitted"])
    ends = {"value": both["value"], "low": both["value"] - width, "high": both["value"] + width}
    frame = pd.DataFrame({one: 100 * (count / both["fitted"] - 1) for one, count in ends.items()})
    # No fewer than nobody move.
    frame["low"] = frame["low"].clip(lower=-100.0)
    frame = frame.rename_axis("region").reset_index().assign(status="")
    frame.attrs["provenance"] = flows.attrs.get("provenance", {})
    surely = frame[frame["low"] > 0].sort_values("value", ascending=False)
    told: dict[str, Any] = {"place": label(county), "period": period}
    if len(surely):
        first = surely.iloc[0]
        title = text("ties_title", other=label(str(first["region"])), more=first["value"], **told)
    else:
        title = text("ties_title_none", **told)
    distance = model.elasticities.loc["distance"].astype(float)
    options: dict[str, Any] = {
        "title": title,
        "paragraphs": [
            text(
                "ties_distance",
                less=100 * (1 - 2 ** distance["estimate"]),
                low=100 * (1 - 2 ** distance["high"]),
                high=100 * (1 - 2 ** distance["low"]),
            )
        ],
        "measure": exchange_measure("ties", [period], place=label(county)),
        "how_to_read": text("how.ties"),
        "notes": [text("note.ties"), *noise_notes([period])],
        "decimals": 0,
        "signed": True,
        "id": "county-ties",
    }
    return charts.ranking(frame, **(options | about))


def _distances(study: Study) -> pd.DataFrame:
    """Give the distance between the middles of each two counties, in km."""
    counties = study.regions("county")
    codes, middles = counties["region"].astype(str).to_numpy(), counties.geometry.centroid
    x, y = (np.asarray(one) / 1000 for one in (middles.x, middles.y))
    origin, destination = np.nonzero(~np.eye(len(codes), dtype=bool))
    away = np.hypot(x[origin] - x[destination], y[origin] - y[destination])
    return pd.DataFrame(
        {"origin": codes[origin], "destination": codes[destination], "distance": away}
    )

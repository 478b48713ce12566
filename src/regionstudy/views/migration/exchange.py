"""Moves between counties: all pairs, what ties beyond size and distance, and where leavers went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import charts, note
from regionstudy.figures.content import Measure
from regionstudy.figures.flows import flow_grid
from regionstudy.figures.migration_captions import notes
from regionstudy.figures.provenance import period_text
from regionstudy.geography import label, parent
from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study

__all__ = ["county_flows_held", "county_grid", "county_ties", "leavers_chart"]

_MATRIX = "migration_county_matrix"
_NOISE = "2025"
# An interval of 95 per cent, in standard deviations.
_WIDTH = 1.96
_SHOWN = 12


def county_flows_held(study: Study) -> pd.DataFrame | None:
    """
    Give the moves between counties that the study holds.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    DataFrame or None
        ``origin``, ``destination``, ``period``, ``value``, ``status``, without totals; None
        where none have been fetched.
    """
    if _MATRIX not in study.snapshot.indicators:
        return None
    flows = study.observations(_MATRIX)
    # The whole country as an end would count everyone twice.
    ends = flows[["origin", "destination"]].astype(str)
    apart = ~ends.isin(["00", "total"]).any(axis=1) & (ends["origin"] != ends["destination"])
    kept = flows.loc[apart, ["origin", "destination", "period", "value", "status"]]
    kept.attrs["provenance"] = flows.attrs.get("provenance", {})
    return kept


def county_grid(
    study: Study, *, flows: pd.DataFrame | None = None, **about: Any
) -> StudyFigure | None:
    """
    Draw moves between all counties, and say how far they redistribute people.

    Parameters
    ----------
    study : Study
        The study.
    flows : DataFrame, optional
        As `county_flows_held` gives them, which are taken without it. The newest year is drawn.
    **about
        Passed on to `regionstudy.figures.flows.flow_grid`.

    Returns
    -------
    StudyFigure or None
        A cell a pair; nothing where no flows are there, as `county_flows` says so.
    """
    from regionstudy.analysis import migration

    flows = county_flows_held(study) if flows is None else flows
    if flows is None:
        return None
    newest, period = _newest(flows)
    matrix = migration.flow_matrix(newest)
    whole: Any = migration.system_effectiveness(newest).iloc[0]
    own = migration.effectiveness(newest).set_index("region")["effectiveness"]
    county = parent(study.home)
    net = float(own.reindex([county]).iloc[0])
    told = []
    if pd.notna(whole["effectiveness"]):
        share = whole["effectiveness"]
        told.append(text("effectiveness", moves=int(whole["moves"]), share=share))
    if pd.notna(net):
        told.append(text("own_effectiveness", place=label(county), share=net))
    options: dict[str, Any] = {
        "title": _exchange_title(matrix, county, period),
        "paragraphs": told,
        "measure": _measure("grid", [period]),
        "home": [county],
        "notes": _noise([period]),
        "id": "county-grid",
    }
    return flow_grid(matrix, **(options | about))


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
    newest, period = _newest(flows)
    county = parent(study.home)
    try:
        model = gravity(newest, distance=_distances(study))
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
        "measure": _measure("ties", [period], place=label(county)),
        "how_to_read": text("how.ties"),
        "notes": [text("note.ties"), *_noise([period])],
        "decimals": 0,
        "signed": True,
        "id": "county-ties",
    }
    return charts.ranking(frame, **(options | about))


def leavers_chart(
    study: Study, *, flows: pd.DataFrame | None = None, **about: Any
) -> StudyFigure | None:
    """
    Draw in which counties those who left the home's most probably live: whom one would ask.

    Parameters
    ----------
    study : Study
        The study.
    flows : DataFrame, optional
        As `county_flows_held` gives them, which are taken without it; all years count.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure or None
        The share of those who left, by county; nothing where no flows are there.
    """
    from regionstudy.analysis import migration

    flows = county_flows_held(study) if flows is None else flows
    if flows is None:
        return None
    county = parent(study.home)
    found = migration.leavers_destinations(flows, region=county)
    known = found[found["known"]]
    if known.empty:
        return None
    frame = pd.DataFrame(
        {
            "region": known["destination"],
            "value": 100 * known["share"],
            "status": known["status"],
        }
    ).head(_SHOWN)
    frame.attrs["provenance"] = flows.attrs.get("provenance", {})
    years = sorted(flows["period"].astype(str).unique())
    three = known.head(3)
    options: dict[str, Any] = {
        "title": text(
            "leavers_title",
            place=label(county),
            names=[label(str(code)) for code in three["destination"]],
            share=100 * float(three["share"].sum()),
            period=period_text(pd.Series(years)),
        ),
        "measure": _measure("leavers", years, place=label(county)),
        "how_to_read": text("how.leavers"),
        "notes": [text("note.moves_not_people"), *_noise(years)],
        "id": "leavers",
    }
    return charts.ranking(frame, **(options | about))


def text(what: str, /, **params: Any) -> Message:
    """
    Give one of the texts on moves between counties.

    Parameters
    ----------
    what : str
        The rest of its id, after ``flows.``.
    **params
        Values for its fields.

    Returns
    -------
    Message
        The text.
    """
    return Message(f"flows.{what}", params)


def _newest(flows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    periods = flows["period"].astype(str)
    kept = flows[periods == periods.max()].drop(columns="period").reset_index(drop=True)
    kept.attrs = dict(flows.attrs)
    return kept, str(periods.max())


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


def _exchange_title(matrix: pd.DataFrame, county: str, period: str) -> Message:
    left, came = (pd.Series(one, dtype=float) for one in (matrix.loc[county], matrix[county]))
    there, thence = str(left.idxmax()), str(came.idxmax())
    told: dict[str, Any] = {
        "place": label(county),
        "period": period,
        "there": label(there),
        "left": int(left.max()),
        "came": int(came.max()),
    }
    if there == thence:
        return text("grid_title_same", **told)
    return text("grid_title", thence=label(thence), **told)


def _measure(what: str, periods: Iterable[str], **params: Any) -> Measure:
    shown = period_text(pd.Series(list(periods), dtype=str))
    return Measure(text(f"measure.{what}", **params), text(f"unit.{what}"), shown)


def _noise(periods: Iterable[str]) -> list[Any]:
    return [*notes(also=["noise_2025"])] if max(periods) >= _NOISE else []

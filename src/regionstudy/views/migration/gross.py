"""Gross moves: how many come and leave, and between which counties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import charts, note
from regionstudy.figures.flows import flow_map
from regionstudy.figures.migration_captions import measure, named_lines, notes, text
from regionstudy.geography import label, name, parent
from regionstudy.views.migration.exchange import county_flows_held
from regionstudy.views.migration.fetched import fetched_moves

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["county_flows", "gross_rates_trend"]

_KINDS = ("domestic", "abroad")


def gross_rates_trend(
    study: Study, population: pd.DataFrame, *, moves: pd.DataFrame | None = None, **about: Any
) -> StudyFigure | Note:
    """
    Draw the home's in- and out-migration per 1,000, from within the country and abroad.

    Parameters
    ----------
    study : Study
        The study.
    population : DataFrame
        ``region``, ``period``, ``value``, ``status`` at year end.
    moves : DataFrame, optional
        As `regionstudy.analysis.migration.read_moves` takes them; without it, those that the
        study has fetched.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure or Note
        Four lines, or a line that gross moves are not in the study yet.
    """
    from regionstudy.analysis import migration

    if moves is None:
        moves = fetched_moves(study)
    if moves is None:
        return note(text("gross_missing"), tone="missing")
    own = moves[moves["region"].astype(str) == study.home]
    residents = population[population["region"].astype(str) == study.home]
    found = migration.gross_rates(own, residents[["region", "period", "value", "status"]])
    lines = {
        f"{kind}_{flow}": rows[["period", "value", "status"]]
        for (kind, flow), rows in found.groupby(["kind", "flow"], observed=True)
        if kind in _KINDS and flow in ("in", "out") and rows["value"].notna().any()
    }
    title = _rates_title(found, study.home)
    if title is None:
        return note(text("gross_missing"), tone="missing")
    frame = named_lines(lines)
    frame.attrs["provenance"] = {
        key: entry
        for part in (own, population)
        for key, entry in part.attrs.get("provenance", {}).items()
    }
    options: dict[str, Any] = {
        "title": title,
        "measure": measure("gross_rates", frame.loc[frame["value"].notna(), "period"]),
        "how_to_read": text("how.gross_rates"),
        "dashed": [line for line in lines if line.endswith("_out")],
        "notes": notes(also=["mean_population", "noise_2025"]),
        "id": "gross-rates",
    }
    return charts.trend(frame, **(options | about))


def _rates_title(found: pd.DataFrame, home: str) -> Message | None:
    """Tell the newest year in which both ways within the country are known."""
    wide = found.pivot_table(index="period", columns=["kind", "flow"], values="value")
    wide = wide.reindex(columns=pd.MultiIndex.from_product([_KINDS, ("in", "out")]))
    whole = wide.dropna(subset=[("domestic", "in"), ("domestic", "out")])
    if whole.empty:
        return None
    newest = whole.iloc[-1]
    told = {f"{kind}_{flow}": newest[kind, flow] for kind in _KINDS for flow in ("in", "out")}
    key = "gross_rates_domestic" if newest.isna().any() else "gross_rates_title"
    return text(key, place=label(home), period=str(whole.index[-1]), **told)


def county_flows(
    study: Study, *, flows: pd.DataFrame | None = None, **about: Any
) -> StudyFigure | Note | None:
    """
    Draw with which counties the home's county gains and loses.

    Parameters
    ----------
    study : Study
        The study.
    flows : DataFrame, optional
        ``origin``, ``destination``, ``period``, ``value``, ``status`` between counties;
        without it, those that the study has fetched. The newest year is drawn.
    **about
        Passed on to `regionstudy.figures.flows.flow_map`.

    Returns
    -------
    StudyFigure, Note or None
        Arcs of net migration, or a line that flows are not in the study yet; nothing where
        `gross_rates_trend` has said so already, as neither is there.
    """
    from regionstudy.analysis import migration

    flows = county_flows_held(study) if flows is None else flows
    if flows is None:
        said = fetched_moves(study) is None
        return None if said else note(text("flows_missing"), tone="missing")
    county = parent(study.home)
    period = str(flows["period"].astype(str).max())
    kept = flows[flows["period"].astype(str) == period]
    net = migration.net_flows(kept)
    ours = net[(net[["origin", "destination"]] == county).any(axis=1) & (net["value"] > 0)]
    if ours.empty:
        return note(text("flows_missing"), tone="missing")
    net.attrs["provenance"] = flows.attrs.get("provenance", {})
    options: dict[str, Any] = {
        "title": _flows_title(ours, county, period),
        "measure": measure("county_flows", [period]),
        "how_to_read": text("how.county_flows"),
        "notes": notes(also=["noise_2025"]) if period >= "2025" else (),
        "region": county,
        "id": "county-flows",
    }
    return flow_map(net, regions=study.regions("county"), **(options | about))


def _flows_title(ours: pd.DataFrame, county: str, period: str) -> Message:
    """Name the greatest loss and the greatest gain, as far as there are any."""
    lost = ours[ours["origin"] == county].head(1)
    won = ours[ours["destination"] == county].head(1)
    told: dict[str, Any] = {"place": label(county), "period": period}
    for key, rows, other in (("lost", lost, "destination"), ("won", won, "origin")):
        if len(rows):
            told |= {key: rows["value"].iloc[0], f"{key}_to": name(rows[other].iloc[0])}
    which = "both" if len(lost) and len(won) else "lost" if len(lost) else "won"
    return text(f"county_flows_{which}", **told)

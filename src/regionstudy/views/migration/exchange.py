"""Moves between counties: all pairs, the home's own, and where those who left went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import charts
from regionstudy.figures.content import Measure
from regionstudy.figures.flows import flow_chord, flow_grid
from regionstudy.figures.migration_captions import notes
from regionstudy.figures.provenance import period_text
from regionstudy.geography import label, parent
from regionstudy.words import Message, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.figures.shown import StudyFigure
    from regionstudy.study import Study

__all__ = [
    "county_chord",
    "county_flows_held",
    "county_grid",
    "exchange_measure",
    "leavers_chart",
    "newest",
    "noise_notes",
    "text",
]

_MATRIX = "migration_county_matrix"
_NOISE = "2025"
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
    shown, period = newest(flows)
    matrix = migration.flow_matrix(shown)
    whole: Any = migration.system_effectiveness(shown).iloc[0]
    own = migration.effectiveness(shown).set_index("region")["effectiveness"]
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
        "measure": exchange_measure("grid", [period]),
        "home": [county],
        "notes": noise_notes([period]),
        "id": "county-grid",
    }
    return flow_grid(matrix, **(options | about))


def county_chord(
    study: Study, *, flows: pd.DataFrame | None = None, partners: int = 7, **about: Any
) -> StudyFigure | None:
    """
    Draw moves between the home's county and those it exchanges most with, as ribbons.

    Parameters
    ----------
    study : Study
        The study.
    flows : DataFrame, optional
        As `county_flows_held` gives them, which are taken without it. The newest year is drawn.
    partners : int, default 7
        How many other counties, those with most moves both ways.
    **about
        Passed on to `regionstudy.figures.flows.flow_chord`.

    Returns
    -------
    StudyFigure or None
        A ribbon a pair; nothing where no flows are there.
    """
    from regionstudy.analysis import migration

    flows = county_flows_held(study) if flows is None else flows
    if flows is None:
        return None
    shown, period = newest(flows)
    county = parent(study.home)
    matrix = migration.flow_matrix(shown)
    # Where either way is missing, so is their sum: such a county is no partner to name.
    both = pd.Series(matrix.loc[county] + matrix[county], dtype=float).dropna()
    both = both.sort_values(ascending=False)
    nearest = [str(code) for code in both.index[both > 0][:partners]]
    if not nearest:
        return None
    kept = sorted([county, *nearest])
    drawn = matrix.loc[kept, kept]
    drawn.attrs = dict(matrix.attrs)
    share = 100 * float(both.head(partners).sum()) / float(both.sum())
    options: dict[str, Any] = {
        "title": text(
            "chord_title", place=label(county), n=len(nearest), share=share, period=period
        ),
        "measure": exchange_measure("grid", [period]),
        "home": [county],
        "notes": noise_notes([period]),
        "id": "county-chord",
    }
    return flow_chord(drawn, **(options | about))


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
        "measure": exchange_measure("leavers", years, place=label(county)),
        "how_to_read": text("how.leavers"),
        "notes": [text("note.moves_not_people"), *noise_notes(years)],
        "id": "leavers",
    }
    return charts.ranking(frame, **(options | about))


text = texts_of("flows")


def newest(flows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """
    Keep the flows of the newest year.

    Parameters
    ----------
    flows : DataFrame
        As `county_flows_held` gives them.

    Returns
    -------
    shown : DataFrame
        Those, without ``period``.
    period : str
        The year.
    """
    periods = flows["period"].astype(str)
    kept = flows[periods == periods.max()].drop(columns="period").reset_index(drop=True)
    kept.attrs = dict(flows.attrs)
    return kept, str(periods.max())


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


def exchange_measure(what: str, periods: Iterable[str], **params: Any) -> Measure:
    """
    Write the line above a picture of moves between counties.

    Parameters
    ----------
    what : str
        Which measure: the rest of its name's id, after ``flows.measure.``.
    periods : iterable of str
        The periods shown.
    **params
        Values for the fields of its name.

    Returns
    -------
    Measure
        Its name, unit and period.
    """
    shown = period_text(pd.Series(list(periods), dtype=str))
    return Measure(text(f"measure.{what}", **params), text(f"unit.{what}"), shown)


def noise_notes(periods: Iterable[str]) -> list[Any]:
    """
    Say that figures carry noise, if they do.

    Parameters
    ----------
    periods : iterable of str
        The periods shown.

    Returns
    -------
    list
        The note, or nothing.
    """
    return [*notes(also=["noise_2025"])] if max(periods) >= _NOISE else []

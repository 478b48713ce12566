"""Official figures of supply: those the store holds, and what would bring the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from regionstudy.analysis.competence import commuter_share
from regionstudy.views.gap.wording import text

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = ["OFFICIAL", "OfficialSupply", "bringing", "official_supply"]

# The indicators that terms of supply are made of.
OFFICIAL = {
    "in_movers": "movers_by_education",
    "commuters": "commuting_matrix",
    "employed": "occupation_by_municipality",
}
_TOTAL = "total"


@dataclass(frozen=True)
class OfficialSupply:
    """
    Official figures of the region's supply.

    Parameters
    ----------
    employed : DataFrame or None
        ``occupation``, ``value``: all who work in the region, of the newest year; None where
        no figures are of all its municipalities.
    movers : DataFrame or None
        ``education``, ``period``, ``value``: those who move in.
    commuting : tuple of float, or None
        Share of the region's jobs held by those who live outside it: least, newest, most.
    frames : tuple of DataFrame
        What is used, with its sources.
    """

    employed: pd.DataFrame | None = None
    movers: pd.DataFrame | None = None
    commuting: tuple[float, float, float] | None = None
    frames: tuple[pd.DataFrame, ...] = ()


def official_supply(study: Study) -> OfficialSupply:
    """
    Read the official figures of supply that the store holds.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    OfficialSupply
        None in place of each that is not there, or not of the region.
    """
    employed = _employed(study)
    movers = _movers(study)
    flows = _held(study, OFFICIAL["commuters"])
    share = None if flows is None else commuter_share(flows, inside=study.region)
    used = (employed, movers, flows if share is not None else None)
    frames = tuple(frame for frame in used if frame is not None)
    return OfficialSupply(employed, movers, share, frames)


def bringing(study: Study, indicator: str) -> Text:
    """
    Say which command brings an indicator, or describes it where no service has it.

    Parameters
    ----------
    study : Study
        The study.
    indicator : str
        A catalogue id.

    Returns
    -------
    Text
        A clause with the command.
    """
    fetched = study.catalogue[indicator].fetchable
    command = f"regionstudy {'fetch --indicator' if fetched else 'describe'} {indicator}"
    return text(f"brings.{'fetch' if fetched else 'describe'}", command=command)


def _employed(study: Study) -> pd.DataFrame | None:
    rows = _held(study, OFFICIAL["employed"])
    if rows is None:
        return None
    rows = rows[rows["region"].isin(list(study.region))]
    if "sex" in rows:
        rows = rows[rows["sex"] == _TOTAL]
    # A year in which a municipality lacks is no smaller year.
    places = rows.groupby("period", observed=True)["region"].nunique()
    whole = places.index[places == len(study.region)]
    if not len(whole):
        return None
    newest = rows[rows["period"] == max(whole)]
    sums = newest.groupby(newest["occupation"].astype(str))["value"]
    whole_sums = sums.sum().where(sums.count() == sums.size()).dropna()
    found: pd.DataFrame = whole_sums.reset_index().assign(period=str(max(whole)))
    found.attrs["provenance"] = rows.attrs.get("provenance", {})
    return found


def _movers(study: Study) -> pd.DataFrame | None:
    rows = _held(study, OFFICIAL["in_movers"])
    if rows is None or not {"education", "flow"} <= set(rows.columns):
        return None
    rows = rows[(rows["flow"] == "inmigration") & (rows["region"] == study.settings.region)]
    if "sex" in rows:
        rows = rows[rows["sex"] == _TOTAL]
    rows = rows[rows["education"].astype(str) != _TOTAL]
    if rows.empty:
        return None
    kept = rows[["education", "period", "value", "status"]].astype({"education": str})
    found: pd.DataFrame = kept.reset_index(drop=True)
    found.attrs["provenance"] = rows.attrs.get("provenance", {})
    return found


def _held(study: Study, indicator: str) -> pd.DataFrame | None:
    if indicator not in study.snapshot.indicators:
        return None
    return study.observations(indicator)

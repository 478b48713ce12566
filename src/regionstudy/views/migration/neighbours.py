"""Where neighbours gain or lose by migration together, and where chance would do as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import maps
from regionstudy.figures.migration_captions import measure, notes, text
from regionstudy.figures.values import joined
from regionstudy.geography import label, name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.analysis.spatial import Moran, Weights
    from regionstudy.figures.shown import StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["neighbours_map"]

# What a map can show, in the order of its legend; the last is grey.
_CLUSTERS = ("high-high", "low-low", "high-low", "low-high", "not significant")
_UNTESTED = ("no neighbours", "no figure")


def neighbours_map(
    study: Study, net: pd.DataFrame, *, recent: int = 5, seed: int = 2025, **about: Any
) -> StudyFigure:
    """
    Map where neighbours are alike in net migration beyond chance, and say where not.

    Local Moran over shared borders of the mean of the last years, with the false discovery
    rate held at 5 per cent; p-values near that line are by 99,999 permutations. The newest year
    alone is told in words: what it lacks, and whether more permutations would change it.

    Parameters
    ----------
    study : Study
        The study.
    net : DataFrame
        Net migration rates of all municipalities: ``region``, ``period``, ``value``,
        ``status``.
    recent : int, default 5
        Years in the mean.
    seed : int, default 2025
        Seed of the permutations.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure
        A map of the country; a municipality without neighbours is drawn as missing, and
        named in a note.
    """
    from regionstudy.analysis import migration, spatial

    regions = study.regions()
    near = spatial.weights(regions)
    years = sorted(net["period"].astype(str).unique())
    several = years[-recent:]
    level = migration.interval(net[net["period"].astype(str).isin(several)])
    means = level.rename(columns={"mean": "value"})[["region", "value"]]
    tested = spatial.local_moran(means, near, seed=seed)
    found = spatial.refine_local_moran(tested, near, seed=seed)
    frame = found.assign(
        value=found["cluster"].where(~found["cluster"].isin(_UNTESTED)),
        status=found["cluster"].map({"no neighbours": ".", "no figure": ".."}).fillna(""),
    )[["region", "value", "status"]]
    frame.attrs["provenance"] = net.attrs.get("provenance", {})
    told = [
        _named(found),
        _newest_alone(net[net["period"].astype(str) == years[-1]], near, seed=seed),
        _likeness(spatial.moran(means, near, seed=seed)),
        _home(found, study.home),
    ]
    options: dict[str, Any] = {
        "title": _title(found["cluster"], several),
        "paragraphs": [one for one in told if one is not None],
        "measure": measure("neighbours", several),
        "how_to_read": text("how.neighbours"),
        "notes": [
            *_islands(found),
            *notes(also=["false_discoveries", "all_together", "noise_2025"]),
        ],
        "home": [study.home],
        "outline": study.region,
        "categories": {one: text(f"cluster.{one.replace(' ', '-')}") for one in _CLUSTERS},
        "id": "neighbours",
    }
    return maps.choropleth(frame, regions=regions, **(options | about))


def _title(clusters: pd.Series[str], years: list[str]) -> Message:
    period = "–".join(dict.fromkeys([years[0], years[-1]]))
    counts = clusters.value_counts()
    found = {one: int(counts.get(one, 0)) for one in _CLUSTERS}
    tested = sum(found.values())
    if found["not significant"] == tested:
        return text("neighbours_none", period=period, n=tested)
    return text(
        "neighbours_some",
        period=period,
        n=tested,
        high=found["high-high"],
        low=found["low-low"],
        apart=found["high-low"] + found["low-high"],
    )


def _likeness(whole: Moran) -> Message:
    alike = "alike" if whole.statistic > whole.expected else "unlike"
    kind = alike if whole.p <= 0.05 else "chance"
    return text(f"neighbours_{kind}", statistic=whole.statistic, p=whole.p, n=whole.n)


def _named(found: pd.DataFrame) -> Message | None:
    parts = _stand_out(found)
    return text("neighbours_named", parts=joined(parts, "; ")) if parts else None


def _newest_alone(newest: pd.DataFrame, near: Weights, *, seed: int) -> Message:
    """Tell what the newest year shows by itself, and if nothing, why not."""
    from regionstudy.analysis import spatial

    period = str(newest["period"].iloc[0])
    tested = spatial.local_moran(newest, near, seed=seed)
    found = spatial.refine_local_moran(tested, near, seed=seed)
    parts = _stand_out(found)
    if parts:
        return text("neighbours_newest", period=period, parts=joined(parts, "; "))
    p = found["p"].dropna()
    alpha = found.attrs["alpha"]
    return text(
        "neighbours_newest_none",
        period=period,
        draws=found.attrs["permutations"],
        smallest=p.min(),
        n=len(p),
        limit=alpha / len(p),
        loose=int((p <= alpha).sum()),
        chance=round(alpha * len(p)),
    )


def _stand_out(found: pd.DataFrame) -> list[Message]:
    return [
        text(f"stand_out.{one}", names=_names(found.loc[found["cluster"] == one, "region"]))
        for one in _CLUSTERS[:-1]
        if (found["cluster"] == one).any()
    ]


def _home(found: pd.DataFrame, home: str) -> Message | None:
    own = found[found["region"] == home].iloc[0]
    if pd.isna(own["lag"]):
        return None
    return text("neighbours_home", place=label(home), value=own["value"], lag=own["lag"])


def _islands(found: pd.DataFrame) -> list[Message]:
    alone = found.loc[found["cluster"] == "no neighbours", "region"]
    return [text("note.islands", names=_names(alone))] if len(alone) else []


def _names(codes: Iterable[str]) -> list[str]:
    return sorted(name(code) for code in codes)

"""What would come next if net migration went on as simple methods have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import charts, note
from regionstudy.figures.migration_captions import measure, named_lines, notes, text
from regionstudy.geography import label

if TYPE_CHECKING:
    from regionstudy.analysis.forecast import Forecast
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["net_outlook"]


def net_outlook(
    study: Study, net: pd.DataFrame, *, horizon: int = 3, coverage: float = 0.8, **about: Any
) -> StudyFigure | Note:
    """
    Draw the home's net migration and the interval of the next years.

    Parameters
    ----------
    study : Study
        The study.
    net : DataFrame
        Net migration rates: ``region``, ``period``, ``value``, ``status``.
    horizon : int, default 3
        Years ahead.
    coverage : float, default 0.8
        What the interval is made for.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure or Note
        The years, the forecast and both ends of its interval, with the backtest in words; a
        line that the years are too few or cut where no forecast can be made.
    """
    from regionstudy.analysis.forecast import forecast

    own = net[net["region"] == study.home]
    series = own[["region", "period", "value", "status"]]
    try:
        found = forecast(series, horizon=horizon, coverage=coverage)
    except DataError:
        return note(text("outlook_none", place=label(study.home)), tone="missing")
    ahead = found.figures
    origin = own[own["period"].astype(str) == ahead["origin"].iloc[0]]
    lines = {study.home: own}
    for line, column in (("ahead", "value"), ("high", "high"), ("low", "low")):
        steps = ahead[["period", column, "status"]].rename(columns={column: "value"})
        # Each line starts in the last year with a figure, where the interval has no width.
        lines[line] = pd.concat([origin[["period", "value", "status"]], steps])
    frame = named_lines(lines)
    # Years ahead are not the source's: its line names those that it has published.
    frame["indicator"] = own["indicator"].iloc[0] if "indicator" in own else ""
    frame.loc[frame["region"] != study.home, "indicator"] = ""
    options: dict[str, Any] = {
        "title": _title(found, study.home, coverage),
        "paragraphs": [_backtest(found, coverage)],
        "measure": measure("net_rate", [*own["period"], *ahead["period"]]),
        "how_to_read": text("how.outlook", share=100 * coverage),
        "home": [study.home],
        "dashed": ["ahead", "high", "low"],
        "signed": True,
        "notes": notes(also=["outlook_no_causes", "all_together", "noise_2025"]),
        "id": "net-outlook",
    }
    return charts.trend(frame, **(options | about))


def _title(found: Forecast, home: str, coverage: float) -> Message:
    first = found.figures.iloc[0]
    return text(
        "outlook_naive" if first["method"] == "naive" else "outlook_other",
        place=label(home),
        origin=first["origin"],
        share=100 * coverage,
        **{key: first[key] for key in ("period", "value", "low", "high")},
    )


def _backtest(found: Forecast, coverage: float) -> Message:
    skill = found.skill.set_index("method")
    chosen = skill.index[skill["chosen"]][0]
    own: Any = skill.loc[chosen]
    return text(
        "backtest_naive" if chosen == "naive" else "backtest_other",
        method=text(f"method.{chosen}"),
        trials=int(own["trials"]),
        error=own["error"],
        naive=skill.loc["naive", "error"],
        covered=100 * own["covered"],
        share=100 * coverage,
    )

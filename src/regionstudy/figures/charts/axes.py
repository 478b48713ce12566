"""The axis of numbers that charts share: round ticks, a fine grid, and zero set off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.figures.charts.rows import plain
from regionstudy.figures.theme import token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.words import Text

__all__ = ["number_axis"]


def number_axis(
    low: float, high: float, *, ticks: Sequence[float], texts: Sequence[Text | str], lang: str
) -> dict[str, Any]:
    """
    Make an axis of numbers.

    Parameters
    ----------
    low, high : float
        Its ends.
    ticks : sequence of float
        Where its grid lines are; see `rows.axis_ticks`.
    texts : sequence of Text or str
        What stands at each.
    lang : str
        The language.

    Returns
    -------
    dict
        A plotly axis.
    """
    return {
        "range": [low, high],
        "tickvals": ticks,
        "ticktext": [plain(text, lang) for text in texts],
        "tickfont": {"size": 12, "color": token("ink2")},
        "gridcolor": token("grid"),
        "zeroline": True,
        "zerolinecolor": token("ink"),
        "zerolinewidth": 1,
        "fixedrange": True,
    }

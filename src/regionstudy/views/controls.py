"""Controls for JupyterLab: choose what a map shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.words import Words

if TYPE_CHECKING:
    import ipywidgets

    from regionstudy.study import Study

__all__ = ["map_choices", "map_controls"]


def map_controls(study: Study) -> ipywidgets.HBox:
    """
    Make controls for indicator, period and region.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    HBox
        Three drop-down lists; the periods follow the indicator.
    """
    import ipywidgets

    frame = study.indicators()
    held = frame[frame["value"].notna()].groupby("indicator")["period"].unique()
    labels = sorted((str(study.catalogue[one].label), one) for one in held.index)
    names = {
        "indicator": Words(sv="Indikator", en="Indicator"),
        "period": Words(sv="Period", en="Period"),
        "region": Words(sv="Visa", en="Show"),
    }
    indicator = ipywidgets.Dropdown(
        options=labels, value="net_migration_rate", description=str(names["indicator"])
    )
    period = ipywidgets.Dropdown(description=str(names["period"]))
    region = ipywidgets.Dropdown(
        options=[
            (str(Words(sv="landet och regionen", en="country and region")), None),
            (str(Words(sv="landet", en="country")), "00"),
            (str(Words(sv="regionen", en="region")), study.settings.region),
        ],
        description=str(names["region"]),
    )

    def follow(_: Any = None) -> None:
        period.options = sorted(held[indicator.value], reverse=True)

    follow()
    indicator.observe(follow, names="value")
    return ipywidgets.HBox([indicator, period, region])


def map_choices(controls: ipywidgets.HBox) -> dict[str, ipywidgets.Dropdown]:
    """
    Name the controls as `Study.map` names its parameters.

    Parameters
    ----------
    controls : HBox
        From `map_controls`.

    Returns
    -------
    dict of str to Dropdown
        For ``ipywidgets.interactive_output``.
    """
    return dict(zip(("indicator", "period", "region"), controls.children, strict=True))

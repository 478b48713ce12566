"""Explorers for JupyterLab: turn a control, and the map and the ranking follow."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from regionstudy.errors import RegionStudyError
from regionstudy.words import Message, current_language, format_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import ipywidgets
    import pandas as pd

    from regionstudy.attractiveness import StudyIndex
    from regionstudy.geography import PeerGroup
    from regionstudy.study import Study

__all__ = ["index_explorer", "map_explorer"]

# What the explorer offers of the method; the values are options of `build_index`.
_METHODS: Mapping[str, Mapping[str, Any]] = {
    "arithmetic": {},
    # A geometric mean needs values above 0.
    "geometric": {"aggregation": "geometric", "normalisation_options": {"range": (1, 100)}},
    "rank": {"normalisation": "percentile_rank"},
    "zscore": {"normalisation": "zscore"},
    "copeland": {"aggregation": ["arithmetic", "copeland"]},
}
_PEERS = ("skr", "kolada", "county", "level")
_CLASSES = 5
_NEAR_PX = 340


def map_explorer(study: Study) -> ipywidgets.VBox:
    """
    Show a map with lists for its indicator, period and extent.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    VBox
        Three drop-down lists and the map, which follows them.
    """
    import ipywidgets
    from IPython.display import display

    frame = study.indicators()
    held = frame[frame["value"].notna()].groupby("indicator")["period"].unique()
    labels = sorted((str(study.catalogue[one].label), one) for one in held.index)
    indicator = ipywidgets.Dropdown(
        options=labels, value="net_migration_rate", description=_say("indicator")
    )
    period = ipywidgets.Dropdown(options=sorted(held[indicator.value], reverse=True))
    period.description = _say("period")
    # A list's own None means that nothing is chosen.
    extent = ipywidgets.Dropdown(
        options=[
            (_say("country_and_region"), "both"),
            (_say("country"), "00"),
            (_say("region"), study.settings.region),
        ],
        description=_say("extent"),
    )
    shown = ipywidgets.Output()

    def draw(_: Any = None) -> None:
        region = None if extent.value == "both" else extent.value
        shown.clear_output(wait=True)
        with shown:
            try:
                figure = study.map(indicator.value, period=period.value, region=region)
                display(figure)  # type: ignore[no-untyped-call]
            except RegionStudyError as error:
                print(error)  # noqa: T201 - what the analyst asked for can not be shown

    def follow(_: Any) -> None:
        # The new periods would draw a first time, and then `draw` a second.
        period.unobserve(draw, names="value")
        period.options = sorted(held[indicator.value], reverse=True)
        period.observe(draw, names="value")
        draw()

    indicator.observe(follow, names="value")
    period.observe(draw, names="value")
    extent.observe(draw, names="value")
    draw()
    return ipywidgets.VBox([ipywidgets.HBox([indicator, period, extent]), shown])


def index_explorer(study: Study) -> ipywidgets.VBox:
    """
    Show the index with a slider a domain; map and ranking follow.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    VBox
        Lists for the target group, the method, the peers and the year, sliders for the
        domains' weights, and beneath them a map of all municipalities' places, the region
        enlarged, and the ranking among the peers.
    """
    import ipywidgets

    from regionstudy.indicators.structure import targets

    def chooser(name: str, options: list[tuple[str, Any]]) -> ipywidgets.Dropdown:
        return ipywidgets.Dropdown(options=options, description=_say(name))

    groups = targets(study.folder / "data" / "index.toml")
    target = chooser("target", [(_say(f"target_{one}"), one) for one in groups])
    method = chooser("method", [(_say(f"method_{one}"), one) for one in _METHODS])
    known = {name: group for name in _PEERS if (group := _peer_group(study, name)) is not None}
    peers = chooser("peers", [(f"{group.title}", name) for name, group in known.items()])
    first = study.as_of - study.settings.newest_within_years
    year = chooser("year", [(str(one), one) for one in range(study.as_of, first, -1)])
    weights = {
        domain: ipywidgets.FloatSlider(
            value=1,
            min=0,
            max=5,
            step=0.25,
            description=str(study.catalogue.domains[domain].title),
            style={"description_width": "150px"},
            layout=ipywidgets.Layout(width="420px"),
        )
        for domain in study.pull_domains
    }
    shapes, shown = ipywidgets.HTML(_shapes()), ipywidgets.HTML()
    domains: dict[tuple[str, int], list[str]] = {}

    def draw(_: Any = None) -> None:
        options = {"target": target.value, "as_of": year.value, **_METHODS[method.value]}
        try:
            if (target.value, year.value) not in domains:
                domains[target.value, year.value] = study.composite(**options).domains
            held = domains[target.value, year.value]
            for domain, slider in weights.items():
                slider.layout.display = None if domain in held else "none"
            chosen = {domain: weights[domain].value for domain in held}
            index = study.composite(weights=chosen, **options)
        except RegionStudyError as error:
            shown.value = f"<p>{escape(str(error))}</p>"
            return
        shown.value = _result(study, index, known[peers.value])

    for control in (target, method, peers, year, *weights.values()):
        control.observe(draw, names="value")
    draw()
    choices = ipywidgets.HBox([target, method, peers, year])
    sliders = ipywidgets.HBox(
        list(weights.values()), layout=ipywidgets.Layout(flex_flow="row wrap")
    )
    return ipywidgets.VBox([choices, sliders, shapes, shown])


def _say(name: str, **params: object) -> str:
    return str(Message(f"explore.{name}", params))


def _peer_group(study: Study, method: str) -> PeerGroup | None:
    """Give the peers by a method, None where it does not fit the home."""
    from regionstudy.geography import peers

    try:
        return peers(study.home, method=method)
    except RegionStudyError:
        return None


def _shapes() -> str:
    """Every municipality's shape once; each redrawing refers to them."""
    from regionstudy.geography import municipalities_in
    from regionstudy.report.page_shapes import PageShapes

    shapes = PageShapes()
    for code in municipalities_in("00"):
        shapes.region("municipality", code)
    return str(shapes.markup())


def _result(study: Study, index: StudyIndex, peers: PeerGroup) -> str:
    """Write the maps and the ranking of an index as HTML."""
    from regionstudy.geography import name

    scores = index.scores[index.root]
    ranks = index.ranks[index.root].astype(int)
    among = scores[list(peers.members)].rank(ascending=False, method="min").astype(int)
    answer = _say(
        "answer",
        home=name(study.home),
        rank=str(ranks[study.home]),
        count=str(len(ranks)),
        peer_rank=str(among[study.home]),
        peers=str(len(among)),
    )
    return (
        f'<p style="font-weight:bold">{escape(answer)}</p>'
        f'<div style="display:flex;gap:24px;flex-wrap:wrap;align-items:flex-start">'
        f"{_maps(study, ranks)}{_ranking(study, scores, ranks, among)}</div>"
    )


def _maps(study: Study, ranks: pd.Series[int]) -> str:
    from regionstudy.figures.theme import css_tokens
    from regionstudy.geography import name
    from regionstudy.report.map_layout import country_frame

    colours = css_tokens("light")
    # The best fifth is darkest.
    fifth = np.ceil(_CLASSES * (1 - (ranks.to_numpy() - 1) / len(ranks))).astype(int)
    uses = {
        code: f'<use href="#r{code}" fill="{colours[f"s{step}"]}"><title>'
        f"{escape(_say('tip', place=name(code), rank=str(rank), count=str(len(ranks))))}"
        "</title></use>"
        for code, rank, step in zip(ranks.index, ranks, fifth, strict=True)
    }
    place, frame = country_frame("municipality")
    near, box, unit = _near(study.region)

    def drawn(codes: Iterable[str], scale: float) -> str:
        # A line's width is in the shapes' own units, `scale` of them a pixel.
        outlined = "".join(
            f'<use href="#r{code}" fill="none" stroke="{colours["home"]}" '
            f'stroke-width="{1.5 * scale:.0f}"/>'
            for code in study.region
        )
        inner = "".join(uses[code] for code in codes)
        return f'<g stroke="#fff" stroke-width="{scale / 2:.0f}">{inner}{outlined}</g>'

    return (
        f'<svg width="{frame.right:.0f}" height="{frame.bottom:.0f}" role="img" '
        f'aria-label="{escape(_say("map_all"))}"><g transform="{place.transform}">'
        f"{drawn(uses, 1 / place.zoom)}</g></svg>"
        f'<svg width="{_NEAR_PX}" height="420" viewBox="{box}" role="img" '
        f'aria-label="{escape(_say("map_near"))}">{drawn(near, unit)}</svg>'
    )


@cache
def _near(region: tuple[str, ...]) -> tuple[list[str], str, float]:
    """Give the municipalities within a region's frame, its view box, and its units a pixel."""
    from regionstudy.report.map_layout import bounds
    from regionstudy.report.shapes import polygons

    shapes = polygons("municipality")
    left, top, right, bottom = bounds([shapes[code] for code in region])
    frame = shapely.box(left, top, right, bottom)
    seen = [code for code, shape in shapes.items() if frame.intersects(shape)]
    box = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return seen, box, (right - left) / _NEAR_PX


def _ranking(
    study: Study, scores: pd.Series[float], ranks: pd.Series[int], among: pd.Series[int]
) -> str:
    """Write the peers, the best first, with a bar a score."""
    from regionstudy.figures.theme import css_tokens
    from regionstudy.geography import name

    colours = css_tokens("light")
    lang = current_language()
    chosen = scores[among.index]
    low, high = scores.min(), scores.max()
    width = (chosen - low) / (high - low) if high > low else chosen * 0
    rows = "".join(
        f'<tr style="{"font-weight:bold" if code == study.home else ""}">'
        f'<td style="text-align:right">{among[code]}</td>'
        f'<td style="text-align:left">{escape(name(code))}</td>'
        f'<td style="text-align:left"><div style="height:10px;width:{160 * width[code]:.0f}px;'
        f'background:{colours["home" if code == study.home else "s4"]}"></div></td>'
        f"<td>{format_number(chosen[code], 1, lang=lang)}</td><td>{ranks[code]}</td></tr>"
        for code in among.sort_values(kind="stable").index
    )
    heads = (_say("place"), _say("municipality"), "", _say("score"), _say("place_all"))
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

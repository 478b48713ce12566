"""Maps: what stands in each, and the figure that carries it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Literal, Unpack

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.assembly import About, assemble, on_screen
from regionstudy.figures.classes import Classes, classify
from regionstudy.figures.content import (
    LegendClass,
    MapLabel,
    MapPanel,
    Measure,
    Place,
    Source,
    as_text,
)
from regionstudy.figures.map_drawing import draw_maps, surroundings_of
from regionstudy.figures.map_words import alt_text, map_table, region_values
from regionstudy.figures.provenance import period_text
from regionstudy.figures.shown import MapsBody, StudyFigure
from regionstudy.figures.values import (
    require_columns,
    require_one_row,
    visible,
)
from regionstudy.figures.workplaces import place_points
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd

__all__ = ["choropleth"]

# Towns that help a reader find the way, by municipality.
_BEARINGS = {"1280": "Malmö", "1480": "Göteborg", "0180": "Stockholm", "2480": "Umeå"}
_CRS = 3006


def choropleth(
    frame: pd.DataFrame,
    *,
    value: str = "value",
    regions: gpd.GeoDataFrame,
    title: Text | str | None = None,
    measure: Measure | None = None,
    decimals: int = 1,
    signed: bool | None = None,
    home: Iterable[str] = (),
    outline: Iterable[str] = (),
    context: Iterable[str] | None = None,
    labels: Mapping[str, Text | str] | None = None,
    places: Sequence[Place] | None = None,
    points: pd.DataFrame | None = None,
    points_title: Text | str | None = None,
    scale: str = "auto",
    limits: Sequence[float] | None = None,
    categories: Mapping[str, Text] | None = None,
    extent: Literal["country", "region", "both"] = "country",
    region_map: Iterable[str] = (),
    inset: str | None = "01",
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw a map of regions coloured by a rate.

    Parameters
    ----------
    frame : DataFrame, one row a region
        ``region`` (code), `value`, ``status``, and where there are any ``period``, ``rank``
        (1 is best), ``rank_low``, ``rank_high``, ``peer_rank`` and ``peer_count`` (the place
        among the home's peers, NaN elsewhere) and ``national`` (the country's value; with
        ``attrs["national_kind"]`` "mean" the unweighted mean of the municipalities).
        Sources come from ``attrs["provenance"]``.
    value : str, default "value"
        The column of numbers, or of category ids.
    regions : GeoDataFrame
        ``region``, ``name``, ``level``, ``geometry`` in SWEREF 99 TM; those without a row in
        `frame` are drawn as missing.
    title : Text or str, optional
        The finding, as a sentence; without it, the measure's name.
    measure : Measure, optional
        The line above the map; without it, the indicator's id.
    decimals : int, default 1
        Decimals of the values.
    signed : bool, optional
        Whether positive values carry a plus; without it, where the scale is diverging.
    home : iterable of str
        Codes of the home regions, set in bold.
    outline : iterable of str
        Codes whose union is outlined in ink.
    context : iterable of str, optional
        Codes drawn grey around the regional map; without it, all that its frame touches.
    labels : mapping of str to Text or str, optional
        Names on the country map by code; a code of `outline`'s county is set by the outline.
    places : sequence of Place, optional
        At most four towns for bearings; without it, four that are known to all.
    points : DataFrame, optional
        Workplaces: ``name``, ``headcount``, ``status`` and either ``x``, ``y`` (SWEREF 99 TM)
        or ``municipality``; those outside the regional map are counted in a note. A status
        "suppressed" or "hidden" hides the size.
    points_title : Text or str, optional
        Heading of their list; without it a page draws them but does not list them, since
        another of its maps does.
    scale, limits, categories
        See `regionstudy.figures.classes.classify`.
    extent : {"country", "region", "both"}, default "country"
        Which maps; "both" sets the country and `region_map` side by side. A `region_map`
        beside the default means "both".
    region_map : iterable of str
        Codes that the regional map shows with name and value; without it, `outline`.
    inset : str or None, default "01"
        County that the country map also draws enlarged.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        A plotly figure: filled shapes on equal axes, no ``geo`` subplot and no tiles.

    Raises
    ------
    ConfigError
        If `extent` or `scale` is unknown, a code is not among `regions`, or more than four
        `places` are given.
    DataError
        If a column is absent, a region repeats or is not among `regions`, `regions` is not in
        SWEREF 99 TM, or ``attrs["national_kind"]`` is unknown.
    """
    require_columns(frame, ["region", value], where="A map")
    require_one_row(frame, ["region"], where="A map")
    if "peer_rank" in frame:
        require_columns(frame, ["peer_count"], where="A map of places among peers")
    if regions.crs is None or regions.crs.to_epsg() != _CRS:
        msg = f"A map needs regions in SWEREF 99 TM (EPSG:3006), but got {regions.crs}; use to_crs."
        raise DataError(msg)
    known = pd.Index(regions["region"])
    _require_known(frame["region"], known, "The frame", DataError)
    in_region = list(region_map) or list(outline)
    outline, home = tuple(outline), tuple(home)
    for given, codes in (("region_map", in_region), ("outline", outline), ("home", home)):
        _require_known(codes, known, given, ConfigError)
    if region_map and extent == "country":
        extent = "both"
    if extent not in ("country", "region", "both"):
        msg = f'There is no extent "{extent}"; use country, region or both.'
        raise ConfigError(msg)

    rows = frame.set_index("region").reindex(known if extent != "region" else in_region or known)
    shown = _shown(rows, value, categories)
    # Ranks and means are of all that the frame holds, though a regional map shows only some.
    count = int(_shown(frame, value, categories)["value"].notna().sum())
    classes = classify(shown["value"], scale=scale, limits=limits, categories=categories)
    with_plus = classes.scale == "diverging" if signed is None else signed
    named = regions.set_index("region")["name"]
    values = region_values(rows, shown, classes, named, decimals, count, signed=with_plus)
    level = str(regions["level"].iloc[0]) if "level" in regions else "municipality"

    panels = []
    if extent != "region":
        bearings = _bearings(regions) if places is None else tuple(places)
        if len(bearings) > len(_BEARINGS):
            msg = f"A map takes at most four places for bearings, but got {len(bearings)}."
            raise ConfigError(msg)
        names = {code: as_text(text) for code, text in (labels or {}).items()}
        panels.append(
            MapPanel(
                extent="country",
                level=level,
                values=values,
                outline=outline,
                labels=tuple(MapLabel(code, text, bold=True) for code, text in names.items()),
                places=bearings,
                inset=inset if inset and (regions["region"].str[:2] == inset).any() else None,
            )
        )
    if extent != "country":
        inside = in_region or list(known)
        around = surroundings_of(regions, inside) if context is None else tuple(context)
        _require_known(around, known, "context", ConfigError)
        placed = () if points is None else place_points(points, regions, inside)
        if points is not None and len(placed) < len(points):
            outside = Message("figures.points_outside", {"n": len(points) - len(placed)})
            about["notes"] = (*about.get("notes", ()), outside)
        panels.append(
            MapPanel(
                extent="region",
                level=level,
                values={code: values[code] for code in inside},
                context=tuple(code for code in around if code not in set(inside)),
                outline=outline,
                labels=tuple(
                    MapLabel(code, as_text(named[code]), values[code].value, code in home)
                    for code in inside
                ),
                points=placed,
            )
        )
    hidden = int((shown["status"] == "hidden").sum())
    body = MapsBody(
        scale=classes.scale,
        legend=_legend(classes),
        missing=int(shown["value"].isna().sum()) - hidden,
        hidden=hidden,
        maps=tuple(panels),
        points_title=None if points_title is None else as_text(points_title),
    )
    measure = measure or _measure(frame)
    # A table names a category as the legend does: an id is for the code alone.
    told = shown if categories is None else shown.assign(value=shown["value"].map(categories))
    content = assemble(
        body,
        kind="map",
        title=measure.name if title is None else title,
        measure=measure,
        alt=alt_text(shown["value"], body, named, values, measure, home, classes),
        frames=(frame, points),
        about=about,
        table=map_table(rows, told, named, measure, decimals, home, signed=with_plus),
        more_sources=(Source(Message("figures.source.boundaries")),),
    )
    return StudyFigure(content, on_screen(content, draw_maps(body, regions)))


def _require_known(
    codes: Iterable[str], known: pd.Index, what: str, error: type[Exception]
) -> None:
    strange = [str(code) for code in codes if code not in known]
    if strange:
        near = difflib.get_close_matches(strange[0], list(map(str, known)), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
        msg = (
            f"{what} has {', '.join(strange[:5])}{more}, which the map's regions do not hold; "
            f"keep one level, and leave the country out.{hint}"
        )
        raise error(msg)


def _shown(rows: pd.DataFrame, value: str, categories: Mapping[str, Text] | None) -> pd.DataFrame:
    if categories is None:
        return visible(rows, value=value)
    # Categories are ids, not numbers; the statuses rule them in the same way.
    present = rows.assign(**{value: rows[value].notna().map({True: 0.0, False: np.nan})})
    made = visible(present, value=value)
    return made.assign(value=rows[value].where(made["value"].notna()))


def _legend(classes: Classes) -> tuple[LegendClass, ...]:
    numbered = enumerate(zip(classes.labels, classes.counts, strict=True), start=1)
    made = [LegendClass(number, label, count) for number, (label, count) in numbered]
    # High at the top, as on a thermometer; categories keep their order.
    return tuple(made if classes.scale == "categorical" else reversed(made))


def _bearings(regions: gpd.GeoDataFrame) -> tuple[Place, ...]:
    towns = regions[regions["region"].isin(list(_BEARINGS))]
    points = towns.geometry.representative_point()
    return tuple(
        Place(float(x), float(y), as_text(_BEARINGS[code]))
        for code, x, y in zip(towns["region"], points.x, points.y, strict=True)
    )


def _measure(frame: pd.DataFrame) -> Measure:
    name = str(frame["indicator"].iloc[0]) if "indicator" in frame and len(frame) else ""
    period = period_text(frame["period"].astype("str")) if "period" in frame else as_text("")
    return Measure(as_text(name), period=period)

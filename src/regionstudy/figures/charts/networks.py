"""A drawing of organisations and networks, filtered by theme, and with one of them gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, assemble, on_screen
from regionstudy.figures.charts.network_parts import Shows, is_shown, links, marks, names
from regionstudy.figures.charts.rows import plain
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.shown import ChartBody, Choice, Option, StudyFigure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout
from regionstudy.figures.values import joined, require_columns, require_one_row
from regionstudy.words import LANGUAGES, Message, Text, current_language

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["network"]

# The plot area in pixels that names are laid out for; a wider one only has more room.
_AREAS = {False: (600, 600), True: (290, 460)}
_SIZES = {False: 24, True: 20}
_MARGIN = 16
# Room for plotly's own menus, pixels.
_MENUS = 44
# The ends of both axes leave room for half a mark and a name.
_ROOM = 0.03


def network(
    organisations: pd.DataFrame,
    networks: pd.DataFrame,
    seats: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    leaving: Mapping[str, Text] | None = None,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw who sits in which network.

    Parameters
    ----------
    organisations : DataFrame, a row an organisation
        ``org_id``, ``name``, ``links`` (networks), ``x``, ``y`` (0-1, NaN where it has no
        place) and ``tip`` (Text). Their order gives their numbers.
    networks : DataFrame, a row a network
        ``network_id``, ``name``, ``theme``, ``only`` (the organisation where it is one, else
        ""), ``links`` (organisations), ``x``, ``y`` and ``tip``. Their order gives their letters.
    seats : DataFrame, a row a seat
        ``org_id`` and ``network_id``.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    leaving : mapping of str to Text, optional
        By organisation, what would be lost without it: the page then lets each leave.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure, with a choice of theme and, where `leaving` is given, of who leaves.

    Raises
    ------
    DataError
        If a column is absent, an id repeats, or nobody sits anywhere.
    """
    where = "A drawing of networks"
    drawn = ["name", "links", "x", "y", "tip"]
    require_columns(organisations, ["org_id", *drawn], where=where)
    require_columns(networks, ["network_id", "theme", "only", *drawn], where=where)
    require_columns(seats, ["org_id", "network_id"], where=where)
    require_one_row(organisations, ["org_id"], where=where)
    require_one_row(networks, ["network_id"], where=where)
    if seats.empty:
        msg = f"{where} has no seat to draw; fill in the sheet network_members first."
        raise DataError(msg)
    themes = sorted(set(networks["theme"]) - {""}, key=str.casefold)
    nodes = _nodes(organisations, networks)
    drawing = _Drawing(nodes, networks, seats, themes, list(leaving or {}))
    choices = [_theme_choice(themes)] if len(themes) > 1 else []
    if leaving:
        spoken = dict(zip(organisations["org_id"], organisations["name"], strict=True))
        choices.append(_leaving_choice(leaving, spoken))
    wide = {lang: drawing.draw(lang, False) for lang in LANGUAGES}
    phone = {lang: drawing.draw(lang, True) for lang in LANGUAGES}
    body = ChartBody(wide, wide["sv"]["layout"]["height"], phone, tuple(choices))
    what = joined([measure.name, measure.unit, measure.period], ", ")
    content = assemble(
        body,
        kind="network",
        title=title,
        measure=measure,
        alt=_alt(nodes, networks, seats),
        frames=(organisations, networks, seats),
        about=about,
        table=table_body(nodes, columns=_columns(), caption=what),
    )
    lang = current_language()
    shown = on_screen(content, wide[lang])
    layout = shown["layout"]
    layout["updatemenus"] = _menus(choices, shown["data"], lang)
    layout["height"] += _MENUS
    layout["margin"] = layout["margin"] | {"t": layout["margin"]["t"] + _MENUS}
    return StudyFigure(content, shown)


class _Drawing:
    """What is drawn alike in both languages and widths: the parts, and when they show."""

    def __init__(
        self,
        nodes: pd.DataFrame,
        networks: pd.DataFrame,
        seats: pd.DataFrame,
        themes: list[str],
        leaving: list[str],
    ) -> None:
        placed = nodes[nodes["x"].notna()]
        spots = zip(placed["x"].round(4), placed["y"].round(4), strict=True)
        self.places = dict(zip(placed["id"], spots, strict=True))
        self.shows: dict[str, Shows] = {}
        self._themes = {theme: number for number, theme in enumerate(themes, 1)}
        self._leaving = {org: number for number, org in enumerate(leaving, 1)}
        # The choices that there are, in the order of the page: a single theme is no choice.
        self._at = ("0", "1") if len(themes) > 1 else ("", "0")
        theme_of = dict(zip(networks["network_id"], networks["theme"], strict=True))
        only_of = dict(zip(networks["network_id"], networks["only"], strict=True))
        self.seats = pd.DataFrame(
            {
                "org": "o:" + seats["org_id"],
                "network": "n:" + seats["network_id"],
                "only": (seats["network_id"].map(only_of) != ""),
                "part": [
                    self._part([theme_of[network]], org)
                    for org, network in zip(seats["org_id"], seats["network_id"], strict=True)
                ],
            }
        )
        of = seats.assign(theme=seats["network_id"].map(theme_of)).groupby("org_id")["theme"]
        held = {org: sorted(set(group)) for org, group in of}
        parts = []
        for one, kind in zip(placed["id"], placed["kind"], strict=True):
            if kind == "organisation":
                parts.append(self._part(held[one[2:]], one[2:]))
            else:
                parts.append(self._part([theme_of[one[2:]]], only_of[one[2:]]))
        self.nodes = placed.assign(part=parts)
        lonely = self.nodes[
            (self.nodes["kind"] == "network")
            & self.nodes["id"].str[2:].map(only_of).isin(self._leaving)
        ]
        self.lost = lonely.assign(
            kind="lost",
            part=[
                self._part([theme_of[one[2:]]], only_of[one[2:]], gone=True) for one in lonely["id"]
            ],
        )

    def _part(self, themes: list[str], org: str, *, gone: bool = False) -> str:
        """Name a part by what decides when it shows, and note that."""
        shows: Shows = {}
        if self._at[0] and themes != [""]:
            shows["shows"] = {
                self._at[0]: [0, *(self._themes[one] for one in themes if one in self._themes)]
            }
        elif self._at[0]:
            shows["shows"] = {self._at[0]: [0]}
        if org in self._leaving:
            way = "shows" if gone else "hides"
            shows[way] = {**shows.get(way, {}), self._at[1]: [self._leaving[org]]}
        key = repr(sorted(shows.items()))
        self.shows[key] = shows
        return key

    def draw(self, lang: str, narrow: bool) -> dict[str, Any]:
        area, size = _AREAS[narrow], _SIZES[narrow]
        data = links(self.seats, self.places, self.shows)
        every = pd.concat([self.nodes, self.lost], ignore_index=True)
        data += marks(every, self.places, self.shows, lang, size=size)
        if not narrow:
            # The names of networks, then of organisations; those with most links choose first.
            order = self.nodes.sort_values(["kind", "links"], ascending=[True, False])
            data += names(order, self.places, self.shows, lang, radius=size / 2, area=area)
        for trace in data:
            trace["visible"] = is_shown(trace["meta"], {})
        layout = plain_layout(lang, height=area[1] + 2 * _MARGIN, margin=(_MARGIN,) * 4)
        axis = {"visible": False, "fixedrange": True, "range": [-_ROOM, 1 + _ROOM]}
        layout |= {"xaxis": axis, "yaxis": dict(axis)}
        return {"data": data, "layout": layout}


def _nodes(organisations: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """Put organisations and networks in one list, each with its sign."""
    first = pd.DataFrame(
        {
            "id": "o:" + organisations["org_id"],
            "sign": [str(number) for number in range(1, len(organisations) + 1)],
            "kind": "organisation",
            "theme": "",
        }
    )
    second = pd.DataFrame(
        {
            "id": "n:" + networks["network_id"],
            "sign": [_letters(number) for number in range(len(networks))],
            "kind": "network",
            "theme": networks["theme"],
        }
    )
    parts = []
    for part, frame in ((first, organisations), (second, networks)):
        kept = frame[["name", "x", "y", "tip", "links"]].reset_index(drop=True)
        parts.append(pd.concat([part.reset_index(drop=True), kept], axis=1))
    nodes = pd.concat(parts, ignore_index=True)
    nodes["what"] = nodes["kind"].map(lambda kind: Message(f"networks.kind.{kind}"))
    return nodes


def _letters(number: int) -> str:
    """Count in letters: A to Z, then AA, AB, ...; figures are the organisations'."""
    more, rest = divmod(number, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + rest)


def _theme_choice(themes: list[str]) -> Choice:
    every = Option(Message("networks.choice.every_theme"))
    return Choice(
        Message("networks.choice.theme"), (every, *(Option(joined([one])) for one in themes))
    )


def _leaving_choice(leaving: Mapping[str, Text], spoken: Mapping[str, Text | str]) -> Choice:
    nobody = Option(Message("networks.choice.nobody"))
    options = (Option(joined([spoken[org]]), said) for org, said in leaving.items())
    return Choice(Message("networks.choice.leaving"), (nobody, *options))


def _menus(choices: list[Choice], data: list[dict[str, Any]], lang: str) -> list[dict[str, Any]]:
    """Make plotly's own menus for JupyterLab: a choice each, with the others at their first."""
    return [
        {
            "x": number / 2,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "pad": {"b": 12},
            "buttons": [
                {
                    "label": plain(option.label, lang),
                    "method": "restyle",
                    "args": [
                        {"visible": [is_shown(one["meta"], {str(number): at}) for one in data]}
                    ],
                }
                for at, option in enumerate(choice.options)
            ],
        }
        for number, choice in enumerate(choices)
    ]


def _columns() -> list[Column]:
    return [
        Column("sign", Message("networks.column.sign")),
        Column("name", Message("networks.column.name")),
        Column("what", Message("networks.column.kind")),
        Column("theme", Message("networks.column.theme")),
        Column("links", Message("networks.column.links"), "number"),
    ]


def _alt(nodes: pd.DataFrame, networks: pd.DataFrame, seats: pd.DataFrame) -> Message:
    kinds = nodes["kind"].value_counts()
    lonely = [str(one) for one in networks.loc[networks["only"] != "", "name"]]
    told = {
        "organisations": int(kinds["organisation"]),
        "networks": int(kinds["network"]),
        "seats": len(seats),
        "n": len(lonely),
        "list": lonely,
    }
    return Message("networks.alt" if lonely else "networks.alt_none", told)

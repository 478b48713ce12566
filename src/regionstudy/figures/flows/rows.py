"""What a figure of flows says of each: checks, names, tips and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.content import Column, Measure, TableBody
from regionstudy.figures.tables import table_body
from regionstudy.figures.values import (
    joined,
    require_columns,
    require_one_row,
    value_text,
    visible,
)
from regionstudy.geography import label
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

__all__ = ["ENDS", "flows_table", "read_flows", "short_names", "tips"]

ENDS = ["origin", "destination"]


def short_names(
    codes: Iterable[str], names: Mapping[str, Text | str] | None = None
) -> dict[str, Text]:
    """
    Name regions as briefly as a map can.

    Parameters
    ----------
    codes : iterable of str
        Their codes.
    names : mapping of str to Text or str, optional
        Names that come before these.

    Returns
    -------
    dict of str to Text
        By code; a county goes without "län", in its base form.

    Raises
    ------
    ConfigError
        If a code is unknown and not named.

    Examples
    --------
    >>> short_names(["22", "2281"])["22"].render("sv")
    'Västernorrland'
    """
    given = dict(names or {})
    found: dict[str, Text] = {}
    for code in codes:
        if code in given:
            text = given[code]
            found[code] = Words(text, text) if isinstance(text, str) else text
            continue
        own = label(code)
        # Swedish has a county's name in the genitive, English as it stands.
        short = own.en.removesuffix(" County")
        found[code] = Words(short, short) if short != own.en else own
    return found


def read_flows(flows: pd.DataFrame, known: Iterable[str], *, where: str) -> pd.DataFrame:
    """
    Check flows and keep of them what may be shown.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value``, optionally ``status``, ``there``, ``back``.
    known : iterable of str
        Codes that there are places for.
    where : str
        What is being drawn, for messages.

    Returns
    -------
    DataFrame
        Flows between different regions: those columns, ``value`` and ``status`` as they
        may be shown.

    Raises
    ------
    DataError
        If a column is absent, a pair repeats, a flow is negative, an end is not among
        `known`, or none is left.
    """
    require_columns(flows, [*ENDS, "value"], where=where)
    require_one_row(flows, ENDS, where=where)
    kept = [column for column in ("there", "back") if column in flows]
    rows = flows[[*ENDS, *kept]].astype(dict.fromkeys(ENDS, str)).assign(**visible(flows))
    rows = rows[rows["origin"] != rows["destination"]].reset_index(drop=True)
    strange = sorted((set(rows["origin"]) | set(rows["destination"])) - set(known))
    if strange:
        more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
        msg = (
            f"{where} has flows to or from {', '.join(strange[:5])}{more}, which its regions do "
            "not hold; keep one level, and leave totals and the country out."
        )
        raise DataError(msg)
    if (rows["value"] < 0).any():
        first = rows[rows["value"] < 0].iloc[0]
        msg = (
            f"{where} has {first['value']:g} from {first['origin']} to {first['destination']}; an "
            "arrow shows the direction, so give nets as regionstudy.analysis.migration.net_flows."
        )
        raise DataError(msg)
    if rows["value"].isna().all():
        msg = f"{where} has no flow with a figure; fetch flows between regions first."
        raise DataError(msg)
    return rows


def tips(rows: pd.DataFrame, names: Mapping[str, Text], decimals: int) -> list[Text]:
    """
    Say each flow in a line.

    Parameters
    ----------
    rows : DataFrame
        As `read_flows` gives them.
    names : mapping of str to Text
        By code.
    decimals : int
        Decimals of the values.

    Returns
    -------
    list of Text
        Such as "Stockholm till Gotland: 120".
    """
    return [
        Message(
            "figures.flows.tip",
            {
                "origin": names[origin],
                "destination": names[destination],
                "value": value_text(value, status, decimals=decimals),
            },
        )
        for origin, destination, value, status in rows[[*ENDS, "value", "status"]].itertuples(
            index=False
        )
    ]


def flows_table(
    rows: pd.DataFrame, names: Mapping[str, Text], measure: Measure, decimals: int
) -> TableBody:
    """
    Make the table of the flows drawn.

    Parameters
    ----------
    rows : DataFrame
        As `read_flows` gives them.
    names : mapping of str to Text
        By code.
    measure : Measure
        What is measured.
    decimals : int
        Decimals of the values.

    Returns
    -------
    TableBody
        A row a flow, in their order.
    """
    listed = rows.assign(**{end: rows[end].map(dict(names)) for end in ENDS})
    columns = [Column(end, Message(f"figures.column.{end}")) for end in ENDS]
    columns.append(Column("value", measure.name, "number", decimals))
    columns += [
        Column(key, Message(f"figures.column.{key}"), "number", decimals)
        for key in ("there", "back")
        if key in rows and not np.isnan(rows[key].to_numpy(dtype=float)).all()
    ]
    return table_body(
        listed,
        columns=columns,
        caption=joined([measure.name, measure.unit, measure.period], ", "),
    )

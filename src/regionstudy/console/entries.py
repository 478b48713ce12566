"""
A catalogue entry for a table or a key figure, ready to paste.

What the source says is filled in, and so is a value that passes the catalogue's checks for what
only a person can say; a comment marks each of those.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.catalogue.cycle import PERIOD
from regionstudy.console.guesses import new_id, unit_in_title, unit_key
from regionstudy.console.sample import chosen_by_default, region_variable
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.sources.selection import total_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.catalogue import Catalogue
    from regionstudy.sources.pxweb_checks import Finding
    from regionstudy.sources.pxweb_tables import Table, TableMetadata, Variable

__all__ = ["kpi_entry", "table_entry"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# "Folkmängd efter region. År 1968-2024" says its years twice.
_YEARS = re.compile(r"\.\s+(År|Kvartal|Månad|Vecka|Year|Quarter|Month|Week)\b.*$", re.DOTALL)
_CYCLES = {"Quarterly": "quarterly", "Monthly": "monthly", "Weekly": "monthly"}
_LEVELS = ("country", "county", "fa_region", "municipality")
_LEVELS_OF = {"K": ["municipality"], "L": ["country", "county"]}
_CODES_SHOWN = 5


def table_entry(
    metadata: TableMetadata,
    table: Table,
    *,
    english: str,
    findings: Sequence[Finding],
    catalogue: Catalogue,
) -> str:
    """
    Propose an entry for a table.

    Parameters
    ----------
    metadata : TableMetadata
        The table's metadata.
    table : Table
        Its entry in the service's list.
    english : str
        Its title in English; empty where the service has none.
    findings : sequence of Finding
        What its reader should know; becomes comments.
    catalogue : Catalogue
        Its ids are avoided, its units used.

    Returns
    -------
    str
        TOML that passes the catalogue's checks in any domain's file.
    """
    swedish = _YEARS.sub("", metadata.label).strip() or table.id
    title = _YEARS.sub("", english).strip()
    metric, time = metadata.with_role("metric"), metadata.with_role("time")
    base = metric.units.get(metric.codes[0], "") if metric is not None else ""
    periods = time.codes if time is not None else ()
    ended = metadata.discontinued or table.discontinued
    first, last = min(periods, default=""), max(periods, default="")
    update: Any = _CYCLES.get(table.time_unit) or _month(metadata.updated)
    name = new_id(title or swedish, table.id, catalogue)
    levels = _levels(region_variable(metadata))
    head = _head(
        name,
        titles=(swedish, title),
        descriptions=(swedish, title or swedish),
        unit=(base, catalogue),
        levels=(levels or ["country"], "" if levels else "the table has no regions: see to it"),
        update="closed" if ended else update,
        first=first,
        last=last if ended else "",
    )
    years = f"{first[:4]}-{last[:4] if ended else ''}" if first[:4].isdigit() else ""
    lines = [
        *head,
        *[f"# {' '.join(str(finding).split())}" for finding in findings],
        "",
        f"[{name}.source]",
        'kind = "scb"',
        "",
        f"[[{name}.source.tables]]",
        f"id = {_text(metadata.id)}",
        *([f"years = {_text(years)}"] if years else []),
        *(_contents(metric) if metric is not None else []),
        *_select(metadata),
    ]
    return "\n".join(lines)


def kpi_entry(kpi: pd.Series, *, sexes: bool, first: str, catalogue: Catalogue) -> str:
    """
    Propose an entry for a key figure.

    Parameters
    ----------
    kpi : Series
        A row of `Kolada.metadata`.
    sexes : bool
        Whether women and men are published beside the total.
    first : str
        The first year with figures; empty where that is not known.
    catalogue : Catalogue
        Its ids are avoided, its units used.

    Returns
    -------
    str
        TOML that passes the catalogue's checks in any domain's file.
    """
    title = " ".join(kpi["title"].split())
    description = " ".join(kpi["description"].split()) or title
    name = new_id(title, kpi["id"], catalogue)
    day = kpi["publication_date"]
    head = _head(
        name,
        titles=(title, ""),
        descriptions=(description, title),
        unit=(unit_in_title(title), catalogue),
        levels=(_LEVELS_OF.get(kpi["municipality_type"], [*_LEVELS[:2], "municipality"]), ""),
        update=_month("" if pd.isna(day) else day.isoformat()),
        first=first,
        last="",
    )
    return "\n".join(
        [
            *head,
            "",
            f"[{name}.source]",
            'kind = "kolada"',
            f"kpi = {_text(kpi['id'])}",
            *(["sexes = true"] if sexes else []),
        ]
    )


def _head(
    name: str,
    *,
    titles: tuple[str, str],
    descriptions: tuple[str, str],
    unit: tuple[str, Catalogue],
    levels: tuple[list[str], str],
    update: Any,
    first: str,
    last: str,
) -> list[str]:
    swedish, english = titles
    in_english = "" if english else "in English, please: the source has it in Swedish only"
    key = unit_key(*unit)
    said = f'the source says "{unit[0]}"; ' if unit[0] else ""
    lines = [
        (f"[{name}]", "an id of your own choice, in snake case"),
        (f"title.sv = {_text(swedish)}", ""),
        (f"title.en = {_text(english or swedish)}", in_english),
        (f"label.sv = {_text(swedish)}", "revise: a short name for figures"),
        (f"label.en = {_text(english or swedish)}", in_english or "revise: the same"),
        (f"description.sv = {_text(descriptions[0])}", "revise: what it is, for whom, its traps"),
        (f"description.en = {_text(descriptions[1])}", in_english or "revise: the same"),
        (f"unit = {_text(key)}", f"{said}the units are in units.toml" if key else ""),
        (f"decimals = {0 if key in ('persons', 'not_stated') else 1}", "revise"),
        ("direction = 0", "revise: 1 more attracts, -1 less attracts, 0 neither"),
        ('role = "context"', "revise: pull, outcome or context"),
        ("groups = []", "revise: incomer, returner, student"),
        ("needs = []", "revise: competence, clusters, mobility"),
        (f"levels = {_list(levels[0])}", levels[1]),
        (
            f"update = {json.dumps(update or 'none')}",
            "months in which new figures come, or the cycle"
            + ("" if update else "; revise: the source does not say"),
        ),
    ]
    if PERIOD.fullmatch(first):
        lines.append((f"first_period = {_text(first)}", ""))
    if PERIOD.fullmatch(last):
        lines.append((f"last_period = {_text(last)}", ""))
    lines += [('licence = "CC0"', ""), ('certainty = "V"', ""), ('origin = "regionstudy"', "")]
    return [f"{line}  # {comment}" if comment else line for line, comment in lines]


def _contents(metric: Variable) -> list[str]:
    """Give the first contents, and the others as comments, by code and text."""
    lines = ["contents = ["]
    for number, code in enumerate(metric.codes):
        text = metric.labels.get(code, "")
        one = f"{{ code = {_text(code)}, text = {_text(text)} }}," if text else ""
        one = one or f"{{ code = {_text(code)} }},"
        lines.append(f"    {'# ' if number else ''}{one}")
    return [*lines, "]"]


def _select(metadata: TableMetadata) -> list[str]:
    """Choose what must be chosen; what may be chosen stands as a comment."""
    region, chosen = region_variable(metadata), chosen_by_default(metadata)
    lines = []
    if region is not None and region.code.casefold() != "region":
        lines.append(f'breakdowns.{_key(region.code)} = "region"')
    for one in metadata.variables:
        if one.role or one == region or len(one.codes) == 1:
            continue
        if one.code in chosen:
            lines.append(_must_choose(one, chosen[one.code]))
            continue
        has_total = total_code(one.codes, one.labels) is not None
        without = "its total is taken" if has_total else "the service sums over it"
        lines.append(f"# select.{_key(one.code)} = {_all(one)}  # without this {without}")
    return lines


def _must_choose(variable: Variable, chosen: str) -> str:
    key = _key(variable.code)
    if chosen != "*":
        return (
            f"fixed.{key} = {_text(chosen)}  # or as a breakdown: select.{key} = {_all(variable)}"
        )
    one = _text(variable.codes[0])
    return f"select.{key} = {_all(variable)}  # or one of them: fixed.{key} = {one}"


def _all(variable: Variable) -> str:
    return _list(variable.codes) if len(variable.codes) <= _CODES_SHOWN else '"*"'


def _levels(region: Variable | None) -> list[str]:
    known = former_regions() | region_list()
    found = {known[code].level for code in (region.codes if region else ()) if code in known}
    return [level for level in _LEVELS if level in found]


def _month(day: str) -> list[int]:
    """Give the month of the latest publication; none where the source does not say."""
    return [int(day[5:7])] if re.match(r"\d{4}-(0[1-9]|1[0-2])", day) else []


def _list(words: Sequence[str]) -> str:
    return json.dumps(list(words), ensure_ascii=False)


def _text(text: str) -> str:
    # A TOML basic string is a JSON string, but for the sign DEL.
    return json.dumps(" ".join(text.split()), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(code: str) -> str:
    return code if _BARE_KEY.fullmatch(code) else _text(code)

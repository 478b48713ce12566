"""Source lines: where a frame's figures come from, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.figures.content import MemberRelease, Source
from regionstudy.figures.values import joined
from regionstudy.words import LANGUAGES, Message, Words, format_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from regionstudy.words import Text

__all__ = ["is_fictitious", "member_releases", "period_text", "source_lines"]


def is_fictitious(*frames: pd.DataFrame | None) -> bool:
    """
    Tell whether any of several frames says that it is made up.

    Parameters
    ----------
    *frames : DataFrame or None
        Frames; ``attrs["fictitious"]`` is looked at.

    Returns
    -------
    bool
        Whether one of them is.
    """
    return any(bool(frame.attrs.get("fictitious")) for frame in frames if frame is not None)


def member_releases(
    *frames: pd.DataFrame | None, also: Iterable[MemberRelease] = ()
) -> tuple[MemberRelease, ...]:
    """
    Name the released member tables that frames rest on.

    Parameters
    ----------
    *frames : DataFrame or None
        Frames; ``attrs["release"]`` and ``attrs["measure"]`` are looked at.
    also : iterable of MemberRelease
        Others, of which the frames do not tell.

    Returns
    -------
    tuple of MemberRelease
        Each once, in order.

    Raises
    ------
    DataError
        If a frame is a raw member table of persons: what is shown is a protected release.
    """
    found = {}
    for frame in frames:
        if frame is None:
            continue
        if "raw" in frame.attrs:
            sheet = frame.attrs["raw"]
            msg = (
                f"A figure can not be made from the raw member table {sheet}: persons stand "
                f"behind it. Use study.members.release(NAME) with a table of the sheet {sheet} "
                f"that releases.toml declares."
            )
            raise DataError(msg)
        if frame.attrs.get("release"):
            one = MemberRelease(frame.attrs["release"], frame.attrs.get("measure") or "")
            found[one.release] = one
    return tuple((found | {one.release: one for one in also}).values())


def period_text(periods: pd.Series[str]) -> Words:
    """
    Write the periods of a frame as one phrase.

    Parameters
    ----------
    periods : Series of str
        Period codes.

    Returns
    -------
    Words
        One period, or the first and the last with an en dash between.
    """
    first, last = (periods.min(), periods.max()) if len(periods) else ("", "")
    texts = {lang: [format_period(str(p), lang=lang) for p in (first, last)] for lang in LANGUAGES}
    return Words(*("–".join(dict.fromkeys(texts[lang])) for lang in LANGUAGES))


def source_lines(*frames: pd.DataFrame | None) -> tuple[Source, ...]:
    """
    Say where the figures of frames come from.

    Parameters
    ----------
    *frames : DataFrame or None
        Frames with ``attrs["provenance"]``; only indicators that a frame holds are named.

    Returns
    -------
    tuple of Source
        A line for each source: publisher, table, period, date, licence and whether figures
        were transcribed by hand. Indicators that share all of it share a line.
    """
    lines: dict[tuple[str, str], Source] = {}
    for frame in frames:
        if frame is None:
            continue
        found: dict[str, dict[str, Any]] = frame.attrs.get("provenance", {})
        if "indicator" in frame:
            held = set(frame["indicator"].astype("str"))
            found = {name: entry for name, entry in found.items() if name in held} or found
        for name, entry in found.items():
            rows = frame[frame["indicator"] == name] if "indicator" in frame else frame
            source = _line(entry, rows.get("period"))
            lines[source.text.render("sv"), source.text.render("en")] = source
    return tuple(lines.values())


def _line(entry: dict[str, Any], periods: pd.Series[str] | None) -> Source:
    where: list[Text | str] = [str(entry.get("publisher") or entry.get("source") or "")]
    if entry.get("table"):
        where.append(str(entry["table"]))
    if periods is not None and len(periods):
        where.append(period_text(periods.astype("str")))
    sentences: list[Text | str] = [
        Message("figures.source", {"where": joined([part for part in where if part], ", ")})
    ]
    if entry.get("retrieved"):
        sentences.append(Message("figures.source.retrieved", {"date": str(entry["retrieved"])}))
    if entry.get("licence"):
        sentences.append(Message("figures.source.licence", {"licence": str(entry["licence"])}))
    if entry.get("transcribed"):
        sentences.append(Message("figures.source.transcribed"))
    return Source(joined(sentences), url=entry.get("url") or None)

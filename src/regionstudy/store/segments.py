"""Provenance in segments, one a file or table, and the whole of it in one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["join_segments"]


def join_segments(segments: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Say where figures come from that several files or tables gave.

    Parameters
    ----------
    segments : sequence of mapping
        One a file or table, the most important first; see `Snapshot.provenance`.

    Returns
    -------
    dict
        The keys of `Snapshot.provenance`; each text that differs stands once.
    """
    divisions = {one.get("division") for one in segments}
    return {
        "publisher": _together(segments, "publisher"),
        "source": _together(segments, "publisher"),
        "table": _together(segments, "table"),
        "query": _together(segments, "query"),
        "how": {lang: " ".join(_each(segments, "how", lang)) for lang in ("sv", "en")},
        # Of the whole, the newest; each segment says its own.
        "retrieved": max(one["retrieved"] for one in segments),
        "updated": max((one["updated"] for one in segments if one["updated"]), default=None),
        "licence": _together(segments, "licence"),
        "note": {lang: " ".join(_each(segments, "note", lang)) for lang in ("sv", "en")},
        "transcribed": any(one["transcribed"] for one in segments),
        "url": segments[0]["url"],
        "division": divisions.pop() if len(divisions) == 1 else None,
        "segments": [dict(one) for one in segments],
    }


def _together(segments: Sequence[Mapping[str, Any]], key: str) -> str:
    return "; ".join(dict.fromkeys(one[key] for one in segments))


def _each(segments: Sequence[Mapping[str, Any]], key: str, lang: str) -> list[str]:
    return list(dict.fromkeys(one[key][lang] for one in segments if one[key][lang]))

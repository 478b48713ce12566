"""Answers to requests for data: checked against what was asked, tidied, and put together."""

from __future__ import annotations

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.sources import jsonstat
from regionstudy.sources.faults import source_error
from regionstudy.sources.pxweb_checks import is_perturbed
from regionstudy.sources.pxweb_requests import halve
from regionstudy.sources.selection import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from regionstudy.sources.http import Answer
    from regionstudy.sources.pxweb_requests import Request

__all__ = ["Send", "collect", "read_answer"]

_LOG = logging.getLogger(__name__)

# The service takes about as long for a full answer as the call window is wide for four.
_AT_ONCE = 4
# Symbols of a missing figure that have a meaning of their own; "-" is a true zero.
_KNOWN_MISSING = ("..", ".")


class Send(Protocol):
    """Sends a request; gives None where the service refuses it for its size."""

    def __call__(self, request: Request, /, *, refresh: bool) -> Answer | None:
        """Send it, past the cache if `refresh`."""


def collect(requests: Sequence[Request], *, send: Send) -> pd.DataFrame:
    """
    Ask for data and put the answers together.

    A request that the service refuses for its size, whatever limit it announces, is halved
    and asked again; the log and ``attrs["halved"]`` say so. Answers from before an update
    that others come after are asked for anew, so that no frame mixes two vintages.

    Parameters
    ----------
    requests : sequence of Request
        Of one plan: the same variables in each.
    send : Send
        How one is sent.

    Returns
    -------
    DataFrame
        As `read_answer`, the rows of all answers in the order of the requests. ``attrs`` adds
        ``calls`` (how many answers it was put together from) and ``halved`` (how many
        requests were refused).

    Raises
    ------
    SourceError
        If an answer is not the one asked for, a single cell is refused for its size, or the
        table is updated time and again meanwhile.
    """
    workers = min(_AT_ONCE, len(requests))
    with ThreadPoolExecutor(max_workers=max(workers, 1)) as pool:
        try:
            parts = list(pool.map(partial(_fetch, send=send), requests))
        except BaseException:
            # What has not begun need not be asked for any more.
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    answered = [request for part in parts for request, _ in part]
    frames = [frame for part in parts for _, frame in part]
    _renew(frames, answered, send)
    joined = _joined(frames)
    joined.attrs |= {"calls": len(frames), "halved": len(frames) - len(requests)}
    return joined


def read_answer(answer: Answer, request: Request) -> pd.DataFrame:
    """
    Read one answer, and hold it against what was asked.

    Parameters
    ----------
    answer : Answer
        The service's answer, in JSON-stat 2.0.
    request : Request
        What it should be the answer to.

    Returns
    -------
    DataFrame
        A column of codes a variable, named by its code; a total that was asked for as such,
        or that the service made by leaving the variable out, is "total". ``value`` is NaN
        where a figure is missing, with "." (cannot occur) or ".." in ``status``; ".." also
        where the service gave no symbol or one of its own, such as "...". "-" (nothing to
        report) is 0.0 and keeps its symbol. ``attrs``: those of `jsonstat.decode`, ``table``,
        ``url``, ``retrieved`` (UTC), ``totals`` (variable to the code of its total),
        ``eliminated`` (variables over which the service summed),
        ``symbols`` (own symbols that became "..", counted) and ``perturbed`` (whether the
        figures carry noise by the cell key method).

    Raises
    ------
    SourceError
        If it is not JSON-stat, or has other variables or values than asked for.
    """
    what = f"Data of {request.table}"
    try:
        frame = jsonstat.decode(answer.content)
    except DataError as error:
        raise _mistaken(str(error).rstrip("."), answer, what=what) from error
    _require_as_asked(frame, request, answer, what=what)
    # What the service summed over is a total too: so every table of a series has its columns.
    summed = {code: _constant(TOTAL, len(frame)) for code in request.eliminated}
    frame = frame.assign(**summed)[[*request.values, *request.eliminated, "value", "status"]]
    for choice in request.choices:
        if choice.total:
            named = frame[choice.variable].cat.rename_categories({choice.total: TOTAL})
            frame[choice.variable] = named
            labels = frame.attrs["labels"][choice.variable]
            labels[TOTAL] = labels.pop(choice.total, choice.total)
    symbols = _settle(frame)
    frame.attrs |= {
        "symbols": symbols,
        "perturbed": is_perturbed(frame.attrs["notes"]),
        "table": request.table,
        "url": answer.url,
        "retrieved": answer.retrieved.isoformat(timespec="seconds"),
        "totals": {choice.variable: choice.total for choice in request.choices if choice.total},
        "eliminated": list(request.eliminated),
    }
    return frame


def _fetch(request: Request, *, send: Send) -> list[tuple[Request, pd.DataFrame]]:
    """Fetch one request, or its halves if it is refused for its size."""
    answer = send(request, refresh=False)
    if answer is not None:
        return [(request, read_answer(answer, request))]
    first, last = _halves(request)
    return [*_fetch(first, send=send), *_fetch(last, send=send)]


def _halves(request: Request) -> tuple[Request, Request]:
    halves = halve(request)
    if halves is None:
        raise source_error(
            "the service refuses a single cell too, so size is not the reason",
            what=f"Data of {request.table}",
            url="",
            remedy="Check that the service is open to you, and try again later.",
        )
    _LOG.warning(
        "%s: the service refused %d cells, which is within the limit it announces; "
        "asked for again in two halves",
        request.table,
        request.cells,
    )
    return halves


def _renew(frames: list[pd.DataFrame], requests: Sequence[Request], send: Send) -> None:
    newest = max(str(frame.attrs["updated"]) for frame in frames)
    for place, request in enumerate(requests):
        if frames[place].attrs["updated"] != newest:
            answer = send(request, refresh=True)
            if answer is not None:
                frames[place] = read_answer(answer, request)
    stamps = sorted({str(frame.attrs["updated"]) for frame in frames})
    if len(stamps) > 1:
        raise source_error(
            f"the table was updated while it was asked for (its answers carry {stamps})",
            what=f"Data of {requests[0].table}",
            url=str(frames[-1].attrs["url"]),
            remedy="Ask again when the update is over.",
        )


def _constant(code: str, rows: int) -> pd.Categorical:
    dtype = pd.CategoricalDtype(pd.Index([code], dtype="str"))
    return pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), dtype=dtype)


def _settle(frame: pd.DataFrame) -> dict[str, int]:
    """Give each true zero its value and each missing figure a known symbol; count the unknown."""
    missing = frame["value"].isna()
    nil = missing & (frame["status"] == "-")
    frame["value"] = frame["value"].mask(nil, 0.0)
    unknown = missing & ~nil & ~frame["status"].isin(_KNOWN_MISSING)
    if not unknown.any():
        return {}
    replaced = frame.loc[unknown, "status"].value_counts()
    symbols = frame["status"]
    if ".." not in symbols.cat.categories:
        symbols = symbols.cat.add_categories([".."])
    frame["status"] = symbols.mask(unknown, "..")
    return {str(symbol): int(count) for symbol, count in replaced.items() if symbol and count}


def _require_as_asked(frame: pd.DataFrame, request: Request, answer: Answer, *, what: str) -> None:
    came = [column for column in frame.columns if column not in ("value", "status")]
    if sorted(came) != sorted(request.values):
        problem = f"the answer has the variables {came}, not {list(request.values)}"
        raise _mistaken(problem, answer, what=what)
    for choice in request.choices:
        there = set(frame[choice.variable].cat.categories)
        lacking = [code for code in choice.codes if code not in there]
        extra = sorted(there.difference(choice.codes))
        for problem, codes in (("lacks", lacking), ("has, unasked,", extra)):
            if codes:
                shown = ", ".join(codes[:5]) + (", …" if len(codes) > 5 else "")
                problem = f"the answer {problem} {len(codes)} values of {choice.variable}: {shown}"
                raise _mistaken(problem, answer, what=what)


def _mistaken(problem: str, answer: Answer, *, what: str) -> Exception:
    return source_error(
        problem,
        what=what,
        url=answer.url,
        status=answer.status,
        remedy="The table may have changed meanwhile: ask again, and report it if it stays.",
        content=answer.content,
    )


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    first, *others = frames
    if not others:
        return first
    columns = {}
    for name in first.columns:
        parts = [frame[name] for frame in frames]
        if name == "value":
            columns[name] = pd.concat(parts, ignore_index=True)
        else:
            # One list of categories for all, or concat falls back to text, slowly.
            known = dict.fromkeys(code for part in parts for code in part.cat.categories)
            alike = [part.cat.set_categories(list(known)) for part in parts]
            columns[name] = pd.concat(alike, ignore_index=True)
    joined = pd.DataFrame(columns, copy=False)
    joined.attrs = {**first.attrs, **dict(_merged(frames))}
    return joined


def _merged(frames: Sequence[pd.DataFrame]) -> Iterator[tuple[str, Any]]:
    for name in ("labels", "units", "category_notes", "children"):
        merged: dict[str, dict[str, Any]] = {}
        for frame in frames:
            for variable, texts in frame.attrs[name].items():
                merged.setdefault(variable, {}).update(texts)
        yield name, merged
    symbols: Counter[str] = Counter()
    for frame in frames:
        symbols.update(frame.attrs["symbols"])
    yield "symbols", dict(symbols)
    # The oldest: nothing in the frame is fresher than it says.
    yield "retrieved", min(str(frame.attrs["retrieved"]) for frame in frames)
    yield "totals", {code: of for frame in frames for code, of in frame.attrs["totals"].items()}

"""Answers to requests for data: checked against what was asked, tidied, and put together."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.sources import jsonstat
from regionstudy.sources.faults import source_error
from regionstudy.sources.pxweb_requests import halve
from regionstudy.sources.selection import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from regionstudy.sources.http import Answer
    from regionstudy.sources.pxweb_requests import Request

__all__ = ["Send", "collect", "read_answer"]

_LOG = logging.getLogger(__name__)


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
    frames: list[pd.DataFrame] = []
    answered: list[Request] = []
    waiting = list(reversed(requests))
    while waiting:
        request = waiting.pop()
        answer = send(request, refresh=False)
        if answer is None:
            waiting += reversed(_halves(request))
            continue
        frames.append(read_answer(answer, request))
        answered.append(request)
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
        A column of codes a variable, named by its code; a total that was asked for as such is
        "total". ``value`` is NaN where a figure is missing, with its symbol in ``status``, or
        ".." where the service gave none; "-" (nothing to report) is 0.0 and keeps its symbol.
        ``attrs``: those of `jsonstat.decode`, ``table``, ``url``, ``retrieved`` (UTC),
        ``totals`` (variable to the code of its total) and ``eliminated`` (variables over
        which the service summed).

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
    frame = frame[[*request.values, "value", "status"]]
    for choice in request.choices:
        if choice.total:
            named = frame[choice.variable].cat.rename_categories({choice.total: TOTAL})
            frame[choice.variable] = named
            labels = frame.attrs["labels"][choice.variable]
            labels[TOTAL] = labels.pop(choice.total, choice.total)
    _settle(frame)
    frame.attrs |= {
        "table": request.table,
        "url": answer.url,
        "retrieved": answer.retrieved.isoformat(timespec="seconds"),
        "totals": {choice.variable: choice.total for choice in request.choices if choice.total},
        "eliminated": list(request.eliminated),
    }
    return frame


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


def _settle(frame: pd.DataFrame) -> None:
    """Give each missing value a symbol, and each true zero its value."""
    missing = frame["value"].isna()
    nil = missing & (frame["status"] == "-")
    bare = missing & (frame["status"] == "")
    frame["value"] = frame["value"].mask(nil, 0.0)
    if bare.any():
        symbols = frame["status"]
        if ".." not in symbols.cat.categories:
            symbols = symbols.cat.add_categories([".."])
        frame["status"] = symbols.mask(bare, "..")


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
    # The oldest: nothing in the frame is fresher than it says.
    yield "retrieved", min(str(frame.attrs["retrieved"]) for frame in frames)
    yield "totals", {code: of for frame in frames for code, of in frame.attrs["totals"].items()}

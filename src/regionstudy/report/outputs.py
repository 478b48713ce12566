"""What a run notebook shows, in order: nothing is dropped without a word."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SHOWN", "Shown", "shown_by", "slimmed"]

# As `regionstudy.figures.content.MIME`, which a cached build must not import.
SHOWN = "application/vnd.regionstudy.shown+json"
_PLOTLY = "application/vnd.plotly.v1+json"
_IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
# Subplots whose drawing fetches a map from the network.
_FETCHING = ("geo", "map", "mapbox")
_KINDS = ("answer", "brief", "cards", "figure", "keyfigures", "note", "table", "what_if")


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One thing that a notebook shows.

    Parameters
    ----------
    kind : str
        A payload's kind, or "markdown", "plotly", "html", "image" or "text".
    content : mapping
        The payload; for the others ``text``, ``spec`` or ``url``.
    cell : int
        The cell's number, counted from 1.
    tags : frozenset of str
        The cell's tags.
    """

    kind: str
    content: Mapping[str, Any]
    cell: int
    tags: frozenset[str] = field(default_factory=frozenset)


def slimmed(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """
    Keep of a run notebook what pages are made of.

    Parameters
    ----------
    notebook : mapping
        A run notebook as JSON.

    Returns
    -------
    dict
        Its cells. Where a result carries a payload, what it holds for JupyterLab is gone.
    """
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        kept = {
            "id": cell.get("id", f"cell-{number}"),
            "cell_type": cell["cell_type"],
            "source": cell["source"],
            "metadata": {"tags": list(cell.get("metadata", {}).get("tags", []))},
        }
        if cell["cell_type"] == "code":
            kept["execution_count"] = None
            kept["outputs"] = [_slim(output) for output in cell.get("outputs", [])]
        cells.append(kept)
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _slim(output: Mapping[str, Any]) -> dict[str, Any]:
    slim = dict(output)
    if SHOWN in slim.get("data", {}):
        slim["data"] = {SHOWN: slim["data"][SHOWN]}
    if slim["output_type"] == "execute_result":
        slim["execution_count"] = None
    return slim


def shown_by(notebook: Mapping[str, Any], *, name: str) -> Iterator[Shown]:
    """
    Give all that a run notebook shows.

    Parameters
    ----------
    notebook : mapping
        A run notebook as JSON.
    name : str
        Its file name, for messages.

    Yields
    ------
    Shown
        Markdown cells and the results of code cells, in order.

    Raises
    ------
    ReportError
        If a result is of a kind that a page can not show, or would fetch from the network.
    """
    for number, cell in enumerate(notebook["cells"], start=1):
        tags = frozenset(cell.get("metadata", {}).get("tags", []))
        source = _joined(cell["source"])
        if cell["cell_type"] == "markdown":
            yield Shown("markdown", {"text": source}, number, tags)
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", []):
                yield from _of_output(output, _Where(name, number, source), tags)


@dataclass(frozen=True, slots=True)
class _Where:
    notebook: str
    cell: int
    source: str

    def refuse(self, problem: str, remedy: str) -> ReportError:
        msg = f"{self.notebook}, cell {self.cell}: {problem} {remedy}"
        return ReportError(msg, notebook=self.notebook, cell=self.cell, source=self.source)


def _of_output(output: Mapping[str, Any], at: _Where, tags: frozenset[str]) -> Iterator[Shown]:
    kind = output["output_type"]
    if kind == "stream":
        yield Shown(
            "text" if output["name"] == "stdout" else "stderr", _text(output), at.cell, tags
        )
        return
    if kind == "error":
        raise at.refuse(
            f"it ends in an error ({output.get('ename')}: {output.get('evalue')}).",
            "A page can not show that; mend the cell.",
        )
    data = output["data"]
    if SHOWN in data:
        payload = data[SHOWN]
        if payload.get("kind") not in _KINDS:
            raise at.refuse(
                f'it shows a result of the unknown kind "{payload.get("kind")}".',
                f"Pages know: {', '.join(_KINDS)}.",
            )
        if payload["kind"] == "figure" and payload["body"]["type"] == "chart":
            for spec in payload["body"]["plotly"].values():
                _require_offline(spec, at)
        yield Shown(payload["kind"], payload, at.cell, tags)
    elif _PLOTLY in data:
        _require_offline(data[_PLOTLY], at)
        yield Shown("plotly", {"spec": data[_PLOTLY]}, at.cell, tags)
    elif any(mime in data for mime in _IMAGES):
        mime = next(mime for mime in _IMAGES if mime in data)
        told = _joined(data.get("text/plain", ""))
        yield Shown("image", {"url": _data_url(mime, data[mime]), "text": told}, at.cell, tags)
    elif "text/html" in data:
        yield Shown("html", {"text": _joined(data["text/html"])}, at.cell, tags)
    elif "text/markdown" in data:
        yield Shown("markdown", {"text": _joined(data["text/markdown"])}, at.cell, tags)
    elif set(data) == {"text/plain"}:
        yield Shown("text", {"text": _joined(data["text/plain"])}, at.cell, tags)
    else:
        raise at.refuse(
            f"it shows a result as {', '.join(sorted(data))}, which an offline page can not hold.",
            "Show it with regionstudy.figures, or end the cell's last line with a semicolon.",
        )


def _require_offline(spec: Mapping[str, Any], at: _Where) -> None:
    layout = {key.rstrip("0123456789") for key in spec.get("layout", {})}
    traces = {str(trace.get("type", "scatter")) for trace in spec.get("data", [])}
    fetching = (layout & set(_FETCHING)) | {
        kind
        for kind in traces
        if kind.endswith(("geo", "map", "mapbox")) and kind not in ("heatmap", "treemap")
    }
    fetching |= {"choropleth"} & traces
    if fetching:
        raise at.refuse(
            f"plotly's {', '.join(sorted(fetching))} fetches maps from the network, and stays "
            "empty offline.",
            "Draw it with regionstudy.figures.maps.choropleth.",
        )
    if any("source" in image for image in spec.get("layout", {}).get("images", [])):
        raise at.refuse("its layout loads pictures.", "Leave layout.images out.")


def _text(output: Mapping[str, Any]) -> dict[str, str]:
    return {"text": _joined(output["text"]).rstrip()}


def _joined(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)


def _data_url(mime: str, data: Any) -> str:
    text = _joined(data) if not isinstance(data, dict) else json.dumps(data)
    if mime == "image/svg+xml":  # as an <img>, it can run nothing
        text = base64.b64encode(text.encode()).decode()
    return f"data:{mime};base64,{''.join(text.split())}"

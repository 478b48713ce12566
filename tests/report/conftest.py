"""Small studies whose notebooks show payloads of their own, and a browser to read pages in."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from regionstudy.report import SiteSettings, build
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = SiteSettings(
    title=Words(sv="Provregionen", en="The trial region"), contact="fragor@example.org"
)
MIME = "application/vnd.regionstudy.shown+json"


def both(sv: str, en: str | None = None) -> dict[str, str]:
    return {"sv": sv, "en": sv if en is None else en}


def measure(sv: str, en: str, period: str) -> dict[str, Any]:
    return {"name": both(sv, en), "unit": both("per 1 000"), "period": both(period)}


def column(sv: str, en: str, kind: str, *, signed: bool) -> dict[str, Any]:
    return {"key": sv, "label": both(sv, en), "kind": kind, "decimals": 1, "signed": signed}


def show(payload: dict[str, Any]) -> nbformat.NotebookNode:
    """A code cell that displays a payload, as `figures` does."""
    text = json.dumps({MIME: payload})
    source = (
        f"import json\nfrom IPython.display import display\ndisplay(json.loads({text!r}), raw=True)"
    )
    return nbformat.v4.new_code_cell(source)


def text(source: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def question(sv: str = "Varför?", en: str = "Why?") -> list[nbformat.NotebookNode]:
    return [text(f"*Prov*\n\n# {sv}", "lang-sv"), text(f"*Trial*\n\n# {en}", "lang-en")]


def map_payload(codes: list[str], **more: Any) -> dict[str, Any]:
    """A map of municipalities: Sundsvall is hatched, Ånge hidden, the rest in class 3."""
    values: dict[str, Any] = {
        code: {
            "class": 3, "value": both("+1,0", "+1.0"), "rank": both("plats 2 av 3", "2nd of 3"),
            "status": "", "tip": both(f"{code}: +1,0", f"{code}: +1.0"),
        }
        for code in codes
    }  # fmt: skip
    values["2281"] |= {"class": None, "status": "..", "tip": both("Sundsvall: uppgift saknas")}
    values["2260"] |= {"class": None, "status": "hidden", "tip": both("Ånge: för få")}
    panel = {
        "extent": "country", "level": "municipality", "values": values, "context": [],
        "outline": [code for code in codes if code.startswith("22")],
        "labels": [{"region": "22", "text": both("Västernorrland"), "value": None, "bold": True}],
        "places": [{"x": 319_000.0, "y": 6_400_000.0, "text": both("Göteborg")}],
        "points": [], "inset": "01",
    }  # fmt: skip
    return {
        "kind": "figure", "id": "karta", "title": both("Fler kommer", "More arrive"),
        "measure": measure("Netto", "Net", "2019–2024"),
        "paragraphs": [both("Ett stycke.", "A paragraph.")], "how_to_read": both("Blått är fler."),
        "notes": [], "sources": [{"text": both("Källa: SCB."), "url": "https://www.scb.se/x"}],
        "alt": both("Karta över 290 kommuner.", "Map of 290 municipalities."),
        "fictitious": False, "hero": True, "table": None,
        "body": {
            "type": "maps", "scale": "diverging", "missing": 1, "hidden": 1, "points_title": None,
            "legend": [{"class": 3, "label": both("0 till 1", "0 to 1"), "count": 288}],
            "maps": [panel],
        },
    } | more  # fmt: skip


def chart_payload(name: str, **more: Any) -> dict[str, Any]:
    spec = {
        "data": [
            {"type": "bar", "x": [1, 2], "y": [0.5, 0.25], "marker": {"color": "var(--home)"}}
        ],
        "layout": {"height": 300},
    }
    return {
        "kind": "figure", "id": name, "title": both(f"Diagram {name}", f"Chart {name}"),
        "measure": measure("Hyra", "Rent", "2022"),
        "paragraphs": [], "how_to_read": None, "notes": [], "sources": [],
        "alt": both("Två staplar.", "Two bars."), "fictitious": False, "hero": False,
        "body": {
            "type": "chart", "plotly": {"sv": spec, "en": spec}, "height": 300, "narrow": None,
        },
        "table": {
            "caption": both("Hyra", "Rent"),
            "columns": [
                column("Region", "Region", "text", signed=False),
                column("Hyra", "Rent", "number", signed=True),
            ],
            "rows": [["Timrå", 1234.56], ["Ånge", {"value": None, "status": ".."}]], "home": [0],
        },
    } | more  # fmt: skip


@pytest.fixture(scope="session")
def cells() -> SimpleNamespace:
    """What notebooks are made of here: cells, and payloads to show in them."""
    return SimpleNamespace(
        both=both,
        chart=chart_payload,
        code=nbformat.v4.new_code_cell,
        map=map_payload,
        question=question,
        settings=SETTINGS,
        show=show,
        text=text,
    )


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Path]:
    """Makes a study folder of notebooks, given as lists of cells by name."""

    def make(**notebooks: list[nbformat.NotebookNode]) -> Path:
        folder = tmp_path / "study"
        (folder / "notebooks").mkdir(parents=True, exist_ok=True)
        (folder / "data").mkdir(exist_ok=True)
        for name, cells in notebooks.items():
            nbformat.write(
                nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / f"{name}.ipynb"
            )
        return folder

    return make


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site in both languages: a map, three charts, words, and an injection."""
    from regionstudy.geography import municipalities_in

    folder = tmp_path_factory.mktemp("site")
    (folder / "notebooks").mkdir()
    (folder / "data").mkdir()
    evil = "</script><img src=x onerror=alert(1)>"
    answer = {
        "text": both("Svaret är ja.", "The answer is yes."),
        "index": True,
        "fictitious": False,
    }
    brief = {
        "title": both("Styrka"),
        "tone": "strength",
        "items": [{"label": both(evil), "value": both("1")}],
    }
    item = {"label": both("Folkmängd"), "value": both("98 962"), "unit": both("invånare"),
            "note": both("2025"), "index": True, "strip": {"line": [1, 2, None, 3]}}  # fmt: skip
    cells = [
        *question(),
        show({"kind": "answer", "sentences": [answer]}),
        show({"kind": "brief", "groups": [brief]}),
        show({"kind": "keyfigures", "items": [item]}),
        show(map_payload(sorted(municipalities_in("00")))),
        *(show(chart_payload(f"d{n}", notes=[both(evil)])) for n in range(3)),
        text("## Metod\n\nSe <script>alert(1)</script>[här](javascript:alert(1)).", "lang-sv"),
        nbformat.v4.new_code_cell("print('utskrift')"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebooks" / "01_prov.ipynb")
    site = folder / "site"
    build(folder, out=site, settings=SETTINGS, lang="both", single=True, progress=False)
    return site

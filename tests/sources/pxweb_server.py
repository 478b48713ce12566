"""
A PxWeb of our own, v2 and v1, that behaves as ../shared/CONTRACTS.md (parts 1-3) says.

It serves made-up tables, the recorded TAB6471 and its codelist, on a free local port, keeps
the call window and refuses what the real one refuses, in its words. Run by hand it has every
table of the catalogue::

    python -m tests.sources.pxweb_server 8081
    regionstudy fetch --base-url scb=http://127.0.0.1:8081/api/v2
"""

from __future__ import annotations

import json
import math
import re
import sys
import threading
import time
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from .pxweb_tables import FakeTable, FakeVariable, catalogue_tables, codelist_type, population

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# SCB's own say, recorded in 2026.
MAX_CELLS = 150_000
CALLS, SECONDS = 30, 10


class FakePxWeb:
    """The state of the service, and a log of what it was asked."""

    def __init__(self, server: HTTPServer, shared: Path | None = None) -> None:
        self.server = server
        self.url = server.url_for("/api/v2")
        self.v1_url = server.url_for("/v1/sv/ssd")
        self.max_cells = MAX_CELLS
        # What it really takes, where that is less than it says.
        self.true_max_cells: int | None = None
        self.calls, self.seconds = CALLS, SECONDS
        self.page_size = 20
        self.largest_page = 1000
        # 400 as the server sends it, or 403 as the specification has it.
        self.too_many_status = 400
        self.retry_after = True
        # Whether values come as an object that leaves the missing ones out.
        self.sparse = False
        self.refused_calls = 0
        self.faults: deque[Response] = deque()
        # Answers in the service's place, where it gives one.
        self.override: Callable[[Request], Response | None] = lambda _: None
        # Versions of the table that the next queries for data get: an update under way.
        self.versions: deque[FakeTable] = deque()
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.tables: dict[str, FakeTable] = {}
        # Titles in English by table; all else is Swedish.
        self.english: dict[str, str] = {}
        self.put(population())
        if shared is not None:
            self.put(_recorded_table(shared))
        self._arrivals: deque[float] = deque()
        self._lock = threading.Lock()
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def put(self, table: FakeTable) -> FakeTable:
        """Add a table, or take the place of the one with its id."""
        self.tables[table.id] = table
        return table

    def bodies(self) -> list[Any]:
        """The bodies of all queries for data."""
        return [body for method, _, _, body in self.asked if method == "POST"]

    def paths(self) -> list[str]:
        """The paths of all calls."""
        return [path for _, path, _, _ in self.asked]

    def _answer(self, request: Request) -> Response:
        body = json.loads(request.data) if request.data else None
        path = unquote(request.path)
        with self._lock:
            self.asked.append((request.method, path, request.args.to_dict(), body))
            if (late := self._late()) is not None:
                self.refused_calls += 1
                return late
            if self.faults:
                return self.faults.popleft()
        if (other := self.override(request)) is not None:
            return other
        if path.startswith("/v1/"):
            return self._v1(request, path, body)
        if (part := re.fullmatch(r"/api/v2/(config|tables)/?", path)) is not None:
            return self._config() if part[1] == "config" else self._list(request)
        if (part := re.fullmatch(r"/api/v2/codelists/([^/]+)", path)) is not None:
            return self._codelist(part[1])
        if (part := re.fullmatch(r"/api/v2/tables/([^/]+)(/metadata|/data)?", path)) is not None:
            table = self.tables.get(part[1])
            if table is None:
                return problem(404, "Non-existent table")
            if part[2] is None:
                lang = request.args.get("lang", "sv")
                title = self.english.get(table.id, table.label) if lang == "en" else table.label
                return _json({"language": lang, **table.entry(), "label": title})
            if part[2] == "/metadata":
                return _json(table.metadata())
            with self._lock:
                if self.versions and self.versions[0].id == table.id:
                    table = self.versions.popleft()
            return self._data(request, table, body)
        return Response("<html><body>404 - File or directory not found.</body></html>", 404)

    def _late(self) -> Response | None:
        now = time.monotonic()
        while self._arrivals and now - self._arrivals[0] >= self.seconds:
            self._arrivals.popleft()
        # 0 calls: not announced, which is not unlimited.
        if len(self._arrivals) >= (self.calls or CALLS):
            answer = Response("", 429)
            if self.retry_after:
                wait = self.seconds - (now - self._arrivals[0])
                answer.headers["Retry-After"] = str(math.ceil(wait))
            return answer
        self._arrivals.append(now)
        return None

    def _config(self) -> Response:
        return _json(
            {
                "apiVersion": "2.3.2",
                "appVersion": "1.0.0",
                "languages": [
                    {"id": "en", "label": "English"},
                    {"id": "sv", "label": "Svenska"},
                ],
                "defaultLanguage": "sv",
                "maxDataCells": self.max_cells,
                "maxCallsPerTimeWindow": self.calls,
                "timeWindow": self.seconds,
                "license": "https://creativecommons.org/share-your-work/public-domain/cc0/",
                "sourceReferences": [{"language": "sv", "text": "Källa: SCB"}],
                "defaultDataFormat": "json-stat2",
                "dataFormats": ["json-stat2", "csv", "px", "xlsx", "html", "json-px"],
                "features": [],
            }
        )

    def _list(self, request: Request) -> Response:
        size = min(int(request.args.get("pageSize", self.page_size)), self.largest_page)
        number = int(request.args.get("pageNumber", 1))
        words = request.args.get("query", "").casefold().replace("title:", "").split()
        gone = request.args.get("includeDiscontinued", "false") == "true"
        found = [
            table
            for table in self.tables.values()
            if (gone or not table.discontinued)
            and all(_found(word, f"{table.id} {table.label}".casefold()) for word in words)
        ]
        pages = max(1, math.ceil(len(found) / size))
        if not 1 <= number <= pages:
            return problem(404, "Non-existent page")
        page = {"pageNumber": number, "pageSize": size, "totalElements": len(found)}
        shown = found[(number - 1) * size : number * size]
        return _json(
            {
                "language": request.args.get("lang", "sv"),
                "tables": [table.entry() for table in shown],
                "page": {**page, "totalPages": pages, "links": []},
                "links": [],
            }
        )

    def _codelist(self, name: str) -> Response:
        for table in self.tables.values():
            for variable in table.variables:
                if name in variable.codelists:
                    label, values = variable.codelists[name]
                    return _json(
                        {
                            "id": name,
                            "label": label,
                            "language": "sv",
                            "languages": ["sv", "en"],
                            "elimination": False,
                            "type": codelist_type(name),
                            "values": [
                                {"code": code, "label": text, "valueMap": members}
                                for code, (text, members) in values.items()
                            ],
                            "links": [],
                        }
                    )
        return problem(404, "Non-existent codelist")

    def _data(self, request: Request, table: FakeTable, body: Any) -> Response:
        if request.method != "POST" or not isinstance(body, dict):
            return problem(400, "Missing selection for mandantory variable")
        if request.args.get("outputFormat", "json-stat2") != "json-stat2":
            return problem(400, "Unsupported output format")
        by_name = {variable.code.casefold(): variable for variable in table.variables}
        chosen: dict[str, list[str]] = {}
        codelists: dict[str, str] = {}
        for part in body["selection"]:
            variable = by_name.get(part["variableCode"].casefold())
            if variable is None:
                return problem(400, "Non-existent variable")
            name = part.get("codelist")
            if name and name not in variable.codelists:
                return problem(400, "Non-existent codelist")
            known = list(variable.codelists[name][1] if name else variable.values)
            codes = known if part["valueCodes"] == ["*"] else part["valueCodes"]
            if any(code not in known for code in codes):
                return problem(400, "Non-existent value")
            if len(set(codes)) != len(codes):
                return Response("", 500)
            if codes:
                chosen[variable.code] = codes
            if name:
                codelists[variable.code] = name
        return self._cells(table, chosen, codelists)

    def _cells(
        self, table: FakeTable, chosen: dict[str, list[str]], codelists: dict[str, str]
    ) -> Response:
        for variable in table.variables:
            if variable.code not in chosen and not variable.elimination:
                return problem(400, "Missing selection for mandantory variable")
        if math.prod(map(len, chosen.values())) > (self.true_max_cells or self.max_cells):
            if self.too_many_status == 403:
                detail = "The query resulted in cell that exceeds the number of allowed."
                return problem(403, "Forbiden", detail=detail)
            return problem(400, "Too many cells selected")
        return self._figures(table, chosen, codelists)

    def _v1(self, request: Request, path: str, body: Any) -> Response:
        if "config" in request.args:
            limits = {"maxValues": 110_000, "maxCells": self.max_cells, "CORS": True}
            return _json({**limits, "maxCalls": self.calls, "timeWindow": self.seconds})
        where = re.sub(r"^/v1/(sv|en)/ssd/(START/)?", "", path)
        table = next((one for one in self.tables.values() if one.v1_path == where), None)
        there = [one for one in self.tables.values() if one.v1_path.rpartition("/")[0] == where]
        if there:
            listed = [(one.v1_path.rpartition("/")[2], one.label) for one in there]
            return _json([{"id": name, "type": "t", "text": text} for name, text in listed])
        if table is None:
            return Response("<html>The resource cannot be found.</html>", 404)
        if request.method == "GET":
            return _json(
                {"title": table.label, "variables": [_v1_variable(one) for one in table.variables]}
            )
        chosen: dict[str, list[str]] = {}
        codelists: dict[str, str] = {}
        known = {variable.code: variable for variable in table.variables}
        for part in body["query"]:
            kind, _, name = part["selection"]["filter"].partition(":")
            codes = part["selection"]["values"]
            variable = known.get(part["code"])
            if variable is None or body["response"]["format"] != "json-stat2":
                return _json({"error": "The request is not valid"}, 400)
            listed = variable.codelists.get(f"{kind}_{name}", ("", {}))[1]
            if any(code not in (listed or variable.values) for code in codes):
                return _json({"error": f"{part['code']}: unknown value"}, 400)
            chosen[variable.code] = codes
            if listed:
                codelists[variable.code] = f"{kind}_{name}"
        for variable in table.variables:
            # Unlike v2: what may not be eliminated and is not chosen comes whole.
            if variable.code not in chosen and not variable.elimination:
                chosen[variable.code] = list(variable.values)
        if math.prod(map(len, chosen.values())) > (self.true_max_cells or self.max_cells):
            return Response("<html>403 - Forbidden: Access is denied.</html>", 403)
        return self._figures(table, chosen, codelists)

    def _figures(
        self, table: FakeTable, chosen: dict[str, list[str]], codelists: dict[str, str]
    ) -> Response:
        body = table.answer(chosen, codelists)
        if self.sparse:
            values = enumerate(body["value"])
            body["value"] = {str(place): value for place, value in values if value is not None}
        return _json(body)


@contextmanager
def serve_pxweb(shared: Path | None = None, *, port: int = 0) -> Iterator[FakePxWeb]:
    """Run the service for a while."""
    server = HTTPServer(port=port, threaded=True)
    server.start()
    try:
        yield FakePxWeb(server, shared)
    finally:
        server.clear()
        server.stop()


def problem(status: int, title: str, **other: str) -> Response:
    """A fault in the service's own form."""
    body = {"type": "Parameter error", "title": title, "status": status, **other}
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def _found(word: str, text: str) -> bool:
    """Lucene in small: whole words, or the beginning of one before a star."""
    words = re.findall(r"\w+", text)
    return any(one.startswith(word[:-1]) if word.endswith("*") else one == word for one in words)


def _v1_variable(variable: FakeVariable) -> dict[str, Any]:
    body: dict[str, Any] = {"code": variable.code, "text": variable.label}
    body |= {"values": list(variable.values), "valueTexts": list(variable.values.values())}
    # Absent means false.
    body |= {"elimination": True} if variable.elimination else {}
    return body | ({"time": True} if variable.role == "time" else {})


def _recorded_table(shared: Path) -> FakeTable:
    """TAB6471 as recorded, with figures of ours and one of its own kind of codelist."""
    folder = shared / "recordings" / "pxweb2"
    body = json.loads((folder / "TAB6471_metadata.json").read_text(encoding="utf-8"))
    groups = json.loads((folder / "agg_Ålder10årJ.json").read_text(encoding="utf-8"))
    values = {one["code"]: (one["label"], one["valueMap"]) for one in groups["values"]}
    roles = {code: role for role, codes in body["role"].items() for code in codes}
    variables = []
    for code in body["id"]:
        dimension = body["dimension"][code]
        category = dimension["category"]
        order = sorted(category["index"], key=category["index"].__getitem__)
        lists = {groups["id"]: (groups["label"], values)} if code == "Alder" else {}
        variables.append(
            FakeVariable(
                code,
                dimension["label"],
                {one: category["label"][one] for one in order},
                elimination=dimension["extension"]["elimination"],
                elimination_code={"Region": "00", "Kon": "TotSa"}.get(code, ""),
                role=roles.get(code, ""),
                codelists=lists,
            )
        )
    return FakeTable(
        "TAB6471",
        body["label"],
        variables,
        updated=body["updated"],
        time_unit="Monthly",
        notes=body["note"],
    )


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[3] / "shared"
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with serve_pxweb(beside if beside.is_dir() else None, port=port) as fake:
        for named in catalogue_tables():
            fake.put(named)
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)

"""
A Kolada of our own, that behaves as ../shared/CONTRACTS.md (part 4) says, on a free local port.

It serves the recorded answers and the catalogue's list of KPIs, and whatever a test puts into
it. Run it for a look by hand::

    python -m tests.sources.kolada_server 8080
    regionstudy fetch --base-url kolada=http://127.0.0.1:8080/v3
"""

from __future__ import annotations

import json
import re
import sys
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pandas as pd
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_IDS = 25
MOST_ROWS = 5000
LONGEST_URL = 2000
_YEAR = re.compile(r"\d{4}")
# Parameters the service knows; it drops all others without a word.
_KNOWN = {"kpi_id", "municipality_id", "year", "ou_id", "from_date", "region_type"}
_AXES = {"kpi": "kpi_id", "municipality": "municipality_id", "year": "year", "ou": "ou_id"}


class FakeKolada:
    """The state of the service, and a log of what it was asked."""

    def __init__(self, server: HTTPServer, shared: Path) -> None:
        self.server = server
        self.url = server.url_for("/v3")
        self.page_size = MOST_ROWS
        self.asked: list[str] = []
        self.kpis = _kpis(shared)
        self.municipalities = _recorded(shared, "municipality.json")
        self.groups = _groups(shared)
        self.units: list[dict[str, str]] = []
        # By KPI, since every question names some.
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.changed: dict[tuple[str, str, int], str] = {}
        self.refusals: list[Response] = []
        self.override: Any = None
        for name in ("data-4d88b7.json", "data-e969c0.json"):
            for row in _recorded(shared, name):
                known = self.rows.setdefault(row["kpi"], [])
                if row not in known:
                    known.append(row)
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def put(
        self,
        kpi: str,
        municipality: str,
        year: int,
        changed: str = "2026-01-01",
        status: str = "",
        count: int = 1,
        deleted: bool = False,
        **values: float | None,
    ) -> None:
        """Add a row: ``put("N01951", "2281", 2024, T=99383, K=49000, M=50383)``."""
        cells = [
            {
                "gender": gender,
                "count": count,
                "status": "Missing" if value is None and not deleted else status,
                "value": value,
                "isdeleted": deleted,
            }
            for gender, value in values.items()
        ]
        self.rows.setdefault(kpi, []).append(
            {"values": cells, "kpi": kpi, "period": year, "municipality": municipality}
        )
        self.changed[kpi, municipality, year] = changed

    def fill(self, kpis: list[str], years: Iterable[int]) -> None:
        """Publish `filled_value` of KPIs, for all the regions and sexes that each is for."""
        known = {kpi["id"]: kpi for kpi in self.kpis}
        asked = list(years)
        for kpi in kpis:
            kinds = {"A": "KL"}.get(
                known[kpi]["municipality_type"], known[kpi]["municipality_type"]
            )
            sexes = "TKM" if known[kpi]["is_divided_by_gender"] else "T"
            recorded = {(row["municipality"], row["period"]) for row in self.rows.get(kpi, [])}
            for place in self.municipalities:
                for year in asked:
                    if place["type"] in kinds and (place["id"], year) not in recorded:
                        values = {sex: filled_value(kpi, place["id"], year, sex) for sex in sexes}
                        self.put(kpi, place["id"], year, **values)

    def refuse(self, times: int, *, retry_after: int | None = None) -> None:
        """Answer the next calls with 429."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        body = json.dumps({"detail": "Too Many Requests"})
        self.refusals += [Response(body, 429, headers, "application/json") for _ in range(times)]

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.refusals:
            return self.refusals.pop(0)
        if len(request.url) > LONGEST_URL:
            return _fault(400, "Bad Request")
        if self.override is not None:
            return self.override(request)
        path = request.path.removeprefix("/v3/").split("/")
        lists: dict[str, list[dict[str, Any]]] = {
            "kpi": self.kpis,
            "municipality": self.municipalities,
            "municipality_groups": self.groups,
            "ou": self.units,
        }
        if path[0] in lists and len(path) <= 2:
            return self._list(request, lists[path[0]], ids=path[1] if len(path) == 2 else None)
        if path[0] == "data":
            return self._data(request, path[1:])
        return _fault(404, "Not Found")

    def _list(self, request: Request, items: list[dict[str, Any]], ids: str | None) -> Response:
        if ids is not None:
            wanted = ids.split(",")
            if len(wanted) > MOST_IDS:
                return _fault(400, "Bad Request")
            items = [item for item in items if item["id"] in wanted]
        if text := request.args.get("title"):
            items = [item for item in items if text.casefold() in item["title"].casefold()]
        if home := request.args.get("municipality"):
            items = [item for item in items if item.get("municipality", home) == home]
        return self._page(request, items)

    def _data(self, request: Request, path: list[str]) -> Response:
        asked = dict(zip(path[::2], path[1::2], strict=False))
        if len(path) % 2 or set(asked) - set(_AXES):
            return _fault(404, "Not Found")
        wanted = {_AXES[axis]: ids.split(",") for axis, ids in asked.items()}
        for key in _KNOWN - {"from_date", "region_type"}:
            if key in request.args:
                wanted[key] = request.args.getlist(key)
        if len(wanted) < 2 or any(len(ids) > MOST_IDS for ids in wanted.values()):
            return _fault(400, "Bad Request")
        for position, year in enumerate(wanted.get("year", [])):
            if not _YEAR.fullmatch(year):
                return _invalid("year", position)
        since = request.args.get("from_date", "")
        named = wanted.get("kpi_id", self.rows)
        rows = [row for kpi in named for row in self.rows.get(kpi, [])]
        return self._page(request, [row for row in rows if self._fits(row, wanted, since)])

    def _fits(self, row: dict[str, Any], wanted: dict[str, list[str]], since: str) -> bool:
        keys = {"kpi_id": row["kpi"], "municipality_id": row["municipality"]}
        keys["year"] = str(row["period"])
        if any(keys[axis] not in ids for axis, ids in wanted.items()):
            return False
        gone = all(cell["isdeleted"] for cell in row["values"])
        when = self.changed.get((row["kpi"], row["municipality"], row["period"]), "2025-01-01")
        return when >= since if since else not gone

    def _page(self, request: Request, items: list[Any]) -> Response:
        size = min(int(request.args.get("per_page", MOST_ROWS)), self.page_size, MOST_ROWS)
        page = int(request.args.get("page", 1))
        part = items[(page - 1) * size : page * size]
        more = len(items) > page * size
        body = {
            "values": part,
            "next_url": _neighbour(request, page + 1) if more else None,
            "previous_url": _neighbour(request, page - 1) if page > 1 else None,
            "count": len(part),
        }
        return Response(json.dumps(body), 200, mimetype="application/json")


def filled_value(kpi: str, municipality: str, year: int, gender: str) -> float:
    """A value that differs for each cell, so that a test can tell what came from where."""
    return int(kpi[1:]) + int(municipality) / 1e4 + year * 10 + "TKM".index(gender) * 1e6


@contextmanager
def serve_kolada(shared: Path, *, port: int = 0) -> Iterator[FakeKolada]:
    """Run the service for a while."""
    server = HTTPServer(port=port)
    server.start()
    try:
        yield FakeKolada(server, shared)
    finally:
        server.clear()
        server.stop()


def _neighbour(request: Request, page: int) -> str:
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    return f"{request.base_url}?{urlencode([*query, ('page', page)])}"


def _fault(status: int, detail: str) -> Response:
    return Response(json.dumps({"detail": detail}), status, mimetype="application/json")


def _invalid(field: str, position: int) -> Response:
    detail = [{"loc": ["path", field, position], "msg": "Input should be a valid integer"}]
    return Response(json.dumps({"detail": detail}), 422, mimetype="application/json")


def _recorded(shared: Path, name: str) -> list[dict[str, Any]]:
    text = (shared / "recordings" / "kolada" / name).read_text(encoding="utf-8")
    values: list[dict[str, Any]] = json.loads(text)["values"]
    return values


@cache
def _kpis(shared: Path) -> list[dict[str, Any]]:
    """All 6,099: as recorded where they are, with nulls for what the list does not hold."""
    recorded = {kpi["id"]: kpi for kpi in _recorded(shared, "kpi-dd8aaf.json")}
    listed = pd.read_csv(shared / "catalogue" / "kolada_kpis.csv", dtype=str, keep_default_na=False)
    kpis = [
        recorded.get(kpi["id"])
        or {
            "id": kpi["id"],
            "title": kpi["title"],
            "description": "",
            "is_divided_by_gender": kpi["is_divided_by_gender"] == "TRUE",
            "municipality_type": kpi["municipality_type"],
            "auspice": None,
            "operating_area": kpi["operating_area"],
            "perspective": "",
            "prel_publication_date": None,
            "publication_date": kpi["publication_date"].replace("NA", "") or None,
            "publ_period": kpi["publ_period"] or None,
            "has_ou_data": None,
        }
        for kpi in listed.to_dict(orient="records")
    ]
    had = set(listed["id"])
    return [*kpis, *(kpi for kpi in recorded.values() if kpi["id"] not in had)]


@cache
def _groups(shared: Path) -> list[dict[str, Any]]:
    table = pd.read_csv(shared / "catalogue" / "skr_kommungrupper_2023.csv", dtype=str)
    return [
        {
            "id": str(group),
            "title": str(title),
            "members": [
                {"member_id": code, "member_title": name}
                for code, name in zip(part["municipality"], part["name"], strict=True)
            ],
        }
        for (group, title), part in table.groupby(["kolada_group", "kolada_group_title"])
    ]


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[3] / "shared"
    with serve_kolada(beside, port=int(sys.argv[1]) if len(sys.argv) > 1 else 0) as fake:
        sys.stdout.write(f"{fake.url}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)

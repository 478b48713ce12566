"""
A JobTech of our own, that behaves as ../shared/CONTRACTS.md (part 5) says, on a free local port.

Open ads under /open, past ones under /past, the taxonomy under /taxonomy: one port for the
three services. The taxonomy is the recorded one of 2021. Run it for a look by hand::

    python -m tests.sources.jobtech_server 8080
"""

from __future__ import annotations

import copy
import json
import re
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAST_OFFSET = 2000
LONGEST_PAGE = 100
LONGEST_URL = 8000
_TIME = "%Y-%m-%dT%H:%M:%S"
_QUERY = re.compile(r'\{concepts\(type:"([a-z0-9-]+)",version:(\d+)\)\{(.*)\}\}', re.DOTALL)
_FIELDS = {
    "ssyk-level-4": ("occupation-group", "ssyk_code_2012"),
    "municipality": ("municipality", "lau_2_code_2015"),
    "region": ("region", "national_nuts_level_3_code_2019"),
    "occupation-name": ("occupation-name", "broader"),
}


class FakeJobTech:
    """The state of the services, and a log of what they were asked."""

    def __init__(self, server: HTTPServer, shared: Path) -> None:
        self.server = server
        self.base_url = server.url_for("/open")
        self.historical_url = server.url_for("/past")
        self.taxonomy_url = server.url_for("/taxonomy")
        self.recorded = _recorded_ad(shared)
        self.taxonomy = _taxonomy(shared)
        self.names = _names(shared)
        self.open: list[dict[str, Any]] = []
        self.past: list[dict[str, Any]] = []
        self.typeahead: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.refusals: list[Response] = []
        self.ignored: set[str] = set()
        self.strict_ends = False
        self.override: Callable[[Request], Response | None] = lambda _: None
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    def put(
        self,
        published: str,
        *,
        municipality: str | None = "2281",
        county: str | None = None,
        ssyk: str = "2512",
        vacancies: int | None = 1,
        past: bool = False,
        id: str = "",  # noqa: A002 (the service's own name)
        **changed: Any,
    ) -> dict[str, Any]:
        """Publish an ad: the recorded one with another place, occupation and time."""
        kept = ("employer", "occupation", "headline", "application_deadline")
        ad = {key: copy.copy(self.recorded[key]) for key in kept}
        county = county or (municipality[:2] if municipality else None)
        address = {
            "municipality_code": municipality,
            "municipality_concept_id": self._concept("municipality", municipality),
            "municipality": self._label("municipality", municipality),
            "region_code": county,
            "region_concept_id": self._concept("region", county),
            "region": self._label("region", county),
            "country_code": "199",
            "country_concept_id": "i46j_HmG_v64",
            "country": "Sverige",
        }
        ad |= {
            "id": id or str(len(self.open) + len(self.past) + 1),
            "publication_date": published,
            "number_of_vacancies": vacancies,
            "description": {"text": "Vi söker dig."},
            "workplace_address": address,
            "occupation_group": {
                "concept_id": self._concept("occupation-group", ssyk),
                "label": self._label("occupation-group", ssyk),
                "legacy_ams_taxonomy_id": ssyk,
            },
        }
        ad |= changed
        # The service leaves out what is null.
        ad = {key: value for key, value in ad.items() if value is not None}
        (self.past if past else self.open).append(ad)
        return ad

    def refuse(self, times: int, *, retry_after: int | None = None) -> None:
        """Answer the next calls with 429."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self.refusals += [Response("", 429, headers) for _ in range(times)]

    def _concept(self, kind: str, code: str | None) -> str | None:
        return self.taxonomy[kind][code]["conceptId"] if code else None

    def _label(self, kind: str, code: str | None) -> str | None:
        return self.taxonomy[kind][code]["preferredTerm"] if code else None

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.refusals:
            return self.refusals.pop(0)
        if len(request.url) > LONGEST_URL:
            return Response("<html>414 Request-URI Too Large</html>", 414, mimetype="text/html")
        if (other := self.override(request)) is not None:
            return other
        if request.path == "/taxonomy/graphql":
            return self._graphql(request.args.get("query", ""))
        if request.path == "/open/complete":
            return _json({"time_in_millis": 3, "typeahead": self.typeahead})
        if request.path == "/open/search":
            return self._search(request, self.open, "published-after", "published-before")
        if request.path == "/past/search":
            return self._search(request, self.past, "historical-from", "historical-to")
        return _json({"message": "The requested URL was not found on the server."}, 404)

    def _graphql(self, query: str) -> Response:
        match = _QUERY.fullmatch(query)
        if match is None:
            return _json({"errors": [{"message": "Failed to parse GraphQL query."}]}, 400)
        kind, _, fields = match.groups()
        if kind not in _FIELDS:
            return _json({"data": {"concepts": []}})
        recorded, code_field = _FIELDS[kind]
        unknown = set(re.sub(r"broader.*", "broader", fields).split()) - {
            "id", "preferred_label", code_field,
        }  # fmt: skip
        if unknown:
            message = f"Cannot query field `{min(unknown)}' on type `Concept'."
            return _json({"errors": [{"message": message}]})
        concepts = []
        for code, one in self.taxonomy[recorded].items():
            value: Any = code
            if kind == "region" and not (code.isdigit() and 1 <= int(code) <= 25):
                value = None  # "Ospecificerad" and regions abroad have no Swedish code
            if kind == "occupation-name":
                ssyk = self.names.get(code)
                if ssyk not in self.taxonomy["occupation-group"]:
                    continue
                group = self.taxonomy["occupation-group"][ssyk]
                value = [
                    {
                        "id": group["conceptId"],
                        "preferred_label": group["preferredTerm"],
                        "ssyk_code_2012": ssyk,
                    }
                ]
            label = {"id": one["conceptId"], "preferred_label": one["preferredTerm"]}
            concepts.append(label | {code_field: value})
        return _json({"data": {"concepts": concepts}})

    def _search(
        self, request: Request, ads: list[dict[str, Any]], after: str, before: str
    ) -> Response:
        args = request.args
        errors = {}
        for name, most in (("offset", LAST_OFFSET), ("limit", LONGEST_PAGE)):
            given = args.get(name, "0")
            if not (given.isdigit() and int(given) <= most):
                errors[name] = (
                    f"Invalid argument: {given}. argument must be within the range 0 - {most}"
                )
        times: dict[str, datetime] = {}
        for name in (after, before):
            if name in args and name not in self.ignored:
                try:
                    times[name] = datetime.strptime(args[name], _TIME)  # noqa: DTZ007
                except ValueError as error:
                    errors[name] = str(error)
        if errors:
            return _json({"errors": errors, "message": "Input payload validation failed"}, 400)
        found = [ad for ad in ads if self._fits(ad, request)]
        if after in times:
            found = [ad for ad in found if _when(ad) >= times[after]]
        if before in times:
            found = [ad for ad in found if _when(ad) <= times[before]]
        if self.strict_ends:
            found = [ad for ad in found if _when(ad) not in times.values()]
        newest_first = args.get("sort", "pubdate-desc") == "pubdate-desc"
        found.sort(key=_when, reverse=newest_first)
        offset, limit = int(args.get("offset", 0)), int(args.get("limit", 10))
        return _json(
            {
                "total": {"value": len(found)},
                "positions": sum(ad.get("number_of_vacancies", 0) for ad in found),
                "query_time_in_millis": 5,
                "result_time_in_millis": 9,
                "stats": [
                    {"type": kind, "values": _counts(found, int(args.get("stats.limit", 10)))}
                    for kind in args.getlist("stats")
                    if kind == "occupation-group"
                ],
                "freetext_concepts": {},
                "hits": found[offset : offset + limit],
            }
        )

    def _fits(self, ad: dict[str, Any], request: Request) -> bool:
        # Municipality and region are one question: either will do. Unknown codes fit nothing.
        address = ad["workplace_address"]
        args = request.args
        places = [
            place
            for kind in ("municipality", "region")
            if kind not in self.ignored
            for place in args.getlist(kind)
        ]
        own = {
            address[f"{kind}_{part}"]
            for kind in ("municipality", "region")
            for part in ("code", "concept_id")
        }
        if places and not own & set(places):
            return False
        countries = args.getlist("country")
        if countries and address["country_concept_id"] not in countries:
            return False
        group = ad.get("occupation_group", {})
        groups = [] if "occupation-group" in self.ignored else args.getlist("occupation-group")
        if groups and not set(groups) & {
            group.get("concept_id"),
            group.get("legacy_ams_taxonomy_id"),
        }:
            return False
        return args.get("q", "").casefold() in ad["headline"].casefold()


@contextmanager
def serve_jobtech(shared: Path, *, port: int = 0) -> Iterator[FakeJobTech]:
    """Run the services for a while."""
    server = HTTPServer(port=port)
    server.start()
    try:
        yield FakeJobTech(server, shared)
    finally:
        server.clear()
        server.stop()


def _counts(ads: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    groups = [ad["occupation_group"] for ad in ads]
    by_concept = {group["concept_id"]: group for group in groups}
    counted = Counter(group["concept_id"] for group in groups)
    return [
        {
            "term": by_concept[concept]["label"],
            "concept_id": concept,
            "code": by_concept[concept]["legacy_ams_taxonomy_id"],
            "count": count,
        }
        for concept, count in counted.most_common(most)
    ]


def _when(ad: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(ad["publication_date"])


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _read(shared: Path, name: str) -> Any:
    return json.loads((shared / "recordings" / "jobtech" / name).read_text(encoding="utf-8"))


def _recorded_ad(shared: Path) -> dict[str, Any]:
    answer = _read(shared, "platsannonser_expected_after_conversion.json")
    ad: dict[str, Any] = answer["hits"]["hits"][0]["_source"]
    return ad


@cache
def _taxonomy(shared: Path) -> Any:
    return _read(shared, "taxonomy_to_concept.json")


@cache
def _names(shared: Path) -> Any:
    return _read(shared, "occId_2_ssyk2012.json")


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[3] / "shared"
    with serve_jobtech(beside, port=int(sys.argv[1]) if len(sys.argv) > 1 else 0) as fake:
        for number, municipality in enumerate(("2281", "2280", "2262", "2284")):
            fake.put(f"2026-11-{number + 10}T08:00:00", municipality=municipality)
            fake.put(f"2026-10-{number + 10}T08:00:00", municipality=municipality, past=True)
        sys.stdout.write(f"{fake.base_url} {fake.historical_url} {fake.taxonomy_url}\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)

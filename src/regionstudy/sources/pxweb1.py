"""
PxWeb's older interface, v1, which other Swedish agencies still run and SCB is closing.

The same client as `scb.PxWeb`, with what v1 has: no search, no list of codelists, and tables
known by their path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pandas as pd

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.faults import source_error
from regionstudy.sources.fields import Count, Fields, read_as
from regionstudy.sources.http import ask_json
from regionstudy.sources.pxweb_client import PxWebClient
from regionstudy.sources.pxweb_tables import Codelist, Limits, TableMetadata, Variable
from regionstudy.sources.selection import as_items, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from regionstudy.sources.pxweb_requests import Request
    from regionstudy.sources.selection import Chosen

__all__ = ["PxWeb1"]

_CONTENTS = "ContentsCode"


class _Limits(Fields):
    max_cells: Count
    max_calls: Count
    time_window: Count


class _Variable(Fields):
    code: str
    values: tuple[str, ...]
    text: str = ""
    value_texts: tuple[str, ...] = ()
    elimination: bool = False
    time: bool = False


class _Metadata(Fields):
    variables: tuple[_Variable, ...]
    title: str = ""


class _Entry(Fields):
    id: str = ""
    type: str = ""
    text: str = ""
    updated: str = ""


class PxWeb1(PxWebClient):
    """
    A client of a PxWeb service with the v1 interface; nothing is asked before it is needed.

    Parameters
    ----------
    base_url : str
        The service's address with language and database, such as
        "https://api.scb.se/OV0104/v1/doris/sv/ssd".
    session : requests.Session, optional
        From `http.open_session`, with the call window that the service wants. Without it a
        session is opened with the window that the service announces, and no cache.
    lang : str, default "sv"
        Kept for the like interface; the address decides the language.
    """

    def folder(self, path: str = "") -> pd.DataFrame:
        """
        List what stands at a path of the database.

        Parameters
        ----------
        path : str, optional
            Such as "BE/BE0101"; the top if not given.

        Returns
        -------
        DataFrame, a row a folder or table
            ``id``, ``kind`` ("l" for a folder, "t" for a table), ``title`` and ``updated``.

        Raises
        ------
        SourceError
            If there is no such folder.
        """
        what = f"The folder {path or 'at the top'}"
        body, answer = ask_json(self.session, "GET", self._address(path), what=what)
        if not isinstance(body, list):
            raise source_error(
                "this is a table, not a folder",
                what=what,
                url=answer.url,
                status=answer.status,
                remedy="Ask for its metadata.",
                content=answer.content,
            )
        entries = [read_as(_Entry, one, answer, what=what) for one in body]
        rows = [[one.id, one.type, one.text, one.updated] for one in entries]
        return pd.DataFrame(rows, columns=["id", "kind", "title", "updated"], dtype="str")

    def _read_limits(self, session: requests.Session) -> Limits:
        what = "The service's limits"
        body, answer = ask_json(session, "GET", f"{self.base_url}?config", what=what)
        # maxValues is another limit, on the values of a table; the cells are what counts.
        said = read_as(_Limits, body, answer, what=what)
        return Limits(
            cells=int(said.max_cells), calls=int(said.max_calls), seconds=said.time_window
        )

    def _read_metadata(self, table: str, *, refresh: bool) -> TableMetadata:
        what = f"The metadata of {table}"
        try:
            body, answer = ask_json(
                self.session, "GET", self._address(table), what=what, refresh=refresh
            )
        except SourceError as error:
            if error.status in (400, 404):
                raise self._no_table(table, error) from error
            raise
        said = read_as(_Metadata, body, answer, what=what)
        return TableMetadata(
            id=table, label=said.title, variables=tuple(map(_variable, said.variables))
        )

    def _codelists(
        self,
        metadata: TableMetadata,
        codelists: Mapping[str, str],
        selection: Mapping[str, Chosen],
    ) -> dict[str, Codelist]:
        found = {}
        chosen = {metadata.variable(name).code: values for name, values in selection.items()}
        for name, wanted in codelists.items():
            code = metadata.variable(name).code
            values = chosen.get(code, ())
            codes = as_items(values)
            if not wanted.startswith(("agg:", "vs:")):
                msg = (
                    f'{metadata.id}: "{wanted}" is no codelist of v1. Write "agg:" or "vs:" and '
                    f"its name."
                )
                raise ConfigError(msg)
            if not codes or any(sign in item for item in codes for sign in "*?("):
                msg = (
                    f"{metadata.id}: v1 does not tell the values of {wanted}. Choose them by their "
                    f"codes, without wildcards."
                )
                raise ConfigError(msg)
            # They cannot be checked beforehand; the answer is held against them.
            found[code] = Codelist(wanted, wanted, "", tuple(dict.fromkeys(codes)))
        return found

    def _call(self, request: Request) -> tuple[str, dict[str, str], dict[str, Any]]:
        query = [
            {
                "code": choice.variable,
                "selection": {"filter": choice.codelist or "item", "values": list(choice.codes)},
            }
            for choice in request.choices
        ]
        body = {"query": query, "response": {"format": "json-stat2"}}
        return self._address(request.table), {}, body

    def _too_many_cells(self, error: SourceError) -> bool:
        # v1 says it with a bare 403, at times 404; the table itself was found before.
        told = error.content.lower()
        return error.status in (403, 404) or (error.status == 400 and b"too many" in told)

    def _no_table(self, table: str, error: SourceError) -> SourceError:
        folder, _, name = table.rstrip("/").rpartition("/")
        try:
            known = self.folder(folder)["id"].tolist()
        except SourceError:
            known = []
        return source_error(
            f'there is no table "{table}".{nearest(name, known)}'.rstrip("."),
            what=error.what,
            url=error.url,
            status=error.status,
            remedy="Paths change in v1: look for it in its folder.",
            content=error.content,
        )

    def _address(self, path: str) -> str:
        return f"{self.base_url}/{quote(path.strip('/'))}"


def _variable(said: _Variable) -> Variable:
    role = "time" if said.time else "metric" if said.code == _CONTENTS else ""
    return Variable(
        code=said.code,
        label=said.text or said.code,
        codes=said.values,
        labels=dict(zip(said.values, said.value_texts or said.values, strict=False)),
        elimination=said.elimination,
        role=role,
    )

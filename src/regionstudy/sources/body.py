"""Whether a body is what its status and headers promise."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

import orjson
import requests

if TYPE_CHECKING:
    from requests import Response

__all__ = ["UnreadableBodyError", "check_body", "parse_json"]


class UnreadableBodyError(requests.exceptions.RequestException):
    """A body that is not what its status and headers promise."""


def parse_json(content: bytes) -> Any:
    """
    Parse JSON, also behind the byte order mark that some servers put before it.

    Parameters
    ----------
    content : bytes
        The text in UTF-8.

    Returns
    -------
    Any
        What it says.

    Raises
    ------
    orjson.JSONDecodeError
        If it is broken; the message names the position.
    """
    return orjson.loads(content.removeprefix(codecs.BOM_UTF8))


def check_body(response: Response) -> None:
    """
    Refuse a page of HTML, and broken JSON, before the cache keeps it as an answer.

    Parameters
    ----------
    response : Response
        An answer with its body read.

    Raises
    ------
    UnreadableBodyError
        If its status is 200 and its body not what it promises.
    """
    if response.status_code != 200:
        return
    kind = response.headers.get("Content-Type", "").lower()
    start = response.content[:200].lstrip().lower()
    if "html" in kind or start.startswith((b"<!doctype html", b"<html")):
        msg = "a page of HTML came in place of figures"
        raise UnreadableBodyError(msg, response=response)
    if "json" in kind:
        try:
            parse_json(response.content)
        except orjson.JSONDecodeError as error:
            msg = f"the answer is broken JSON: {error}"
            raise UnreadableBodyError(msg, response=response) from error

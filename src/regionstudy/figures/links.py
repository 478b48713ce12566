"""Addresses that may become links: whatever members and services write, only these are followed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["safe_address"]

# Browsers drop line breaks and tabs inside an address, and so read a scheme that is hidden in it.
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\\]")
_MAIL = re.compile(r"[^@?&]+@[^@?&.]+(?:\.[^@?&.]+)+")


def safe_address(url: object) -> str | None:
    """
    Give an address that a page may link to.

    Parameters
    ----------
    url : object
        What somebody wrote.

    Returns
    -------
    str or None
        An address of http, https or (without further fields) mailto; None for all else.

    Examples
    --------
    >>> safe_address("https://arkivet.example/uppdrag/1")
    'https://arkivet.example/uppdrag/1'
    >>> safe_address("javascript:alert(1)"), safe_address("mailto:a@b.se?cc=c@d.se")
    (None, None)
    """
    if not isinstance(url, str):
        return None
    text = url.strip()
    if not text or _UNSEEN.search(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme == "mailto":
        return text if _MAIL.fullmatch(text[len("mailto:") :]) else None
    # A name before the host ("https://scb.se@evil.example") shows another site than it opens.
    is_web = scheme in ("http", "https") and host is not None and "@" not in parts.netloc
    return text if is_web else None

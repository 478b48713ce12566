"""Importing nbformat without what it never uses."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["without_grammars"]

# jsonschema compiles this package's 38 grammars of addresses when it is imported, for the
# "format" of strings, which no notebook's schema asks for. It takes longer than a kernel's
# start and all its imports together, and jsonschema does without where it is absent.
_GRAMMARS = "rfc3987_syntax"


@contextmanager
def without_grammars() -> Iterator[None]:
    """
    Let jsonschema be imported as where the grammars of addresses are not installed.

    Yields
    ------
    None
        Afterwards the package can be imported as ever.
    """
    if _GRAMMARS in sys.modules:
        yield
        return
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_GRAMMARS]

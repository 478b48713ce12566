"""Importing libraries without what is never used of them here."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["without_grammars", "without_test_tools"]

# jsonschema compiles this package's 38 grammars of addresses when it is imported, for the
# "format" of strings, which no notebook's schema asks for. It takes longer than a kernel's
# start and all its imports together, and jsonschema does without where it is absent.
_GRAMMARS = "rfc3987_syntax"
# pandera imports this, where it is installed, to make up frames for tests.
_TEST_TOOLS = "hypothesis"


@contextmanager
def without_grammars() -> Iterator[None]:
    """
    Let jsonschema be imported as where the grammars of addresses are not installed.

    Yields
    ------
    None
        Afterwards the package can be imported as ever.
    """
    with _without(_GRAMMARS):
        yield


@contextmanager
def without_test_tools() -> Iterator[None]:
    """
    Let pandera be used as where what it makes up test data with is not installed.

    Yields
    ------
    None
        Afterwards the package can be imported as ever.
    """
    with _without(_TEST_TOOLS):
        yield


@contextmanager
def _without(package: str) -> Iterator[None]:
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]

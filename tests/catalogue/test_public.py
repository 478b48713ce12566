"""The names that other rooms may rely on."""

from __future__ import annotations

import regionstudy.catalogue
import regionstudy.indicators


def test_public_names_are_sorted_and_there():
    for room in (regionstudy.catalogue, regionstudy.indicators):
        assert room.__all__ == sorted(room.__all__)
        assert all(hasattr(room, name) for name in room.__all__)


def test_stable_names_are_public():
    assert {"Catalogue", "Domain", "Indicator"} <= set(regionstudy.catalogue.__all__)
    assert {"Selection", "compute", "newest"} <= set(regionstudy.indicators.__all__)

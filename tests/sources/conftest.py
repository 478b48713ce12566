"""What the tests of the sources share: the recorded answers, and a local service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def recordings(shared: Path) -> Path:
    """The folder of answers recorded from the services."""
    return shared / "recordings"

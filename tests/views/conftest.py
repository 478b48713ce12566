"""The embedded study and its index, loaded once for all tests of views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regionstudy.study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.attractiveness import StudyIndex


@pytest.fixture(scope="session")
def study(repository: Path) -> Study:
    """The embedded study."""
    return Study.load(repository)


@pytest.fixture(scope="session")
def index(study: Study) -> StudyIndex:
    """Its index of incomers."""
    return study.composite()

"""A region of two occupations, worked out by hand in test_balance."""

from __future__ import annotations

import pandas as pd
import pytest

CROSSWALK = pd.DataFrame(
    {
        "education": ["48", "48", "380"],
        "occupation": ["251", "351", "261"],
        "share": [0.5, 0.25, 0.8],
    }
)


@pytest.fixture
def crosswalk() -> pd.DataFrame:
    """Half of those who studied computing become software developers, and so on."""
    return CROSSWALK.copy()


def rows(term: str, value: float | None, **given: object) -> pd.DataFrame:
    """One row of a term, its range no wider than its value unless given."""
    row = {
        "term": term,
        "occupation": "251",
        "year": 2027,
        "scenario": "middle" if term == "needs" else "every",
        "value": value,
        "low": value,
        "high": value,
        "status": "" if value is not None else "..",
        "rests_on": "member",
    }
    frame = pd.DataFrame([row | given])
    return frame.astype({"value": float, "low": float, "high": float})

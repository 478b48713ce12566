"""Small populations and rates by single age and sex."""

from __future__ import annotations

import numpy as np
import pandas as pd

AGES = [*(str(age) for age in range(60)), "60+"]


def people(values, *, region: str = "2281", period: str = "2024") -> pd.DataFrame:
    """Persons by sex and age 0, 1, ... 60+, from an array of shape (2, 61) or a number."""
    values = np.broadcast_to(np.asarray(values, dtype=float), (2, len(AGES)))
    return pd.DataFrame(
        {
            "region": region,
            "period": period,
            "sex": np.repeat(["1", "2"], len(AGES)),
            "age": AGES * 2,
            "value": values.ravel(),
        }
    )


def by_age(values) -> pd.DataFrame:
    """A figure by sex and age, the same for every region and year."""
    return people(values)[["sex", "age", "value"]]


def fertility(value: float, *, low: int = 20, high: int = 40) -> pd.DataFrame:
    return pd.DataFrame({"age": [str(age) for age in range(low, high)], "value": value})

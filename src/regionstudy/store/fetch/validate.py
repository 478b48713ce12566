"""What every fetched frame must be before it may enter the snapshot, by the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.errors import DataError
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.store.observations import STATUSES, breakdowns, key_columns

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.catalogue import Indicator

__all__ = ["require_valid"]

_PERIOD = r"\d{4}(K[1-4]|M(0[1-9]|1[0-2]))?"
# Units that count or measure something: less than nothing of it is a mistake.
_NEVER_NEGATIVE = frozenset(
    {"persons", "households", "dwellings", "jobs", "vacancies", "ads", "companies", "days"}
)
# Flows and balances are counted in persons too, but may be negative.
_BALANCES = ("net", "change", "surplus", "growth", "balance", "increase")
_MOST_SHOWN = 3


def require_valid(frame: pd.DataFrame, indicator: Indicator, *, name: str) -> None:
    """
    Check fetched observations against the catalogue's entry.

    Parameters
    ----------
    frame : DataFrame, shape (n, k)
        Observations of one indicator.
    indicator : Indicator
        The entry.
    name : str
        The table or key figure they are of, for the error.

    Raises
    ------
    DataError
        If regions are unknown or of a level the entry lacks, a period, status, breakdown or
        value is none, a value and its status contradict each other, a count is negative, or a
        cell stands twice. Everything wrong is named.
    """
    # Loading takes longer than most commands do in all.
    import pandera.pandas as pa

    known = {code: one.level for code, one in (former_regions() | region_list()).items()}
    allowed = [code for code, level in known.items() if level in indicator.levels]
    text = {one: pa.Column(str, pa.Check.str_length(min_value=1)) for one in breakdowns(frame)}
    places = {
        one: pa.Column(str, pa.Check.isin(list(known), error="a region that the code list has"))
        for one in ("origin", "destination")
        if one in text
    }
    number = [] if _may_be_negative(frame, indicator) else [pa.Check.ge(0)]
    schema = pa.DataFrameSchema(
        {
            **text,
            **places,
            "region": pa.Column(
                str, pa.Check.isin(allowed, error=f"a region of {', '.join(indicator.levels)}")
            ),
            "indicator": pa.Column(str, pa.Check.eq(indicator.id)),
            "period": pa.Column(str, pa.Check.str_matches(f"^{_PERIOD}$")),
            "value": pa.Column(float, number, nullable=True),
            "status": pa.Column(str, pa.Check.isin(list(STATUSES))),
        },
        checks=pa.Check(
            lambda rows: rows["value"].isna() == rows["status"].isin(["..", "."]),
            error='no value exactly where the status is ".." or "."',
        ),
        unique=key_columns(frame),
        strict=True,
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = error.failure_cases
        faults = [
            f"{column or 'rows'} should be {check}, got {_some(cases['failure_case'])}"
            for (column, check), cases in found.groupby(
                [found["column"].fillna(""), found["check"].astype(str)], sort=False
            )
        ]
        msg = (
            f"{indicator.id}: the figures of {name} do not fit the catalogue: "
            f"{'; '.join(faults)}. Correct its entry, or report that the service has changed."
        )
        raise DataError(msg) from error


def _may_be_negative(frame: pd.DataFrame, indicator: Indicator) -> bool:
    if indicator.unit not in _NEVER_NEGATIVE or "flow" in frame or "measure" in frame:
        return True
    words = f"{indicator.id} {indicator.title.en}".casefold()
    return any(word in words for word in _BALANCES)


def _some(cases: pd.Series) -> str:
    shown = [str(case) for case in cases.drop_duplicates().head(_MOST_SHOWN)]
    more = cases.nunique() - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")

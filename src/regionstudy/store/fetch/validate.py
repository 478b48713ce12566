"""What every fetched frame must be before it may enter the snapshot, by the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.catalogue.cycle import PERIOD
from regionstudy.errors import DataError
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.store.observations import STATUSES, WITHOUT_VALUE, breakdowns, key_columns

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.catalogue import Indicator

__all__ = ["require_valid"]

_PERIODS = "a period such as 2024, 2024K3 or 2024M05"
_COLUMNS = {"column_in_dataframe": "missing", "column_in_schema": "none of the store's"}
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
        If there is no figure at all, regions are unknown or of a level the entry lacks, a
        period, status, breakdown or value is none, a value and its status contradict each other,
        a count is negative, or a cell stands twice. Everything wrong is named.
    """
    if frame["value"].isna().all():
        msg = (
            f"{indicator.id}: {name} has no figure: every cell is missing. Check what its entry "
            f"asks for: regionstudy describe {name}"
        )
        raise DataError(msg)
    # Loading takes longer than most commands do in all.
    import pandera.pandas as pa

    known = {code: one.level for code, one in (former_regions() | region_list()).items()}
    allowed = [code for code, level in known.items() if level in indicator.levels]
    code = pa.Check.str_length(min_value=1, error="a code")
    text = {one: pa.Column(str, code) for one in breakdowns(frame)}
    places = {
        one: pa.Column(str, pa.Check.isin(list(known), error="a region that the code list has"))
        for one in ("origin", "destination")
        if one in text
    }
    number = [] if _may_be_negative(frame, indicator) else [pa.Check.ge(0, error="0 or more")]
    statuses = ", ".join(f'"{one}"' for one in STATUSES)
    schema = pa.DataFrameSchema(
        {
            **text,
            **places,
            "region": pa.Column(
                str, pa.Check.isin(allowed, error=f"a region of {', '.join(indicator.levels)}")
            ),
            "indicator": pa.Column(str, pa.Check.eq(indicator.id, error=indicator.id)),
            "period": pa.Column(str, pa.Check.str_matches(f"^{PERIOD.pattern}$", error=_PERIODS)),
            "value": pa.Column(float, number, nullable=True),
            "status": pa.Column(str, pa.Check.isin(list(STATUSES), error=f"one of {statuses}")),
        },
        checks=pa.Check(
            lambda rows: rows["value"].isna() == rows["status"].isin(WITHOUT_VALUE),
            error='no value exactly where their status is ".." or "."',
        ),
        unique=key_columns(frame),
        strict=True,
    )
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        faults = _faults(error.failure_cases, frame)
        msg = (
            f"{indicator.id}: the figures of {name} do not fit the catalogue: "
            f"{'; '.join(faults)}. Correct its entry, or report that the service has changed."
        )
        raise DataError(msg) from error


def _faults(found: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    """Say what pandera found: of a column which values, of whole rows where the first is."""
    faults = []
    grouped = found.groupby(["schema_context", "column", "check"], sort=False, dropna=False)
    of_rows: dict[str, pd.Series] = {}
    for (context, column, check), cases in grouped:
        if context == "DataFrameSchema" and cases["index"].notna().all():
            of_rows.setdefault(str(check), cases["index"])
        elif context == "DataFrameSchema":
            faults.append(f"the column {_some(cases['failure_case'])} is {_COLUMNS[str(check)]}")
        else:
            faults.append(f"{column} should be {check}, got {_some(cases['failure_case'])}")
    for check, rows in of_rows.items():
        first = frame.loc[rows.iloc[0], [*key_columns(frame), "value", "status"]]
        shown = " ".join(f"{name}={value}" for name, value in first.items())
        wanted = "a key of their own" if check == "multiple_fields_uniqueness" else check
        faults.append(f"{rows.nunique()} rows should have {wanted}, the first {shown}")
    return faults


def _may_be_negative(frame: pd.DataFrame, indicator: Indicator) -> bool:
    if indicator.unit not in _NEVER_NEGATIVE or "flow" in frame or "measure" in frame:
        return True
    words = f"{indicator.id} {indicator.title.en}".casefold()
    return any(word in words for word in _BALANCES)


def _some(cases: pd.Series) -> str:
    shown = [str(case) for case in cases.drop_duplicates().head(_MOST_SHOWN)]
    more = cases.nunique() - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")

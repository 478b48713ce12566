"""Who takes part: attendance meeting by meeting, and how regular each member is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["attendance", "regularity"]

_COLUMNS = ["meeting", "date", "org_id", "attended"]


def attendance(participation: pd.DataFrame) -> pd.DataFrame:
    """
    Lay attendance out as a matrix, a row a member and a column a meeting.

    Parameters
    ----------
    participation : DataFrame
        ``meeting``, ``date``, ``org_id``, ``attended`` (bool): a row an invitation.

    Returns
    -------
    DataFrame, shape (members, meetings)
        True, False, or missing where the member was not invited; columns (date, meeting) in
        the order of time.

    Raises
    ------
    DataError
        If a column is absent, or a member is written twice for one meeting.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "meeting": ["Råd", "Råd"], "date": pd.to_datetime(["2025-03-01"] * 2),
    ...     "org_id": ["a", "b"], "attended": [True, False]})
    >>> attendance(rows).iloc[:, 0].to_dict()
    {'a': True, 'b': False}
    """
    require_columns(participation, _COLUMNS, name="participation")
    require_unique(participation, ["date", "meeting", "org_id"], name="participation")
    attended = participation["attended"].astype("boolean")
    if attended.isna().any():
        row = participation.loc[attended.isna()].iloc[0]
        msg = (
            f"participation does not say whether {row['org_id']} attended {row['meeting']} on "
            f"{row['date']:%Y-%m-%d}; write yes or no, or leave the row out."
        )
        raise DataError(msg)
    keyed = participation.assign(attended=attended)
    wide = keyed.pivot(index="org_id", columns=["date", "meeting"], values="attended")  # noqa: PD010 - keys are unique
    return wide.sort_index(axis="columns").astype("boolean")


def regularity(participation: pd.DataFrame, *, silent_after: int = 3) -> pd.DataFrame:
    """
    Tell how regularly each member takes part.

    Runs are counted over the meetings a member was invited to, in the order of time.

    Parameters
    ----------
    participation : DataFrame
        As in `attendance`.
    silent_after : int, default 3
        A member that has missed its last so many meetings is silent.

    Returns
    -------
    DataFrame
        A row a member, those that take part least first: ``org_id``, ``invited``, ``attended``
        (meetings), ``rate`` (0-1), ``streak`` (meetings in a row attended until now),
        ``absence`` (missed in a row until now), ``longest_absence``, ``last`` (date last
        attended, NaT where never), ``silent`` (bool).

    Raises
    ------
    DataError
        As in `attendance`; or `silent_after` is no positive number.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({
    ...     "meeting": "Råd", "date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"]),
    ...     "org_id": "a", "attended": [True, False, False]})
    >>> regularity(rows)[["rate", "absence", "longest_absence"]].round(2).values.tolist()
    [[0.33, 2.0, 2.0]]
    """
    if silent_after < 1:
        msg = f"silent_after={silent_after}; give a whole number of meetings, 1 or more."
        raise DataError(msg)
    # The matrix has checked the rows; long rows are easier to count runs in.
    attendance(participation)
    rows = participation.sort_values(["org_id", "date", "meeting"])
    rows = rows.assign(came=rows["attended"].astype("boolean").astype(int))
    by_member = rows.groupby("org_id", sort=True)
    # A run of absences begins anew after each meeting attended, and the other way round.
    for column, ended_by in (("absence", rows["came"]), ("streak", 1 - rows["came"])):
        run = ended_by.groupby(rows["org_id"]).cumsum()
        rows[column] = (1 - ended_by).groupby([rows["org_id"], run]).cumsum()
    found = by_member.agg(
        invited=("came", "size"),
        attended=("came", "sum"),
        longest_absence=("absence", "max"),
        absence=("absence", "last"),
        streak=("streak", "last"),
    )
    found["rate"] = found["attended"] / found["invited"]
    found["last"] = rows[rows["came"] == 1].groupby("org_id")["date"].max()
    found["silent"] = found["absence"] >= silent_after
    order = ["invited", "attended", "rate", "streak", "absence", "longest_absence", "last"]
    found = found[[*order, "silent"]].reset_index()
    return found.sort_values(["rate", "org_id"], kind="stable", ignore_index=True)

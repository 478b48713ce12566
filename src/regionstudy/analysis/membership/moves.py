"""Moves between members: where one would fit best, and whom members keep."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique

__all__ = ["fitting_moves", "turnover"]

_TOTAL = "total"
_HIDDEN = "suppressed"


def fitting_moves(
    staff: pd.DataFrame,
    needs: pd.DataFrame,
    *,
    group: str = "occupation_major",
    fewest: int = 2,
) -> pd.DataFrame:
    """
    Find from which member to which a move would fit best, by group of occupations.

    A move fits where the one needs persons in a group that the other has, the other needs
    fewer of them for its size, and the two are alike as workplaces (the cosine of their staff
    by group, over groups published for both, of which there must be `fewest`). ``fit`` is the
    likeness times the part of the giver's staff in the group that its own needs do not claim.

    Parameters
    ----------
    staff : DataFrame
        The protected ``org_id``, `group`, ``headcount``, ``status``, with or without margins
        ("total"). A suppressed figure is used for nothing.
    needs : DataFrame
        ``org_id``, `group`, ``headcount``: persons needed.
    group : str, default "occupation_major"
        The column of occupations.
    fewest : int, default 2
        Fewer groups published for both members than this tell nothing of how alike they are.

    Returns
    -------
    DataFrame
        A row a possible move, the best first: ``from_org``, ``to_org``, `group`, ``needed``
        (persons, by the receiver), ``staff`` (persons, of the giver), ``own_needs``,
        ``likeness``, ``fit`` (0-1).

    Raises
    ------
    DataError
        If a column is absent, or a row of staff is repeated.

    References
    ----------
    Salton and McGill (1983), Introduction to Modern Information Retrieval, for the cosine.
    """
    require_columns(staff, ["org_id", group, "headcount", "status"], name="staff")
    require_columns(needs, ["org_id", group, "headcount"], name="needs")
    require_unique(staff, ["org_id", group], name="staff")
    inner = staff[(staff["org_id"] != _TOTAL) & (staff[group] != _TOTAL)]
    inner = inner[(inner["status"] != _HIDDEN) & inner["headcount"].notna()]
    profile = inner.pivot(index="org_id", columns=group, values="headcount").astype(float)  # noqa: PD010 - keys are unique
    wanted = needs.groupby(["org_id", group], observed=True, as_index=False)["headcount"].sum()
    wanted = wanted[wanted["headcount"] > 0].rename(columns={"headcount": "needed"})
    pairs = inner[inner["headcount"] > 0][["org_id", group, "headcount"]].merge(
        wanted, on=group, suffixes=("_from", "_to"), validate="many_to_many"
    )
    pairs = pairs.rename(
        columns={"org_id_from": "from_org", "org_id_to": "to_org", "headcount": "staff"}
    )
    pairs = pairs[pairs["from_org"] != pairs["to_org"]]
    own = wanted.rename(columns={"org_id": "from_org", "needed": "own_needs"})
    pairs = pairs.merge(own, on=["from_org", group], how="left", validate="many_to_one")
    pairs["own_needs"] = pairs["own_needs"].fillna(0.0)
    pairs = pairs.merge(
        _cosine(profile, fewest), on=["from_org", "to_org"], how="left", validate="many_to_one"
    )
    unclaimed = (1 - pairs["own_needs"] / pairs["staff"]).clip(lower=0)
    pairs["fit"] = pairs["likeness"] * unclaimed
    order = ["from_org", "to_org", group, "needed", "staff", "own_needs", "likeness", "fit"]
    found = pairs.loc[pairs["fit"] > 0, order]
    return found.sort_values(
        ["fit", "to_org", "from_org"], ascending=[False, True, True], ignore_index=True
    )


def turnover(
    staff: pd.DataFrame,
    leavers: pd.DataFrame,
    *,
    keys: tuple[str, str] = ("org_id", "occupation_major"),
) -> pd.DataFrame:
    """
    Tell which part of its staff each member kept.

    ``kept`` is 1 - leavers / (staff + leavers): of those there at the end of the year, and
    those who left in it, the part that stayed.

    Parameters
    ----------
    staff, leavers : DataFrame
        The protected `keys`, ``headcount`` and ``status`` of one year, margins included. A
        combination absent from `leavers` had none leave.
    keys : tuple of str, default ("org_id", "occupation_major")
        The columns that tell rows apart.

    Returns
    -------
    DataFrame
        A row a row of `staff`: `keys`, ``staff``, ``leavers``, ``kept`` (0-1), ``status``:
        "suppressed" where either part is, "." where nobody was there.

    Raises
    ------
    DataError
        If a column is absent, or a row repeated.
    """
    named = list(keys)
    for name, frame in (("staff", staff), ("leavers", leavers)):
        require_columns(frame, [*named, "headcount", "status"], name=name)
        require_unique(frame, named, name=name)
    kept = [*named, "headcount", "status"]
    both = staff[kept].merge(
        leavers[kept], on=named, how="left", suffixes=("", "_left"), validate="one_to_one"
    )
    both["headcount_left"] = both["headcount_left"].where(both["status_left"].notna(), 0.0)
    hidden = (both["status"] == _HIDDEN) | (both["status_left"] == _HIDDEN)
    whole = both["headcount"] + both["headcount_left"]
    share = 1 - both["headcount_left"] / whole.where(whole > 0)
    status = np.select([hidden, ~(whole > 0)], [_HIDDEN, "."], "")
    return both[named].assign(
        staff=both["headcount"].where(~hidden),
        leavers=both["headcount_left"].where(~hidden),
        kept=share.where(~hidden),
        status=status,
    )


def _cosine(profile: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """Give the cosine of each pair of rows over the columns that both have."""
    known = profile.notna().to_numpy(dtype=float)
    filled = profile.fillna(0.0).to_numpy()
    # Each length counts only the groups that the other has a figure for, too.
    lengths = np.sqrt((filled**2) @ known.T)
    norm = lengths * lengths.T
    norm[known @ known.T < fewest] = 0.0
    cosine = np.divide(filled @ filled.T, norm, out=np.zeros_like(norm), where=norm > 0)
    wide = pd.DataFrame(cosine, index=profile.index, columns=list(profile.index))
    return wide.reset_index(names="from_org").melt(
        "from_org", var_name="to_org", value_name="likeness"
    )

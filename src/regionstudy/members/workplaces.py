"""The members' workplaces, as maps show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.members.tables import Members

__all__ = ["workplaces"]

_RELEASE = "staff_by_organisation_and_municipality"


def workplaces(members: Members) -> pd.DataFrame:
    """
    Give the members' workplaces with their protected headcounts.

    Parameters
    ----------
    members : Members
        The member tables.

    Returns
    -------
    DataFrame
        ``org_id, name, municipality, headcount, status, cluster, fictitious``, a row for
        each municipality where an organisation has staff; `headcount` is NaN where `status`
        is "suppressed". An organisation without staff figures has no row. ``attrs`` are
        those of the release.

    Raises
    ------
    ConfigError
        If ``staff_by_organisation_and_municipality`` is not declared.
    """
    counts = members.release(_RELEASE)
    inner = counts[(counts["org_id"] != "total") & (counts["municipality"] != "total")]
    # A published 0 is no workplace.
    inner = inner[inner["headcount"] != 0]
    facts = members.organisations[["org_id", "name", "cluster"]]
    found = inner.merge(facts, on="org_id", how="left", validate="many_to_one")
    found["fictitious"] = members.fictitious
    columns = ["org_id", "name", "municipality", "headcount", "status", "cluster", "fictitious"]
    found = found[columns].reset_index(drop=True)
    found.attrs.update(counts.attrs)
    return found

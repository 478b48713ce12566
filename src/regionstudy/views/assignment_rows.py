"""The members' assignments that may be shown, gathered for a day, with job ads beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import assignments as analysis
from regionstudy.cluster_definitions import read_clusters
from regionstudy.errors import ConfigError
from regionstudy.figures.assignment_words import text
from regionstudy.figures.content import as_text
from regionstudy.geography import name, parent
from regionstudy.members.occupations import occupation_labels
from regionstudy.words import Words

if TYPE_CHECKING:
    import datetime as dt

    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = ["OpenAssignments", "cluster_names", "open_assignments"]

_RELEASE, _FACTS = "public_assignments", "assignment_organisations"
# Controls, and marks of direction with which a text can be made to look like another.
_UNSEEN = r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
_TEXTS = ("title", "theme", "occupation", "competences", "municipality", "url")


@dataclass(frozen=True, slots=True)
class OpenAssignments:
    """
    The assignments that may be shown and can be sought on a day.

    Parameters
    ----------
    rows : DataFrame
        A row an assignment: the released columns, ``state``, ``organisation``, ``cluster``,
        ``cluster_name``, ``place``, ``county``, ``occupation_name`` and ``source`` ("member",
        "both" or "ad").
    day : str
        The ISO day looked from.
    expired : int
        How many closed before it.
    missing : Text or None
        Why there are none, where there are none.
    """

    rows: pd.DataFrame
    day: str
    expired: int
    missing: Text | None = None

    @property
    def of_members(self) -> pd.DataFrame:
        """The rows that a member has told of."""
        return self.rows[self.rows["source"] != "ad"]

    @property
    def has_ads(self) -> bool:
        """Whether job ads are among them."""
        return bool((self.rows["source"] != "member").any())


def open_assignments(
    study: Study, *, day: dt.date | str | None = None, ads: pd.DataFrame | None = None
) -> OpenAssignments:
    """
    Gather the members' assignments, and job ads where some are given.

    Parameters
    ----------
    study : Study
        The study.
    day : date or str, optional
        The day looked from; without it the day the snapshot was taken, so that the same
        study gives the same page.
    ads : DataFrame, optional
        Job ads, such as ``JobTech().search(regions=study.region)`` gives them; those that are
        a member's assignment are merged with it. They reach tables, never the public page.

    Returns
    -------
    OpenAssignments
        What may be shown, without what has closed.

    Raises
    ------
    DataError
        If `day` is no day, or an assignment closes before it opens.
    """
    day = study.snapshot.retrieved.isoformat() if day is None else str(day)
    if study.members is None:
        return _nothing(day, text("missing.members"))
    try:
        released = study.members.release(_RELEASE)
        facts = study.members.release(_FACTS)
    except ConfigError:
        return _nothing(day, text("missing.release", name=f"{_RELEASE}, {_FACTS}"))
    told = facts[["org_id", "name", "org_number", "cluster"]].rename(
        columns={"name": "organisation"}
    )
    rows = released.merge(told, on="org_id", how="left", validate="many_to_one")
    rows.attrs = dict(released.attrs)
    rows = analysis.on_day(rows, day=day)
    about, day = dict(rows.attrs), str(rows.attrs["day"])
    if ads is None:
        rows = rows.assign(source="member", employer="")
    else:
        rows = analysis.merged(rows, ads)
        rows["organisation"] = rows["organisation"].fillna(rows["employer"])
        # An ad is found among those that are open.
        rows["state"] = rows["state"].fillna("open")
    rows = _named(study, rows)
    rows.attrs = about
    missing = None if len(rows) else text("missing.none", day=day)
    return OpenAssignments(rows, day, int(about["expired"]), missing)


def cluster_names(study: Study) -> dict[str, Words]:
    """
    Name the clusters of a study.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to Words
        The names by id, in the order of ``clusters.toml``; empty where there is none.
    """
    path = study.folder / "data" / "clusters.toml"
    if not path.is_file():
        return {}
    return {one: Words(**cluster.name) for one, cluster in read_clusters(path).items()}


def _nothing(day: str, why: Text) -> OpenAssignments:
    return OpenAssignments(pd.DataFrame({"source": pd.Series(dtype="str")}), day, 0, why)


def _named(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Add what codes are called; a text that is not there is empty."""
    rows = rows.assign(**{one: _readable(rows[one]) for one in _TEXTS})
    cluster = rows["cluster"].fillna("").astype("str")
    clusters, occupations = cluster_names(study), occupation_labels()
    return rows.assign(
        organisation=_readable(rows["organisation"].fillna(rows["org_id"])),
        cluster=cluster,
        cluster_name=pd.Series(
            [clusters.get(one, as_text(one)) for one in cluster], index=rows.index, dtype=object
        ),
        occupation_name=[occupations.get(code, code) for code in rows["occupation"]],
        place=[name(code) if code else "" for code in rows["municipality"]],
        county=[name(parent(code)) if code else "" for code in rows["municipality"]],
    )


def _readable(written: pd.Series[Any]) -> pd.Series[str]:
    """Give texts on one line, without signs that nobody sees or that turn the reading around."""
    texts = written.fillna("").astype("str").str.replace(_UNSEEN, "", regex=True)
    readable: pd.Series[str] = texts.str.replace(r"\s+", " ", regex=True).str.strip()
    return readable

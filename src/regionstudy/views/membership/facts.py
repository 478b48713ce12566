"""What a study's members have told of their membership, as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from regionstudy.analysis import membership
from regionstudy.figures.content import Source
from regionstudy.figures.provenance import member_releases
from regionstudy.words import Message, texts_of

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.study import Study

__all__ = ["MembershipFacts", "membership_facts", "text"]


text = texts_of("membership")


@dataclass(frozen=True)
class MembershipFacts:
    """
    What the page on membership rests on; make it with `membership_facts`.

    Parameters
    ----------
    organisations, participation, network_members, contributions : DataFrame
        The released tables, as ``data/releases.toml`` declares them.
    silent_after : int
        Meetings missed in a row that make a member silent.
    into, fee : str
        The scenario: the name of the merged level, and the rule for fees.
    """

    organisations: pd.DataFrame
    participation: pd.DataFrame
    network_members: pd.DataFrame
    contributions: pd.DataFrame
    silent_after: int
    into: str
    fee: str

    @property
    def about(self) -> dict[str, Any]:
        """The marks that every result of these facts carries."""
        return {
            "fictitious": self.fictitious,
            "sources": [self.source],
            "releases": member_releases(
                self.organisations, self.participation, self.network_members, self.contributions
            ),
        }

    def about_with(self, *released: pd.DataFrame) -> dict[str, Any]:
        """
        Give the marks of a result that rests on more released tables.

        Parameters
        ----------
        *released : DataFrame
            From `Members.release`.

        Returns
        -------
        dict
            As `about`, with those tables named too.
        """
        about = self.about
        return about | {"releases": (*about["releases"], *member_releases(*released))}

    @property
    def fictitious(self) -> bool:
        """Whether the members' data are made up."""
        return bool(self.organisations.attrs.get("fictitious"))

    @property
    def source(self) -> Source:
        """The line that says where the figures come from."""
        if self.participation.empty:
            return Source(text("source_plain"))
        dates = self.participation["date"]
        return Source(text("source", first=dates.min().date(), last=dates.max().date()))

    @property
    def period(self) -> Message:
        """The time between the first and the last meeting."""
        dates = self.participation["date"]
        return text("period", first=dates.min().date(), last=dates.max().date())

    @property
    def met(self) -> bool:
        """Whether any meeting is known."""
        return not self.participation.empty

    @cached_property
    def names(self) -> dict[str, str]:
        """The members' names by id."""
        rows = self.organisations
        return dict(zip(rows["org_id"].astype(str), rows["name"].astype(str), strict=True))

    @cached_property
    def levels(self) -> pd.DataFrame:
        """How the levels take part, a row a level."""
        return membership.level_measures(
            self.organisations, self.participation, self.network_members, self.contributions
        )

    @cached_property
    def regularity(self) -> pd.DataFrame:
        """How regularly each member takes part, the least first."""
        return membership.regularity(self.participation, silent_after=self.silent_after)

    @cached_property
    def scenario(self) -> membership.LevelScenario:
        """What changes if the levels become one."""
        return membership.merge_levels(
            self.organisations,
            self.participation,
            self.network_members,
            into=self.into,
            fee=self.fee,
        )


def membership_facts(
    study: Study, *, silent_after: int = 3, into: str = "1", fee: str = "shared"
) -> MembershipFacts | None:
    """
    Read what members have told of their membership.

    Parameters
    ----------
    study : Study
        The study.
    silent_after : int, default 3
        A member that has missed its last so many meetings is silent.
    into : str, default "1"
        What a merged level is called.
    fee : {"shared", "level", "kept"}, default "shared"
        The rule for fees when levels merge; see
        `regionstudy.analysis.membership.merge_levels`.

    Returns
    -------
    MembershipFacts or None
        The facts; None where the study has no members.

    Raises
    ------
    ConfigError
        If a table is not declared in ``data/releases.toml``; holds the entry to add.
    """
    if study.members is None:
        return None
    released = study.members.release
    return MembershipFacts(
        organisations=released("organisations"),
        participation=released("participation"),
        network_members=released("network_members"),
        contributions=released("contributions"),
        silent_after=silent_after,
        into=into,
        fee=fee,
    )

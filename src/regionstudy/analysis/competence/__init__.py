"""Competence supply: what members need, what the region supplies, and the gap between."""

from regionstudy.analysis.competence.balance import STATES, gap
from regionstudy.analysis.competence.commuting import commuter_share, commuters
from regionstudy.analysis.competence.crosswalk import to_occupations
from regionstudy.analysis.competence.joint import joint_recruitment
from regionstudy.analysis.competence.need import replacement, stated_needs
from regionstudy.analysis.competence.supply import (
    graduates,
    in_movers,
    members_share,
    returners,
)
from regionstudy.analysis.competence.terms import (
    EVERY,
    GROUNDS,
    NEED,
    SCENARIOS,
    SUPPLY,
    SUPPRESSED,
    TERMS,
    TOTAL,
    counted_elsewhere,
)

__all__ = [
    "EVERY",
    "GROUNDS",
    "NEED",
    "SCENARIOS",
    "STATES",
    "SUPPLY",
    "SUPPRESSED",
    "TERMS",
    "TOTAL",
    "commuter_share",
    "commuters",
    "counted_elsewhere",
    "gap",
    "graduates",
    "in_movers",
    "joint_recruitment",
    "members_share",
    "replacement",
    "returners",
    "stated_needs",
    "to_occupations",
]

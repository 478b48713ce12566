"""The page on membership: levels, meetings, exchange between members, common goals."""

from regionstudy.views.membership.exchange import (
    contributions_table,
    fitting_table,
    hires_table,
    moves_chart,
    moves_table,
    turnover_tables,
)
from regionstudy.views.membership.facts import MembershipFacts, membership_facts
from regionstudy.views.membership.goals import goals_table
from regionstudy.views.membership.levels import (
    gains_table,
    levels_table,
    lone_moves_table,
    membership_answer,
    membership_numbers,
    scenario_table,
)
from regionstudy.views.membership.meetings import attendance_chart, regularity_table

__all__ = [
    "MembershipFacts",
    "attendance_chart",
    "contributions_table",
    "fitting_table",
    "gains_table",
    "goals_table",
    "hires_table",
    "levels_table",
    "lone_moves_table",
    "membership_answer",
    "membership_facts",
    "membership_numbers",
    "moves_chart",
    "moves_table",
    "regularity_table",
    "scenario_table",
    "turnover_tables",
]

"""Membership: who takes part, what levels mean, who could help whom, and common goals."""

from regionstudy.analysis.membership.attendance import attendance, regularity
from regionstudy.analysis.membership.contributions import Matches, match_contributions
from regionstudy.analysis.membership.goals import goal_progress
from regionstudy.analysis.membership.levels import (
    LevelScenario,
    level_measures,
    lone_moves,
    merge_levels,
    move_member,
)
from regionstudy.analysis.membership.moves import fitting_moves, turnover

__all__ = [
    "LevelScenario",
    "Matches",
    "attendance",
    "fitting_moves",
    "goal_progress",
    "level_measures",
    "lone_moves",
    "match_contributions",
    "merge_levels",
    "move_member",
    "regularity",
    "turnover",
]

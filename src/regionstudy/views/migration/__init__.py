"""
What notebook 03 shows beside its trends: neighbours, outlook, return and gross flows.

Each view takes a `Study`, and gives a figure, or where its figures are missing a note.
"""

from regionstudy.views.migration.ages import moving_ages
from regionstudy.views.migration.cohorts import cohort_chart
from regionstudy.views.migration.exchange import (
    county_chord,
    county_grid,
    leavers_chart,
)
from regionstudy.views.migration.gross import county_flows, gross_rates_trend
from regionstudy.views.migration.neighbours import neighbours_map
from regionstudy.views.migration.outlook import net_outlook
from regionstudy.views.migration.projected import projected_ages
from regionstudy.views.migration.remaining import remaining_chart
from regionstudy.views.migration.ties import county_ties

__all__ = [
    "cohort_chart",
    "county_chord",
    "county_flows",
    "county_grid",
    "county_ties",
    "gross_rates_trend",
    "leavers_chart",
    "moving_ages",
    "neighbours_map",
    "net_outlook",
    "projected_ages",
    "remaining_chart",
]

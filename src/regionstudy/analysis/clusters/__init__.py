"""What a region is strong in: industries and clusters against the country's."""

from regionstudy.analysis.clusters.agglomeration import cluster_index, ellison_glaeser
from regionstudy.analysis.clusters.commuting import commuting_balance
from regionstudy.analysis.clusters.inequality import inequality
from regionstudy.analysis.clusters.portfolio import (
    PORTFOLIO_GROUPS,
    SIGNALS,
    portfolio,
    shrinkage_alarm,
)
from regionstudy.analysis.clusters.quotients import (
    location_quotient_intervals,
    location_quotients,
)
from regionstudy.analysis.clusters.relatedness import (
    next_industries,
    relatedness,
    relatedness_density,
)
from regionstudy.analysis.clusters.shift_share import shift_share, shift_share_by_industry
from regionstudy.analysis.clusters.specialisation import concentration, specialisation
from regionstudy.analysis.clusters.totals import COVERAGE, cluster_totals, members_share

__all__ = [
    "COVERAGE",
    "PORTFOLIO_GROUPS",
    "SIGNALS",
    "cluster_index",
    "cluster_totals",
    "commuting_balance",
    "concentration",
    "ellison_glaeser",
    "inequality",
    "location_quotient_intervals",
    "location_quotients",
    "members_share",
    "next_industries",
    "portfolio",
    "relatedness",
    "relatedness_density",
    "shift_share",
    "shift_share_by_industry",
    "shrinkage_alarm",
    "specialisation",
]

"""What people have learnt: attainment by age, age-standardised shares, rates and outcomes."""

from regionstudy.analysis.education.attainment import attainment
from regionstudy.analysis.education.outcomes import outcomes_after_school
from regionstudy.analysis.education.rates import beside, rate_per
from regionstudy.analysis.education.standard import standardised_shares

__all__ = [
    "attainment",
    "beside",
    "outcomes_after_school",
    "rate_per",
    "standardised_shares",
]

"""What people have learnt, how the young fare, and whether jobs match: official figures."""

from regionstudy.views.education.attained import Attained, attained
from regionstudy.views.education.lead import education_answer, education_numbers
from regionstudy.views.education.level import (
    education_chart,
    education_map,
    education_table,
    standard_chart,
)
from regionstudy.views.education.matching import match_chart
from regionstudy.views.education.over_time import education_change, education_trend
from regionstudy.views.education.places import (
    graduates_table,
    vocational_table,
    vocational_trend,
)
from regionstudy.views.education.young import (
    eligibility_table,
    establishment_results,
    transition_trends,
)

__all__ = [
    "Attained",
    "attained",
    "education_answer",
    "education_change",
    "education_chart",
    "education_map",
    "education_numbers",
    "education_table",
    "education_trend",
    "eligibility_table",
    "establishment_results",
    "graduates_table",
    "match_chart",
    "standard_chart",
    "transition_trends",
    "vocational_table",
    "vocational_trend",
]

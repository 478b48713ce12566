"""
How many of which age there will be if births, deaths and moves go on as assumed.

`project` is the cohort-component method, `with_goal` sets net migration at some ages to a goal;
`cohort_change_ratios` and `project_by_ratios` do with two counts of the population alone. A
projection is no forecast: it says what follows from its assumptions, which are all given to it.
"""

from regionstudy.analysis.projection.cohort_component import Projection, project
from regionstudy.analysis.projection.cohort_ratios import cohort_change_ratios, project_by_ratios
from regionstudy.analysis.projection.goals import with_goal

__all__ = [
    "Projection",
    "cohort_change_ratios",
    "project",
    "project_by_ratios",
    "with_goal",
]

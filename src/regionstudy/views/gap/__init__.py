"""The page on competence supply: what members need, what there is, and the gap between."""

from regionstudy.views.gap.answer import gap_answer, gap_numbers
from regionstudy.views.gap.closing import joint_table
from regionstudy.views.gap.facts import CompetenceFacts, competence_facts
from regionstudy.views.gap.groups import gap_grid, gap_table
from regionstudy.views.gap.places import reach_map, reach_table
from regionstudy.views.gap.sums import assumptions_table, terms_table

__all__ = [
    "CompetenceFacts",
    "assumptions_table",
    "competence_facts",
    "gap_answer",
    "gap_grid",
    "gap_numbers",
    "gap_table",
    "joint_table",
    "reach_map",
    "reach_table",
    "terms_table",
]

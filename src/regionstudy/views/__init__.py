"""
Ready-made results of a study: each takes a `Study` and gives something a notebook shows.

They fetch, compute with ``analysis``, word and draw with ``figures``; a notebook that wants
something else calls those rooms itself.
"""

from regionstudy.views.assignments import (
    OpenAssignments,
    ads_beside,
    assignment_cards,
    assignments_answer,
    assignments_map,
    assignments_table,
    open_assignments,
    theme_table,
)
from regionstudy.views.clusters import cluster_trends, members_table, nearest_table
from regionstudy.views.competence import (
    balance_chart,
    commuting_maps,
    education_chart,
    education_trend,
    vocational_table,
)
from regionstudy.views.explorer import index_explorer, map_explorer
from regionstudy.views.glance import (
    facts_table,
    glance_answer,
    key_numbers,
    migration_map,
    population_trend,
    work_trend,
)
from regionstudy.views.index import (
    contribution_chart,
    dropped_note,
    pull_profile,
    rank_chart,
    ranked,
    values_table,
)
from regionstudy.views.indicator import (
    domain_map,
    domain_maps,
    indicator_map,
    indicator_rows,
    profile_chart,
)
from regionstudy.views.jobs import RegionalJobs, regional_jobs
from regionstudy.views.lead import index_answer, strengths_brief
from regionstudy.views.membership import (
    attendance_chart,
    contributions_table,
    fitting_table,
    gains_table,
    goals_table,
    hires_table,
    levels_table,
    membership_answer,
    membership_facts,
    membership_numbers,
    moves_chart,
    moves_table,
    regularity_table,
    scenario_table,
    turnover_tables,
)
from regionstudy.views.moves import change_table, climb_table
from regionstudy.views.revealed import (
    prediction_chart,
    revealed_table,
    revealed_weights,
)
from regionstudy.views.sources import break_table, missing_table, source_answer, source_table
from regionstudy.views.standing import choices_note, index_map, target_table
from regionstudy.views.strengths import (
    growth_chart,
    industry_table,
    job_numbers,
    shift_chart,
    strengths_chart,
    work_answer,
)
from regionstudy.views.what_if import what_if

__all__ = [
    "OpenAssignments",
    "RegionalJobs",
    "ads_beside",
    "assignment_cards",
    "assignments_answer",
    "assignments_map",
    "assignments_table",
    "attendance_chart",
    "balance_chart",
    "break_table",
    "change_table",
    "choices_note",
    "climb_table",
    "cluster_trends",
    "commuting_maps",
    "contribution_chart",
    "contributions_table",
    "domain_map",
    "domain_maps",
    "dropped_note",
    "education_chart",
    "education_trend",
    "facts_table",
    "fitting_table",
    "gains_table",
    "glance_answer",
    "goals_table",
    "growth_chart",
    "hires_table",
    "index_answer",
    "index_explorer",
    "index_map",
    "indicator_map",
    "indicator_rows",
    "industry_table",
    "job_numbers",
    "key_numbers",
    "levels_table",
    "map_explorer",
    "members_table",
    "membership_answer",
    "membership_facts",
    "membership_numbers",
    "migration_map",
    "missing_table",
    "moves_chart",
    "moves_table",
    "nearest_table",
    "open_assignments",
    "population_trend",
    "prediction_chart",
    "profile_chart",
    "pull_profile",
    "rank_chart",
    "ranked",
    "regional_jobs",
    "regularity_table",
    "revealed_table",
    "revealed_weights",
    "scenario_table",
    "shift_chart",
    "source_answer",
    "source_table",
    "strengths_brief",
    "strengths_chart",
    "target_table",
    "theme_table",
    "turnover_tables",
    "values_table",
    "vocational_table",
    "what_if",
    "work_answer",
    "work_trend",
]

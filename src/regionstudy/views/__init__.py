"""
Ready-made results of a study: each takes a `Study` and gives something a notebook shows.

They fetch, compute with ``analysis``, word and draw with ``figures``; a notebook that wants
something else calls those rooms itself.
"""

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
    "RegionalJobs",
    "balance_chart",
    "break_table",
    "change_table",
    "choices_note",
    "climb_table",
    "cluster_trends",
    "commuting_maps",
    "contribution_chart",
    "domain_map",
    "domain_maps",
    "dropped_note",
    "education_chart",
    "education_trend",
    "facts_table",
    "glance_answer",
    "growth_chart",
    "index_answer",
    "index_explorer",
    "index_map",
    "indicator_map",
    "indicator_rows",
    "industry_table",
    "job_numbers",
    "key_numbers",
    "map_explorer",
    "members_table",
    "migration_map",
    "missing_table",
    "nearest_table",
    "population_trend",
    "prediction_chart",
    "profile_chart",
    "pull_profile",
    "rank_chart",
    "ranked",
    "regional_jobs",
    "revealed_table",
    "revealed_weights",
    "shift_chart",
    "source_answer",
    "source_table",
    "strengths_brief",
    "strengths_chart",
    "target_table",
    "values_table",
    "vocational_table",
    "what_if",
    "work_answer",
    "work_trend",
]

"""
Ready-made results of a study: each takes a `Study` and gives something a notebook shows.

They fetch, compute with ``analysis``, word and draw with ``figures``; a notebook that wants
something else calls those rooms itself.
"""

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
from regionstudy.views.lead import index_answer, strengths_brief
from regionstudy.views.moves import change_table, climb_table
from regionstudy.views.revealed import (
    prediction_chart,
    revealed_table,
    revealed_weights,
)
from regionstudy.views.sources import break_table, missing_table, source_answer, source_table
from regionstudy.views.standing import choices_note, index_map, target_table
from regionstudy.views.what_if import what_if

__all__ = [
    "break_table",
    "change_table",
    "choices_note",
    "climb_table",
    "contribution_chart",
    "domain_map",
    "domain_maps",
    "dropped_note",
    "facts_table",
    "glance_answer",
    "index_answer",
    "index_explorer",
    "index_map",
    "indicator_map",
    "indicator_rows",
    "key_numbers",
    "map_explorer",
    "migration_map",
    "missing_table",
    "population_trend",
    "prediction_chart",
    "profile_chart",
    "pull_profile",
    "rank_chart",
    "ranked",
    "revealed_table",
    "revealed_weights",
    "source_answer",
    "source_table",
    "strengths_brief",
    "target_table",
    "values_table",
    "what_if",
    "work_trend",
]

"""Who comes, who leaves and who returns: migration from flows and from cohorts."""

from regionstudy.analysis.migration.bands import sum_ages
from regionstudy.analysis.migration.change import (
    decompose_change,
    persons_from_rates,
    sum_years,
)
from regionstudy.analysis.migration.cohorts import cohort_net_migration, cohort_rates
from regionstudy.analysis.migration.destinations import gravity_residual, leavers_destinations
from regionstudy.analysis.migration.flows import net_migration, rates
from regionstudy.analysis.migration.gross import count_interval, gross_rates
from regionstudy.analysis.migration.groups import sum_regions
from regionstudy.analysis.migration.intervals import interval
from regionstudy.analysis.migration.long_run import long_series
from regionstudy.analysis.migration.moves import read_moves
from regionstudy.analysis.migration.potential import (
    known_ages,
    remaining_at,
    synthetic_cohort,
)
from regionstudy.analysis.migration.redistribution import effectiveness, system_effectiveness
from regionstudy.analysis.migration.rogers_castro import (
    RogersCastro,
    fit_rogers_castro,
    model_rates,
)
from regionstudy.analysis.migration.schedule import age_schedule, schedule_deviation
from regionstudy.analysis.migration.streams import flow_matrix, net_flows
from regionstudy.analysis.migration.survivors import (
    cohort_curve,
    cohort_survivors,
    turning_points,
)

__all__ = [
    "RogersCastro",
    "age_schedule",
    "cohort_curve",
    "cohort_net_migration",
    "cohort_rates",
    "cohort_survivors",
    "count_interval",
    "decompose_change",
    "effectiveness",
    "fit_rogers_castro",
    "flow_matrix",
    "gravity_residual",
    "gross_rates",
    "interval",
    "known_ages",
    "leavers_destinations",
    "long_series",
    "model_rates",
    "net_flows",
    "net_migration",
    "persons_from_rates",
    "rates",
    "read_moves",
    "remaining_at",
    "schedule_deviation",
    "sum_ages",
    "sum_regions",
    "sum_years",
    "synthetic_cohort",
    "system_effectiveness",
    "turning_points",
]

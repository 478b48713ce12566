"""
Composite indicators: the whole method of the OECD/JRC Handbook, as functions on frames.

In the order of work: `screen`, `denominate`, `impute`, `treat`, `normalise`, `weigh`,
`aggregate`, `rank`; or all at once with `build_index`. `uncertainty` says how much the ranks
owe to these choices, `sensitivity` to which of them; `explain_gap`, `needed_to_climb` and
`decompose_change` why a region stands where it does.
"""

from regionstudy.analysis.composite.aggregate import aggregate
from regionstudy.analysis.composite.alternatives import Alternatives
from regionstudy.analysis.composite.checks import (
    PrincipalComponents,
    correlation_flags,
    correlations,
    correlations_above,
    cronbach_alpha,
    principal_components,
)
from regionstudy.analysis.composite.contributions import contributions
from regionstudy.analysis.composite.describe import describe_indicators
from regionstudy.analysis.composite.explain import decompose_change, explain_gap, needed_to_climb
from regionstudy.analysis.composite.impute import impute, imputed_cells
from regionstudy.analysis.composite.index import Index, build_index
from regionstudy.analysis.composite.influence import (
    LeaveOneOut,
    leave_out_nodes,
    leave_out_regions,
)
from regionstudy.analysis.composite.normalise import normalise
from regionstudy.analysis.composite.outranking import outranking
from regionstudy.analysis.composite.payload import evaluate_payload, what_if_payload
from regionstudy.analysis.composite.ranks import classify, rank
from regionstudy.analysis.composite.screen import Screening, availability, denominate, screen
from regionstudy.analysis.composite.sensitivity import Sensitivity, sensitivity
from regionstudy.analysis.composite.transform import transform
from regionstudy.analysis.composite.treat import treat
from regionstudy.analysis.composite.uncertainty import RankIntervals, uncertainty
from regionstudy.analysis.composite.weights import effective_weights, register_weighting, weigh

__all__ = [
    "Alternatives",
    "Index",
    "LeaveOneOut",
    "PrincipalComponents",
    "RankIntervals",
    "Screening",
    "Sensitivity",
    "aggregate",
    "availability",
    "build_index",
    "classify",
    "contributions",
    "correlation_flags",
    "correlations",
    "correlations_above",
    "cronbach_alpha",
    "decompose_change",
    "denominate",
    "describe_indicators",
    "effective_weights",
    "evaluate_payload",
    "explain_gap",
    "impute",
    "imputed_cells",
    "leave_out_nodes",
    "leave_out_regions",
    "needed_to_climb",
    "normalise",
    "outranking",
    "principal_components",
    "rank",
    "register_weighting",
    "screen",
    "sensitivity",
    "transform",
    "treat",
    "uncertainty",
    "weigh",
    "what_if_payload",
]

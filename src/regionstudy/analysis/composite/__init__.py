"""
Composite indicators: the whole method of the OECD/JRC Handbook, as functions on frames.

In the order of work: `impute`, `treat`, `normalise`, `aggregate`, `rank`; or all at once with
`build_index`.
"""

from regionstudy.analysis.composite.aggregate import aggregate
from regionstudy.analysis.composite.contributions import contributions
from regionstudy.analysis.composite.impute import impute, imputed_cells
from regionstudy.analysis.composite.index import Index, build_index
from regionstudy.analysis.composite.normalise import normalise
from regionstudy.analysis.composite.outranking import outranking
from regionstudy.analysis.composite.ranks import classify, rank
from regionstudy.analysis.composite.structure import effective_weights
from regionstudy.analysis.composite.transform import transform
from regionstudy.analysis.composite.treat import treat

__all__ = [
    "Index",
    "aggregate",
    "build_index",
    "classify",
    "contributions",
    "effective_weights",
    "impute",
    "imputed_cells",
    "normalise",
    "outranking",
    "rank",
    "transform",
    "treat",
]

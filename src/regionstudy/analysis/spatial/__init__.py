"""
Space: who is whose neighbour, whether neighbours are alike, and what commuting joins.

`weights` says which regions are near one another; `moran` measures whether neighbours are alike
at all, `local_moran` and `local_g` where (`refine_local_moran` tries the closest cases again),
and `join_counts` does so for yes and no.
`local_labour_markets` and `functional_regions` join municipalities by commuting;
`compare_divisions` holds the outcome against a published division.
"""

from regionstudy.analysis.spatial.agreement import Agreement, compare_divisions
from regionstudy.analysis.spatial.autocorrelation import Moran, local_moran, moran
from regionstudy.analysis.spatial.divisions import FunctionalRegions
from regionstudy.analysis.spatial.functional_regions import functional_regions
from regionstudy.analysis.spatial.hotspots import join_counts, local_g
from regionstudy.analysis.spatial.labour_markets import local_labour_markets
from regionstudy.analysis.spatial.refinement import refine_local_moran
from regionstudy.analysis.spatial.weights import Weights, weights

__all__ = [
    "Agreement",
    "FunctionalRegions",
    "Moran",
    "Weights",
    "compare_divisions",
    "functional_regions",
    "join_counts",
    "local_g",
    "local_labour_markets",
    "local_moran",
    "moran",
    "refine_local_moran",
    "weights",
]

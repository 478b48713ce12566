"""
Space: who is whose neighbour, whether neighbours are alike, and where they are.

`weights` says which regions are near one another; `moran` measures whether neighbours are alike
at all, `local_moran` and `local_g` where, and `join_counts` does so for yes and no.
"""

from regionstudy.analysis.spatial.autocorrelation import Moran, local_moran, moran
from regionstudy.analysis.spatial.hotspots import join_counts, local_g
from regionstudy.analysis.spatial.weights import Weights, weights

__all__ = ["Moran", "Weights", "join_counts", "local_g", "local_moran", "moran", "weights"]

"""Indicators: formulas over the store's observations, and the newest complete year of each."""

from regionstudy.indicators.compute import Computation, compute
from regionstudy.indicators.select import Selection, newest

__all__ = ["Computation", "Selection", "compute", "newest"]

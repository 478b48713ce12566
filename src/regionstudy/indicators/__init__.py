"""Indicators: formulas over the store's observations, and the newest complete year of each."""

from regionstudy.indicators.compute import compute
from regionstudy.indicators.select import Selection, newest

__all__ = ["Selection", "compute", "newest"]

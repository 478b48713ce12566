"""The live figures' way into the store: what to ask, asking it, and merging what came."""

from regionstudy.store.fetch.fetch import fetch
from regionstudy.store.fetch.report import FetchReport

__all__ = ["FetchReport", "fetch"]

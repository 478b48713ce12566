"""The live figures' way into the store: what to ask, asking it, and merging what came."""

from regionstudy.store.fetch.fetch import FetchReport, fetch

__all__ = ["FetchReport", "fetch"]

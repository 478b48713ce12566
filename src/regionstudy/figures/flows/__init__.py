"""Flows between regions: `flow_map` with an arc a stream, `flow_grid` with a cell a pair."""

from regionstudy.figures.flows.grid import flow_grid
from regionstudy.figures.flows.routes import flow_map

__all__ = ["flow_grid", "flow_map"]

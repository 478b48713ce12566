"""
Migration drawn: `flow_map` with an arc a stream, `flow_grid` with a cell a pair,
`flow_chord` with a ribbon a pair.

`model_profile` shows rates by age with the model fitted to them.
"""

from regionstudy.figures.flows.ages import model_profile
from regionstudy.figures.flows.chords import flow_chord
from regionstudy.figures.flows.grid import flow_grid
from regionstudy.figures.flows.routes import flow_map

__all__ = ["flow_chord", "flow_grid", "flow_map", "model_profile"]

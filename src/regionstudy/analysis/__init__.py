"""
Analysis: frames in, new frames out.

Nothing here knows of disks, services or figures; each module is loaded when it is
first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from regionstudy.analysis import (
        assignments,
        clusters,
        competence,
        composite,
        education,
        forecast,
        membership,
        migration,
        networks,
        profile,
        projection,
        revealed,
        spatial,
        trends,
    )

__all__ = [
    "assignments",
    "clusters",
    "competence",
    "composite",
    "education",
    "forecast",
    "membership",
    "migration",
    "networks",
    "profile",
    "projection",
    "revealed",
    "spatial",
    "trends",
]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        msg = f"module 'regionstudy.analysis' has no attribute {name!r}"
        raise AttributeError(msg)
    return import_module(f"regionstudy.analysis.{name}")


def __dir__() -> list[str]:
    return __all__

"""
regionstudy: what makes a region pull people in.

In a notebook::

    import regionstudy as rs

    study = rs.Study.load()
    study.map("net_migration_rate")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.errors import (
    ConfigError,
    DataError,
    Fault,
    MemberDataError,
    RegionStudyError,
    ReportError,
    SourceError,
)

if TYPE_CHECKING:
    from regionstudy import analysis, figures, geography, views
    from regionstudy.study import Study

__all__ = [
    "ConfigError",
    "DataError",
    "Fault",
    "MemberDataError",
    "RegionStudyError",
    "ReportError",
    "SourceError",
    "Study",
    "analysis",
    "figures",
    "geography",
    "views",
]

# Loaded when first asked for, so that `import regionstudy` and the command line start at once.
_LAZY = {"Study": "regionstudy.study", "analysis": "", "figures": "", "geography": "", "views": ""}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("regionstudy")
    if name not in _LAZY:
        msg = f"module 'regionstudy' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    if module := _LAZY[name]:
        return getattr(import_module(module), name)
    return import_module(f"regionstudy.{name}")


def __dir__() -> list[str]:
    return __all__

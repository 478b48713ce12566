"""
The store: the snapshot of official figures, and how it is made.

`Snapshot` reads it; `import_extracts` makes it from files, `write_snapshot` from frames;
`status_table` says what it holds and lacks. The last three load only when used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regionstudy.store.snapshot import Snapshot

if TYPE_CHECKING:
    from regionstudy.store.extracts import ImportReport, import_extracts
    from regionstudy.store.status import status_table
    from regionstudy.store.write import write_snapshot

__all__ = ["ImportReport", "Snapshot", "import_extracts", "status_table", "write_snapshot"]

_HOMES = {
    "ImportReport": "extracts",
    "import_extracts": "extracts",
    "status_table": "status",
    "write_snapshot": "write",
}


def __getattr__(attribute: str) -> Any:
    if attribute not in _HOMES:
        msg = f"module {__name__!r} has no attribute {attribute!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[attribute]}"), attribute)

"""What the command line's exit codes mean."""

from __future__ import annotations

__all__ = ["CHECKED_AND_FOUND_FAULTS", "ERROR", "INTERRUPTED"]

CHECKED_AND_FOUND_FAULTS = 1
ERROR = 2
INTERRUPTED = 130

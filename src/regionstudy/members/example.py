"""Generate the example: a fictitious network in the real municipalities of the region."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from regionstudy.members.example_rows import example_rows
from regionstudy.members.template import member_workbook
from regionstudy.members.writing import in_words, write_rows

__all__ = ["generate_example"]

# The earliest time that a zip archive can hold; the same in every run.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def generate_example(path: str | Path, *, seed: int = 2026) -> Path:
    """
    Write the workbook of a fictitious network, marked as such in its own data.

    Parameters
    ----------
    path : str or Path
        Where to write it; ends in .xlsx.
    seed : int, default 2026
        The same seed gives the same bytes.

    Returns
    -------
    Path
        The file that was written.
    """
    path = Path(path)
    workbook = member_workbook(lang="sv", fictitious=True)
    for sheet, rows in example_rows(seed).items():
        write_rows(workbook, sheet, [in_words(sheet, row, "sv") for row in rows], lang="sv")
    content = io.BytesIO()
    workbook.save(content)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(_without_times(content.getvalue()))
    os.replace(aside, path)  # noqa: PTH105
    return path


def _without_times(content: bytes) -> bytes:
    """Repack a workbook so that it does not depend on when it was made."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist()):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return packed.getvalue()

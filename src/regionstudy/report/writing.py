"""Putting a finished site in the place of the previous one, all at once."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MARK", "replaced"]

# A folder that holds this file is a site, and may be replaced by the next one.
MARK = "build.json"


@contextlib.contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """
    Give a folder to write in, which takes the place of `out` once all is written.

    Parameters
    ----------
    out : Path
        The site's folder: absent, empty, or an earlier site.

    Yields
    ------
    Path
        An empty folder beside it.

    Raises
    ------
    ReportError
        If `out` holds something else, or can not be written. Whatever ends the writing, what
        stood in `out` stands there still, whole.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 (resolve would follow the link refused below)
    _require_ours(out)
    aside = out.with_name(f".{out.name}.new-{os.getpid()}")
    try:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            yield aside
            _swap(aside, out)
        except OSError as error:
            reason = error.strerror or str(error)
            msg = (
                f"{out}: the site can not be written ({reason}). Free some space, mend the "
                f"rights of {out.parent}, or choose another folder with --out. "
                "The previous site is unchanged."
            )
            raise ReportError(msg) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _require_ours(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        msg = f"{out}: is not a folder. Choose another with --out, or remove it first."
        raise ReportError(msg)
    try:
        held = {path.name for path in out.iterdir()} if out.exists() else set()
    except OSError as error:
        msg = f"{out}: can not be read ({error.strerror}). Mend its rights, or use another --out."
        raise ReportError(msg) from error
    if held and MARK not in held:
        msg = (
            f"{out}: holds other things than a site ({', '.join(sorted(held)[:3])}), which a "
            "build would remove. Choose another folder with --out."
        )
        raise ReportError(msg)


def _swap(aside: Path, out: Path) -> None:
    if not out.exists():
        aside.rename(out)
        return
    before = out.with_name(f".{out.name}.old-{os.getpid()}")
    out.rename(before)
    try:
        aside.rename(out)
    except BaseException:
        before.rename(out)
        raise
    shutil.rmtree(before, ignore_errors=True)

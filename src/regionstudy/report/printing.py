"""Pages as PDF, printed by the browser that the reader would print them with."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["find_browser", "print_pages"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
# Where installers put them without telling the command line.
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
# Until a page has unpacked its data and drawn its charts, in the browser's own time.
_BUDGET_MS = 20_000
_TIMEOUT_S = 120
_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--force-prefers-color-scheme=light",
    f"--virtual-time-budget={_BUDGET_MS}",
)


def find_browser() -> Path:
    """
    Find a Chromium, Chrome or Edge.

    Returns
    -------
    Path
        The program.

    Raises
    ------
    ReportError
        If there is none; says how to get one.
    """
    found = [shutil.which(name) for name in _NAMES]
    found += [place for place in _PLACES.get(sys.platform, ()) if Path(place).is_file()]
    for place in found:
        if place:
            return Path(place)
    msg = (
        "--pdf needs Chromium, Chrome or Edge, and none was found. Install one (Debian and "
        "Ubuntu: apt install chromium), or print the pages from your own browser."
    )
    raise ReportError(msg)


def print_pages(
    pages: Sequence[Path], *, on_page: Callable[[Path], None] | None = None
) -> list[Path]:
    """
    Print pages to tagged PDF files beside them.

    Parameters
    ----------
    pages : sequence of Path
        The pages, as files.
    on_page : callable, optional
        Called with each page once it is printed.

    Returns
    -------
    list of Path
        The PDF files, in the order of the pages.

    Raises
    ------
    ReportError
        If there is no browser, or it does not print a page.
    """
    browser = find_browser()
    made = []
    with tempfile.TemporaryDirectory(prefix="regionstudy-") as profile:
        for page in pages:
            made.append(_print(browser, page, profile=profile))
            if on_page is not None:
                on_page(page)
    return made


def _print(browser: Path, page: Path, *, profile: str) -> Path:
    target = page.with_suffix(".pdf")
    command = [str(browser), *_OPTIONS, f"--user-data-dir={profile}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses its sandbox to root; the pages are our own and ask for no network.
        command.append("--no-sandbox")
    command += [f"--print-to-pdf={target}", page.resolve().as_uri()]
    try:
        done = subprocess.run(  # noqa: S603 (a browser, a page of our own, no shell)
            command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        msg = f"{page.name}: {browser.name} did not print it in {_TIMEOUT_S} s. Try again."
        raise ReportError(msg) from error
    except OSError as error:
        msg = f"{browser}: can not be started ({error.strerror}). Install it anew."
        raise ReportError(msg) from error
    if done.returncode or not target.is_file():
        said = done.stderr.strip().splitlines()
        msg = f"{page.name}: {browser.name} did not print it ({said[-1] if said else 'no word'})."
        raise ReportError(msg)
    return target

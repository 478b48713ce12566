"""Study folders: a fresh one for another region, and JupyterLab on one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.geography import require_region
from regionstudy.settings import bundled_folder, find_folder, for_region, read_settings
from regionstudy.store import Snapshot

if TYPE_CHECKING:
    from regionstudy.settings import Settings

__all__ = ["create", "open_lab"]


def create(folder: Path, *, region: str) -> Settings:
    """
    Make a fresh study folder for a region.

    Parameters
    ----------
    folder : Path
        The folder to make.
    region : str
        A county, FA region or municipality, by code or name.

    Returns
    -------
    Settings
        The new study's settings. The home municipality is the region's most populous one;
        there are no members, since the example members belong to the package's own region.

    Raises
    ------
    ConfigError
        If the folder exists, or there is no such region.
    """
    code = require_region(region)
    if folder.exists():
        msg = f"{folder}: exists already. Choose another name, or remove it first."
        raise ConfigError(msg)
    source = bundled_folder()
    aside = folder.with_name(folder.name + ".new")
    try:
        for part in ("notebooks", "data"):
            shutil.copytree(
                source / part, aside / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
            )
        path = aside / "data" / "study.toml"
        snapshot = Snapshot.open(aside / "data" / "snapshot")
        turned = for_region(read_settings(aside), code, snapshot)
        entries = {
            "home": turned.home,
            "region": turned.region,
            "members": turned.members,
            "title.sv": turned.title.sv,
            "title.en": turned.title.en,
        }
        path.write_text(_with_entries(path.read_text(encoding="utf-8"), entries), encoding="utf-8")
        settings = read_settings(aside)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return settings


def open_lab(*, browser: bool = True) -> int:
    """
    Open JupyterLab on the notebooks of the study stood in.

    Parameters
    ----------
    browser : bool, default True
        Open a browser window.

    Returns
    -------
    int
        JupyterLab's exit code.

    Raises
    ------
    ConfigError
        If no study is stood in; offers to make one.
    """
    folder = find_folder()
    if folder not in (Path.cwd(), *Path.cwd().parents):
        msg = (
            f"{Path.cwd()} is not inside a study folder. "
            "Make one with: regionstudy new min-studie --region 22"
        )
        raise ConfigError(msg)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}"]
    command += [] if browser else ["--no-browser"]
    return subprocess.run(command, cwd=folder / "notebooks", check=False).returncode  # noqa: S603


def _with_entries(text: str, entries: dict[str, str]) -> str:
    """Set entries of the settings and keep the comments that explain them."""
    for key, value in entries.items():
        table, _, entry = key.rpartition(".")
        start = text.index(f"[{table}]") if table else 0
        pattern = re.compile(rf'^{entry} = ".*?"', flags=re.MULTILINE)
        head, body = text[:start], text[start:]
        line = f'{entry} = "{value}"'.replace("\\", r"\\")
        changed, count = pattern.subn(line, body, count=1)
        if count != 1:
            msg = f"data/study.toml of the package has no entry {key}; install regionstudy again."
            raise ConfigError(msg)
        text = head + changed
    return text

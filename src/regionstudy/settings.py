"""What a study is about: ``data/study.toml``, read and checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from regionstudy.errors import ConfigError
from regionstudy.geography import level_of, municipalities_in, name, require_region
from regionstudy.study_files import Entry, Title, read_toml, validated
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.report import SiteSettings
    from regionstudy.store import Snapshot

__all__ = [
    "Settings",
    "bundled_folder",
    "find_folder",
    "for_region",
    "read_settings",
    "site_settings",
]

_MARKER = Path("data", "study.toml")
# No name before the host, no question and no mark after it: pages' names are added to it.
_FOLDER = re.compile(r"https?://[^\s@/?#]+(/[^\s?#]*)?")


class Settings(Entry):
    """The entries of ``study.toml``; the file itself explains them."""

    home: str
    region: str
    peers: str = "skr"
    lang: Literal["sv", "en"] = "sv"
    newest_within_years: int = Field(default=6, ge=1, le=30)
    members: str = ""
    contact: str = ""
    public_url: str = ""
    title: Title

    @field_validator("public_url")
    @classmethod
    def _names_a_folder(cls, url: str) -> str:
        if url and not _FOLDER.fullmatch(url):
            msg = f'"{url}" is no place of a folder; write such as "https://example.org/uppdrag/"'
            raise ValueError(msg)
        return url


def bundled_folder() -> Path:
    """
    Find the study that comes with the package.

    Returns
    -------
    Path
        The checkout in a development installation, else the copy inside the wheel.
    """
    package = Path(__file__).parent
    in_wheel = package / "study_files"
    return in_wheel if in_wheel.is_dir() else package.parents[1]


def find_folder(path: Path | str | None = None) -> Path:
    """
    Find the study folder: the one given, the one stood in, or the package's own.

    Parameters
    ----------
    path : path-like, optional
        A study folder. Without it, the working folder and those above it are looked at.

    Returns
    -------
    Path
        A folder that holds ``data/study.toml``.

    Raises
    ------
    ConfigError
        If `path` is given and is no study folder.
    """
    if path is not None:
        folder = Path(path)
        if not (folder / _MARKER).is_file():
            msg = (
                f"{folder}: no study here ({_MARKER.as_posix()} is missing). "
                f"Make one with: regionstudy new {folder} --region 22"
            )
            raise ConfigError(msg)
        return folder.resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / _MARKER).is_file():
            return folder
    return bundled_folder()


def read_settings(folder: Path) -> Settings:
    """
    Read and check a study's settings.

    Parameters
    ----------
    folder : Path
        The study folder.

    Returns
    -------
    Settings
        The checked settings.

    Raises
    ------
    ConfigError
        If the file can not be read, or an entry is unknown, missing or wrong.
    """
    path = folder / _MARKER
    settings = validated(Settings, read_toml(path), where=str(path))
    for key in ("home", "region"):
        try:
            require_region(getattr(settings, key))
        except ConfigError as error:
            msg = f"{path}, {key}: {error}"
            raise ConfigError(msg) from error
    return settings


def for_region(settings: Settings, region: str, snapshot: Snapshot) -> Settings:
    """
    Turn a study's settings to another region.

    Parameters
    ----------
    settings : Settings
        The settings.
    region : str
        A county, FA region or municipality, by code.
    snapshot : Snapshot
        The store, for the most populous municipality of the region.

    Returns
    -------
    Settings
        As given where the region is the study's own; else with the region's most populous
        municipality as home, its name as title, and no members, since theirs is another region.

    Raises
    ------
    ConfigError
        If there is no such region.
    """
    code = require_region(region)
    if code == settings.region:
        return settings
    home = code
    if level_of(code) != "municipality":
        population = snapshot.observations("population_ckm", regions=municipalities_in(code))
        newest = population[population["period"] == population["period"].max()]
        home = str(newest.loc[newest["value"].idxmax(), "region"])
    title = Title(sv=name(code), en=name(code))
    changed = {"region": code, "home": home, "title": title, "members": ""}
    return settings.model_copy(update=changed)


def site_settings(folder: Path, settings: Settings) -> SiteSettings:
    """
    Give what the pages say of a study.

    Parameters
    ----------
    folder : Path
        The study folder.
    settings : Settings
        Its settings.

    Returns
    -------
    SiteSettings
        For `regionstudy.report`.
    """
    from regionstudy.report import SiteSettings

    members = folder / "data" / settings.members
    return SiteSettings(
        title=Words(sv=settings.title.sv, en=settings.title.en),
        contact=settings.contact,
        public_url=settings.public_url,
        inputs=(members,) if settings.members else (),
    )

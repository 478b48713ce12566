"""The sources' clients for a command: where answers are kept, and whom to reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from regionstudy.settings import find_folder, read_settings
from regionstudy.sources.clients import open_clients, read_base_urls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.sources.clients import Clients

__all__ = ["cache_folder", "connect", "own_study"]


def cache_folder(study: Path | None = None) -> Path:
    """
    Tell where a command keeps the services' answers.

    Parameters
    ----------
    study : Path, optional
        A study folder; without it the one stood in.

    Returns
    -------
    Path
        Inside the study; outside of any, in the user's folder of caches.

    Raises
    ------
    ConfigError
        If `study` is given and is no study folder.
    """
    folder = own_study(study)
    if folder is None:
        return platformdirs.user_cache_path("regionstudy", appauthor=False) / "http"
    return folder / ".regionstudy" / "http"


def connect(
    study: Path | None = None, *, offline: bool = False, base_urls: Iterable[str] = ()
) -> Clients:
    """
    Open the sources' clients for a command.

    Parameters
    ----------
    study : Path, optional
        A study folder; without it the one stood in.
    offline : bool, default False
        Whether only kept answers are used.
    base_urls : iterable of str
        The values of ``--base-url``, each ``SOURCE=URL``.

    Returns
    -------
    Clients
        To be closed when done; nothing has been asked yet.

    Raises
    ------
    ConfigError
        If `study` is no study folder, its settings are wrong, or a base URL is.
    """
    folder = own_study(study)
    return open_clients(
        cache=cache_folder(study),
        offline=offline,
        contact=read_settings(folder).contact if folder is not None else "",
        base_urls=read_base_urls(base_urls),
    )


def own_study(study: Path | None) -> Path | None:
    """
    Find the user's study: the package's own is not theirs to write into.

    Parameters
    ----------
    study : Path or None
        A study folder; None for the one stood in.

    Returns
    -------
    Path or None
        The folder; None where none is given or stood in.

    Raises
    ------
    ConfigError
        If `study` is given and is no study folder.
    """
    folder = find_folder(study)
    here = Path.cwd()
    return folder if study is not None or folder in (here, *here.parents) else None

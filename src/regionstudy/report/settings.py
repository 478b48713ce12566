"""What the pages need to know about the study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.words import Words

__all__ = ["SiteSettings"]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """
    What the pages say about the study beyond what its notebooks show.

    Parameters
    ----------
    title : Words
        The study's name, in the masthead of each page.
    contact : str, default ""
        Who answers questions; printed in each footer.
    inputs : tuple of Path, default ()
        Files and folders outside the study folder's ``data/`` that the notebooks read, such
        as a members' workbook elsewhere. A change in any of them makes a new build.
    public_url : str, default ""
        Where the folder ``public/`` is put on the web; "" where that is not decided, and then
        no address in it is absolute.
    """

    title: Words
    contact: str = ""
    inputs: tuple[Path, ...] = ()
    public_url: str = ""

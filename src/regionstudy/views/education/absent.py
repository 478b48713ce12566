"""One line that says which figures are missing, and the command that fetches them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.figures import note
from regionstudy.figures.education_words import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.figures.shown import Note
    from regionstudy.study import Study

__all__ = ["absent"]


def absent(study: Study, what: str, ids: Sequence[str]) -> Note:
    """
    Say what a section waits for.

    Parameters
    ----------
    study : Study
        The study.
    what : str
        The rest of the id after ``education.waits.``: what the figures are about.
    ids : sequence of str
        The indicators that it is made of.

    Returns
    -------
    Note
        The command that fetches them; for those without a service, what describes them; where
        they are held, that none is of the study's places.
    """
    lacking = [one for one in ids if one not in study.snapshot.indicators]
    if not lacking:
        return note(text("held_elsewhere", what=text(f"waits.{what}")), tone="missing")
    fetchable = [one for one in lacking if study.catalogue[one].fetchable]
    chosen = fetchable or lacking[:1]
    command = (
        " ".join(["regionstudy fetch", *(f"--indicator {one}" for one in chosen)])
        if fetchable
        else f"regionstudy describe {chosen[0]}"
    )
    key = "missing.fetch" if fetchable else "missing.no_service"
    return note(text(key, what=text(f"waits.{what}"), command=command), tone="missing")

"""The journal of a fetch: each answer on disk as it comes, so that nothing is asked twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from regionstudy.store.fetch.tasks import Task

__all__ = ["Journal"]


class Journal:
    """
    The answers of a fetch that has not ended yet, one file an answer.

    A file appears whole or not at all, so that its being there is the journal's entry.

    Parameters
    ----------
    folder : Path
        Where the answers are kept; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holds(self, task: Task) -> bool:
        """
        Tell whether a task was answered, lately enough.

        Parameters
        ----------
        task : Task
            The task.

        Returns
        -------
        bool
            Whether `take` will give an answer.
        """
        try:
            written = self._file(task).stat().st_mtime
        except OSError:
            return False
        if task.good_for is None:
            return True
        # A file from the future (the clock was set back) counts as new.
        age = dt.datetime.now(tz=dt.UTC) - dt.datetime.fromtimestamp(written, tz=dt.UTC)
        return age < task.good_for

    def keep(self, task: Task, answer: pd.DataFrame) -> None:
        """
        Keep an answer; it is on the disk when this returns.

        Parameters
        ----------
        task : Task
            The task.
        answer : DataFrame
            Its answer, ``attrs`` included.

        Raises
        ------
        DataError
            If it can not be written.
        """
        file = self._file(task)
        aside: str | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "wb") as out:
                answer.to_parquet(out)
                out.flush()
                os.fsync(out.fileno())
            Path(aside).replace(file)
        except OSError as error:
            msg = (
                f"{self.folder}: an answer could not be kept: {error.strerror or error}. Make room "
                f"or ask for permission, then run the same command: it goes on where it stopped."
            )
            raise DataError(msg) from error
        finally:
            if aside is not None:
                Path(aside).unlink(missing_ok=True)

    def take(self, task: Task) -> pd.DataFrame:
        """
        Give a kept answer.

        Parameters
        ----------
        task : Task
            One that `holds` has.

        Returns
        -------
        DataFrame
            The answer, as it was kept.

        Raises
        ------
        DataError
            If its file is broken.
        """
        file = self._file(task)
        try:
            return pd.read_parquet(file)
        except (OSError, ValueError) as error:
            msg = f"{file}: a kept answer can not be read ({error}). Delete it, and fetch again."
            raise DataError(msg) from error

    def drop(self) -> None:
        """Throw the answers away: they are in the snapshot, or of no use any more."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _file(self, task: Task) -> Path:
        name = hashlib.sha256(f"{task.source} {task.key}".encode()).hexdigest()
        return self.folder / f"{name}.parquet"

"""The files of a study that an analyst edits: TOML, read and checked with errors that help."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Entry", "Title", "read_toml", "validated"]


class Entry(BaseModel):
    """A table of a study's file: no unknown keys, and never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Entry):
    """A name in both languages."""

    sv: str
    en: str


Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """
    Read one of a study's files.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        What it holds.

    Raises
    ------
    ConfigError
        If it is absent, can not be read, or is no TOML; names the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: can not be read ({error.strerror}). It comes with every study folder."
        raise ConfigError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: not valid TOML: {error}. Mend that line; texts need quotation marks."
        raise ConfigError(msg) from error


def validated(model: type[Model], table: object, *, where: str) -> Model:
    """
    Check a table of a study's file against its model.

    Parameters
    ----------
    model : type of BaseModel
        The model.
    table : object
        What stands in the file.
    where : str
        The file and the table, for messages.

    Returns
    -------
    BaseModel
        The checked entries.

    Raises
    ------
    ConfigError
        If an entry is unknown, missing or wrong; names each, and the entries there are.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        faults = "; ".join(
            ": ".join(
                part
                for part in (".".join(str(step) for step in fault["loc"]), fault["msg"].lower())
                if part
            )
            for fault in error.errors()
        )
        msg = f"{where}: {faults}. The entries are: {', '.join(model.model_fields)}."
        raise ConfigError(msg) from error

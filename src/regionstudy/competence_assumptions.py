"""What a study's competence gap assumes: ``competence.toml`` and its crosswalk, checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import pandas as pd
from pydantic import Field, model_validator

from regionstudy.errors import ConfigError
from regionstudy.geography import level_of, require_region
from regionstudy.members.occupations import is_occupation
from regionstudy.study_files import Entry, read_toml, validated

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Ages", "Assumptions", "Shares", "read_assumptions", "read_crosswalk"]

_Share = Annotated[float, Field(ge=0, le=1)]
# The last age band of the members' sheet begins here.
_LAST_BAND = 60
_DIGITS = 3


class Shares(Entry):
    """A share with its range."""

    low: _Share
    middle: _Share
    high: _Share

    @model_validator(mode="after")
    def _in_order(self) -> Shares:
        if not self.low <= self.middle <= self.high:
            msg = "write them in order, low <= middle <= high"
            raise ValueError(msg)
        return self

    @property
    def values(self) -> tuple[float, float, float]:
        """Low, middle, high."""
        return self.low, self.middle, self.high


class Ages(Entry):
    """The age of retirement with its range."""

    late: float = Field(gt=_LAST_BAND, le=80)
    middle: float = Field(gt=_LAST_BAND, le=80)
    early: float = Field(gt=_LAST_BAND, le=80)

    @model_validator(mode="after")
    def _in_order(self) -> Ages:
        if not self.early <= self.middle <= self.late:
            msg = "write them in order, early <= middle <= late"
            raise ValueError(msg)
        return self


class Assumptions(Entry):
    """The entries of ``competence.toml``; the file itself explains them."""

    needs_include_replacement: bool = False
    horizon: int = Field(default=0, ge=0, le=2100)
    few: int = Field(default=3, ge=1)
    retirement_age: Ages
    last_band_share: Shares | None = None
    stay_share: Shares
    members_share: Shares
    draws: int = Field(default=2000, ge=100, le=100_000)
    seed: int = Field(default=1, ge=0)
    level: float = Field(default=0.9, gt=0, lt=1)
    university_towns: tuple[str, ...] = ()

    @property
    def exit_share(self) -> tuple[float, float, float]:
        """
        Give the share of those aged 60 and over who retire in a year.

        Returns
        -------
        tuple of float
            Low, middle, high: as entered, else what the ages of retirement come to where
            those aged 60 and over are evenly spread up to them.
        """
        if self.last_band_share is not None:
            return self.last_band_share.values
        ages = self.retirement_age
        late, middle, early = (
            min(1.0, 1 / (age - _LAST_BAND)) for age in (ages.late, ages.middle, ages.early)
        )
        return late, middle, early


class _Education(Entry):
    """One education of the crosswalk."""

    occupations: dict[str, _Share] = Field(min_length=1)


def read_assumptions(path: Path) -> Assumptions:
    """
    Read and check what a study's competence gap assumes.

    Parameters
    ----------
    path : Path
        The ``competence.toml``.

    Returns
    -------
    Assumptions
        The checked entries.

    Raises
    ------
    ConfigError
        If the file can not be read, or an entry is unknown, missing or wrong; names the file
        and the key.
    """
    found = validated(Assumptions, read_toml(path), where=str(path))
    for code in found.university_towns:
        where = f"{path}, university_towns"
        try:
            level = level_of(require_region(code))
        except ConfigError as error:
            msg = f"{where}: {error}"
            raise ConfigError(msg) from error
        if level != "municipality":
            msg = f'{where}: "{code}" is no municipality. Write four digits, such as "2281".'
            raise ConfigError(msg)
    return found


def read_crosswalk(path: Path) -> pd.DataFrame:
    """
    Read and check which occupations an education leads to.

    Parameters
    ----------
    path : Path
        The ``education_to_occupation.toml``.

    Returns
    -------
    DataFrame
        ``education`` (SUN 2020), ``occupation`` (SSYK 2012, three digits), ``share`` (0-1), a
        row a pair, as `regionstudy.analysis.competence.to_occupations` takes it.

    Raises
    ------
    ConfigError
        If the file can not be read, or a code or a share is wrong; names the file, the code
        and the remedy.
    """
    rows: list[tuple[str, str, float]] = []
    for education, entry in read_toml(path).items():
        where = f'{path}, ["{education}"]'
        if not re.fullmatch(r"\d{2,3}[a-zåäö]?", education):
            msg = (
                f"{where}: not a field of SUN 2020. Write two or three digits, and a letter after "
                'them where it is needed, such as ["481"].'
            )
            raise ConfigError(msg)
        shares = validated(_Education, entry, where=where).occupations
        for occupation, share in shares.items():
            if len(occupation) != _DIGITS or not is_occupation(occupation):
                msg = (
                    f'{where}: "{occupation}" is no group of three digits in SSYK 2012. '
                    'Write it such as "251" = 0.6.'
                )
                raise ConfigError(msg)
            rows.append((education, occupation, share))
        whole = sum(shares.values())
        if whole > 1 + 1e-9:
            msg = (
                f"{where}: the shares add up to {whole:.2f}. Lower one: nobody can work in more "
                "than one occupation, so that they add up to 1 at most."
            )
            raise ConfigError(msg)
    return pd.DataFrame(rows, columns=["education", "occupation", "share"]).astype(
        {"education": "str", "occupation": "str", "share": float}
    )

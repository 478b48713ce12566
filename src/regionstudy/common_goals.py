"""The network's common goals: ``data/goals.toml``, read and checked."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd
from pydantic import model_validator

from regionstudy.errors import ConfigError
from regionstudy.geography import require_region
from regionstudy.study_files import Entry, Title, read_toml, validated

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from typing import Self

__all__ = ["Goal", "Goals", "MemberMeasure", "goal_rows", "read_goals"]

MemberMeasure = Literal["participation", "present"]


class Goal(Entry):
    """One goal, as the file has it; the file itself explains the entries."""

    title: Title
    indicator: str = ""
    measure: MemberMeasure | None = None
    region: str = ""
    base_year: int
    target: float
    year: int

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.indicator) == (self.measure is not None):
            known = ", ".join(get_args(MemberMeasure))
            msg = f"give either an indicator of the catalogue, or a measure of members: {known}"
            raise ValueError(msg)
        if self.measure is not None and self.region:
            msg = "region goes with an indicator; members are of one network"
            raise ValueError(msg)
        if self.year <= self.base_year:
            msg = f"year {self.year} must come after base_year {self.base_year}"
            raise ValueError(msg)
        return self


class Goals(Entry):
    """What ``goals.toml`` holds: the goals by id, and whether they are an example."""

    example: bool = False
    goals: dict[str, Goal]


def read_goals(path: Path, *, indicators: Collection[str] | None = None) -> Goals:
    """
    Read and check the goals.

    Parameters
    ----------
    path : Path
        The ``goals.toml``.
    indicators : collection of str, optional
        The catalogue; its ids are what a goal may name.

    Returns
    -------
    Goals
        In the file's order.

    Raises
    ------
    ConfigError
        Naming file, goal and remedy: the file cannot be read, an entry is unknown, missing or
        wrong, or an indicator or a region does not exist.
    """
    table = read_toml(path)
    example = table.pop("example", False)
    goals = {
        name: validated(Goal, entry, where=f"{path}, [{name}]") for name, entry in table.items()
    }
    for name, goal in goals.items():
        if goal.indicator and indicators is not None and goal.indicator not in indicators:
            near = difflib.get_close_matches(goal.indicator, indicators, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            msg = f'{path}, [{name}], indicator: no "{goal.indicator}" in the catalogue.{hint}'
            raise ConfigError(msg)
        if goal.region:
            try:
                require_region(goal.region)
            except ConfigError as error:
                msg = f"{path}, [{name}], region: {error}"
                raise ConfigError(msg) from error
    return validated(Goals, {"example": example, "goals": goals}, where=str(path))


def goal_rows(goals: Goals) -> pd.DataFrame:
    """
    Lay goals out as the frame that ``analysis.membership.goal_progress`` takes.

    Parameters
    ----------
    goals : Goals
        As `read_goals` gives them.

    Returns
    -------
    DataFrame
        ``goal``, ``base_year``, ``target``, ``year``.
    """
    rows = [(name, goal.base_year, goal.target, goal.year) for name, goal in goals.goals.items()]
    return pd.DataFrame(rows, columns=["goal", "base_year", "target", "year"])

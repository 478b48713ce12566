"""The pull that migration reveals, beside the experts' index of the same target group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regionstudy.analysis.revealed import (
    ExpertComparison,
    RevealedWeights,
    compare_with_experts,
    pull_regression,
)
from regionstudy.errors import ConfigError, DataError
from regionstudy.indicators.structure import indicators_below

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.attractiveness import StudyIndex
    from regionstudy.study import Study

__all__ = ["OUTCOMES", "Outcome", "RevealedPull", "reveal"]

# Where the random numbers of the bootstraps start.
SEED = 1
# An indicator's year counts as complete where hardly any municipality lacks it.
_COMPLETE = 0.95


@dataclass(frozen=True)
class Outcome:
    """
    What counts as pull for a target group, and what came before it.

    Chosen beforehand, once, from what the snapshot holds; trying many until one predicts
    would make every prediction look good.

    Parameters
    ----------
    name : str
        "net" (net migration per 1,000), "young" (cohorts aged 20 to 29, per 1,000 and year) or
        "settling" (cohorts aged 27 to 40 at the end, per 1,000 and year).
    span : tuple of str
        First and last year of the outcome, of which the mean is taken.
    earlier : tuple of str
        First and last year of the earlier migration that a prediction must beat.
    earlier_name : str
        Which outcome the earlier one is, where it is another.
    """

    name: str
    span: tuple[str, str]
    earlier: tuple[str, str]
    earlier_name: str


# The cohorts of 2018 to 2022 have no predecessor of their own kind.
OUTCOMES = {
    "incomer": Outcome("net", ("2023", "2025"), ("2020", "2022"), "net"),
    "returner": Outcome("settling", ("2018", "2022"), ("2014", "2017"), "net"),
    "student": Outcome("young", ("2016", "2019"), ("2012", "2015"), "young"),
}
_RATES = {"net": "net_migration_rate", "young": "young_adult_net_rate"}


@dataclass(frozen=True)
class RevealedPull:
    """
    How well an index's indicators predict migration, and where the two rank otherwise.

    Parameters
    ----------
    target : str
        The target group.
    outcome : Outcome
        What was predicted.
    domains, lacking : tuple of str
        The index's domains with an indicator known before the outcome, and those without.
    weights : RevealedWeights
        The regression: weights, out-of-sample scores, residuals.
    comparison : ExpertComparison
        The index's ranks beside those of observed pull.
    periods : Series
        Index indicator, value the year used: the newest before the outcome.
    provenance : dict
        Sources, by indicator.
    """

    target: str
    outcome: Outcome
    domains: tuple[str, ...]
    lacking: tuple[str, ...]
    weights: RevealedWeights
    comparison: ExpertComparison
    periods: pd.Series
    provenance: dict[str, Any]


def reveal(study: Study, index: StudyIndex, *, seed: int = SEED) -> RevealedPull:
    """
    Set an index beside the migration of the group that it is for.

    The index's indicators, at their newest year before the outcome, predict net migration by
    a ridge regression that is tested on counties it has not seen. What goes with pull need
    not cause it.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    seed : int, default 1
        Start of the random numbers of the intervals.

    Returns
    -------
    RevealedPull
        Weights, scores against the baselines, and both rankings.

    Raises
    ------
    ConfigError
        If no outcome is known for the index's target group.
    DataError
        If too few municipalities have figures, or a year of the outcome has none at all.
    """
    if index.target not in OUTCOMES:
        msg = f'No outcome is chosen for "{index.target}"; there are: {", ".join(OUTCOMES)}.'
        raise ConfigError(msg)
    outcome = OUTCOMES[index.target]
    begins = outcome.span[0]
    pull, sources = _outcome(study, outcome.name, outcome.span)
    earlier, earlier_sources = _outcome(study, outcome.earlier_name, outcome.earlier)
    values, periods, behind = _known_before(study, list(index.values.columns), begins)
    people = study.indicators("population", periods=[str(int(begins) - 1)])
    counties = study.regions().set_index("region")["parent"]
    weights = pull_regression(
        pull,
        values,
        groups=counties,
        before=earlier.rename("earlier"),
        population=people.set_index("region")["value"],
        periods={**periods, "earlier": outcome.earlier[1]},
        target_from=begins,
        seed=seed,
    )
    comparison = compare_with_experts(index.scores[index.root], pull, groups=counties, seed=seed)
    known = {one: _knows(index, one, values.columns) for one in index.domains}
    return RevealedPull(
        index.target,
        outcome,
        tuple(one for one in known if known[one]),
        tuple(one for one in known if not known[one]),
        weights,
        comparison,
        periods,
        {**behind, **sources, **earlier_sources},
    )


def _knows(index: StudyIndex, domain: str, known: pd.Index[str]) -> bool:
    """Tell whether any indicator of a domain has figures before the outcome."""
    return bool(known.isin(indicators_below(index.structure, domain)).any())


def _outcome(
    study: Study, name: str, span: tuple[str, str]
) -> tuple[pd.Series[float], dict[str, Any]]:
    """Give an outcome's mean over a span of years, by municipality."""
    if name == "settling":
        return _settling(study, span)
    years = [str(year) for year in range(int(span[0]), int(span[1]) + 1)]
    frame = study.indicators(_RATES[name], periods=years)
    wide = frame.pivot_table(index="region", columns="period", values="value")
    absent = [year for year in years if year not in wide.columns]
    if absent:
        msg = (
            f"{_RATES[name]} has no figures of {', '.join(absent)}, and the outcome "
            f'"{name}" is the mean of {span[0]}-{span[1]}. Import an official extract that holds '
            "them (regionstudy import PATH), or choose other years in OUTCOMES."
        )
        raise DataError(msg)
    # A missing year makes the mean missing: the others would stand for it.
    return wide[years].mean(axis=1, skipna=False), frame.attrs["provenance"]


def _settling(study: Study, span: tuple[str, str]) -> tuple[pd.Series[float], dict[str, Any]]:
    from regionstudy.analysis import migration

    people = study.observations("population_by_age_undated", periods=span)
    people = people[(people["region"].str.len() == 4) & (people["sex"] == "total")]
    years = int(span[1]) - int(span[0])
    followed = migration.cohort_net_migration(people, low=27 - years, high=40 - years)
    rates = migration.cohort_rates(followed, bands={"27-40": (27, 40)})
    return rates.set_index("region")["rate_per_1000_year"], rates.attrs["provenance"]


def _known_before(
    study: Study, ids: list[str], year: str
) -> tuple[pd.DataFrame, pd.Series[str], dict[str, Any]]:
    """Give the indicators at their newest year before another; those without one are left out."""
    frame = study.indicators(ids)
    yearly = frame["period"].str.fullmatch(r"\d{4}") & (frame["period"] < year)
    known = frame[yearly & frame["value"].notna()]
    counts = known.groupby(["indicator", "period"])["region"].nunique().reset_index()
    enough = counts[counts["region"] >= _COMPLETE * len(study.regions())]
    periods = enough.groupby("indicator")["period"].max()
    newest = known[known["period"] == known["indicator"].map(periods)]
    values = newest.pivot_table(index="region", columns="indicator", values="value")
    return values[[one for one in ids if one in periods.index]], periods, frame.attrs["provenance"]

"""Reveal what goes with pull: weights of indicators known before it, and how well they predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import find
from regionstudy.analysis.revealed.inputs import (
    Sample,
    check_bootstrap,
    check_order_in_time,
    line_up,
)
from regionstudy.analysis.revealed.penalised import PENALTIES, STRENGTHS, choose_strength, fit_path
from regionstudy.analysis.revealed.scores import (
    draw_groups,
    outdoes_baselines,
    predict_all,
    score,
)
from regionstudy.analysis.revealed.weights import RevealedWeights
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.revealed.penalised import Array, Rows

__all__ = ["pull_regression"]


def pull_regression(
    target: pd.Series[float],
    indicators: pd.DataFrame,
    *,
    groups: Mapping[str, str] | pd.Series[str],
    before: pd.Series[float],
    population: pd.Series[float],
    seed: int,
    periods: Mapping[str, str] | pd.Series[str] | None = None,
    target_from: str | None = None,
    penalty: str = "ridge",
    draws: int = 1000,
    coverage: float = 0.9,
) -> RevealedWeights:
    """
    Regress pull on indicators known before it, and test the fit on groups it has not seen.

    Out of sample ``R² = 1 - Σ(y - ŷ)² / Σ(y - ȳ)²``, where both the prediction ŷ and the mean ȳ
    come from the other folds. Each group is held out whole, so that neighbours in it do not tell
    on each other (those across its border still do); imputation by the median,
    standardisation and the choice of λ (over at most ten folds of whole groups) happen
    within the regions that the fit sees. The same is done with every tenth region held out,
    where the baseline may know the region's group. The baselines: a straight line in the
    earlier pull; size and group, which is described in `regionstudy.analysis.revealed.baselines`.

    Weights are associations within these regions and years. They are shrunken towards 0, and two
    indicators that go together share theirs; intervals come from drawing whole groups with
    replacement and refitting with the λ chosen on all, so they do not hold its uncertainty.

    Parameters
    ----------
    target : Series of float, index region
        Pull, such as net migration per 1,000 inhabitants and year; higher is more.
    indicators : DataFrame, shape (regions, indicators)
        Index region; figures known before the target period; missing is NaN.
    groups : mapping of str to str
        Region to group, such as its county.
    before : Series of float, index region
        The target, or the nearest there is to it, over an earlier period.
    population : Series of float, index region
        Persons before the target period.
    seed : int
        Start of the random numbers: the same seed gives the same draws.
    periods : mapping of str to str, optional
        Period of each indicator; also of ``before.name`` where it has one. With
        `target_from`, an indicator that is not from before is refused.
    target_from : str, optional
        First period of the target, such as "2022".
    penalty : {"ridge", "elastic_net"}, default "ridge"
        Form of the penalty; the elastic net leaves indicators out.
    draws : int, default 1000
        Draws of the bootstrap, at least 100.
    coverage : float, default 0.9
        Share of the draws in an interval.

    Returns
    -------
    RevealedWeights
        Weights, scores, residuals and the flag `predicts`.

    Raises
    ------
    ConfigError
        If the penalty is unknown, a number is out of range, or only one of `periods` and
        `target_from` is given or a period of theirs is missing or no period.
    DataError
        If an indicator is not from before the target, is constant or is missing in more than
        half of the regions; a frame is empty, repeats a region or holds an infinite figure; a
        region has no group or no inhabitants; there are fewer than 5 groups; or all pull is
        alike.

    References
    ----------
    Hoerl & Kennard (1970), Technometrics 12(1), 55-67 (ridge); Zou & Hastie (2005), J. Royal
    Statistical Society B 67(2), 301-320 (elastic net); Campbell & Thompson (2008), Review of
    Financial Studies 21(4), 1509-1531 (out-of-sample R²); Roberts et al. (2017), Ecography
    40(8), 913-929 (blocked cross-validation); Cameron, Gelbach & Miller (2008), Review of
    Economics and Statistics 90(3), 414-427 (bootstrap over clusters).

    Examples
    --------
    >>> codes = [f"{county:02d}{number:02d}" for county in range(1, 8) for number in range(1, 5)]
    >>> jobs = pd.Series(np.arange(28.0) % 5, index=codes)
    >>> found = pull_regression(3 * jobs - 1, pd.DataFrame({"jobs": jobs}),
    ...     groups={code: code[:2] for code in codes}, before=jobs % 2,
    ...     population=pd.Series(1000.0 + np.arange(28), index=codes), seed=1, draws=100)
    >>> found.weights["weight"].round(1).to_dict(), found.predicts
    ({'jobs': 4.2}, True)
    """
    find(PENALTIES, penalty, "penalty")
    check_bootstrap(draws, coverage)
    if (periods is None) != (target_from is None):
        raise ConfigError("periods and target_from belong together: give both, or neither.")
    if periods is not None and target_from is not None:
        needed = [*indicators.columns, *([before.name] if before.name in periods else [])]
        check_order_in_time(periods, target_from=target_from, needed=needed)
    sample = line_up(target, indicators, groups=groups, before=before, population=population)
    to_weights, to_scores = np.random.default_rng(seed).spawn(2)
    strength = choose_strength(sample.indicators, sample.target, sample.groups, penalty=penalty)
    weights = _weights(sample, strength, penalty, draws, coverage, to_weights)
    predictions = predict_all(sample, penalty)
    scores = score(sample, predictions, draws, coverage, to_scores)
    return RevealedWeights(
        weights=weights,
        scores=scores,
        regions=_residuals(sample, predictions["groups"]["indicators"]),
        predicts=outdoes_baselines(scores),
        penalty=penalty,
        strength=float(STRENGTHS[strength]),
        left_out=sample.left_out,
        draws=draws,
        coverage=coverage,
        seed=seed,
    )


def _weights(
    sample: Sample,
    strength: int,
    penalty: str,
    draws: int,
    coverage: float,
    generator: np.random.Generator,
) -> pd.DataFrame:
    def slopes(rows: Rows) -> Array:
        path = fit_path(sample.indicators[rows], sample.target[rows], penalty=penalty)
        return np.asarray(path.slopes[strength] / path.scale)

    every = np.arange(len(sample.target))
    members = np.split(every, np.flatnonzero(np.diff(sample.groups)) + 1)
    drawn = draw_groups(sample.groups, draws, generator)
    nominal = slopes(every)
    sd = fit_path(sample.indicators, sample.target, penalty=penalty).scale
    varied = np.array([slopes(np.concatenate([members[k] for k in one])) for one in drawn]) * sd
    weight = nominal * sd
    tail = (1 - coverage) / 2
    low, high = np.quantile(varied, [tail, 1 - tail], axis=0)
    total = np.abs(weight).sum()
    return pd.DataFrame(
        {
            "weight": weight,
            "low": low,
            "high": high,
            "same_sign": (np.sign(varied) == np.sign(weight)).mean(axis=0),
            "share": np.abs(weight) / total if total > 0 else np.nan,
            "sd": sd,
            "imputed": np.isnan(sample.indicators).sum(axis=0),
        },
        index=sample.names,
    )


def _residuals(sample: Sample, predicted: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": sample.labels,
            "pull": sample.target,
            "predicted": predicted,
            "residual": sample.target - predicted,
        },
        index=sample.regions,
    ).sort_index()

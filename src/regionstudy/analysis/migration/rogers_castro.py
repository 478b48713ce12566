"""The Rogers-Castro model of who moves at which age, fitted to rates by age."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.migration.bands import age_limits
from regionstudy.analysis.statuses import MISSING, severity
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["RogersCastro", "fit_rogers_castro", "model_rates"]

# By name: the lowest and the highest value that a fit may take. Slopes above 1 and peaks
# outside these ages have not been seen in the hundreds of schedules published.
_BOUNDS = {
    "a1": (0.0, 1.0),
    "alpha1": (0.0, 1.0),
    "a2": (0.0, 2.0),
    "alpha2": (0.01, 1.0),
    "mu2": (12.0, 35.0),
    "lambda2": (0.05, 2.0),
    "a3": (0.0, 0.5),
    "alpha3": (0.01, 1.5),
    "mu3": (50.0, 80.0),
    "lambda3": (0.05, 2.0),
    "c": (0.0, 0.5),
}
_NAMES = {
    7: ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c"),
    11: tuple(_BOUNDS),
}
# Starts around the standard schedule of Rogers & Castro (1981): a least-squares surface
# with double exponentials has several bottoms, and the deepest of these is kept.
_STARTS = {
    "alpha1": (0.1,),
    "alpha2": (0.08, 0.2),
    "mu2": (19.0, 23.0),
    "lambda2": (0.3, 0.9),
    "alpha3": (0.8, 0.1),
    "mu3": (65.0,),
    "lambda3": (0.15, 0.6),
}


@dataclass(frozen=True)
class RogersCastro:
    """
    A fitted model migration schedule.

    Parameters
    ----------
    parameters : Series, index name
        ``a1, alpha1, a2, alpha2, mu2, lambda2, c`` and, with 11, ``a3, alpha3, mu3, lambda3``;
        levels (``a1, a2, a3, c``) as rates per person, whatever the unit given.
    curve : DataFrame
        ``age``, ``rate`` (given), ``fitted``, ``residual`` (rate - fitted), in the unit given.
    gross_migraproduction_rate : float
        Sum of the fitted rates over the ages given, per person: moves of one who lives
        through them all at these rates.
    peak_age : float
        The age of the highest fitted rate from 15 years on.
    labour_shift : float or None
        Years from the lowest rate before the peak to the peak.
    r_squared : float
        Share of the rates' variance that the curve explains.
    converged : bool
        Whether the best start came to rest within the limits of steps.
    at_bounds : tuple of str
        Parameters that stand at the end of what is allowed, and so are not determined.
    per : float
        The rates given are moves for each so many persons.
    """

    parameters: pd.Series[float]
    curve: pd.DataFrame
    gross_migraproduction_rate: float
    peak_age: float
    labour_shift: float | None
    r_squared: float
    converged: bool
    at_bounds: tuple[str, ...]
    per: float


def model_rates(
    ages: NDArray[np.float64] | pd.Series[float], parameters: Mapping[str, float]
) -> NDArray[np.float64]:
    """
    Give the rates of a model migration schedule.

    ``m(x) = a1·exp(-α1·x) + a2·exp(-α2·(x - μ2) - exp(-λ2·(x - μ2)))
    [+ a3·exp(-α3·(x - μ3) - exp(-λ3·(x - μ3)))] + c``: children moving with their
    parents, people of working age, those who retire, and a constant.

    Parameters
    ----------
    ages : array of float, shape (n,)
        Ages, x.
    parameters : mapping of str to float
        Seven, or all eleven.

    Returns
    -------
    ndarray of float, shape (n,)
        Rates per person.

    Raises
    ------
    ConfigError
        If the names are not those of the 7 or of the 11 parameters.

    References
    ----------
    Rogers & Castro (1981), Model Migration Schedules, IIASA RR-81-30.

    Examples
    --------
    >>> standard = {"a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20,
    ...     "lambda2": 0.4, "c": 0.003}
    >>> model_rates(np.array([0.0, 20.0, 23.0]), standard).round(4).tolist()
    [0.023, 0.0278, 0.0379]
    """
    names = _NAMES.get(len(parameters))
    if names is None or set(parameters) != set(names):
        msg = (
            f"A schedule has the parameters {', '.join(_NAMES[7])}, or these and "
            f"a3, alpha3, mu3, lambda3; got {', '.join(parameters)}."
        )
        raise ConfigError(msg)
    return _rates(np.asarray(ages, float), np.array([parameters[name] for name in names]), names)


def _hump(ages: NDArray[np.float64], alpha: float, mu: float, growth: float) -> NDArray[np.float64]:
    # The inner exponential overflows far below the peak, where the hump is 0 anyhow.
    inner = np.exp(np.minimum(-growth * (ages - mu), 500.0))
    shape: NDArray[np.float64] = np.exp(np.clip(-alpha * (ages - mu) - inner, -700.0, 50.0))
    return shape


def _shapes(
    ages: NDArray[np.float64], given: NDArray[np.float64], names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Give each component of level 1, a column each: (a1, a2[, a3], c)."""
    at = dict(zip(names, given.tolist(), strict=True))
    columns = [
        np.exp(-at["alpha1"] * ages),
        _hump(ages, at["alpha2"], at["mu2"], at["lambda2"]),
    ]
    if "mu3" in at:
        columns.append(_hump(ages, at["alpha3"], at["mu3"], at["lambda3"]))
    return np.column_stack([*columns, np.ones_like(ages)])


def _rates(
    ages: NDArray[np.float64], given: NDArray[np.float64], names: tuple[str, ...]
) -> NDArray[np.float64]:
    levels = np.array([given[place] for place, name in enumerate(names) if _is_level(name)])
    rates: NDArray[np.float64] = _shapes(ages, given, names) @ levels
    return rates


def _is_level(name: str) -> bool:
    return name in ("a1", "a2", "a3", "c")


def fit_rogers_castro(
    rates: pd.DataFrame, *, parameters: int = 7, per: float = 1000.0
) -> RogersCastro:
    """
    Fit a model migration schedule to gross rates by single year of age.

    Bounded least squares from several starts; in each, the levels come from non-negative
    linear least squares, given the slopes. Ages without a rate are left out of the fit.
    It is a model of gross moves: a net profile, which falls below 0, has no such shape.

    Parameters
    ----------
    rates : DataFrame
        ``age`` (single years), ``value`` (moves in or out for each `per` persons),
        optionally ``status``; one region, period and group.
    parameters : {7, 11}, default 7
        With 11 there is a second hump where people retire.
    per : float, default 1000
        What the rates are for each of.

    Returns
    -------
    RogersCastro
        Parameters, curve, gross migraproduction rate, fit and convergence.

    Raises
    ------
    ConfigError
        If `parameters` is neither 7 nor 11, or `per` is not above 0.
    DataError
        If a column is absent, an age repeats or is no single year, a rate is negative, all
        are alike, or fewer ages have a rate than twice the parameters or none lies among
        15-40.

    References
    ----------
    Rogers & Castro (1981), Model Migration Schedules, IIASA RR-81-30; Rogers, Raquillet &
    Castro (1978), Model migration schedules and their applications, Environment and
    Planning A 10(5), 475-502.

    Examples
    --------
    >>> standard = {"a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20,
    ...     "lambda2": 0.4, "c": 0.003}
    >>> ages = np.arange(81.0)
    >>> rates = pd.DataFrame({"age": ages.astype(int).astype(str),
    ...     "value": 1000 * model_rates(ages, standard)})
    >>> model = fit_rogers_castro(rates)
    >>> bool(model.converged), round(float(model.parameters["mu2"]), 3), model.peak_age
    (True, 20.0, 23.3)
    """
    if parameters not in _NAMES:
        raise ConfigError(f"parameters={parameters}: a schedule has 7 or 11.")
    if not per > 0:
        raise ConfigError(f"per={per}: give a number above 0, such as 1000.")
    names = _NAMES[parameters]
    ages, given = _read(rates, per, fewest=2 * parameters)
    fit, converged = _best(ages, given, names)
    fitted = _rates(ages, fit, names)
    low, high = np.array([_BOUNDS[name] for name in names]).T
    near = np.isclose(fit, low, rtol=0, atol=1e-4 * (high - low))
    near |= np.isclose(fit, high, rtol=0, atol=1e-4 * (high - low))
    # A level of 0 is an answer (no such movers), not a limit to the search.
    held = tuple(
        name for name, is_near in zip(names, near, strict=True) if is_near and not _is_level(name)
    )
    peak, shift = _peak(fit, names)
    spread = float(((given - given.mean()) ** 2).sum())
    return RogersCastro(
        parameters=pd.Series(fit, index=list(names), name="value").rename_axis("parameter"),
        curve=pd.DataFrame(
            {
                "age": ages.astype(int),
                "rate": per * given,
                "fitted": per * fitted,
                "residual": per * (given - fitted),
            }
        ),
        gross_migraproduction_rate=float(fitted.sum()),
        peak_age=peak,
        labour_shift=shift,
        r_squared=1 - float(((given - fitted) ** 2).sum()) / spread,
        converged=converged,
        at_bounds=held,
        per=per,
    )


def _read(
    rates: pd.DataFrame, per: float, *, fewest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    require_columns(rates, ["age", "value"], name="rates")
    require_unique(rates, ["age"], name="rates")
    text = rates["age"].astype(str)
    limits = text.map(age_limits)
    grouped = text[[span is None or span[0] != span[1] for span in limits]]
    if not grouped.empty:
        msg = (
            f'rates has the age "{grouped.iloc[0]}", which is no single year; a schedule needs '
            'years of age ("20"), without groups and totals.'
        )
        raise DataError(msg)
    value = rates["value"].to_numpy(dtype=np.float64)
    there = ~np.isnan(value)
    if "status" in rates.columns:
        there &= severity(rates["status"]) < MISSING
    order = np.argsort(text.astype(int).to_numpy(), kind="stable")
    order = order[there[order]]
    ages, given = text.astype(int).to_numpy(dtype=np.float64)[order], value[order] / per
    if (given < 0).any():
        msg = (
            f"rates is {per * given.min():g} at the age of {ages[given.argmin()]:.0f}; the model "
            "is of gross moves, in or out, which are never negative (are these nets?)."
        )
        raise DataError(msg)
    if len(ages) < fewest or not ((ages >= 15) & (ages <= 40)).any():
        span = f"{ages.min():.0f}-{ages.max():.0f}" if len(ages) else "none"
        msg = (
            f"rates has {len(ages)} ages with a rate ({span}); the model needs {fewest} or more, "
            "those of 15-40 years among them."
        )
        raise DataError(msg)
    if given.min() == given.max():
        raise DataError(f"rates is {per * given[0]:g} at every age; there is no profile to fit.")
    return ages, given


def _best(
    ages: NDArray[np.float64], given: NDArray[np.float64], names: tuple[str, ...]
) -> tuple[NDArray[np.float64], bool]:
    from scipy.optimize import least_squares, nnls

    low, high = np.array([_BOUNDS[name] for name in names]).T
    slopes = [name for name in names if not _is_level(name)]
    scale = float(given.max())
    levels = np.array([_is_level(name) for name in names])

    def misses(at: NDArray[np.float64]) -> NDArray[np.float64]:
        return (_rates(ages, at, names) - given) / scale

    found: list[tuple[float, NDArray[np.float64], bool]] = []
    for choice in product(*(_STARTS[name] for name in slopes)):
        start = np.zeros(len(names))
        start[~levels] = choice
        start[levels] = nnls(_shapes(ages, start, names), given)[0]
        # Strictly inside, where the solver must begin.
        start = np.clip(start, low + 1e-6 * (high - low), high - 1e-6 * (high - low))
        fit = least_squares(
            misses,
            start,
            bounds=(low, high),
            x_scale=np.maximum(np.abs(start), 1e-3),
            ftol=1e-12,
            xtol=1e-12,
            gtol=1e-12,
            max_nfev=400,
        )
        found.append((float(fit.cost), fit.x, bool(fit.status > 0)))
        if fit.cost < 1e-18 and fit.status > 0:
            break
    _, best, converged = min(found, key=lambda one: one[0])
    return best, converged


def _peak(fit: NDArray[np.float64], names: tuple[str, ...]) -> tuple[float, float | None]:
    years = np.arange(0.0, 60.0, 0.1)
    curve = _rates(years, fit, names)
    adult = years >= 15
    peak = float(years[adult][curve[adult].argmax()])
    before = years <= peak
    lowest = float(years[before][curve[before].argmin()])
    return round(peak, 1), round(peak - lowest, 1) if peak > lowest else None

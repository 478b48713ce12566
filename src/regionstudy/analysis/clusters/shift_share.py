"""Shift-share: what of a region's change is the country's, its industries' and its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters.coding import nonzero, statuses, worst
from regionstudy.analysis.clusters.years import read_years
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.analysis.clusters.cube import Jobs

    _Array: TypeAlias = NDArray[np.float64]

__all__ = ["METHODS", "shift_share", "shift_share_by_industry"]

METHODS = ("classic", "esteban", "homothetic", "gerfin")
_GERFIN_YEARS = ("mean", "sum", "product")


@dataclass(frozen=True)
class _Steps:
    """Both ends of each step in time: axes region (r), industry (i) and step (s)."""

    before: _Array  # r, i, s
    after: _Array
    whole_before: _Array  # r, 1, s
    whole_after: _Array
    base_before: _Array  # i, s
    base_growth: _Array  # i, s: after / before
    base_whole_before: _Array  # s
    base_whole_growth: _Array  # s


def shift_share(
    employed: pd.DataFrame,
    *,
    start: str,
    end: str,
    reference: str = "00",
    method: str = "classic",
    dynamic: bool = False,
    totals: str = "sum",
    gerfin_years: str = "mean",
) -> pd.DataFrame:
    """
    Part each region's change in jobs into the reference's, its industries' and its own.

    With r jobs in an industry of the region, n in the reference's, R and N all jobs (0 at
    `start`, 1 at `end`) and sums over industries:

    - classic (Dunn): ``national = R0 (N1/N0 - 1)``, ``mix = Σ r0 (n1/n0 - N1/N0)``,
      ``regional = Σ r0 (r1/r0 - n1/n0)``;
    - esteban (Esteban-Marquillas): with ``h = R0 n0/N0``, the jobs that the industry would
      have were the region made as the reference is, ``regional = Σ h (r1/r0 - n1/n0)`` and
      ``allocation = Σ (r0 - h) (r1/r0 - n1/n0)``;
    - homothetic (Arcelus): ``regional = R0 (R1/R0 - N1/N0)`` is the region's growth in all
      beyond the reference's, and ``regional_mix = Σ h ((r1/r0 - n1/n0) - (R1/R0 - N1/N0))``
      how it falls out by industry; ``allocation`` as above;
    - gerfin: factors, with the expected ``X = Σ r0 n1/n0``: ``national = N1/N0``,
      ``mix = (X/R0) / (N1/N0)``, ``regional = R1/X``; their product is ``total = R1/R0``.

    It describes, and explains nothing: ``regional`` is what is left, whatever its cause.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``period`` (years), ``value`` (jobs), optionally ``status``.
    start, end : str
        The years compared.
    reference : str, default "00"
        Region compared with.
    method : {"classic", "esteban", "homothetic", "gerfin"}
        How the change is parted.
    dynamic : bool, default False
        Part the change of each year by itself, and add the parts up.
    totals : {"sum", "published"}
        What all jobs are: the sum of the industries, or the row of the industry "total" (or
        "A-U+US"). With published totals, ``residual`` is what the industries do not add up to.
    gerfin_years : {"mean", "sum", "product"}
        How yearly factors are put together, where gerfin is dynamic. Only with "product" is
        ``total`` the growth from start to end.

    Returns
    -------
    DataFrame
        ``region``, ``national``, ``mix``, ``regional``, [``regional_mix``,] [``allocation``,]
        ``total`` (the change; the sum of the parts), ``net`` (``total`` without ``national``:
        what the region gained on the reference), ``residual``, ``status``. Persons; for
        gerfin, factors (``residual`` 0). A part is NaN where a figure in it is missing (status
        ".."), or a growth has no meaning, for it starts from 0 (".").

    Raises
    ------
    DataError
        If a column, the reference or a year is absent (in between, too, where dynamic), a
        region or an industry has rows in one of the years only, the years do not ascend,
        rows repeat, a count is negative, indicators are mixed, or a word is unknown.

    References
    ----------
    Dunn (1960), A statistical and analytical technique for regional analysis, Papers of the
    Regional Science Association 6, 97-112; Esteban-Marquillas (1972), A reinterpretation of
    shift-share analysis, Regional and Urban Economics 2(3), 249-255; Arcelus (1984), An
    extension of shift-share analysis, Growth and Change 15(1), 3-8; Gerfin (1964), Gesamt-
    wirtschaftliches Wachstum und regionale Entwicklung, Kyklos 17(4), 565-593; Barff & Knight
    (1988), Dynamic shift-share analysis, Growth and Change 19(2), 1-10.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"] * 2,
    ...     "industry": ["J", "K"] * 4, "period": ["2020"] * 4 + ["2024"] * 4,
    ...     "value": [300., 700., 6., 4., 360., 740., 9., 4.]})
    >>> shift_share(jobs, start="2020", end="2024")[
    ...     ["region", "national", "mix", "regional", "total"]].round(2)
      region  national  mix  regional  total
    0   2281       1.0  0.43      1.57    3.0
    """
    _require_word(method, "method", METHODS)
    _require_word(gerfin_years, "gerfin_years", _GERFIN_YEARS)
    jobs = read_years(
        employed, start=start, end=end, reference=reference, totals=totals, every=dynamic
    )
    steps = _steps(jobs)
    if method == "gerfin":
        parts = _gerfin(steps, gerfin_years)
    else:
        parts = {name: part.sum(axis=1) for name, part in _ADDITIVE[method](steps).items()}
        total = (steps.whole_after - steps.whole_before)[:, 0]
        # National from the whole, so that published totals leave their remainder visible.
        growth = steps.base_whole_growth
        parts["national"] = steps.whole_before[:, 0] * (growth - 1)
        if method == "homothetic":
            parts["regional"] = steps.whole_after[:, 0] - steps.whole_before[:, 0] * growth
        parts["net"] = total - parts["national"]
        parts["total"] = total
        parts = {name: part.sum(axis=1) for name, part in parts.items()}
    names = _names(method)
    residual = np.zeros_like(parts["total"])
    if totals == "published" and method != "gerfin":
        residual = parts["total"] - np.sum([parts[name] for name in names], axis=0)
    code = _code(jobs, by_industry=False)
    return _result(
        jobs,
        {
            **{name: parts[name] for name in names},
            "total": parts["total"],
            "net": parts["net"],
            "residual": residual,
        },
        code,
        employed,
        ["region"],
    )


def shift_share_by_industry(
    employed: pd.DataFrame,
    *,
    start: str,
    end: str,
    reference: str = "00",
    method: str = "classic",
    dynamic: bool = False,
    totals: str = "sum",
) -> pd.DataFrame:
    """
    Part the change of each industry in each region; the sums are those of `shift_share`.

    ``national = r0 (N1/N0 - 1)``, ``mix = r0 (n1/n0 - N1/N0)``, ``regional = r0 (r1/r0 -
    n1/n0)``; for esteban, ``h (r1/r0 - n1/n0)`` and ``allocation = (r0 - h) (r1/r0 - n1/n0)``.

    Parameters
    ----------
    employed, start, end, reference, dynamic, totals
        As `shift_share` takes them.
    method : {"classic", "esteban"}
        How the change is parted.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``national``, ``mix``, ``regional``, [``allocation``,]
        ``total`` (r1 - r0), ``net``, ``status``.

    Raises
    ------
    DataError
        As `shift_share`.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"] * 2,
    ...     "industry": ["J", "K"] * 4, "period": ["2020"] * 4 + ["2024"] * 4,
    ...     "value": [300., 700., 6., 4., 360., 740., 9., 4.]})
    >>> shift_share_by_industry(jobs, start="2020", end="2024")[
    ...     ["industry", "national", "mix", "regional", "total"]].round(2)
      industry  national   mix  regional  total
    0        J       0.6  0.60      1.80    3.0
    1        K       0.4 -0.17     -0.23    0.0
    """
    _require_word(method, "method", ("classic", "esteban"))
    jobs = read_years(
        employed, start=start, end=end, reference=reference, totals=totals, every=dynamic
    )
    steps = _steps(jobs)
    parts = _ADDITIVE[method](steps)
    parts["national"] = steps.before * (steps.base_whole_growth - 1)
    parts["total"] = steps.after - steps.before
    parts["net"] = parts["total"] - parts["national"]
    columns = {name: parts[name].sum(axis=2) for name in (*_names(method), "total", "net")}
    return _result(jobs, columns, _code(jobs, by_industry=True), employed, ["region", "industry"])


def _require_word(word: str, option: str, known: tuple[str, ...]) -> None:
    if word not in known:
        msg = f'{option}="{word}" is not known; use one of: {", ".join(known)}.'
        raise DataError(msg)


def _names(method: str) -> list[str]:
    names = ["national", "mix", "regional"]
    if method == "homothetic":
        names.append("regional_mix")
    return [*names, "allocation"] if method in ("esteban", "homothetic") else names


def _steps(jobs: Jobs) -> _Steps:
    whole = nonzero(jobs.base_whole[:-1])
    return _Steps(
        before=jobs.count[:, :, :-1],
        after=jobs.count[:, :, 1:],
        whole_before=jobs.whole[:, np.newaxis, :-1],
        whole_after=jobs.whole[:, np.newaxis, 1:],
        base_before=jobs.base[:, :-1],
        base_growth=jobs.base[:, 1:] / nonzero(jobs.base[:, :-1]),
        base_whole_before=whole,
        base_whole_growth=jobs.base_whole[1:] / whole,
    )


def _expected(steps: _Steps) -> _Array:
    """Give the jobs at the end, had each industry grown as in the reference."""
    expected = steps.before * steps.base_growth
    # No jobs at either end stay none, even where the reference starts from 0.
    expected[(steps.before == 0) & (steps.after == 0)] = 0.0
    return expected


def _classic(steps: _Steps) -> dict[str, _Array]:
    expected = _expected(steps)
    return {
        "mix": expected - steps.before * steps.base_whole_growth,
        # r0 (r1/r0 - n1/n0) without the division: a region may start from 0.
        "regional": steps.after - expected,
    }


def _esteban(steps: _Steps) -> dict[str, _Array]:
    like_base = steps.whole_before * steps.base_before / steps.base_whole_before
    ahead = steps.after / nonzero(steps.before) - steps.base_growth
    # What neither has at the start is no gap, unless the region has it at the end.
    ahead[(steps.before == 0) & (steps.after == 0) & (steps.base_before == 0)] = 0.0
    return {
        "mix": _classic(steps)["mix"],
        "regional": like_base * ahead,
        "allocation": (steps.before - like_base) * ahead,
    }


def _homothetic(steps: _Steps) -> dict[str, _Array]:
    parts = _esteban(steps)
    like_base = steps.whole_before * steps.base_before / steps.base_whole_before
    lead = like_base * (steps.whole_after / nonzero(steps.whole_before) - steps.base_whole_growth)
    return {**parts, "regional": lead, "regional_mix": parts["regional"] - lead}


def _gerfin(steps: _Steps, years: str) -> dict[str, _Array]:
    whole = nonzero(steps.whole_before[:, 0])
    expected = nonzero(_expected(steps).sum(axis=1))
    growth = np.broadcast_to(nonzero(steps.base_whole_growth), whole.shape)
    total = steps.whole_after[:, 0] / whole
    parts = {
        "national": growth,
        "mix": expected / whole / growth,
        "regional": steps.whole_after[:, 0] / expected,
        "total": total,
        "net": total / growth,
    }
    if years == "product":
        return {name: part.prod(axis=1) for name, part in parts.items()}
    if years == "sum":
        return {name: part.sum(axis=1) for name, part in parts.items()}
    return {name: part.mean(axis=1) for name, part in parts.items()}


_ADDITIVE = {"classic": _classic, "esteban": _esteban, "homothetic": _homothetic}


def _code(jobs: Jobs, *, by_industry: bool) -> NDArray[np.int8]:
    """Give the worst status of all that a part is made of."""
    base = np.maximum(worst(jobs.base_code, axis=1), jobs.base_whole_code.max())
    code = np.maximum(worst(jobs.count_code, axis=2), base)
    code = np.maximum(code, worst(jobs.whole_code, axis=1)[:, np.newaxis])
    return code if by_industry else worst(code, axis=1)


def _result(
    jobs: Jobs,
    parts: dict[str, _Array],
    code: NDArray[np.int8],
    employed: pd.DataFrame,
    axes: list[str],
) -> pd.DataFrame:
    missing = np.any([np.isnan(part) for part in parts.values()], axis=0)
    # Known figures that give no part: a growth from 0.
    code = np.where(missing & (code < MISSING), NOT_APPLICABLE, code).astype(np.int8)
    columns = {name: part.reshape(-1) for name, part in parts.items()}
    result = pd.DataFrame({**jobs.keys(*axes), **columns, "status": statuses(code)})
    result.attrs = dict(employed.attrs)
    return result

"""Indicators from the store: formulas, then observed figures, then estimates."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.indicators.cells import choose
from regionstudy.indicators.evaluate import Evaluation, Segment
from regionstudy.indicators.formula import Formula, parse
from regionstudy.indicators.panel import (
    STATUSES,
    Panel,
    from_rows,
    join,
    mark_estimated,
    to_frame,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from regionstudy.catalogue import Catalogue, Indicator
    from regionstudy.store import Snapshot

__all__ = ["LEVELS", "Computation", "compute"]

# A region's code says what it is.
LEVELS = {"country": r"00", "county": r"(?!00)\d{2}", "municipality": r"\d{4}"}
_LEVEL_WORDS = {
    "country": ("riket", "the country"),
    "county": ("län", "counties"),
    "municipality": ("kommuner", "municipalities"),
}
_COLUMNS = ["region", "indicator", "period", "value", "status"]


def compute(
    ids: str | Iterable[str],
    *,
    snapshot: Snapshot,
    catalogue: Catalogue,
    level: str = "municipality",
    periods: Iterable[str] | None = None,
) -> pd.DataFrame:
    """
    Compute indicators for all regions of a level.

    An indicator's figures are its formula's result; of periods for which that gives none at
    all, what the store holds under its id (the whole of each breakdown); where there is none of
    that either, its estimate, marked "i", of all periods. No period is mixed from two.

    Parameters
    ----------
    ids : str or iterable of str
        Ids of the catalogue.
    snapshot : Snapshot
        The store's observations.
    catalogue : Catalogue
        The indicators' definitions.
    level : {"municipality", "county", "country"}
        The kind of region.
    periods : iterable of str, optional
        Only these; all there are without it.

    Returns
    -------
    DataFrame
        Columns ``region``, ``indicator``, ``period``, ``value`` and ``status``, ordered by
        the ids asked for, then region and period. In ``attrs``: ``provenance`` (of every
        observed part, by id), ``formula`` (by id, the text used), ``parts`` (by id, the
        observed ids behind it), ``segments`` (by id, where a joined series comes from) and
        ``missing`` (by id: ``sv`` and ``en`` say why there is nothing, ``command`` what
        would fetch it).

    Raises
    ------
    ConfigError
        If an id or the level is unknown, or a formula is wrong.
    """
    return Computation(snapshot, catalogue, level=level).frame(ids, periods=periods)


@dataclass(frozen=True, slots=True)
class _Result:
    panel: Panel
    parts: tuple[str, ...]
    formula: str = ""
    segments: tuple[Segment, ...] = ()


class Computation:
    """
    Indicators of one level of regions; keeps what it has read and worked out.

    Parameters
    ----------
    snapshot : Snapshot
        The store's observations.
    catalogue : Catalogue
        The indicators' definitions.
    level : {"municipality", "county", "country"}
        The kind of region.

    Raises
    ------
    ConfigError
        If there is no such level.
    """

    def __init__(self, snapshot: Snapshot, catalogue: Catalogue, *, level: str) -> None:
        if level not in LEVELS:
            msg = f'No level "{level}" of indicators. Use one of: {", ".join(LEVELS)}.'
            raise ConfigError(msg)
        self.snapshot = snapshot
        self.catalogue = catalogue
        self.level = level
        self._code = re.compile(LEVELS[level])
        self.held = set(snapshot.indicators)
        self._nothing = _no_rows()
        self._empty = from_rows(self._nothing)
        self._observed: dict[str, pd.DataFrame] = {}
        self._results_used: dict[str, _Result] = {}
        self._open: list[str] = []

    def frame(
        self, ids: str | Iterable[str], *, periods: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """
        Give indicators as `compute` describes them.

        Parameters
        ----------
        ids : str or iterable of str
            Ids of the catalogue.
        periods : iterable of str, optional
            Only these; all there are without it.

        Returns
        -------
        DataFrame
            A new frame: ``region``, ``indicator``, ``period``, ``value``, ``status``.

        Raises
        ------
        ConfigError
            If an id is unknown or a formula is wrong.
        """
        asked = list(dict.fromkeys([ids] if isinstance(ids, str) else ids))
        for name in asked:
            self.catalogue[name]  # an unknown id stops here, with the nearest match
        wanted = None if periods is None else set(periods)
        frames, attrs = [], _empty_attrs()
        for name in asked:
            frame = to_frame(self._panel(name))
            if wanted is not None:
                frame = frame[frame["period"].isin(wanted)]
            if frame["value"].isna().all():
                published = self._panel(name).published
                attrs["missing"][name] = self._why_missing(name, narrowed=published)
            self._describe(name, attrs)
            if len(frame):
                frames.append(frame.assign(indicator=name)[_COLUMNS])
        result = pd.concat(frames, ignore_index=True) if frames else _no_rows()
        result["indicator"] = result["indicator"].astype("str")
        result.attrs.update(attrs)
        return result

    def _rows(self, name: str) -> pd.DataFrame:
        if name not in self.held:
            return self._nothing
        if name not in self._observed:
            rows = self.snapshot.observations(name)
            rows.attrs = {}  # pandas copies them deeply with every step; `describe` adds them
            codes = [code for code in rows["region"].unique() if self._code.fullmatch(code)]
            self._observed[name] = rows[rows["region"].isin(codes)]
        return self._observed[name]

    def _panel(self, name: str) -> Panel:
        if name in self._results_used:
            return self._results_used[name].panel
        if name in self._open:
            circle = " -> ".join([*self._open[self._open.index(name) :], name])
            msg = f"Formulas go round in a circle: {circle}. Break it in the catalogue."
            raise ConfigError(msg)
        self._open.append(name)
        try:
            return self._work_out(self.catalogue[name])
        finally:
            self._open.pop()

    def _why_missing(self, name: str, *, narrowed: bool) -> dict[str, str]:
        """Say why an indicator has no figures, and what would fetch them."""
        parts = self._results_used[name].parts
        lacking = [part for part in parts if part not in self.held]
        elsewhere = [part for part in parts if part in self.held and self._rows(part).empty]
        wanted = lacking or elsewhere or list(parts)
        named = ", ".join(wanted)
        sv, en = _LEVEL_WORDS[self.level]
        if narrowed:
            texts = ("Inga siffror för de valda perioderna.", "No figures for the periods chosen.")
        elif lacking:
            texts = (f"Siffror saknas: {named}.", f"No figures are held: {named}.")
        elif elsewhere:
            texts = (
                f"Det finns siffror ({named}), men inte för {sv}.",
                f"There are figures ({named}), but not of {en}.",
            )
        else:
            texts = (
                f"Det finns siffror ({named}), men bara för delar av helheten.",
                f"There are figures ({named}), but only of parts of the whole.",
            )
        fetchable = [] if narrowed else [part for part in wanted if self._can_be_fetched(part)]
        command = " ".join(["regionstudy fetch", *(f"--indicator {part}" for part in fetchable)])
        return {"sv": texts[0], "en": texts[1], "command": command if fetchable else ""}

    def _describe(self, name: str, attrs: dict[str, dict[str, Any]]) -> None:
        """Add to a frame's attrs where an indicator's figures come from."""
        used = self._results_used[name]
        attrs["parts"][name] = list(used.parts)
        if used.formula:
            attrs["formula"][name] = used.formula
        if used.segments:
            attrs["segments"][name] = [asdict(segment) for segment in used.segments]
        for part in used.parts:
            if part in self.held:
                attrs["provenance"][part] = self.snapshot.provenance(part)

    def _work_out(self, item: Indicator) -> Panel:
        best: _Result | None = None
        for result in self._results(item):
            # Without any figure, the first that at least says what is missing is kept.
            says_more = best is not None and result.panel.status.size and not best.panel.status.size
            if best is None or result.panel.published or says_more:
                best = result
            if result.panel.published:
                break
        assert best is not None  # an entry has a source or a formula
        self._results_used[item.id] = best
        return best.panel

    def _results(self, item: Indicator) -> Iterator[_Result]:
        """Give an indicator's figures in the order in which they are preferred."""
        observed = None
        if item.id in self.held:
            panel = choose(self._rows(item.id), {}, default=_cells(item))
            observed = _Result(panel, parts=(item.id,))
        if item.formula:
            computed = self._run(item, item.formula)
            yield computed if observed is None else _completed(computed, observed, item.id)
        elif observed is not None:
            yield observed
        else:
            yield _Result(self._empty, parts=(item.id,))
        if item.estimate:
            result = self._run(item, item.estimate)
            yield replace(result, panel=mark_estimated(result.panel))

    def _run(self, item: Indicator, text: str) -> _Result:
        formula = _parse(item, text, self.catalogue)
        evaluation = Evaluation(
            panel=self._panel,
            observations=self._cells_of,
            cells=lambda name: _cells(self.catalogue[name]),
        )
        panel = evaluation.run(formula)
        used = [self._results_used[name] for name in formula.names if name in self._results_used]
        parts = [part for name in formula.names for part in self._parts_of(name)]
        segments = evaluation.segments or [segment for one in used for segment in one.segments]
        return _Result(
            panel,
            parts=tuple(dict.fromkeys(parts)),
            formula=text,
            segments=tuple(dict.fromkeys(segments)),
        )

    def _cells_of(self, name: str) -> pd.DataFrame:
        if self.catalogue[name].formula and name not in self.held:
            msg = f"{name} is computed and has no breakdown; use at() on an observed indicator."
            raise ConfigError(msg)
        return self._rows(name)

    def _parts_of(self, name: str) -> tuple[str, ...]:
        # Cells chosen with at() are read without working the indicator out.
        return self._results_used[name].parts if name in self._results_used else (name,)

    def _can_be_fetched(self, name: str) -> bool:
        item = self.catalogue[name]
        return item.fetchable and self.level in item.levels


def _completed(computed: _Result, observed: _Result, name: str) -> _Result:
    """Add the periods that were observed and not computed, each whole; say which come whence."""
    there = _periods_with_figures(computed.panel)
    added = _periods_with_figures(observed.panel).difference(there)
    if there.empty:
        return observed
    if added.empty:
        return computed
    # A period that was computed stays so, where it has no figure of a region too.
    joined, _ = join(_of(computed.panel, there), _of(observed.panel, added))
    own = [Segment(computed.formula, there[0], there[-1])]
    segments = [*(computed.segments or own), Segment(name, added[0], added[-1])]
    return _Result(joined, (*computed.parts, *observed.parts), computed.formula, tuple(segments))


def _periods_with_figures(panel: Panel) -> pd.Index:
    return panel.periods[np.flatnonzero(np.isfinite(panel.value).any(axis=0))]


def _of(panel: Panel, periods: pd.Index) -> Panel:
    places = panel.periods.get_indexer(periods)
    return Panel(panel.regions, periods, panel.value[:, places], panel.status[:, places])


def _parse(item: Indicator, text: str, catalogue: Catalogue) -> Formula:
    try:
        return parse(text, known=catalogue)
    except ConfigError as error:
        msg = f"{item.domain}.toml, {item.id}: {error}"
        raise ConfigError(msg) from error


def _cells(item: Indicator) -> Mapping[str, Sequence[str]]:
    return {
        name: (codes,) if isinstance(codes, str) else codes for name, codes in item.cell.items()
    }


def _empty_attrs() -> dict[str, dict[str, Any]]:
    return {key: {} for key in ("provenance", "formula", "parts", "segments", "missing")}


def _no_rows() -> pd.DataFrame:
    columns: dict[str, Any] = dict.fromkeys(_COLUMNS[:3], pd.Series(dtype="str"))
    columns["value"] = pd.Series(dtype="float64")
    columns["status"] = pd.Categorical([], categories=list(STATUSES))
    return pd.DataFrame(columns)

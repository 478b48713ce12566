"""The study: its settings, and lazy access to everything a notebook needs."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from regionstudy.catalogue import Catalogue
from regionstudy.errors import ConfigError, MemberDataError
from regionstudy.settings import Settings, find_folder, for_region, read_settings
from regionstudy.store import Snapshot
from regionstudy.words import Words, use_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.geography import PeerGroup
    from regionstudy.indicators import Computation, Selection
    from regionstudy.members import Members

__all__ = ["Study"]


class Study:
    """
    One study: where it lies, what it is about, and its figures.

    Use `Study.load`. Everything is read when first asked for.

    Parameters
    ----------
    folder : Path
        The study folder (``notebooks/`` and ``data/``).
    settings : Settings
        The entries of ``data/study.toml``.
    snapshot : Snapshot
        The store of official figures.
    """

    def __init__(self, folder: Path, settings: Settings, snapshot: Snapshot) -> None:
        self.folder = folder
        self.settings = settings
        self.snapshot = snapshot
        self._computations: dict[str, Computation] = {}
        self._newest: dict[tuple[tuple[str, ...], int], Selection] = {}

    @classmethod
    def load(cls, path: Path | str | None = None, *, region: str | None = None) -> Study:
        """
        Load a study.

        Parameters
        ----------
        path : path-like, optional
            A study folder. Without it: the one stood in, or the study of the package.
        region : str, optional
            Another region than the study's own: a county ("23"), FA region or municipality.

        Returns
        -------
        Study
            The study; its language becomes the one that JupyterLab shows.

        Raises
        ------
        ConfigError
            If there is no study, or ``study.toml`` is wrong.
        DataError
            If the snapshot is missing or broken.
        """
        folder = find_folder(path)
        settings = read_settings(folder)
        use_language(settings.lang)
        snapshot = Snapshot.open(folder / "data" / "snapshot")
        if region is not None:
            settings = for_region(settings, region, snapshot)
        return cls(folder, settings, snapshot)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The indicators: what they are, where they come from."""
        return Catalogue.load()

    @property
    def home(self) -> str:
        """The code of the home municipality."""
        return self.settings.home

    @cached_property
    def region(self) -> tuple[str, ...]:
        """The codes of the municipalities that the study is about."""
        from regionstudy.geography import municipalities_in

        return municipalities_in(self.settings.region)

    @cached_property
    def peers(self) -> PeerGroup:
        """The municipalities that the home is compared with, and why these."""
        from regionstudy.geography import peers

        return peers(self.home, method=self.settings.peers)

    @cached_property
    def members(self) -> Members | None:
        """The members' data, None where the study has none."""
        from regionstudy.members import load

        if not self.settings.members:
            return None
        workbook = self.folder / "data" / self.settings.members
        return load(workbook, state=self.folder / ".regionstudy" / "members")

    def keep_edition(self) -> None:
        """Keep what a site published of the members, so that the next is protected beside it."""
        try:
            members = self.members
        except (ConfigError, MemberDataError):
            # What can not be read has not been published either.
            return
        if members is not None:
            members.keep_edition()

    @property
    def as_of(self) -> int:
        """The year the snapshot was taken, from which "newest" is counted."""
        return self.snapshot.retrieved.year

    @property
    def pull_domains(self) -> list[str]:
        """The ids of the domains that have a pull factor, in the order of pages."""
        found = {entry.domain for entry in self.catalogue.values() if entry.role == "pull"}
        return [domain for domain in self.catalogue.domains if domain in found]

    def regions(self, level: str = "municipality") -> gpd.GeoDataFrame:
        """
        Give the regions of a level with their boundaries.

        Parameters
        ----------
        level : {"municipality", "county", "fa_region", "country"}
            The level.

        Returns
        -------
        GeoDataFrame
            ``region``, ``name``, ``level``, ``parent``, ... and ``geometry`` (SWEREF 99 TM).
        """
        from regionstudy.geography import regions

        return regions(level)

    def observations(
        self,
        indicator: str,
        *,
        periods: Sequence[str] | None = None,
        regions: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """
        Give one indicator's observations as they were published, with all breakdowns.

        Parameters
        ----------
        indicator : str
            The indicator's id.
        periods, regions : sequence of str, optional
            Keep only these.

        Returns
        -------
        DataFrame
            A row a value: ``region``, ``indicator``, ``period``, breakdowns, ``value``, ``status``.
        """
        return self.snapshot.observations(indicator, periods=periods, regions=regions)

    def indicators(
        self,
        ids: str | Sequence[str] | None = None,
        *,
        level: str = "municipality",
        periods: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """
        Give indicators in total, observed or computed by their formulas.

        Parameters
        ----------
        ids : str or sequence of str, optional
            Catalogue ids; without it, every indicator that has figures.
        level : {"municipality", "county", "country"}
            The level.
        periods : sequence of str, optional
            Keep only these.

        Returns
        -------
        DataFrame
            A row a value: ``region``, ``indicator``, ``period``, ``value``, ``status``; sources
            in ``.attrs["provenance"]``, ids without figures in ``.attrs["missing"]``.

        Raises
        ------
        ConfigError
            If an id is not in the catalogue; the nearest is named.
        """
        wanted = [ids] if isinstance(ids, str) else ids
        if wanted is None:
            wanted = [name for name, entry in self.catalogue.items() if self._has_figures(entry)]
        return self._computation(level).frame(wanted, periods=periods)

    def newest(self, ids: Sequence[str], *, as_of: int | str | None = None) -> Selection:
        """
        Give each indicator at its newest year that is complete for all municipalities.

        Parameters
        ----------
        ids : sequence of str
            Catalogue ids.
        as_of : int or str, optional
            Look from an earlier year than the snapshot's, such as 2023.

        Returns
        -------
        Selection
            Values (regions by indicators), the year of each, and what was left out and why.

        Raises
        ------
        ConfigError
            If `as_of` is not a year.
        """
        asked = (tuple(ids), self.as_of if as_of is None else _year(as_of))
        if asked not in self._newest:
            self._newest[asked] = self._choose_newest(*asked)
        chosen = self._newest[asked]
        # The caller may write into its frames; pandas copies them only then.
        frames = ("values", "status", "periods", "dropped")
        return replace(chosen, **{name: getattr(chosen, name).copy() for name in frames})

    def composite(
        self,
        *,
        target: str = "incomer",
        weights: Mapping[str, float] | None = None,
        as_of: int | str | None = None,
        **options: Any,
    ) -> StudyIndex:
        """
        Build the attractiveness index of a target group from ``data/index.toml``.

        Parameters
        ----------
        target : {"incomer", "returner", "student"}
            The target group.
        weights : mapping of str to float, optional
            Other weights, by id of a domain or an indicator.
        as_of : int or str, optional
            Look from an earlier year than the snapshot's, such as 2023.
        **options
            Passed to `regionstudy.analysis.composite.build_index`.

        Returns
        -------
        StudyIndex
            Scores, ranks and contributions, with the year of each indicator and what was left out.
        """
        from regionstudy.attractiveness import build

        return build(self, target=target, weights=weights, as_of=as_of, **options)

    def map(
        self, indicator: str, *, period: str | None = None, region: str | None = None
    ) -> StudyFigure:
        """
        Draw one indicator on the map.

        Parameters
        ----------
        indicator : str
            A catalogue id.
        period : str, optional
            The period; without it the newest there is, which the figure states.
        region : str, optional
            Zoom to a county, FA region or municipality and its neighbours; "00" is the country.

        Returns
        -------
        StudyFigure
            A plotly figure.

        Raises
        ------
        ConfigError
            If there is no such indicator, period or region.
        DataError
            If the indicator has no figures; names the command that fetches them.
        """
        from regionstudy.views.indicator import indicator_map

        return indicator_map(self, indicator, period=period, region=region)

    def domain_map(self, domain: str, *, target: str = "incomer") -> StudyFigure | Note:
        """
        Draw a domain's first indicator with figures, and the members' workplaces.

        Parameters
        ----------
        domain : str
            A domain's id, such as "housing".
        target : str, default "incomer"
            The target group.

        Returns
        -------
        StudyFigure or Note
            The map, or a line that says why there is none.
        """
        from regionstudy.views.indicator import domain_map

        return domain_map(self, domain, target=target)

    def profile(self, ids: Sequence[str], **about: Any) -> StudyFigure:
        """
        Draw the home among its peers, an indicator a row, strengths first.

        Parameters
        ----------
        ids : sequence of str
            Catalogue ids.
        **about
            Passed on to `regionstudy.figures.charts.profile`: ``title``, ``notes`` ...

        Returns
        -------
        StudyFigure
            A plotly figure.
        """
        from regionstudy.views.indicator import profile_chart

        return profile_chart(self, ids, **about)

    def _computation(self, level: str) -> Computation:
        from regionstudy.indicators import Computation

        if level not in self._computations:
            self._computations[level] = Computation(self.snapshot, self.catalogue, level=level)
        return self._computations[level]

    def _choose_newest(self, ids: Sequence[str], as_of: int) -> Selection:
        from regionstudy.geography import municipalities_in
        from regionstudy.indicators import newest

        frame = self.indicators(ids)
        selection = newest(
            frame,
            regions=municipalities_in("00"),
            years=self.settings.newest_within_years,
            as_of=as_of,
        )
        selection.values.attrs.update(frame.attrs)
        return selection

    def _has_figures(self, entry: Any) -> bool:
        return bool(entry.formula or entry.estimate) or entry.id in self.snapshot.indicators

    def _repr_html_(self) -> str:
        title = Words(sv=self.settings.title.sv, en=self.settings.title.en)
        counts = Words(
            sv=f"{len(self.snapshot.indicators)} serier med siffror, "
            f"{len(self.catalogue)} indikatorer i katalogen",
            en=f"{len(self.snapshot.indicators)} series with figures, "
            f"{len(self.catalogue)} indicators in the catalogue",
        )
        from regionstudy.geography import name

        about = f"{name(self.home)} ({self.home}), {name(self.settings.region)}"
        return (
            f"<div><strong>{escape(str(title))}</strong><br>{escape(about)}<br>"
            f"{escape(str(counts))}<br><small>{escape(str(self.folder))}</small></div>"
        )

    def __repr__(self) -> str:
        return f"<Study {self.settings.region} home={self.home} at {self.folder}>"


def _year(as_of: int | str) -> int:
    """Read a year, which files and notebooks' parameters also write as text."""
    text = str(as_of)
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        msg = f"as_of={as_of!r} is not a year. Give four digits, such as as_of=2023."
        raise ConfigError(msg)
    return int(text)

"""Members: the checked tables of the network, private until the disclosure gate."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.members.declarations import PERSON_SHEETS
from regionstudy.members.schema import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from regionstudy.members.declarations import Declarations

__all__ = ["Members", "Repair"]


@dataclass(frozen=True, slots=True)
class Repair:
    """
    A cell that was mended in reading it.

    Parameters
    ----------
    file, sheet, cell : str
        Where it is; `cell` in the spreadsheet's own words, such as "C14".
    value : str
        What stands there.
    change : str
        What it was read as, and why.
    """

    file: str
    sheet: str
    cell: str
    value: str
    change: str

    def __str__(self) -> str:
        return f'{self.file}, sheet {self.sheet}, {self.cell}: "{self.value}" {self.change}.'


@dataclass(frozen=True, repr=False)
class Members:
    """
    The member tables that one workbook or folder holds.

    The tables are raw: they stay with the analyst. What is shown or exported comes from
    `release`, where the persons behind the figures are protected.

    Parameters
    ----------
    source : Path
        The workbook or folder.
    checksum : str
        Its checksum, "sha256:" and 64 digits.
    fictitious : bool
        Whether the workbook says of itself that it is made up.
    tables : mapping of str to DataFrame
        The tables by sheet.
    extras : mapping of str to DataFrame
        The columns that no sheet asks for, kept aside as text; rows as in `tables`.
    aside : tuple of str
        The sheets that were not read.
    repairs : tuple of Repair
        The cells that were mended in reading them.
    declarations : Declarations or None
        The tables that may be published; None where no ``releases.toml`` was found.
    state : Path or None
        The folder of the gate's private state; None to keep none.
    """

    source: Path
    checksum: str
    fictitious: bool
    tables: Mapping[str, pd.DataFrame]
    extras: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    declarations: Declarations | None = None
    state: Path | None = None

    def table(self, sheet: str) -> pd.DataFrame:
        """
        Give one raw table.

        Parameters
        ----------
        sheet : str
            The sheet, such as "staff".

        Returns
        -------
        DataFrame
            A new frame; changing it changes nothing here.

        Raises
        ------
        ConfigError
            If there is no such sheet.
        """
        if sheet not in self.tables:
            msg = f'No member sheet "{sheet}"; use one of: {", ".join(sheets())}.'
            raise ConfigError(msg)
        found = self.tables[sheet].copy()
        if sheet in PERSON_SHEETS:
            # No figure is made of what says so.
            found.attrs["raw"] = sheet
        return found

    @property
    def organisations(self) -> pd.DataFrame:
        """
        The organisations, a row each.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet.
        """
        return self.table("organisations")

    @property
    def staff(self) -> pd.DataFrame:
        """
        The raw staff counts, by organisation, municipality, occupation, age band and year.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet. Not for publication.
        """
        return self.table("staff")

    @property
    def needs(self) -> pd.DataFrame:
        """
        The persons that the organisations need, by occupation, year and scenario.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet.
        """
        return self.table("needs")

    @property
    def assignments(self) -> pd.DataFrame:
        """
        The assignments, public or not.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet; `public` is a bool.
        """
        return self.table("assignments")

    @property
    def mobility(self) -> pd.DataFrame:
        """
        Moves between members, loans, hires and leavers, by occupation and year.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet; `returned` is "yes", "no" or missing, an
            organisation outside the network "outside". Not for publication.
        """
        return self.table("mobility")

    @property
    def programmes(self) -> pd.DataFrame:
        """
        The programmes of education, with places, graduates and those who stayed.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet.
        """
        return self.table("programmes")

    @property
    def networks(self) -> pd.DataFrame:
        """
        The networks that members sit in, a row each.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet.
        """
        return self.table("networks")

    @property
    def network_members(self) -> pd.DataFrame:
        """
        Who sits in which network.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet. `contact` is not for publication.
        """
        return self.table("network_members")

    @property
    def participation(self) -> pd.DataFrame:
        """
        Who was invited to which meeting, and who came.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet; `attended` is a bool.
        """
        return self.table("participation")

    @property
    def contributions(self) -> pd.DataFrame:
        """
        The competence that members offer and want.

        Returns
        -------
        DataFrame
            A new frame with the columns of the sheet.
        """
        return self.table("contributions")

    def path(self, start: str, end: str) -> pd.DataFrame:
        """
        Find the shortest way of contacts from one organisation to another.

        Parameters
        ----------
        start, end : str
            The organisations, by id or by name.

        Returns
        -------
        DataFrame
            A row a step: ``step``, ``from_org``, ``from_name``, ``network_id``, ``network``,
            ``to_org``, ``to_name`` and ``same_contact`` ("yes" where the same person sits in
            the network before, "no", or ""). No names of persons; no row where no way leads
            there. All seats count, approved for publication or not: it is for the analyst.

        Raises
        ------
        DataError
            If an organisation has no seat in a network; the nearest is named.
        """
        from regionstudy.members.contact_paths import contact_path

        names = self.organisations.set_index("org_id")["name"]
        ids = {str(name).casefold(): str(one) for one, name in names.items()}
        ends = [one if one in names.index else ids.get(one.casefold(), one) for one in (start, end)]
        found = contact_path(self.network_members, *ends)
        networks = self.networks.set_index("network_id")["name"]
        found.insert(2, "from_name", found["from_org"].map(names))
        found.insert(4, "network", found["network_id"].map(networks))
        found.insert(6, "to_name", found["to_org"].map(names))
        return found

    def release(self, name: str) -> pd.DataFrame:
        """
        Give one declared table, with the persons behind it protected.

        Parameters
        ----------
        name : str
            The table's name in ``releases.toml``.

        Returns
        -------
        DataFrame
            The dimensions, the measure and `status` ("" or "suppressed"; NaN where hidden);
            ``attrs`` holds ``release``, ``measure``, ``threshold``, ``fictitious``, ``checksum``
            and ``year``.

        Raises
        ------
        ConfigError
            If the table is not declared; the message holds the entry to add.
        """
        from regionstudy.members.releases import release

        return release(self, name)

    def audit(self) -> pd.DataFrame:
        """
        Say what the gate hid in the declared tables of persons, and why: for the analyst alone.

        Returns
        -------
        DataFrame
            A row a hidden cell: ``table``, ``cell``, ``count``, ``reason`` ("small",
            "secondary" or "earlier"), ``proved`` (whether the attack proves its protection even
            against a reader who takes all else for unchanged since the last edition) and
            ``rule`` in words.

        Raises
        ------
        ConfigError
            If nothing is declared.
        """
        from regionstudy.members.releases import protection_of

        if self.declarations is None:
            msg = f"Nothing is declared beside {self.source.name}, so nothing was hidden."
            raise ConfigError(msg)
        return protection_of(self, self.declarations).audit.copy()

    def keep_edition(self) -> None:
        """
        Keep what a site published, so that the next one is protected beside it.

        A build does so when its site is written. Without private state nothing is kept.
        """
        from regionstudy.members.editions import State
        from regionstudy.members.releases import edition_of

        if self.state is not None and self.declarations is not None:
            State(self.state).keep_edition(edition_of(self, self.declarations))

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}: {len(frame)}" for name, frame in self.tables.items())
        mark = " (fictitious)" if self.fictitious else ""
        return f"<Members {self.source.name}{mark}: {counts}>"

    def _repr_html_(self) -> str:
        from regionstudy.words import current_language

        lang = current_language()
        known = sheets()
        rows = "".join(
            f"<tr><td>{html.escape(known[name].title.render(lang))}</td><td>{len(frame)}</td></tr>"
            for name, frame in self.tables.items()
        )
        heads = {"sv": ("Blad", "Rader"), "en": ("Sheet", "Rows")}[lang]
        mark = {"sv": "Påhittade medlemsuppgifter", "en": "Fictitious member data"}[lang]
        return (
            f"<p>{html.escape(self.source.name)}</p>"
            + (f'<p class="fictitious"><strong>{mark}</strong></p>' if self.fictitious else "")
            + f"<table><tr><th>{heads[0]}</th><th>{heads[1]}</th></tr>{rows}</table>"
        )

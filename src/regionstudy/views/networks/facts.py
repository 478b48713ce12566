"""The members' networks as they may be shown: no contact and no role is among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from regionstudy.analysis import networks
from regionstudy.cluster_definitions import read_clusters
from regionstudy.figures.content import Source
from regionstudy.figures.provenance import member_releases
from regionstudy.words import Words, texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from regionstudy.analysis.networks import NetworkMap
    from regionstudy.figures.content import MemberRelease
    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = ["StudyNetworks", "study_networks", "text"]


text = texts_of("networks")


@dataclass(frozen=True)
class StudyNetworks:
    """
    What the page on networks rests on; make it with `study_networks`.

    Parameters
    ----------
    found : NetworkMap
        The map of the released tables.
    clusters : mapping of str to Text
        The study's clusters by id.
    wanted : tuple of str
        Themes that are wanted, whether or not a network has them.
    fictitious : bool
        Whether the members' data are made up.
    releases : tuple of MemberRelease
        The released tables.
    """

    found: NetworkMap
    clusters: Mapping[str, Text]
    wanted: tuple[str, ...]
    fictitious: bool
    releases: tuple[MemberRelease, ...]

    @property
    def about(self) -> dict[str, Any]:
        """The marks that every result of these networks carries."""
        return {
            "fictitious": self.fictitious,
            "sources": [Source(text("source"))],
            "releases": self.releases,
        }

    @cached_property
    def organisations(self) -> dict[str, str]:
        """The organisations' names by id, without the place where they are told apart so."""
        return _short(self.found.organisations, "org_id")

    @cached_property
    def networks(self) -> dict[str, str]:
        """The networks' names by id."""
        rows = self.found.networks
        names = rows["name"].fillna(rows["network_id"]).astype(str)
        return dict(zip(rows["network_id"], names, strict=True))

    @cached_property
    def themes(self) -> pd.DataFrame:
        """Each theme, and whether anyone sits in its networks."""
        return networks.theme_gaps(self.found.seats, self.found.networks, themes=self.wanted)

    @cached_property
    def losses(self) -> pd.DataFrame:
        """What would be lost without each organisation, those that most hangs on first."""
        ids = list(self.found.organisations["org_id"])
        lost = networks.losses(self.found.seats, organisations=ids)
        return lost.sort_values(
            ["lost", "parted"], ascending=False, kind="stable", ignore_index=True
        )

    @cached_property
    def single(self) -> pd.DataFrame:
        """The networks that one organisation alone links."""
        return self.found.networks[self.found.networks["only"] != ""].reset_index(drop=True)


def study_networks(
    study: Study, *, themes: Sequence[str] = (), seed: int = 1
) -> StudyNetworks | None:
    """
    Map the networks that the members sit in.

    Parameters
    ----------
    study : Study
        The study.
    themes : sequence of str
        Themes that are wanted, whether or not a network has them.
    seed : int, default 1
        Start of all that rests on chance: layout and circles.

    Returns
    -------
    StudyNetworks or None
        The networks; None where the study has no members, or none of them sits anywhere.

    Raises
    ------
    ConfigError
        If a table is not declared in ``data/releases.toml``; holds the entry to add.
    """
    if study.members is None:
        return None
    organisations = study.members.release("organisations")
    known = study.members.release("networks")
    seats = study.members.release("network_members")
    releases = member_releases(organisations, known, seats)
    # A seat is approved by itself; it does not give away a network that is not.
    seats = seats[seats["network_id"].isin(known["network_id"])]
    seats = seats[seats["org_id"].isin(organisations["org_id"])]
    if seats.empty:
        return None
    known = known.assign(theme=known["theme"].fillna("").astype("str").str.strip())
    file = study.folder / "data" / "clusters.toml"
    clusters = read_clusters(file) if file.is_file() else {}
    return StudyNetworks(
        found=networks.map_networks(seats, networks=known, organisations=organisations, seed=seed),
        clusters={one: Words(**cluster.name) for one, cluster in clusters.items()},
        wanted=tuple(themes),
        fictitious=bool(seats.attrs.get("fictitious", study.members.fictitious)),
        releases=releases,
    )


def _short(rows: pd.DataFrame, key: str) -> dict[str, str]:
    """Name each without what follows a comma, unless two would then be called the same."""
    whole = rows["name"].fillna(rows[key]).astype(str)
    short = whole.str.split(", ").str[0].str.strip()
    clear = ~short.duplicated(keep=False) & (short != "")
    return dict(zip(rows[key], short.where(clear, whole), strict=True))

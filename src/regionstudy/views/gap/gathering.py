"""The terms of the gap, made from what members may show and what official figures there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.analysis import competence
from regionstudy.figures.provenance import member_releases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.competence_assumptions import Assumptions
    from regionstudy.figures.content import MemberRelease
    from regionstudy.members import Members
    from regionstudy.views.gap.official import OfficialSupply

__all__ = ["GatheredTerms", "gather_terms", "released"]

_HIRES = "hires_by_origin"
_PROGRAMMES = "programmes"
_TOTAL = competence.TOTAL


@dataclass(frozen=True)
class GatheredTerms:
    """
    The terms that have figures.

    Parameters
    ----------
    terms : DataFrame
        As `regionstudy.analysis.competence.gap` takes them.
    returned_from : DataFrame
        ``from_region``, ``headcount``: where those hired who returned came from.
    without : int
        Programmes without a figure of graduates.
    unmatched : tuple of str
        Educations that the crosswalk does not hold.
    releases : tuple of MemberRelease
        The released tables of programmes and hires.
    """

    terms: pd.DataFrame
    returned_from: pd.DataFrame
    without: int
    unmatched: tuple[str, ...]
    releases: tuple[MemberRelease, ...]


def released(members: Members, name: str) -> pd.DataFrame:
    """
    Give a released table with its groups of occupations in ``occupation``.

    Parameters
    ----------
    members : Members
        The member tables.
    name : str
        A table that ``data/releases.toml`` declares.

    Returns
    -------
    DataFrame
        The table, with its marks.
    """
    return members.release(name).rename(columns={"occupation_minor": "occupation"})


def gather_terms(
    members: Members,
    *,
    needs: pd.DataFrame,
    staff: pd.DataFrame,
    official: OfficialSupply,
    crosswalk: pd.DataFrame,
    assumptions: Assumptions,
    years: Sequence[int],
) -> GatheredTerms:
    """
    Make the terms of the gap.

    Parameters
    ----------
    members : Members
        The member tables; only what they release is used.
    needs : DataFrame
        Released needs by occupation, year and scenario, of the years counted.
    staff : DataFrame
        Released staff by occupation and age band.
    official : OfficialSupply
        From `official_supply`.
    crosswalk : DataFrame
        From `read_crosswalk`.
    assumptions : Assumptions
        From `read_assumptions`.
    years : sequence of int
        The years counted.

    Returns
    -------
    GatheredTerms
        The terms that have figures; one without is left out, which is missing and not 0.
    """
    heads = staff[staff["age_band"] == _TOTAL].drop(columns="age_band")
    groups = sorted({*needs["occupation"], *heads["occupation"]} - {_TOTAL})
    every = [*groups, _TOTAL]

    def nothing(term: str, rests_on: str) -> pd.DataFrame:
        return competence.counted_elsewhere(term, occupations=every, years=years, rests_on=rests_on)

    stated = competence.stated_needs(needs)
    recruited = competence.members_share(
        groups, assumed=assumptions.members_share.values, staff=heads, employed=official.employed
    )
    programmes, hires = released(members, _PROGRAMMES), members.release(_HIRES)
    studied = competence.graduates(
        programmes,
        years=years,
        crosswalk=crosswalk,
        stay_share=assumptions.stay_share.values,
        recruited=recruited,
    )
    unmatched = set(studied.attrs["unmatched"])
    # Moves between members fill one post by leaving another: in the whole they cancel out.
    terms = [
        stated,
        nothing("replacement", "assumption")
        if assumptions.needs_include_replacement
        else competence.replacement(
            staff,
            base_year=int(str(staff.attrs["year"])),
            years=years,
            exit_share=assumptions.exit_share,
        ),
        studied,
        nothing("moves", "member"),
    ]
    if official.movers is None:
        terms.append(_returners(hires, heads, years))
    else:
        moved = competence.in_movers(
            official.movers, years=years, crosswalk=crosswalk, recruited=recruited
        )
        unmatched |= set(moved.attrs["unmatched"])
        # Those who return are among those who move in.
        terms += [moved, nothing("returners", "official")]
    if official.commuting is not None:
        terms.append(competence.commuters(stated, share=official.commuting))
    return GatheredTerms(
        terms=pd.concat([one for one in terms if len(one)], ignore_index=True),
        returned_from=_returned_from(hires),
        without=int(studied.attrs["without"]),
        unmatched=tuple(sorted(unmatched)),
        releases=member_releases(programmes, hires),
    )


def _returners(hires: pd.DataFrame, heads: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    if hires.empty or not (heads["occupation"] == _TOTAL).any():
        return heads.iloc[:0]
    whole = hires[(hires["from_region"] == _TOTAL) & (hires["returned"] == "yes")]
    first, _, last = str(hires.attrs["year"]).partition("-")
    span = int(last or first) - int(first) + 1
    # Without a row nobody returned; what is hidden stays so, whatever stands beside it.
    shown = whole["headcount"].where(whole["status"] != competence.SUPPRESSED)
    number = float(shown.iloc[0]) if len(shown) else 0.0
    return competence.returners(heads, hires=number / span, years=years)


def _returned_from(hires: pd.DataFrame) -> pd.DataFrame:
    own = (hires["returned"] == "yes") & (hires["from_region"] != _TOTAL)
    found = hires.loc[own & (hires["headcount"] > 0), ["from_region", "headcount"]]
    found = found.sort_values(["headcount", "from_region"], ascending=[False, True])
    return found.reset_index(drop=True).assign(period=str(hires.attrs["year"]))

"""What a fetch did, in words; and one error of what went wrong with several indicators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regionstudy.errors import SourceError
from regionstudy.store.fetch.plan import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.errors import RegionStudyError
    from regionstudy.store.fetch.plan import FetchPlan

__all__ = ["FetchReport", "together"]

# So many are told in full, the others by their names.
_MOST_TOLD = 3


@dataclass
class FetchReport:
    """
    What a fetch did.

    Parameters
    ----------
    plan : FetchPlan
        What it set out to do.
    fetched : dict of str to int
        Figures brought, by indicator.
    revised : dict of str to int
        Cells that the publisher had changed since, by indicator.
    failed : dict of str to str
        What went wrong, by indicator; only where the rest was wanted nevertheless.
    joined : dict of str to list of str
        Where tables were joined to one series, by indicator.
    """

    plan: FetchPlan
    fetched: dict[str, int] = field(default_factory=dict)
    revised: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    joined: dict[str, list[str]] = field(default_factory=dict)

    def summary(self) -> str:
        """
        Sum up what was done.

        Returns
        -------
        str
            A few lines.
        """
        told = [f"note: {note}" for one in self.plan.series for note in one.told]
        lines = list(dict.fromkeys(told))
        lines += [f"note: {name}: {text}" for name, texts in self.joined.items() for text in texts]
        lines += [f"{name}: failed: {why}" for name, why in self.failed.items()]
        left = [name for name in self.plan.left_out if name not in self.failed]
        if len(left) > _MOST_TOLD:
            lines.append(f"Left out (regionstudy fetch --dry-run says why): {', '.join(left)}.")
        else:
            lines += [f"{name}: left out: {self.plan.left_out[name]}" for name in left]
        unchanged, not_due = len(self.plan.unchanged), len(self.plan.not_due)
        if unchanged or not_due:
            lines.append(
                f"{counted(unchanged, 'indicator')} with nothing new, {not_due} not due yet."
            )
        if not self.fetched:
            return "\n".join([*lines, "Nothing was fetched; the snapshot is as it was."])
        revised = sum(self.revised.values())
        lines.append(
            f"{counted(len(self.fetched), 'indicator')} fetched, "
            f"{sum(self.fetched.values()):,} figures; {revised:,} of those held were revised by "
            "their publisher" + (" (regionstudy status --changes)." if revised else ".")
        )
        return "\n".join(lines)


def together(
    wrong: Mapping[str, RegionStudyError],
    problem: str,
    *,
    remedy: str,
    kind: type[RegionStudyError],
) -> RegionStudyError:
    """
    Make one error of what is wrong with some indicators.

    Parameters
    ----------
    wrong : mapping of str to RegionStudyError
        The errors, by indicator.
    problem : str
        What is wrong with all of them.
    remedy : str
        What to do.
    kind : type
        The error to make, where not all are their source's.

    Returns
    -------
    RegionStudyError
        A SourceError, with address and answer, if all are their source's.
    """
    shown = [f"({name}) {error}" for name, error in list(wrong.items())[:_MOST_TOLD]]
    told = " ".join(one if one.endswith(".") else f"{one}." for one in shown)
    if len(wrong) > len(shown):
        told += f" And {len(wrong) - len(shown)} more: {', '.join(list(wrong)[len(shown) :])}."
    msg = f"{counted(len(wrong), 'indicator')} {problem}: {told}"
    sources = [error for error in wrong.values() if isinstance(error, SourceError)]
    if len(sources) < len(wrong):
        return kind(f"{msg} {remedy}")
    first = next((error for error in sources if error.content), sources[0])
    return SourceError(
        msg, url=first.url, status=first.status, remedy=remedy, content=first.content
    )

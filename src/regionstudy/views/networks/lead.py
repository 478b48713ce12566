"""The page's answer in two sentences, and its key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.figures import answer, keyfigure, keyfigures, note
from regionstudy.figures.cluster_captions import within_sentence
from regionstudy.figures.content import as_text
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Answer, KeyFigures, Note
    from regionstudy.views.networks.facts import StudyNetworks
    from regionstudy.words import Message

__all__ = ["network_answer", "network_numbers"]

# Names in one sentence; more would hide its point.
_NAMED = 3


def network_answer(net: StudyNetworks | None) -> Answer | Note:
    """
    Answer what networks we reach, and what hangs on a single organisation.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Answer or Note
        Two sentences; or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    reach = net.found.reach
    counts = {
        "organisations": len(net.found.organisations),
        "networks": reach.networks,
        "single": reach.single,
    }
    which = "answer.reach" if reach.single > 1 else "answer.reach_one"
    first = text(which if reach.single else "answer.reach_firm", **counts)
    return answer(first, _second(net), fictitious=net.fictitious)


def network_numbers(net: StudyNetworks | None) -> KeyFigures | Note:
    """
    Show four large numbers of the networks.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    KeyFigures or Note
        The numbers; or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    reach, rows = net.found.reach, net.found.organisations
    every = len(rows) * (len(rows) - 1) // 2
    alone = int((rows["meets"] == 0).sum())
    return keyfigures(
        keyfigure(
            text("number.reached"),
            text("count", n=reach.networks),
            note=text("number.reached_of", n=len(net.found.networks)),
        ),
        keyfigure(
            text("number.single"),
            text("count", n=reach.single),
            note=text("number.single_note"),
        ),
        keyfigure(
            text("number.meeting"),
            text("percent", value=100 * reach.meeting / every if every else 0.0),
            unit=text("number.meeting_unit"),
            note=text("number.meeting_note", n=reach.meeting, of=every),
        ),
        keyfigure(text("number.alone"), text("count", n=alone), note=text("number.alone_note")),
    )


def _second(net: StudyNetworks) -> Message:
    """Name who alone links us to what, and the theme where nobody sits."""
    absent = [str(one) for one in net.themes.loc[net.themes["reached"] == 0, "theme"]]
    gap = (
        text("answer.gap", list=[within_sentence(as_text(one)) for one in absent[:_NAMED]])
        if absent
        else text("answer.no_gap")
    )
    worst = net.losses.iloc[0]
    if not worst["lost"]:
        return text("answer.second_firm", gap=gap)
    lost = [net.networks[one] for one in worst["networks"]]
    return text(
        "answer.second" if len(lost) <= _NAMED else "answer.second_many",
        organisation=net.organisations[worst["org_id"]],
        list=lost[:_NAMED],
        n=len(lost),
        gap=gap,
    )

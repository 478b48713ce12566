"""What the index's page opens with: the answer, how firm it is, and a brief for and against."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from regionstudy.figures import answer, brief, brief_group, sentences
from regionstudy.figures.values import joined
from regionstudy.geography import name
from regionstudy.views.index import placed, ranked
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Answer, Brief
    from regionstudy.study import Study

__all__ = ["index_answer", "strengths_brief"]

# How many lines a brief holds under each heading.
_BRIEF_LINES = 4
# Where fewer variants than this give so good a rank, or so bad a one, it stands at an end.
_END = 0.25


def index_answer(study: Study, index: StudyIndex) -> Answer:
    """
    Answer where the home stands, how firmly, and in which domain it is strongest and weakest.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    Answer
        Rank with the middle and the interval of all variants and what they mean, also for the
        start page; the domains among all municipalities and among the peers; and why the two
        differ, where they do.
    """
    domains, *why = _domains(study, index)
    return answer(_standing(study, index), domains, *why, index=[0])


def strengths_brief(study: Study, index: StudyIndex) -> Brief:
    """
    List the indicators that speak for and against the home among its peers.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index whose indicators are looked at.

    Returns
    -------
    Brief
        At most four lines under each heading: indicator and rank among the peers.
    """
    rows = placed(study, index)
    strong = rows[rows["group"] == "strength"]
    weak = rows[rows["group"] == "weakness"].iloc[::-1]
    told = {"n": len(study.peers.members)}
    return brief(
        brief_group(
            Message("study.brief_strength", told), _brief_lines(study, strong), tone="strength"
        ),
        brief_group(
            Message("study.brief_weakness", told), _brief_lines(study, weak), tone="weakness"
        ),
    )


def _standing(study: Study, index: StudyIndex) -> Words:
    """Say the rank, what other ways of computing give, and whether it stands at an end."""
    own: Any = ranked(study, index).set_index("region").loc[study.home]
    variants = index.intervals.ranks[study.home]
    told = {
        "place": name(study.home),
        "target": Message(f"explore.target_{index.target}"),
        "domains": len(index.domains),
        "rank": int(own["rank"]),
        "median": int(own["rank_median"]),
        "low": int(own["rank_low"]),
        "high": int(own["rank_high"]),
        "n": len(index.ranks),
        "draws": len(variants),
    }
    weights = index.structure.set_index("id")["weight"]
    equal = len(set(weights[index.domains])) == 1
    as_good = float((variants <= own["rank"]).mean())
    better = float((variants < own["rank"]).mean())
    end, share = ("middle", 0.0)
    if as_good < _END:
        end, share = "favourable", as_good
    elif better > 1 - _END:
        end, share = "unfavourable", better
    meaning = Message(f"study.index_{end}", {**told, "share": 100 * share})
    return joined(
        [
            Message("study.index_rank" if equal else "study.index_rank_weighted", told),
            joined([Message("study.index_variants", told), meaning], "; "),
        ]
    )


def _domains(study: Study, index: StudyIndex) -> list[Text]:
    """Name the best and the worst domain among all and among the peers; and why they differ."""
    labels = {one: study.catalogue.domains[one].title for one in index.domains}
    members = list(study.peers.members)
    every = index.ranks[index.domains]
    scores = index.scores.loc[members, index.domains]
    own: Any = every.loc[study.home]
    beside: Any = scores.rank(ascending=False, method="min").loc[study.home]
    counts = {"n": len(every), "peers": len(members)}
    said = [
        sentences.strongest_domain(
            {one: float(rank) for one, rank in ranks.items()},
            name=name(study.home),
            labels=labels,
            among=Message(f"study.among_{group}", counts),
        )
        for group, ranks in (("all", own), ("peers", beside))
    ]
    best = str(own.idxmin())
    middle = float(every.loc[list(study.peers.others), best].median())
    # Its best domain of all is an ordinary one among peers that stand higher still.
    if beside[best] > beside.min() and middle < own[best]:
        told = {"domain": labels[best], "rank": int(beside[best]), "middle": math.ceil(middle)}
        return [joined(said), Message("study.peers_higher", told)]
    return [joined(said)]


def _brief_lines(study: Study, rows: pd.DataFrame) -> list[tuple[Words, str]]:
    shown = rows.head(_BRIEF_LINES)
    return [
        (study.catalogue[str(one)].label, f"{rank:.0f}")
        for one, rank in zip(shown["indicator"], shown["rank_peers"], strict=True)
    ]

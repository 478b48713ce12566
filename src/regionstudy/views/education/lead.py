"""What the page says first of education: the answer, and a few large numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import answer, education_words, keyfigure, keyfigures, note
from regionstudy.figures.education_words import age_span, text
from regionstudy.figures.values import joined, number_text
from regionstudy.geography import label
from regionstudy.views.education.attained import COUNTRY
from regionstudy.views.education.over_time import beside_peers
from regionstudy.views.education.places import granted_rates

if TYPE_CHECKING:
    from regionstudy.figures.shown import Answer, KeyFigure, KeyFigures, Note
    from regionstudy.study import Study
    from regionstudy.views.education.attained import Attained
    from regionstudy.words import Text

__all__ = ["education_answer", "education_numbers"]

_SHARE = "post_secondary_share"


def education_answer(study: Study, learnt: Attained, *, lead: bool = True) -> Answer | Note:
    """
    Say how many have long education and what ages make of it, and how the level has risen.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.
    lead : bool, default True
        Whether it opens the page; else, as where the competence gap does, it is a note.

    Returns
    -------
    Answer or Note
        Two sentences, the first for the start page too; or what is missing.
    """
    told: list[Text | None] = [_level(learnt)]
    lines = beside_peers(study, _SHARE)
    if lines is not None:
        beside = study.indicators(_SHARE, periods=[str(lines["period"].iloc[-1])])
        among = beside[beside["region"].isin(list(study.peers.members))].set_index("region")
        ranks = among["value"].rank(ascending=False, method="min")
        told.append(
            education_words.rise_answer(
                lines,
                place=label(study.home),
                rank=int(ranks[study.home]),
                peers=int(among["value"].notna().sum()),
            )
        )
    if not lead:
        return note(joined([one for one in told if one is not None]))
    return answer(*told, index=[0] if learnt.found else False)


def _level(learnt: Attained) -> Text:
    if not learnt.found:
        return text("missing.answer", place=learnt.place)
    shares = learnt.shares.set_index("region")
    own: Any = shares.loc[learnt.region]
    if pd.isna(own["standardised"]):
        return text("missing.answer", place=learnt.place)
    country: Any = shares.loc[COUNTRY, "crude"]
    return education_words.level_answer(
        own,
        country=country,
        place=learnt.place,
        ages=learnt.ages,
        period=learnt.period,
    )


def education_numbers(study: Study, learnt: Attained) -> KeyFigures | None:
    """
    Show the home's share at the country's ages, its trend, and vocational places.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.

    Returns
    -------
    KeyFigures or None
        Those that have a figure; None where there are none, which the answer says.
    """
    items: list[KeyFigure] = []
    if learnt.found:
        shares = learnt.shares.set_index("region")["standardised"]
        others = shares.reindex(list(study.peers.others)).dropna()
        own = float(shares[study.home])
        if pd.notna(own) and len(others):
            told = {"median": others.median(), "n": len(others), "period": learnt.period}
            items.append(
                keyfigure(
                    text("key.standard", place=label(study.home), ages=age_span(learnt.ages)),
                    number_text(own, 1),
                    unit="%",
                    note=text("key.standard_note", **told),
                    strip={"values": others.tolist(), "home": own, "median": others.median()},
                )
            )
    lines = beside_peers(study, _SHARE)
    if lines is not None:
        last = lines.iloc[-1]
        told = {"change": last["value"] - lines["value"].iloc[0], "start": lines["period"].iloc[0]}
        items.append(
            keyfigure(
                text("key.share", place=label(study.home), period=last["period"]),
                number_text(float(last["value"]), 1),
                unit="%",
                note=text("key.share_note", **told),
                strip={"line": lines["value"].tolist()},
            )
        )
    rates = granted_rates(study)
    if rates is not None:
        line = rates[rates["region"] == learnt.region].sort_values("period")
        mean = rates.groupby("region")["value"].mean()
        told = {"start": line["period"].iloc[0], "end": line["period"].iloc[-1]}
        items.append(
            keyfigure(
                text("key.places", place=learnt.place, **told),
                number_text(float(mean[learnt.region]), 1),
                unit=text("unit.per_10000"),
                note=text("key.places_note", country=float(mean[COUNTRY])),
                strip={"line": line["value"].tolist()},
            )
        )
    return keyfigures(*items) if items else None

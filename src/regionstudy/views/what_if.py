"""The what-if panel: the study's index, which a page's reader weighs anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite import evaluate_payload, what_if_payload
from regionstudy.figures import what_if as panel
from regionstudy.figures.content import Measure
from regionstudy.figures.provenance import period_text, source_lines
from regionstudy.geography import name
from regionstudy.views.index import ranked
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.weighing import WhatIf
    from regionstudy.study import Study

__all__ = ["what_if"]

# So that the same study gives the same page.
_SEED = 1


def what_if(study: Study, index: StudyIndex, *, seed: int = _SEED, **about: Any) -> WhatIf:
    """
    Show the index with a slider a domain: the home's place follows on the exported page.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    seed : int, default 1
        Start of the random weights that the intervals rest on.
    **about
        ``draws``, ``noise`` and ``coverage`` of `what_if_payload`; the rest is passed on to
        `regionstudy.figures.what_if`.

    Returns
    -------
    WhatIf
        The panel: place among the peers and among all municipalities, and the top of the
        ranking, with intervals from noise of the weights alone.
    """
    noise = {one: about.pop(one) for one in ("draws", "noise", "coverage") if one in about}
    peers = list(study.peers.members)
    model = what_if_payload(index, home=study.home, peers=peers, seed=seed, **noise)
    own: Any = ranked(study, index).set_index("region").loc[study.home]
    told = {"low": int(own["rank_low"]), "high": int(own["rank_high"])}
    sources = pd.DataFrame()
    sources.attrs["provenance"] = index.provenance
    options: dict[str, Any] = {
        "labels": {one: study.catalogue.domains[one].title for one in index.domains},
        "names": {one: name(one) for one in peers},
        "measure": Measure(
            Message("study.index_measure"),
            unit=Words(sv="0–100", en="0–100"),
            period=period_text(index.periods),
        ),
        "notes": [Message("study.what_if_span", told)],
        "sources": source_lines(sources),
    }
    return panel(model, evaluate_payload(model), **(options | about))

"""The pull that migration reveals, shown beside the experts' index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import charts, table
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.values import joined, number_text
from regionstudy.geography import name
from regionstudy.words import LANGUAGES, Message, Words

if TYPE_CHECKING:
    from regionstudy.figures.shown import StudyFigure, Table
    from regionstudy.revealed_pull import Outcome, RevealedPull
    from regionstudy.study import Study

__all__ = ["prediction_chart", "revealed_table", "revealed_weights"]


def prediction_chart(study: Study, pull: RevealedPull, **about: Any) -> StudyFigure:
    """
    Say and draw whether the indicators predict migration better than two baselines do.

    Parameters
    ----------
    study : Study
        The study.
    pull : RevealedPull
        From `regionstudy.revealed_pull.reveal`.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure
        Out-of-sample R² in per cent, with intervals over drawn counties. The words beside it
        say for whom, with indicators of which domains, how well, and how the index's order
        resembles that of migration.
    """
    scores = pull.weights.scores[pull.weights.scores["held_out"] == "groups"]
    frame = pd.DataFrame(
        {
            "region": scores["predictor"],
            "name": [_predictor(one, pull.outcome) for one in scores["predictor"]],
            "value": 100 * scores["r2"],
            "low": 100 * scores["low"],
            "high": 100 * scores["high"],
            "status": "",
        }
    )
    frame.attrs["provenance"] = pull.provenance
    key = "revealed.chart_predicts" if pull.weights.predicts else "revealed.chart_does_not"
    options: dict[str, Any] = {
        "title": Message(key, {"group": _group(pull.target)}),
        "paragraphs": [_coverage(study, pull), _verdict(pull), _order(study, pull)],
        "measure": Measure(
            Message("revealed.r2"),
            unit=Words(sv="%", en="%"),
            period=_years(pull.outcome.span),
        ),
        "decimals": 0,
        "notes": [Message("revealed.how_tested"), Message("revealed.not_cause")],
        "id": f"revealed-{pull.target}",
    }
    return charts.ranking(frame, home=["indicators"], **(options | about))


def revealed_weights(study: Study, pull: RevealedPull, **about: Any) -> StudyFigure:
    """
    Draw what goes with pull: each indicator's weight with its interval.

    Parameters
    ----------
    study : Study
        The study.
    pull : RevealedPull
        From `regionstudy.revealed_pull.reveal`.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure
        Change of predicted pull for one standard deviation, the largest first.
    """
    weights = pull.weights.weights
    frame = pd.DataFrame(
        {
            "region": weights.index,
            "name": [study.catalogue[str(one)].label for one in weights.index],
            "value": weights["weight"].to_numpy(),
            "low": weights["low"].to_numpy(),
            "high": weights["high"].to_numpy(),
            "status": "",
        }
    )
    frame.attrs["provenance"] = pull.provenance
    against = [
        study.catalogue[str(one)].label
        for one, row in weights.iterrows()
        if row["weight"] * study.catalogue[str(one)].direction < 0
        and (row["low"] > 0 or row["high"] < 0)
    ]
    key = "revealed.weights_against" if against else "revealed.weights_with"
    options: dict[str, Any] = {
        "title": Message(key, {"group": _group(pull.target), "labels": against}),
        "measure": Measure(
            Message("revealed.weight", {"outcome": _outcome(pull.outcome)}),
            unit=Message("revealed.weight_unit"),
            period=_years(pull.outcome.span),
        ),
        "signed": True,
        "notes": [Message("revealed.weights_note"), Message("revealed.not_cause")],
        "id": "revealed-weights",
    }
    return charts.ranking(frame, **(options | about))


def revealed_table(study: Study, pull: RevealedPull) -> Table:
    """
    Show the index's ranks of the study's municipalities beside those of observed pull.

    Parameters
    ----------
    study : Study
        The study.
    pull : RevealedPull
        From `regionstudy.revealed_pull.reveal`.

    Returns
    -------
    Table
        A row a municipality: rank in the index, rank by observed pull, the difference, and
        the pull beyond what the indicators say.
    """
    frame = pull.comparison.regions.set_index("region").reindex(list(study.region))
    frame = frame.join(pull.weights.regions[["pull", "predicted", "residual"]])
    frame = frame.rename_axis("region").reset_index()
    frame["name"] = frame["region"].map(name)
    frame.attrs["provenance"] = pull.provenance
    columns = [
        Column("name", Message("figures.column.region")),
        Column("expert_rank", Message("revealed.column_index"), "number"),
        Column("revealed_rank", Message("revealed.column_pull"), "number"),
        Column("pull", Message("revealed.column_observed"), "number", 1, signed=True),
        Column("predicted", Message("revealed.column_predicted"), "number", 1, signed=True),
        Column("residual", Message("revealed.column_beyond"), "number", 1, signed=True),
    ]
    told = {"outcome": _outcome(pull.outcome)}
    named = {"group": _group(pull.target), "place": name(study.settings.region)}
    return table(
        frame,
        columns=columns,
        title=Message("revealed.table_title", named),
        caption=Message("revealed.table_caption", told),
        home=[study.home],
    )


def _coverage(study: Study, pull: RevealedPull) -> Words:
    """Say which domains the indicators cover, and which the index has besides."""
    titles = {one: entry.title for one, entry in study.catalogue.domains.items()}
    told = {
        "n": len(pull.weights.weights),
        "domains": [titles[one] for one in pull.domains],
        "lacking": [titles[one] for one in pull.lacking],
        "year": pull.outcome.span[0],
    }
    keys = ["covers", "lacks"] if pull.lacking else ["covers"]
    return joined([Message(f"revealed.{key}", told) for key in keys])


def _verdict(pull: RevealedPull) -> Message:
    """Say how well the indicators predict; where the baselines do as well, say so."""
    scores = pull.weights.scores
    held = scores[scores["held_out"] == "groups"].set_index("predictor")["r2"]
    told = {
        "outcome": _outcome(pull.outcome),
        "year": pull.outcome.span[0],
        "r2": _percent(held["indicators"]),
        "before": _percent(held["same_as_before"]),
    }
    return Message("revealed.predicts" if pull.weights.predicts else "revealed.does_not", told)


def _order(study: Study, pull: RevealedPull) -> Message:
    ranks: Any = pull.comparison.regions.set_index("region").loc[study.home]
    spearman: Any = pull.comparison.correlations.loc["spearman"]
    told = {
        "place": name(study.home),
        "expert": int(ranks["expert_rank"]),
        "revealed": int(ranks["revealed_rank"]),
        "n": len(pull.comparison.regions),
        "rho": number_text(spearman["estimate"], 2),
        "low": number_text(spearman["low"], 2),
        "high": number_text(spearman["high"], 2),
    }
    return Message("revealed.order", told)


def _group(target: str) -> Words:
    """Name a target group at the head of a title."""
    words = Message(f"explore.target_{target}")
    return Words(*(text[:1].upper() + text[1:] for text in map(words.render, LANGUAGES)))


def _years(span: tuple[str, str]) -> Words:
    return Words(*("–".join(span),) * 2)


def _outcome(outcome: Outcome) -> Message:
    return Message(f"revealed.outcome_{outcome.name}", {"span": _years(outcome.span)})


def _predictor(one: str, outcome: Outcome) -> Message:
    told = {"span": _years(outcome.earlier)} if one == "same_as_before" else {}
    return Message(f"revealed.predictor_{one}", told)


def _percent(share: float) -> str:
    # A negative R² is worse than knowing nothing; as a share of what is known it is none.
    return f"{max(0.0, 100 * share):.0f}"

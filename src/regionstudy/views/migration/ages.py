"""At what ages people leave or come, as rates with the model schedule fitted to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.figures import note
from regionstudy.figures.flows import model_profile
from regionstudy.figures.migration_captions import measure, notes, text
from regionstudy.geography import label
from regionstudy.views.migration.fetched import fetched_moves

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.analysis.migration import RogersCastro
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["moving_ages"]

_COUNTRY = "00"
# The ages that make or break a region: studies, first jobs, families.
_LOW, _HIGH = 20, 34
_OLDEST = 80


def moving_ages(
    study: Study,
    population: pd.DataFrame,
    *,
    flow: str = "out",
    moves: pd.DataFrame | None = None,
    **about: Any,
) -> StudyFigure | Note | None:
    """
    Draw at what ages people leave the home for other municipalities, or come from them.

    Parameters
    ----------
    study : Study
        The study.
    population : DataFrame
        Population at year end by single age, and sex where there is one: ``region``,
        ``period``, ``age``, ``value``, ``status``; years one after another.
    flow : {"out", "in"}, default "out"
        Which way.
    moves : DataFrame, optional
        As `regionstudy.analysis.migration.read_moves` takes them; without it, those that the
        study has fetched.
    **about
        Passed on to `regionstudy.figures.flows.model_profile`.

    Returns
    -------
    StudyFigure, Note or None
        Rates of the newest year with the Rogers-Castro schedule, and the country's schedule
        as a dashed line; a line where rates by age cannot be had; nothing where no moves are
        there at all.
    """
    from regionstudy.analysis import migration

    if moves is None:
        moves = fetched_moves(study)
    if moves is None:
        return None
    kept = [study.home, _COUNTRY]
    own = moves[moves["region"].astype(str).isin(kept)]
    residents = population[population["region"].astype(str).isin(kept)]
    try:
        rates = migration.gross_rates(own, residents, by=["age"])
        newest = _newest(rates, study.home, flow)
        home, country = (
            migration.fit_rogers_castro(newest[newest["region"] == code]) for code in kept
        )
        apart = migration.schedule_deviation(
            newest[newest["region"] == study.home],
            newest[newest["region"] == _COUNTRY],
            low=_LOW,
            high=_HIGH,
        ).set_index("age")
    except DataError:
        return note(text("ages_missing"), tone="missing")
    period = str(newest["period"].iloc[0])
    frame = home.curve.rename(columns={"rate": "value"})[["age", "value", "fitted"]].merge(
        country.curve[["age", "fitted"]].rename(columns={"fitted": "compare"}),
        on="age",
        how="left",
        validate="one_to_one",
    )
    frame.attrs["provenance"] = {
        key: entry
        for part in (own, residents)
        for key, entry in part.attrs.get("provenance", {}).items()
    }
    every: Any = apart.loc["all"]
    options: dict[str, Any] = {
        "title": _title(home, country, study.home, flow, period),
        "paragraphs": [
            text(
                f"ages_deviation_{flow}",
                place=label(study.home),
                ages=f"{_LOW}–{_HIGH}",
                moves=every["value"] / 1000,
                country=every["reference"] / 1000,
                fit=100 * home.r_squared,
            )
        ],
        "measure": measure(f"moving_{flow}", [period]),
        "compare": text("compare.country_model"),
        "how_to_read": text("how.moving"),
        "notes": notes(also=["mean_population", "model_no_cause"]),
        "id": f"moving-{flow}",
    }
    return model_profile(frame, **(options | about))


def _newest(rates: pd.DataFrame, home: str, flow: str) -> pd.DataFrame:
    """Keep single ages of the newest year in which the home has rates."""
    age = rates["age"].astype(str)
    single = age.str.fullmatch(r"\d{1,2}")
    kept = rates[single & (rates["kind"] == "domestic") & (rates["flow"] == flow)]
    kept = kept[kept["age"].astype(int) <= _OLDEST]
    known = kept[(kept["region"] == home) & kept["value"].notna()]
    newest: pd.DataFrame = kept[kept["period"] == known["period"].max()]
    return newest


def _title(home: RogersCastro, country: RogersCastro, code: str, flow: str, period: str) -> Message:
    told = {"place": label(code), "period": period}
    ages = {"age": home.peak_age, "country": country.peak_age}
    return text(f"ages_peak_{flow}", **told, **ages)

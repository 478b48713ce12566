"""Notebook 03 as it stands: on published figures, and on GENERATED ones put beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from tests.views.notebooks import GeneratedSnapshot, results

import regionstudy
from regionstudy.figures.shown import StudyFigure
from regionstudy.figures.statements import Note
from regionstudy.study import Study


def table(rows: list[tuple[Any, ...]], columns: list[str], indicator: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns).assign(indicator=indicator, status="")
    told = {"publisher": "GENERATED", "source": "GENERATED", "table": "", "licence": "CC0"}
    frame.attrs["provenance"] = {indicator: {**told, "retrieved": "2026-11-24"}}
    return frame


def generated() -> dict[str, pd.DataFrame]:
    """GENERATED: moves by age group and sex, and flows between three counties."""
    counts = {
        "migration_in_domestic": 1500.0,
        "migration_out_domestic": 1600.0,
        "immigration": 200.0,
        "emigration": 100.0,
    }
    moves = {
        indicator: table(
            [
                (region, str(year), sex, "total", count)
                for region in ("2281", "2280")
                for year in range(2019, 2025)
                for sex in ("1", "2")
            ],
            ["region", "period", "sex", "age", "value"],
            indicator,
        )
        for indicator, count in counts.items()
    }
    flows = {("22", "01"): 900.0, ("01", "22"): 600.0, ("23", "22"): 90.0, ("22", "23"): 50.0}
    rows = [(one, one, other, "2024", value) for (one, other), value in flows.items()]
    columns = ["region", "origin", "destination", "period", "value"]
    name = "migration_county_matrix"
    return moves | {name: table(rows, columns, name)}


def run(repository, monkeypatch, *, region: str | None, put: dict[str, pd.DataFrame]) -> list[Any]:
    """Run the code cells as they stand, and give what each shows."""
    study = Study.load(repository, region=region)
    study.snapshot = GeneratedSnapshot(study.snapshot, put=put)
    monkeypatch.setattr(regionstudy.Study, "load", lambda **_: study)
    return results(repository / "notebooks" / "03_migration_and_return.ipynb", monkeypatch)


def ids(shown: list[Any]) -> set[str]:
    return {one.content.id for one in shown if isinstance(one, StudyFigure)}


@pytest.mark.parametrize("region", [None, "2280", "FA42"])
def test_published_figures_give_all_but_gross_flows(repository, monkeypatch, region):
    shown = run(repository, monkeypatch, region=region, put={})
    assert ids(shown) >= {
        "net-migration", "young-map", "young-ranking", "neighbours", "ages", "cohorts",
        "remaining", "net-long", "gross-long", "net-outlook", "projected-ages",
    }  # fmt: skip
    missing = [one.text.render("sv") for one in shown if isinstance(one, Note)]
    assert sum("finns inte i studien än" in text for text in missing) == 1


def test_a_county_with_a_municipality_formed_later_says_what_is_missing(repository, monkeypatch):
    shown = run(repository, monkeypatch, region="03", put={})
    assert "cohorts" not in ids(shown)
    told = [one.text.render("sv") for one in shown if isinstance(one, Note)]
    assert any("Årskullarna i Uppsala län går inte att följa" in text for text in told)


def test_generated_flows_bring_their_sections_and_take_the_line_away(repository, monkeypatch):
    shown = run(repository, monkeypatch, region=None, put=generated())
    figures = {one.content.id: one.content for one in shown if isinstance(one, StudyFigure)}
    assert {"gross-rates", "county-flows"} <= set(figures)
    for one in ("gross-rates", "county-flows"):
        assert any("GENERATED" in line.text.render("sv") for line in figures[one].sources)
    told = [one.text.render("sv") for one in shown if isinstance(one, Note)]
    assert not any("finns inte i studien än" in text for text in told)
    # Both sexes, 3,000 in 2024, of a mean population between those of 2023 and 2024.
    assert figures["gross-rates"].title.render("en").startswith("In 2024 30.")


def test_the_gap_after_1996_is_a_gap_in_both_long_pictures(repository, monkeypatch):
    shown = run(repository, monkeypatch, region=None, put={})
    for one in shown:
        if isinstance(one, StudyFigure) and one.content.id in ("net-long", "gross-long"):
            for trace in one.data:
                drawn = [x for x, y in zip(trace.x, trace.y, strict=True) if y is not None]
                # Nothing between, and a point without a value that breaks the line.
                assert not any(1997 <= float(x) <= 2001 for x in drawn)
                years = [float(x) for x in trace.x]
                assert max(years) <= 1996.5 or min(years) >= 2001.5 or len(drawn) < len(years)

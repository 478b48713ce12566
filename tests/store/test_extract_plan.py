"""The description of the files: every entry checked."""

from __future__ import annotations

import pytest

from regionstudy.catalogue import Catalogue
from regionstudy.errors import ConfigError
from regionstudy.store.extract_plan import read_plan

PLAN = """
retrieved = "2026-11-24"
[how]
copied = { sv = "Läst ur {archive}.", en = "Read from {archive}." }
transcribed = { sv = "Avskriven.", en = "Typed in." }
[publisher.scb]
name = "SCB"
url = "https://www.statistikdatabasen.scb.se/"
licence = "CC0-1.0"
[[file]]
name = "a.csv"
publisher = "scb"
table = "T"
archive = "some/where"
path = "a.csv"
note = { sv = "A.", en = "A." }
[[file.series]]
read = ["persons"]
into = "population"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("retrieved = ", r"extracts\.toml: not TOML.*Mend that line"),
        (PLAN.replace("into =", "onto ="), r"a\.csv, file\.0\.series\.0.*onto"),
        (PLAN.replace('into = "population"', ""), "persons: say either into = an id, or skip"),
        (PLAN + 'skip = "no"', "persons: say either into = an id, or skip"),
        (PLAN.replace('publisher = "scb"', 'publisher = "scp"'), 'no publisher "scp"; there are'),
        (PLAN.replace('table = "T"', ""), r"a\.csv: needs publisher, table"),
        (PLAN + '[[file.series]]\nread = ["b"]\ninto = "population"', "has rank 1 for population"),
        (PLAN + "tolerance = -1", r"file\.0\.series\.0\.tolerance.*greater than or equal to 0"),
    ],
)
def test_a_faulty_plan_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_plan(text)


def test_the_example_itself_is_a_plan() -> None:
    assert read_plan(PLAN).file[0].series[0].into == "population"


def test_every_id_is_in_the_catalogue() -> None:
    ids = {series.into for file in read_plan().file for series in file.series if series.into}
    assert ids <= set(Catalogue.load())


def test_every_rank_that_decides_something_has_a_reason() -> None:
    entries = [series for file in read_plan().file for series in file.series if series.into]
    targets = [series.into for series in entries]
    silent = [
        series.into for series in entries if targets.count(series.into) > 1 and not series.why
    ]
    assert silent == []


def test_figures_without_a_year_are_not_loaded() -> None:
    skipped = {file.name: file.skip for file in read_plan().file if file.skip}
    for name in ("course_kommuner_cross_section.csv", "kolada_covariates_norrland_latest.csv"):
        assert "not stated" in skipped[name]

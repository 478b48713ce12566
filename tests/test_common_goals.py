"""The common goals of a study: read, checked, refused with a remedy."""

from __future__ import annotations

import pytest

from regionstudy.catalogue import Catalogue
from regionstudy.common_goals import goal_rows, read_goals
from regionstudy.errors import ConfigError

GOAL = """
[net]
title = { sv = "Fler hit", en = "More here" }
indicator = "net_migration_rate"
base_year = 2019
target = 5.0
year = 2030
"""


@pytest.fixture
def goals_file(tmp_path):
    def write(text):
        path = tmp_path / "goals.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_studys_own_goals_are_an_example_and_name_what_the_catalogue_has(repository):
    found = read_goals(repository / "data" / "goals.toml", indicators=Catalogue.load())
    assert found.example
    assert {goal.measure for goal in found.goals.values()} >= {"participation"}


def test_goals_become_rows_in_the_files_order(goals_file):
    second = GOAL.replace("[net]", "[other]").replace("5.0", "7.5")
    rows = goal_rows(read_goals(goals_file(GOAL + second)))
    assert rows.values.tolist() == [["net", 2019, 5.0, 2030], ["other", 2019, 7.5, 2030]]


def test_goals_are_the_networks_own_unless_the_file_says_that_they_are_an_example(goals_file):
    assert not read_goals(goals_file(GOAL)).example
    assert read_goals(goals_file("example = true\n" + GOAL)).example


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"net_migration_rate"', '"net_migration_rat"', 'Did you mean "net_migration_rate"'),
        (
            'indicator = "net_migration_rate"',
            "",
            "give either an indicator.*participation, present",
        ),
        ("base_year", 'measure = "present"\nbase_year', "give either an indicator"),
        ('indicator = "net_migration_rate"', 'measure = "present"\nregion = "22"', "region goes"),
        ('indicator = "net_migration_rate"', 'measure = "fun"', "measure: input should be"),
        ("base_year", 'region = "9999"\nbase_year', r"\[net\], region: .*9999"),
        ("year = 2030", "year = 2019", "year 2019 must come after base_year 2019"),
        ("target = 5.0", "", r"\[net\]: target: field required. The entries are: title, indicator"),
        ("target", "goal = 1\ntarget", "goal: extra inputs are not permitted"),
        ("target = 5.0", "target = five", "not valid TOML.*Mend that line"),
        (', en = "More here"', "", "title.en: field required"),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(goals_file, old, new, message):
    assert old in GOAL
    with pytest.raises(ConfigError, match=rf"goals\.toml.*{message}"):
        read_goals(goals_file(GOAL.replace(old, new, 1)), indicators=Catalogue.load())


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match=r"goals\.toml: can not be read .*every study folder"):
        read_goals(tmp_path / "goals.toml")

"""A cell is read as what its writer meant, or refused with the remedy."""

from __future__ import annotations

import datetime as dt

import pytest

from regionstudy.members.cells import read_cell, to_text
from regionstudy.members.occupations import is_occupation, occupation_labels
from regionstudy.members.schema import Column
from regionstudy.words import Words, render


def column(kind: str, **options) -> Column:
    text = Words(sv="Kolumn", en="Column")
    return Column(name="column", type=kind, title=text, note=text, **options)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (2281.0, "2281"),
        (0.5, "0.5"),
        (True, "yes"),
        (" 12\u00a0500 ", "12 500"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        (dt.datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001
    ],
)
def test_a_cell_becomes_what_one_would_have_typed(cell, text):
    assert to_text(cell) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("count", "1 204", 1204),
        ("count", "0", 0),
        ("number", "1.250,50", 1250.5),
        ("number", "12,5", 12.5),
        ("share", "0,5", 0.5),
        ("share", "50 %", 0.5),
        ("date", "2026-03-01", dt.date(2026, 3, 1)),
        ("date", "46082", dt.date(2026, 3, 1)),
        ("date", "1/3/2026", dt.date(2026, 3, 1)),
        ("year", "2026", 2026),
        ("year", "2026-01-01", 2026),
        ("flag", "Ja", True),
        ("flag", "nej", False),
        ("org_number", "5560000000", "556000-0000"),
        ("org_number", "16556000-0000", "556000-0000"),
        ("url", "https://exempel.example/a", "https://exempel.example/a"),
    ],
)
def test_forms_that_mean_the_same_are_read_alike(kind, text, value):
    reading = read_cell(text, column(kind))
    assert (reading.value, reading.problem) == (value, "")


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("count", "-1", "is not a whole number"),
        ("count", "2,5", "is not a whole number"),
        ("count", "tio", "is not a whole number"),
        ("number", "-3", "is not a number of 0 or more"),
        ("share", "1,2", "is not a share between 0 and 1"),
        ("date", "2026-02-30", "is not a date"),
        ("year", "26", "is not a year between 1990 and 2100"),
        ("flag", "kanske", "is neither yes nor no"),
        ("id", "a b", "is not an id"),
        ("id", "total", "is not an id"),
        ("org_number", "556000", "is not an organisation number"),
        ("url", "www.exempel.se", "is not a web address"),
    ],
)
def test_what_cannot_be_read_has_a_problem_and_a_remedy(kind, text, problem):
    reading = read_cell(text, column(kind))
    assert reading.value is None
    assert problem in render(reading.problem, "en")
    assert reading.remedy


def test_an_unknown_word_of_an_open_list_is_kept_and_a_known_one_unified():
    cluster = column("word", words="cluster", open=True)
    assert read_cell("Juridik", cluster).value == "law"
    assert read_cell("Rymd", cluster).value == "Rymd"


def test_an_unknown_word_of_a_closed_list_shows_the_valid_ones():
    reading = read_cell("medell", column("word", words="scenario"))
    assert (
        render(reading.remedy, "en") == "Did you mean middle? The words are low, middle and high."
    )


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Sundsval", "Did you mean 2281 Sundsvall?"),
        ("228l", 'Did you mean 2281 Sundsvall? Codes are four digits: sign 4 is the letter "l".'),
        ("???", "Codes are four digits."),
    ],
)
def test_a_wrong_municipality_gets_its_nearest_match(text, remedy):
    reading = read_cell(text, column("code", codes="municipality"))
    assert render(reading.problem, "en") == "is not a municipality code."
    assert render(reading.remedy, "en").startswith(remedy)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("25l2", "Did you mean 2512 Mjukvaru- och systemutvecklare m.fl.?"),
        ("Controler", "Did you mean 2412 Controller?"),
        ("???", "Write one to four digits."),
    ],
)
def test_a_wrong_occupation_gets_its_nearest_match(text, remedy):
    reading = read_cell(text, column("code", codes="occupation"))
    assert render(reading.problem, "en") == "is not an occupation code of SSYK 2012."
    assert render(reading.remedy, "en").startswith(remedy)


def test_the_occupations_are_those_of_jobtechs_taxonomy(shared):
    import json

    text = (shared / "recordings/jobtech/taxonomy_to_concept.json").read_text(encoding="utf-8")
    groups = json.loads(text)["occupation-group"]
    assert dict(occupation_labels()) == {
        code: group["preferredTerm"] for code, group in groups.items()
    }


def test_every_occupation_that_ads_name_is_a_code_at_each_level(shared):
    import json

    text = (shared / "recordings/jobtech/occId_2_ssyk2012.json").read_text(encoding="utf-8")
    codes = set(json.loads(text).values())
    assert all(is_occupation(code[:digits]) for code in codes for digits in (1, 2, 3, 4))
    assert not is_occupation("9999")
    assert not is_occupation("25123")

"""The sheets are data, and an entry that cannot be used is named."""

from __future__ import annotations

import copy
import tomllib
from importlib.resources import files

import pytest

from regionstudy.errors import ConfigError
from regionstudy.members.schema import read_sheets, sheets, words


@pytest.fixture
def document():
    text = (files("regionstudy.members") / "sheets.toml").read_text(encoding="utf-8")
    return copy.deepcopy(tomllib.loads(text))


def test_the_sheets_and_columns_are_those_of_the_design():
    columns = {name: [c.name for c in sheet.columns] for name, sheet in sheets().items()}
    assert columns == {
        "organisations": "org_id name org_number municipality level cluster joined website fee".split(),  # noqa: E501, SIM905
        "staff": "org_id municipality occupation age_band headcount year".split(),  # noqa: SIM905
        "needs": "org_id occupation year headcount scenario".split(),  # noqa: SIM905
        "assignments": "org_id title theme occupation competences municipality remote_share opens closes url public".split(),  # noqa: E501, SIM905
    }


def test_the_fixed_words_are_those_of_the_design():
    assert list(words("age_band")) == ["-29", "30-39", "40-49", "50-59", "60-"]
    assert list(words("level")) == ["1", "2"]
    assert list(words("scenario")) == ["low", "middle", "high"]


def test_no_two_columns_of_a_sheet_share_a_title():
    for sheet in sheets().values():
        for lang in ("sv", "en"):
            titles = [column.title.render(lang) for column in sheet.columns]
            assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "colour"}, 'column name: "colour" is not a type; use code, count'),
        ({"words": "moods"}, r'no words "moods"; add \[words\.moods\]'),
        ({"references": "wages"}, 'references "wages", which is not a sheet'),
        ({"colour": "red"}, "sheet organisations, column name: .*colour"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(document, change, message):
    document["sheets"]["organisations"]["columns"][1].update(change)
    with pytest.raises(ConfigError, match=message):
        read_sheets(document["sheets"], document["words"])


def test_a_column_without_a_note_is_named(document):
    del document["sheets"]["needs"]["columns"][0]["note"]
    with pytest.raises(ConfigError, match="sheet needs, column org_id: 'note'"):
        read_sheets(document["sheets"], document["words"])

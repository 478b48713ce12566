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
    # DESIGN, "Member tables", and the word `public` where rows leave as they are.
    assert {name: " ".join(names) for name, names in columns.items()} == {
        "organisations": "org_id name org_number municipality level cluster joined website fee",
        "staff": "org_id municipality occupation age_band headcount year",
        "needs": "org_id occupation year headcount scenario public",
        "assignments": (
            "org_id title theme occupation competences municipality remote_share opens closes url "
            "public"
        ),
        "mobility": "from_org to_org from_region returned occupation year kind headcount",
        "programmes": "org_id name education occupation year places graduates stayed public",
        "networks": "network_id name theme kind website public",
        "network_members": "network_id org_id contact role public",
        "participation": "meeting date org_id attended public",
        "contributions": "org_id competence kind public",
    }


def test_rows_leave_unless_refused_but_assignments_only_where_approved():
    defaults = {
        name: column.default
        for name, sheet in sheets().items()
        for column in sheet.columns
        if column.name == "public"
    }
    assert defaults.pop("assignments") == "no"
    assert set(defaults.values()) == {"yes"}


def test_the_fixed_words_are_those_of_the_design():
    assert list(words("age_band")) == ["-29", "30-39", "40-49", "50-59", "60-"]
    assert list(words("level")) == ["1", "2"]
    assert list(words("scenario")) == ["low", "middle", "high"]
    assert list(words("mobility")) == ["move", "loan", "hire", "leave"]
    assert list(words("contribution")) == ["offered", "wanted"]


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
        ({"codes": "colours"}, 'no codes "colours"; use education, municipality'),
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

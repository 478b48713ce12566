"""Whatever the reader says, it can say in both languages."""

from __future__ import annotations

import re
import string
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from regionstudy.members.findings import Finding, MendedCell, told


def catalogue(lang):
    entry = files("regionstudy.words") / "locale" / lang / "members.po"
    with entry.open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_po(stream) if one.id}


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_fields():
    swedish, english = catalogue("sv"), catalogue("en")
    assert swedish.keys() == english.keys()
    for key, text in english.items():
        assert fields(swedish[key]) == fields(text), key
        assert text
        assert swedish[key]


def test_every_problem_has_a_remedy_and_every_text_that_is_asked_for_exists(repository):
    known = {key.removeprefix("members.") for key in catalogue("en")}
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (repository / "src/regionstudy/members").glob("*.py")
    )
    problems = set(re.findall(r'(?:wrong|_refuse|_sheet_fault)\((?:[^"()]*, )?"(\w+)"', source))
    assert len(problems) > 20
    assert problems | {f"{name}_do" for name in problems} <= known
    assert set(re.findall(r'told\("(\w+)"', source)) <= known


@pytest.mark.parametrize(("lang", "problem"), [("sv", "är tom."), ("en", "is empty.")])
def test_a_finding_is_put_into_words_when_it_is_shown(lang, problem):
    finding = Finding("a.xlsx", "staff", "B2", "", told("empty"), "")
    assert finding.fault(lang).problem == problem
    mended = MendedCell("a.xlsx", "staff", "B2", "180", told("read_as", code="0180"))
    assert "0180" in str(mended.repair(lang))

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regionstudy.analysis.competence import to_occupations
from regionstudy.competence_assumptions import read_assumptions, read_crosswalk
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = """
retirement_age = { late = 68, middle = 65, early = 64 }
stay_share = { low = 0.3, middle = 0.5, high = 0.7 }
members_share = { low = 0.1, middle = 0.2, high = 0.3 }
"""


@pytest.fixture
def write(tmp_path: Path):
    def write_text(text: str) -> Path:
        path = tmp_path / "file.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_text


def test_studys_own_files_can_be_used(repository):
    found = read_assumptions(repository / "data" / "competence.toml")
    assert found.exit_share[1] == pytest.approx(1 / 6)
    key = read_crosswalk(repository / "data" / "education_to_occupation.toml")
    assert to_occupations(key[["education"]].drop_duplicates(), crosswalk=key)["share"].gt(0).all()


def test_share_who_retire_follows_from_the_age(write):
    found = read_assumptions(write(ENTRIES))
    assert found.exit_share == pytest.approx((1 / 8, 1 / 5, 1 / 4))
    assert (found.few, found.horizon, found.needs_include_replacement) == (3, 0, False)


def test_share_who_retire_that_is_known_goes_before_the_age(write):
    text = ENTRIES + "last_band_share = { low = 0.1, middle = 0.2, high = 0.3 }"
    assert read_assumptions(write(text)).exit_share == (0.1, 0.2, 0.3)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("low = 0.3, middle = 0.5", "low = 0.6, middle = 0.5", "stay_share: .*low <= middle"),
        ("high = 0.7", "high = 70", "stay_share.high: input should be less than or equal to 1"),
        ("late = 68", "late = 60", "retirement_age.late: input should be greater than 60"),
        ("early = 64", "early = 66", "retirement_age: .*early <= middle <= late"),
        ("stay_share", "stayshare", "stay_share: field required; stayshare: extra inputs"),
        ("members_share", "few = 0\nmembers_share", "few: input should be greater than or equal"),
        ("stay_share", "draws = 5\nstay_share", "draws: input should be greater than or equal"),
        ("= {", "= [", "not valid TOML"),
        ("stay_share", 'university_towns = ["22"]\nstay_share', '"22" is no municipality'),
        ("stay_share", 'university_towns = ["2299"]\nstay_share', "university_towns: .*2299"),
    ],
)
def test_wrong_entry_is_named_with_its_file(write, old, new, message):
    path = write(ENTRIES.replace(old, new, 1))
    with pytest.raises(ConfigError, match=message) as told:
        read_assumptions(path)
    assert str(path) in str(told.value)


def test_absent_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"competence\.toml: can not be read"):
        read_assumptions(tmp_path / "competence.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[data]\noccupations = { "251" = 0.5 }', r'\["data"\]: not a field of SUN 2020'),
        ('["4811"]\noccupations = { "251" = 0.5 }', "two or three digits"),
        ('["481"]\noccupations = { "2512" = 0.5 }', '"2512" is no group of three digits'),
        ('["481"]\noccupations = { "999" = 0.5 }', '"999" is no group of three digits'),
        ('["481"]\noccupations = { "251" = 60 }', "less than or equal to 1"),
        ('["481"]\noccupations = { }', "at least 1 item"),
        ('["481"]\njobs = { }', "occupations: field required; jobs: extra inputs"),
        ('["481"]\noccupations = { "251" = 0.6, "351" = 0.6 }', r"add up to 1\.20\. Lower one"),
    ],
)
def test_wrong_crosswalk_is_refused_with_its_remedy(write, text, message):
    with pytest.raises(ConfigError, match=message):
        read_crosswalk(write(text))

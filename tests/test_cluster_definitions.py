from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from regionstudy.cluster_definitions import industry_definitions, read_clusters
from regionstudy.errors import ConfigError
from regionstudy.members.schema import sheets

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER = """
[games]
name = { sv = "Spel", en = "Games" }
note = { sv = "Bara förlag.", en = "Publishers only." }
industries.exact = [["5821"]]
industries.near = [["582"]]
industries.sections = ["J"]
occupations.minor = ["251"]
occupations.unit = ["2513"]
"""


@pytest.fixture
def write(tmp_path: Path):
    def write_text(text: str) -> Path:
        path = tmp_path / "clusters.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_text


def test_studys_own_clusters_are_those_of_the_members_sheets(repository):
    clusters = read_clusters(repository / "data" / "clusters.toml")
    table = tomllib.loads(
        (repository / "src" / "regionstudy" / "members" / "sheets.toml").read_text("utf-8")
    )
    assert set(clusters) == set(table["words"]["cluster"])
    assert "organisations" in sheets()
    for cluster in clusters.values():
        assert set(cluster.name) == set(cluster.note) == {"sv", "en"}
        assert cluster.exact or cluster.near
        assert cluster.unit


def test_clusters_that_no_section_shows_have_none(repository):
    clusters = read_clusters(repository / "data" / "clusters.toml")
    assert clusters["it"].sections == ("J",)
    assert clusters["finance"].sections == ("K",)
    assert clusters["law"].sections == clusters["archives"].sections == ()


def test_cluster_of_ones_own_is_read(write):
    found = read_clusters(write(CLUSTER))["games"]
    assert (found.exact, found.near, found.sections) == ((("5821",),), (("582",),), ("J",))
    assert (found.minor, found.unit) == (("251",), ("2513",))
    assert found.name["en"] == "Games"


def test_definitions_are_tried_from_the_finest(write):
    frame = industry_definitions(read_clusters(write(CLUSTER)))
    assert frame.to_records(index=False).tolist() == [
        ("games", 0, "exact", "5821"),
        ("games", 1, "near", "582"),
        ("games", 2, "section", "J"),
    ]


def test_cluster_of_occupations_alone_has_no_industry(write):
    text = "\n".join(line for line in CLUSTER.splitlines() if "industries" not in line)
    frame = industry_definitions(read_clusters(write(text)))
    assert frame.to_records(index=False).tolist() == [("games", 0, "section", "")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"5821"', '"58.21"', r'industries.exact: "58.21" is not 2 to 5 digits .* Write "5821"'),
        ('"5821"', '"J"', r'"J" is not 2 to 5 digits of SNI 2007\. Sections go below'),
        ('"5821"', "5821", r'5821 is not a text\. Write codes in quotation marks: "5821"'),
        ('"5821"', '"5721"', r"has no division 57, so no 5721\. Did you mean \d\d21\?"),
        ('[["5821"]]', '[["5821", "5821"]]', r"5821 stands twice\. Take one out"),
        ('[["5821"]]', '[["58", "5821"]]', r"5821 is part of 58\. Take one out"),
        ('[["5821"]]', '["5821"]', r"'5821' is not a list\. Write it in \[ \]"),
        ('[["5821"]]', "[[]]", r"an empty list is no definition\. Take it out"),
        ('["J"]', '["V"]', r'industries.sections: "V" is no section of SNI 2007\. Sections are A'),
        ('["251"]', '["2513"]', r'occupations.minor: "2513" is no code of 3 digits in SSYK 2012'),
        ('["2513"]', '["2517"]', r'"2517" is no code of 4 digits .* Did you mean 25\d\d \w+'),
        (', en = "Games"', "", r'\[games\], name.en: no text\. Write: name.en = "\.\.\."'),
        ("occupations.minor", "occupations.minr", r'no key "minr"\. Did you mean "minor"'),
        ("industries.near", "industry.near", r'no key "industry"\. Did you mean "industries"'),
        ("[games]", "[Games]", r"\[Games\]: an id is small letters"),
        ('name = { sv = "Spel", en = "Games" }', 'name = "Games"', r"'Games' is not a table\. Its"),
        ('name = { sv = "Spel"', "name = { sv = Spel", "not valid TOML"),
    ],
)
def test_fault_is_named_with_file_key_and_remedy(write, old, new, message):
    assert old in CLUSTER
    with pytest.raises(ConfigError, match=message) as caught:
        read_clusters(write(CLUSTER.replace(old, new, 1)))
    assert "clusters.toml" in str(caught.value)


def test_two_clusters_of_one_name_and_an_absent_file_are_refused(write, tmp_path):
    with pytest.raises(ConfigError, match=r'name.sv: "Spel" is what \[games\] is called, too'):
        read_clusters(write(CLUSTER + CLUSTER.replace("[games]", "[play]")))
    with pytest.raises(ConfigError, match=r"absent.toml: can not be read"):
        read_clusters(tmp_path / "absent.toml")

"""The page on networks: worked by hand on a small network, and notebook 07 as it stands."""

from __future__ import annotations

import io
import json
import re
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from tests.views.notebooks import results

from regionstudy import views
from regionstudy.errors import ConfigError, ReportError
from regionstudy.figures.shown import Answer, Note, StudyFigure, Table
from regionstudy.study import Study

# a, b, c meet in Norr; c and d in Arkivet; d alone in Kassan; nobody in Klara.
NETWORKS = pd.DataFrame(
    {
        "network_id": ["norr", "arkivet", "kassan", "klara"],
        "name": ["Norr", "Arkivet", "=Kassan", "Klara"],
        "theme": ["IT", "Arkiv", "Pension", "Klarspråk"],
        "kind": ["local", "research", "association", "association"],
        "website": None,
    }
)
SEATS = pd.DataFrame(
    [("norr", "a"), ("norr", "b"), ("norr", "c"), ("arkivet", "c"), ("arkivet", "d"),
     ("kassan", "d")],
    columns=["network_id", "org_id"],
)  # fmt: skip
ORGANISATIONS = pd.DataFrame(
    {
        "org_id": list("abcde"),
        "name": ["Alfa, Ånge", "Beta, Timrå", "Gamma, Timrå", "Delta, Ånge", "Epsilon, Ånge"],
        "municipality": ["2260", "2262", "2262", "2260", "2260"],
        "level": "1",
        "cluster": ["it", "it", "law", "finance", "finance"],
    }
)
CANARY = re.compile("Kontaktperson|ordförande|ledamot")


def with_tables(study: Study, **tables: pd.DataFrame) -> Any:
    """A study whose members release these tables."""
    held = {"networks": NETWORKS, "network_members": SEATS, "organisations": ORGANISATIONS} | tables
    members = SimpleNamespace(release=lambda name: held[name].copy(), fictitious=True)
    return SimpleNamespace(members=members, folder=study.folder)


@pytest.fixture(scope="module")
def small(study):
    return views.study_networks(with_tables(study))


def sv(text: Any) -> str:
    return text if isinstance(text, str) else text.render("sv").replace("\xa0", " ")


def rows(table: Table) -> list[list[Any]]:
    return [
        [sv(cell) if not isinstance(cell, float) else cell for cell in row]
        for row in table.table.rows
    ]


def test_the_answer_names_the_only_link_and_the_theme_without_us(small):
    answer = views.network_answer(small)
    assert isinstance(answer, Answer)
    assert [sv(one.text) for one in answer.sentences] == [
        "Våra 5 organisationer sitter tillsammans i 3 nätverk, men i ett av dem är det bara en av "
        "oss som håller länken.",
        "Bara Delta länkar oss till =Kassan, och ingen av oss sitter i något nätverk om klarspråk.",
    ]
    assert all(one.fictitious for one in answer.sentences)


def test_the_numbers_are_those_worked_by_hand(small):
    reached, single, meeting, alone = views.network_numbers(small).items
    assert (sv(reached.value), sv(reached.note)) == ("3", "av 4 som vi känner till")
    assert sv(single.value) == "1"
    # ab, ac, bc, cd of 5 x 4 / 2 pairs.
    assert (sv(meeting.value), sv(meeting.note)[:10]) == ("40", "4 av 10 pa")
    assert sv(alone.value) == "1"  # Epsilon


def test_who_alone_links_us_is_said(small):
    table = views.only_link_table(small)
    assert sv(table.title) == "Bara Delta länkar oss till =Kassan"
    assert rows(table) == [["=Kassan", "Delta", "Pension"]]


def test_what_is_lost_is_networks_and_contact(small):
    # Without c: d no longer reaches a or b, 2 pairs. Without d: Kassan.
    assert rows(views.leaving_table(small)) == [
        ["Delta", "=Kassan", 1.0, 0.0],
        ["Gamma", "–", 0.0, 2.0],
    ]


def test_the_drawing_says_what_each_would_take_along(small):
    figure = views.network_drawing(small)
    assert isinstance(figure, StudyFigure)
    assert figure.content.fictitious
    leaving = figure.content.body.choices[1]
    said = {sv(one.label): sv(one.said) for one in leaving.options[1:]}
    assert said["Delta"] == "Lämnar Delta tappar vi länken till =Kassan."
    assert said["Gamma"].endswith("2 par av de andra skulle inte längre nå varandra genom "
                                  "gemensamma nätverk.")  # fmt: skip
    notes = " ".join(sv(one) for one in figure.content.notes)
    assert "ritas därför inte: Epsilon." in notes
    assert "inte ritade: Klara." in notes


def test_more_than_a_picture_can_hold_is_said(study):
    names = [f"o{one:03}" for one in range(201)]
    many = pd.DataFrame({"org_id": names, "name": names, "municipality": "2260", "cluster": "it"})
    seats = pd.DataFrame({"org_id": names, "network_id": "norr"})
    net = views.study_networks(with_tables(study, organisations=many, network_members=seats))
    assert "Det är 202 organisationer och nätverk" in sv(views.network_drawing(net).text)


def test_positions_count_the_pairs_that_only_meet_through_one(small):
    table = views.position_table(small)
    first = rows(table)[0]
    # c meets a, b and d; a-d and b-d are of different clusters and do not meet.
    assert first[:4] == ["Gamma", 2.0, 3.0, 2.0]
    assert sv(table.title) == "Gamma förmedlar mest mellan klustren: 2 par som inte själva möts"


def test_the_path_is_the_shortest_and_its_ends_can_be_names(small):
    for ends in ({}, {"start": "a", "end": "d"}, {"start": "Alfa", "end": "delta"}):
        table = views.path_table(small, **ends)
        assert rows(table) == [
            ["1", "Alfa", "Norr", "Gamma"],
            ["2", "Gamma", "Arkivet", "Delta"],
        ]
    assert sv(table.title) == "Från Alfa till Delta går kortaste vägen genom 2 nätverk"


def test_one_end_of_a_path_is_not_enough(small):
    with pytest.raises(ConfigError, match="needs both start and end, or neither"):
        views.path_table(small, start="a")


def test_no_way_is_said(study):
    apart = SEATS[SEATS["org_id"] != "c"]
    net = views.study_networks(with_tables(study, network_members=apart))
    note = views.path_table(net, start="a", end="d")
    assert sv(note.text) == "Ingen kedja av gemensamma nätverk leder från Alfa till Delta."


def test_themes_are_counted_by_cluster(small):
    table = views.network_theme_table(small)
    heads = [sv(column.label) for column in table.table.columns]
    by_theme = {row[0]: dict(zip(heads, row, strict=True)) for row in rows(table)}
    assert list(by_theme) == ["Klarspråk", "Pension", "Arkiv", "IT"]
    assert by_theme["Klarspråk"]["Vem sitter där"] == "Ingen av oss"
    assert by_theme["Pension"]["Vem sitter där"] == "Bara Delta"
    assert (by_theme["IT"]["IT"], by_theme["IT"]["Juridik"]) == (2.0, 1.0)
    assert by_theme["Arkiv"]["Bank, pension och försäkring"] == 1.0


def test_a_wanted_theme_that_no_network_has_comes_first(study):
    net = views.study_networks(with_tables(study), themes=["Kvantdatorer"])
    table = views.network_theme_table(net)
    assert rows(table)[0][:2] == ["Kvantdatorer", "Inget nätverk känt"]
    assert sv(table.title) == "Ingen av oss sitter i något nätverk om kvantdatorer och klarspråk"


def test_networks_of_the_same_organisations_are_said(study):
    double = pd.concat([SEATS, pd.DataFrame({"network_id": "klara", "org_id": list("abc")})])
    table = views.overlap_table(views.study_networks(with_tables(study, network_members=double)))
    assert rows(table)[0] == ["Norr", "Klara", 3.0, 3.0, 100.0, "precis samma organisationer"]
    assert sv(table.title) == "Ett par av nätverk samlar nästan samma av oss"


def test_a_seat_does_not_give_away_a_network_that_is_not_approved(study):
    net = views.study_networks(with_tables(study, networks=NETWORKS.iloc[1:]))
    shown = views.network_drawing(net).payload()
    assert "Norr" not in json.dumps(shown, ensure_ascii=False)
    assert net.found.reach.networks == 2


@pytest.mark.parametrize(
    "view",
    ["network_answer", "network_numbers", "network_drawing", "only_link_table", "leaving_table",
     "position_table", "circle_table", "network_theme_table", "overlap_table", "path_table"],
)  # fmt: skip
def test_without_networks_each_view_says_what_to_fill_in(study, view):
    assert views.study_networks(SimpleNamespace(members=None)) is None
    net = views.study_networks(with_tables(study, network_members=SEATS.head(0)))
    shown = getattr(views, view)(net)
    assert isinstance(shown, Note)
    assert "Fyll i bladen Nätverk och Nätverksmedlemmar" in sv(shown.text)


def test_firm_networks_are_said_to_be_so(study):
    seats = SEATS[SEATS["network_id"] == "norr"]
    networks = NETWORKS[NETWORKS["network_id"] == "norr"]
    net = views.study_networks(with_tables(study, network_members=seats, networks=networks))
    first, second = (sv(one.text) for one in views.network_answer(net).sentences)
    assert first.endswith("och i vart och ett sitter minst två av oss.")
    assert second.startswith("Inget nätverk hänger på en enda organisation, och på varje tema")
    assert "Inget nätverk hänger" in sv(views.only_link_table(net).text)
    assert "tappar vi inget nätverk" in sv(views.leaving_table(net).text)
    assert "Inget av våra nätverk" in sv(views.network_drawing(net).content.title)


def test_two_of_one_short_name_keep_their_place(study):
    same = ORGANISATIONS.assign(name=["Banken, Ånge", "Banken, Timrå", *ORGANISATIONS["name"][2:]])
    net = views.study_networks(with_tables(study, organisations=same))
    assert net.organisations["a"] == "Banken, Ånge"
    assert net.organisations["c"] == "Gamma"


def test_files_for_gephi_and_kumu_are_safe_and_hold_no_contact(small, tmp_path):
    folder = SimpleNamespace(folder=tmp_path)
    assert views.network_files(folder, small) is None
    assert not list(tmp_path.iterdir())
    note = views.network_files(folder, small, write=True)
    assert "exports/networks" in sv(note.text)
    written = tmp_path / "exports" / "networks"
    assert {one.name for one in written.iterdir()} == {"networks.graphml", "nodes.csv", "links.csv"}
    graph = nx.read_graphml(io.BytesIO((written / "networks.graphml").read_bytes()))
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (9, 6)
    nodes = pd.read_csv(written / "nodes.csv", dtype=str)
    assert nodes.set_index("Id").loc["net:kassan", "Label"] == "'=Kassan"
    assert nodes.set_index("Id").loc["org:a", "municipality"] == "2260"


def test_a_folder_that_cannot_be_written_is_told(small, tmp_path):
    (tmp_path / "exports").write_text("a file stands here")
    with pytest.raises(ReportError, match=r"the networks can not be written.*Mend the rights"):
        views.network_files(SimpleNamespace(folder=tmp_path), small, write=True)


def test_the_notebook_answers_first_marks_all_as_made_up_and_shows_no_person(
    repository, monkeypatch, study
):
    monkeypatch.setattr(Study, "load", classmethod(lambda _, **__: study))
    shown = results(repository / "notebooks" / "07_networks.ipynb", monkeypatch)
    shown = [one for one in shown if one is not None]
    assert isinstance(shown[0], Answer)
    assert len(shown[0].sentences) == 2
    said = json.dumps([one.payload() for one in shown], ensure_ascii=False)
    assert not CANARY.search(said)
    assert CANARY.search(study.members.network_members.to_csv())
    for one in shown:
        if isinstance(one, Table | StudyFigure):
            payload = one.payload()
            assert payload["fictitious"], payload["title"]
            assert payload["sources"]
    assert not any(isinstance(one, Note) for one in shown)


def test_no_word_of_the_trade_stands_on_the_page(repository, study):
    """Directors read it: betweenness, centrality and graph are the analyst's words."""
    texts = (repository / "src/regionstudy/words/locale/sv/networks.po").read_text()
    prose = (repository / "notebooks" / "07_networks.ipynb").read_text()
    for word in ("betweenness", "centralitet", "graf ", "nod ", "Jaccard", "k-core"):
        assert word not in texts
        assert word not in prose


def test_the_map_counts_networks_by_seat_and_says_the_rule_of_its_dots(study):
    tables = with_tables(study)
    counts = pd.DataFrame(
        {
            "org_id": "total",
            "municipality": ["2260", "2262", "2281", "total"],
            "headcount": [31.0, np.nan, 0.0, 35.0],
            "status": ["", "suppressed", "", ""],
        }
    )
    counts.attrs.update(fictitious=True, threshold=5)
    release = tables.members.release
    tables.members.release = lambda name: counts if name.startswith("staff") else release(name)
    tables.region, tables.home, tables.regions = study.region, study.home, study.regions
    figure = views.network_place_map(tables, views.study_networks(tables))
    # Ånge: a in Norr, d in Arkivet and Kassan, e in none. Timrå: b and c in Norr, c in Arkivet.
    values = figure.content.body.maps[0].values
    assert {code: sv(values[code].value) for code in ("2260", "2262", "2281")} == {
        "2260": "3",
        "2262": "2",
        "2281": "0",
    }
    assert sv(figure.content.title) == "Från Ånge når vi flest nätverk: 3 av 3"
    points = {sv(one.label): one for one in figure.content.body.maps[0].points}
    assert set(points) == {"Ånge", "Timrå"}
    assert points["Timrå"].hidden
    assert "Personal färre än 5 visas som för få" in " ".join(map(sv, figure.content.notes))
    assert figure.content.fictitious


def test_without_released_staff_the_map_has_no_dots(study):
    tables = with_tables(study)
    release = tables.members.release

    def refuse(name: str) -> pd.DataFrame:
        if name.startswith("staff"):
            raise ConfigError(name)
        return release(name)

    tables.members.release = refuse
    tables.region, tables.home, tables.regions = study.region, study.home, study.regions
    net = views.study_networks(tables)
    figure = views.network_place_map(tables, net)
    assert figure.content.body.maps[0].points == ()
    assert "för få" not in " ".join(map(sv, figure.content.notes))
    tables.region = ("0180",)
    assert "har sitt säte i regionen" in sv(views.network_place_map(tables, net).text)

"""Notebook 06: what members approved, on a day, beside ads; and nothing else of theirs."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from tests.views.notebooks import GeneratedSnapshot, results

from regionstudy import views
from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.assignment_cards import Cards
from regionstudy.figures.shown import Answer, Note, StudyFigure, Table
from regionstudy.sources.jobtech_ads import AD_COLUMNS
from regionstudy.study import Study

DAY = "2027-03-01"


def assignment(**changed: Any) -> dict[str, Any]:
    row = {
        "org_id": "arkivet", "title": "Bevara minnet", "theme": "Bevarande",
        "occupation": "2622", "competences": "e-arkiv; metadata", "municipality": "2281",
        "remote_share": 0.5, "opens": pd.Timestamp("2027-01-01"),
        "closes": pd.Timestamp("2027-04-01"), "url": "https://arkivet.example/1",
    }  # fmt: skip
    return row | changed


ORGANISATIONS = pd.DataFrame(
    {
        "org_id": ["arkivet", "banken", "namnlos"],
        "name": ["Arkivet", "Banken", None],
        "org_number": ["556961-6161", None, None],
        "cluster": ["archives", "finance", None],
    }
)


def study_of(repository, *rows: dict[str, Any], missing: str = "", put=None) -> Study:
    """The embedded study with other members: what the gate gives, and nothing behind it."""

    def release(name: str) -> pd.DataFrame:
        if name == missing:
            msg = f"{name} is not declared"
            raise ConfigError(msg)
        frames = {
            "public_assignments": pd.DataFrame(list(rows), columns=list(assignment())),
            "assignment_organisations": ORGANISATIONS.copy(),
        }
        frames[name].attrs.update(fictitious=True, release=name)
        return frames[name]

    study = Study.load(repository)
    study.__dict__["members"] = SimpleNamespace(release=release)
    if put is not None:
        study.snapshot = GeneratedSnapshot(study.snapshot, put=put)
    return study


@pytest.fixture
def three(repository) -> Study:
    return study_of(
        repository,
        assignment(),
        assignment(org_id="banken", title="Räkna", theme="Pension", municipality="2280",
                   occupation="2121", remote_share=1.0, opens=pd.Timestamp("2027-05-01"),
                   closes=pd.Timestamp("2027-06-01")),
        assignment(title="Sök i arkiv", theme="Bevarande", remote_share=None, closes=pd.NaT),
        assignment(title="Förbi", closes=pd.Timestamp("2027-02-28")),
    )  # fmt: skip


def sv(text: Any) -> str:
    return text.render("sv").replace("\xa0", " ")


def test_the_notebook_runs_on_the_embedded_study(repository, study, monkeypatch):
    monkeypatch.setattr(Study, "load", classmethod(lambda _, **__: study))
    shown = results(repository / "notebooks" / "06_assignments.ipynb", monkeypatch)
    kinds = [type(one) for one in shown]
    assert kinds == [Answer, Table, StudyFigure, Cards, Table, Note]
    assert shown[1].filterable
    assert all(one.fictitious for one in (*shown[0].sentences, shown[1], shown[3], shown[4]))
    assert shown[2].content.fictitious
    assert "regionstudy fetch --source jobtech" in sv(shown[-1].text)


def test_only_what_a_member_approved_is_shown(study):
    """Each row of the raw sheet without a yes is looked for, word for word."""
    found = views.open_assignments(study, day="2000-01-01")
    raw = study.members.table("assignments")
    shown = json.dumps(
        [
            views.assignment_cards(found).payload(),
            views.assignments_table(found).payload(),
            views.theme_table(study, found).payload(),
        ],
        ensure_ascii=False,
    )
    secret = raw.loc[~raw["public"].astype(bool), "title"]
    assert len(secret)
    assert [title for title in secret if title in shown] == []
    assert len(found.rows) == int(raw["public"].astype(bool).sum())
    contacts = study.members.table("network_members")["contact"].dropna()
    assert [name for name in contacts if name in shown] == []
    numbers = study.members.organisations["org_number"].dropna()
    assert [number for number in numbers if number in shown] == []


def test_the_answer_counts_what_is_open_and_what_is_to_come(three):
    found = views.open_assignments(three, day=DAY)
    first, second = views.assignments_answer(three, found).sentences
    assert sv(first.text) == (
        "Nätverket söker folk till 3 uppdrag hos 2 av organisationerna: "
        "2 är öppna den 1 mars 2027 och 1 öppnar senare."
    )
    assert sv(second.text) == (
        "De finns i 2 kommuner, flest i Sundsvall (2), och 1 går att göra helt på distans, "
        "1 delvis; om 1 saknas uppgift."
    )


@pytest.mark.parametrize(
    ("rows", "day", "sentence"),
    [
        ([assignment()], DAY, "En organisation i nätverket söker till ett uppdrag, som är öppet"),
        ([assignment()], "2026-12-31", "ett uppdrag, som öppnar efter den 31 december 2026."),
        ([assignment(), assignment(title="B")], DAY, "hos 1 av organisationerna, och alla"),
        ([assignment(), assignment(title="B")], "2026-12-31", "och alla öppnar efter"),
    ],
)  # fmt: skip
def test_the_answer_fits_one_and_many(repository, rows, day, sentence):
    study = study_of(repository, *rows)
    found = views.open_assignments(study, day=day)
    said = views.assignments_answer(study, found).sentences
    assert sentence in sv(said[0].text)
    assert sv(said[1].text).startswith("Alla finns i Sundsvall.")
    assert said[0].text.render("en") != said[0].text.render("sv")


def test_the_day_is_the_snapshots_unless_one_is_given(three):
    assert views.open_assignments(three).day == three.snapshot.retrieved.isoformat()
    assert views.open_assignments(three, day=dt.date(2027, 3, 1)).day == DAY
    with pytest.raises(DataError, match='is no day; write it as "2026-11-25"'):
        views.open_assignments(three, day="snart")


def test_the_table_says_how_many_have_closed_and_leaves_them_out(three):
    found = views.open_assignments(three, day=DAY)
    shown = views.assignments_table(found)
    titles = [row[0] for row in shown.table.rows]
    assert titles == ["Bevara minnet", "Räkna", "Sök i arkiv"]
    assert "1 har stängt och är utelämnade" in sv(shown.table.caption)
    keys = [column.key for column in shown.table.columns]
    assert "source" not in keys
    row = dict(zip(keys, shown.table.rows[2], strict=True))
    assert (row["closes"], row["remote"].value, row["remote"].status) == ("", None, "..")
    assert sv(row["cluster"]) == "Arkiv"


def test_the_map_counts_the_regions_and_says_what_lies_outside(repository):
    study = study_of(
        repository, assignment(), assignment(title="B"), assignment(title="C", municipality="0180")
    )
    shown = views.assignments_map(study, views.open_assignments(study, day=DAY)).content
    assert sv(shown.title) == "Alla uppdrag finns i Sundsvall"
    (panel,) = shown.body.maps
    assert [(point.label.sv, sv(point.value)) for point in panel.points] == [("Sundsvall", "2")]
    assert any("1 uppdrag i andra kommuner" in sv(note) for note in shown.notes)
    # 2 for 98,962 inhabitants in 2025 (ckm), by hand: 0.20 per 10,000.
    assert sv(panel.values["2281"].value) == "0,20"
    assert sv(panel.values["2260"].value) == "0,00"


def test_themes_are_counted_by_cluster_and_those_without_are_named(repository):
    study = study_of(
        repository,
        assignment(), assignment(title="B"), assignment(title="C", org_id="namnlos", theme=None),
    )  # fmt: skip
    found = views.open_assignments(study, day=DAY)
    shown = views.theme_table(study, found)
    assert [sv(column.label) for column in shown.table.columns][1:3] == ["Arkiv", "Utan kluster"]
    rows = {sv(row[0]): row[1:5] for row in shown.table.rows}
    assert rows == {"Bevarande": (2, 0, 2, 1), "Utan tema": (0, 1, 1, 1)}
    assert sv(shown.title) == "Flest uppdrag finns inom Bevarande: 2 av 3"
    # An organisation without a name is called by its id.
    assert "namnlos" in str(views.assignment_cards(found).payload())


def test_signs_that_nobody_sees_are_left_out_of_what_members_wrote(repository):
    title = "\u202eBevara\x00\n  minnet\ufffe"
    study = study_of(repository, assignment(title=title, competences="a\x0bb;\u2066c"))
    (group,) = views.assignment_cards(views.open_assignments(study, day=DAY)).groups
    (card,) = group.cards
    assert (card.title, card.competences) == ("Bevara minnet", ("a b", "c"))


def ad(**changed: Any) -> dict[str, Any]:
    row = {
        "id": "1", "title": "Bevara minnet, Sundsvall", "employer": "Arkivet",
        "organisation_number": "5569616161", "region": "2281", "county": "22",
        "place": "Sundsvall", "occupation": "2622", "occupation_name": "Arkivarie",
        "vacancies": 1.0, "published": pd.Timestamp("2027-01-10"),
        "deadline": pd.Timestamp("2027-03-20"), "link": "https://arbetsformedlingen.se/1",
        "text": "Kontakta Anna",
    }  # fmt: skip
    return row | changed


def test_ads_stand_beside_and_never_on_a_card(three):
    ads = pd.DataFrame(
        [ad(), ad(id="2", title="Snickare", organisation_number="", employer="AB Trä")],
        columns=list(AD_COLUMNS),
    )
    found = views.open_assignments(three, day=DAY, ads=ads)
    shown = views.assignments_table(found)
    keys = [column.key for column in shown.table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in shown.table.rows]
    told = {row["title"]: (sv(row["source"]), row["organisation"]) for row in rows}
    assert told == {
        "Bevara minnet": ("medlem och annons", "Arkivet"),
        "Räkna": ("medlem", "Banken"),
        "Sök i arkiv": ("medlem", "Arkivet"),
        "Snickare": ("annons", "AB Trä"),
    }
    assert "1 av dem är samma sak" in sv(shown.table.caption)
    # Only members' rows are on cards, and so on the public page; no ad's text is anywhere.
    cards = views.assignment_cards(found).payload()
    assert sum(len(group["cards"]) for group in cards["groups"]) == 3
    assert "Snickare" not in str(cards)
    assert "Anna" not in str(shown.payload())


def test_counts_of_ads_stand_beside_by_occupation_where_fetched(repository):
    codes = [("2281", "2622", 3.0), ("2280", "2622", 2.0), ("2281", "total", 40.0),
             ("2262", "2512", 9.0), ("0180", "2622", 500.0)]  # fmt: skip
    counts = pd.DataFrame(codes, columns=["region", "occupation", "value"]).assign(
        indicator="job_ads_open", period="2027M03", status=""
    )

    class Regional(GeneratedSnapshot):
        def observations(self, indicator: str, **chosen: Any) -> pd.DataFrame:
            frame = super().observations(indicator, **chosen)
            kept = frame[frame["region"].isin(chosen["regions"])]
            kept.attrs["provenance"] = {"job_ads_open": {"publisher": "GENERATED"}}
            return kept

    study = study_of(repository, assignment(), assignment(title="B", occupation="2121"))
    study.snapshot = Regional(study.snapshot, put={"job_ads_open": counts})
    shown = views.ads_beside(study, views.open_assignments(study, day=DAY))
    assert [row[1:] for row in shown.table.rows] == [(1, 0), (1, 5)]
    assert [row[0][:4] for row in shown.table.rows] == ["2121", "2622"]
    assert "GENERATED" in sv(shown.sources[0].text)
    assert shown.fictitious
    bare = study_of(repository, assignment(occupation=None))
    bare.snapshot = study.snapshot
    said = views.ads_beside(bare, views.open_assignments(bare, day=DAY))
    assert "Inget av uppdragen anger yrke" in sv(said.text)


@pytest.mark.parametrize("missing", ["public_assignments", "assignment_organisations"])
def test_an_undeclared_release_is_named_in_place_of_every_result(repository, missing):
    study = study_of(repository, assignment(), missing=missing)
    found = views.open_assignments(study, day=DAY)
    for shown in (
        views.assignments_answer(study, found), views.assignments_table(found),
        views.assignments_map(study, found), views.assignment_cards(found),
        views.theme_table(study, found), views.ads_beside(study, found),
    ):  # fmt: skip
        assert isinstance(shown, Note)
        assert missing in sv(shown.text)


def test_a_study_without_members_or_without_approved_rows_says_so(repository):
    study = study_of(repository)
    found = views.open_assignments(study, day=DAY)
    assert "Skriv ja i kolumnen Får visas" in sv(views.assignment_cards(found).text)
    study.__dict__["members"] = None
    found = views.open_assignments(study, day=DAY)
    assert "inga medlemsuppgifter" in sv(views.assignments_answer(study, found).text)

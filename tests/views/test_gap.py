"""The competence gap's page: on the example, on generated figures, and where parts are missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from tests.views.notebooks import GeneratedSnapshot

from regionstudy.analysis.competence import SCENARIOS, TERMS, TOTAL
from regionstudy.competence_assumptions import read_assumptions, read_crosswalk
from regionstudy.errors import ConfigError
from regionstudy.figures import keyfigure, keyfigures
from regionstudy.figures.content import Cell
from regionstudy.figures.statements import Note
from regionstudy.members import load
from regionstudy.members.occupations import occupation_prefixes
from regionstudy.study import Study
from regionstudy.views import gap
from regionstudy.views.gap.gathering import gather_terms
from regionstudy.views.gap.official import OfficialSupply, bringing, official_supply
from regionstudy.views.gap.wording import occupation
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.views.gap import CompetenceFacts

REGION = ["2260", "2262", "2280", "2281", "2282", "2283", "2284"]


@pytest.fixture(scope="module")
def facts(study: Study) -> CompetenceFacts:
    """The example's."""
    found = gap.competence_facts(study)
    assert found is not None
    return found


def said(shown: Any, lang: str = "sv") -> str:
    """All the words of a displayed result."""
    return "\n".join(line for _, line in shown._lines(lang))


def column(shown: Any, key: str) -> list[Any]:
    at = [one.key for one in shown.table.columns].index(key)
    return [row[at] for row in shown.table.rows]


def test_every_group_of_three_digits_has_a_name_in_both_languages():
    groups = [code for code in occupation_prefixes() if len(code) == 3]
    for lang in LANGUAGES:
        names = [occupation(code).render(lang) for code in groups]
        assert len(set(names)) == len(groups)


def test_answer_begins_with_need_supply_and_what_is_lacking(study, facts):
    shown = gap.gap_answer(facts)
    whole = facts.whole.set_index("scenario").loc["middle"]
    first, second = (sentence.text.render("en") for sentence in shown.sentences)
    for key in ("need", "known_supply", "remaining"):
        assert f"{whole[key]:,.0f}" in first
    assert "at most" in first
    assert "figures are missing of graduates in some occupations, in-movers" in second
    assert [sentence.index for sentence in shown.sentences] == [True, False]


def test_everything_on_members_says_that_it_is_made_up(study, facts):
    assert all(sentence.fictitious for sentence in gap.gap_answer(facts).sentences)
    for shown in (gap.terms_table(study, facts), gap.gap_table(facts), gap.joint_table(facts)):
        assert shown.fictitious
    assert gap.gap_grid(facts).content.fictitious
    assert gap.reach_map(study, facts).content.fictitious
    for item in gap.gap_numbers(facts).items:
        assert item.note.render("en").startswith("Fictitious member data")


def test_results_name_the_released_tables_they_rest_on(study, facts):
    declared = set(study.members.declarations.tables)
    for shown in (
        gap.terms_table(study, facts),
        gap.gap_table(facts),
        gap.joint_table(facts),
        gap.gap_grid(facts).content,
        gap.reach_map(study, facts).content,
    ):
        named = {one.release for one in shown.releases}
        assert {"needs_by_occupation", "programmes", "hires_by_origin"} <= named <= declared


def test_terms_add_up_to_the_need_the_supply_and_the_gap(study, facts):
    shown = gap.terms_table(study, facts)
    names = [name.key.removeprefix("gap.row.") for name in column(shown, "name")]
    for one in SCENARIOS:
        value = dict(zip(names, column(shown, one), strict=True))
        # Cells are rounded to whole persons, each by half a one at most.
        assert value["need"] == pytest.approx(value["needs"] + value["replacement"], abs=1)
        known = value["graduates"] + value["returners"] + value["moves"]
        assert value["supply"] == pytest.approx(known, abs=1.5)
        assert value["at_most"] == pytest.approx(value["need"] - value["supply"], abs=1)


def test_missing_term_names_what_brings_it_and_is_never_nought(study, facts):
    shown = gap.terms_table(study, facts)
    rows = {row[0].key: row for row in shown.table.rows}
    for term, command in (
        ("commuters", "regionstudy fetch --indicator commuting_matrix"),
        ("in_movers", "regionstudy describe movers_by_education"),
    ):
        row = rows[f"gap.row.{term}"]
        assert [cell.render("en") for cell in row[1:4]] == ["missing"] * 3
        assert command in row[-1].render("en")


def test_table_of_groups_agrees_with_the_whole(facts):
    shown = gap.gap_table(facts)
    needs, middle = column(shown, "need"), column(shown, "middle")
    assert needs[-1] == pytest.approx(sum(needs[:-1]), abs=len(needs) / 2)
    assert middle[-1] == pytest.approx(sum(middle[:-1]), abs=len(needs) / 2)
    assert column(shown, "name")[-1].sv == "Alla yrken"


def test_example_uses_released_tables_only(facts, study):
    staff = study.members.release("staff_by_occupation_and_age")
    over = staff[(staff["occupation_minor"] == "251") & (staff["age_band"] == "60-")]
    terms = facts.gathered.terms
    first = terms[
        (terms["term"] == "replacement") & (terms["occupation"] == "251") & (terms["year"] == 2026)
    ]
    # One in six of those aged 60 and over: they are taken to retire at 66.
    assert first["value"].iloc[0] == pytest.approx(over["headcount"].iloc[0] / 6)


def test_returners_are_a_year_s_mean_of_the_published_sum(facts, study):
    hires = study.members.release("hires_by_origin")
    whole = hires[(hires["from_region"] == TOTAL) & (hires["returned"] == "yes")]["headcount"]
    first, last = map(int, hires.attrs["year"].split("-"))
    expected = float(whole.iloc[0]) / (last - first + 1)
    terms = facts.gathered.terms
    rows = terms[(terms["term"] == "returners") & (terms["occupation"] == TOTAL)]
    assert rows["value"].to_list() == pytest.approx([expected] * len(facts.years))


def test_page_has_one_row_of_large_numbers(facts):
    others = keyfigures(keyfigure("Annat", "1"))
    both = gap.gap_numbers(facts, beside=others)
    assert len(both.items) == 5
    assert both.items[-1] == others.items[0]
    assert gap.gap_numbers(None, beside=others) is others


def test_horizon_cuts_the_years(study, facts):
    shorter = gap.competence_facts(study, horizon=facts.years[1])
    assert shorter.years == facts.years[:2]
    assert gap.competence_facts(study, horizon=facts.staff_year) is None


def test_needs_of_past_years_are_left_out_and_said(study, facts):
    assert "2025" not in gap.terms_table(study, facts).table.caption.render("sv")
    late = gap.terms_table(study, replace(facts, past=True))
    assert "Needs up to 2025 are not counted" in late.table.caption.render("en")


def test_study_of_another_region_says_what_is_missing(repository):
    other = Study.load(repository, region="23")
    assert gap.competence_facts(other) is None
    shown = gap.terms_table(other, None)
    assert isinstance(shown, Note)
    assert "behov saknas" in shown.text.render("sv")
    for one in (gap.gap_answer, gap.gap_numbers, gap.gap_grid, gap.gap_table, gap.joint_table):
        assert one(None) is None
    assert gap.assumptions_table(other, None) is None
    # What official figures tell is told there, too, without members' workplaces.
    assert not gap.reach_map(other, None).content.fictitious
    assert gap.reach_table(other).table.rows


def test_undeclared_table_fails_with_the_line_to_add(repository, tmp_path):
    text = (repository / "data" / "releases.toml").read_text(encoding="utf-8")
    fewer = tmp_path / "releases.toml"
    fewer.write_text(text.replace("[needs_by_occupation]", "[needs_by_group]"), encoding="utf-8")
    study = Study.load(repository)
    workbook = repository / "data" / study.settings.members
    study.__dict__["members"] = load(workbook, releases=fewer)
    with pytest.raises(ConfigError, match='"needs_by_occupation" is not declared'):
        gap.competence_facts(study)


# --- a small network, and figures that are GENERATED --------------------------------------


def staff_table(hidden: bool = False) -> pd.DataFrame:
    rows = [
        (code, band, heads)
        for code, heads in (("251", 30.0), ("261", np.nan if hidden else 12.0), (TOTAL, 42.0))
        for band in ("60-", TOTAL)
    ]
    frame = pd.DataFrame(rows, columns=["occupation", "age_band", "headcount"])
    frame["status"] = np.where(frame["headcount"].isna(), "suppressed", "")
    frame.attrs.update(year="2025", threshold=5, fictitious=True)
    return frame


def needs_table() -> pd.DataFrame:
    rows = [
        (code, 2026, scenario, heads * factor)
        for code, heads in (("251", 10), ("261", 4))
        for scenario, factor in zip(SCENARIOS, (1, 2, 3), strict=True)
    ]
    return pd.DataFrame(rows, columns=["occupation", "year", "scenario", "headcount"])


class Released:
    """Members who have released these tables."""

    def release(self, name: str) -> pd.DataFrame:
        columns = {
            "programmes": [
                "org_id", "name", "education", "occupation_minor", "year", "graduates", "stayed",
            ],
            "hires_by_origin": ["from_region", "returned", "headcount", "status"],
        }  # fmt: skip
        given = {"programmes": [("skolan", "Juridik", "380", None, 2024, 20, 10)]}
        frame = pd.DataFrame(given.get(name, []), columns=columns[name])
        frame.attrs["year"] = "2024-2025"
        return frame


@pytest.fixture
def gathered(repository: Path):
    """Gather the terms of the small network with some official figures."""

    def gather(official: OfficialSupply, *, hidden: bool = False, **given: pd.DataFrame):
        tables = {"needs": needs_table(), "staff": staff_table(hidden=hidden)} | given
        return gather_terms(
            Released(),
            **tables,
            official=official,
            crosswalk=read_crosswalk(repository / "data" / "education_to_occupation.toml"),
            assumptions=read_assumptions(repository / "data" / "competence.toml"),
            years=(2026,),
        )

    return gather


def test_all_terms_are_there_with_official_figures(gathered):
    official = OfficialSupply(
        employed=pd.DataFrame({"occupation": ["251", "261"], "value": [300.0, 24.0]}),
        movers=pd.DataFrame({"education": "48", "period": ["2024"], "value": [100.0]}),
        commuting=(0.05, 0.1, 0.2),
    )
    found = gathered(official).terms.set_index(["term", "occupation"])
    assert set(found.index.get_level_values("term")) == set(TERMS)
    # 10 stayed, 60 % of them lawyers, of whom members have 12 of 24.
    assert found.loc[("graduates", "261"), "value"] == pytest.approx(10 * 0.6 * 0.5)
    # 100 move in, 60 % become developers, of whom members have a tenth.
    assert found.loc[("in_movers", "251"), "value"] == pytest.approx(6)
    # A tenth of the middle need, 20 and 8.
    assert found.loc[("commuters", TOTAL), "value"] == pytest.approx(2.8)
    # Those who return are among those who move in, and must not count twice.
    returned = found.loc[("returners", TOTAL)]
    assert (returned["value"], returned["status"]) == (0, "-")


def test_without_official_figures_their_terms_are_left_out(gathered):
    found = gathered(OfficialSupply())
    assert set(found.terms["term"]) == {"needs", "replacement", "graduates", "moves"}
    assert found.returned_from.empty


def test_needs_that_hold_the_replacement_are_not_added_to(repository):
    read = read_assumptions(repository / "data" / "competence.toml")
    held = read.model_copy(update={"needs_include_replacement": True})
    found = gather_terms(
        Released(),
        needs=needs_table(),
        staff=staff_table(),
        official=OfficialSupply(),
        crosswalk=read_crosswalk(repository / "data" / "education_to_occupation.toml"),
        assumptions=held,
        years=(2026,),
    ).terms
    rows = found[found["term"] == "replacement"]
    assert (rows["value"] == 0).all()
    assert set(rows["status"]) == {"-"}


def test_group_that_is_hidden_is_too_few_and_the_whole_is_told(gathered, facts):
    hidden = replace(facts, gathered=gathered(OfficialSupply(), hidden=True), years=(2026,))
    shown = gap.gap_table(hidden)
    names = [name.en for name in column(shown, "name")]
    row = dict(
        zip(
            [one.key for one in shown.table.columns],
            shown.table.rows[names.index("Lawyers")],
            strict=True,
        )
    )
    assert row["need"] == row["middle"] == Cell(None, "hidden")
    assert row["told"].render("en") == "too few to show"
    grid = gap.gap_grid(hidden)
    cells = [cell for row in grid.content.table.rows for cell in row[1:]]
    assert [cell.render("en") for cell in cells] == ["≤ 25", "too few"]
    # The margin is published, so that the whole is known though the part is not.
    whole = hidden.whole.set_index("scenario").loc["middle"]
    assert whole["need"] == pytest.approx(28 + 42 / 6)


@pytest.mark.parametrize("only", SCENARIOS)
def test_needs_of_one_scenario_are_enough(gathered, facts, study, only):
    needs = needs_table()
    stated = gathered(OfficialSupply(), needs=needs[needs["scenario"] == only])
    alone = replace(facts, gathered=stated, years=(2026,))
    shown = gap.terms_table(study, alone)
    need = {one: column(shown, one)[2] for one in SCENARIOS}
    assert isinstance(need.pop(only), float)
    assert [word.render("en") for word in need.values()] == ["missing"] * 2
    assert len(gap.gap_table(alone).table.rows) == 3
    assert gap.gap_answer(alone).sentences[0].text.render("sv").startswith("Medlemmarna behöver")


def test_need_that_is_hidden_is_not_answered(gathered, facts):
    few = staff_table().assign(headcount=np.nan, status="suppressed")
    few.attrs.update(staff_table().attrs)
    hidden = replace(facts, gathered=gathered(OfficialSupply(), staff=few), years=(2026,))
    (sentence,) = gap.gap_answer(hidden).sentences
    assert "visas inte" in sentence.text.render("sv")
    values = [item.value.render("en") for item in gap.gap_numbers(hidden).items]
    assert values[0] == values[1] == values[3] == "cannot be said"
    assert isinstance(gap.gap_grid(hidden), Note)


def official_tables() -> dict[str, pd.DataFrame]:
    """GENERATED figures, in the forms that the store holds them."""
    flows = [(home, home, 90.0) for home in REGION] + [("2132", "2281", 70.0)]
    commuting = pd.DataFrame(flows, columns=["origin", "destination", "value"])
    commuting = commuting.assign(region=commuting["origin"], period="2024", status="")
    jobs = pd.DataFrame(
        [
            (place, code, heads)
            for place in REGION
            for code, heads in (("251", 500.0), ("261", 90.0))
        ],
        columns=["region", "occupation", "value"],
    ).assign(period="2024", status="", sex="total")
    movers = pd.DataFrame(
        {
            "region": "22",
            "education": ["48", "380", "total"],
            "value": [200.0, 50.0, 900.0],
            "flow": "inmigration",
            "period": "2024",
            "status": "",
        }
    )
    made = {
        "commuting_matrix": commuting,
        "occupation_by_municipality": jobs,
        "movers_by_education": movers,
    }
    for name, frame in made.items():
        frame["indicator"] = name
        frame.attrs["provenance"] = {name: {"publisher": "GENERATED", "table": name}}
    return made


@pytest.fixture
def whole_study(repository: Path) -> Study:
    """The study with GENERATED official figures of supply beside its own."""
    made = Study.load(repository)
    made.snapshot = GeneratedSnapshot(made.snapshot, put=official_tables())
    return made


def test_official_figures_of_the_region_are_read(whole_study):
    found = official_supply(whole_study)
    assert found.commuting == pytest.approx((0.1, 0.1, 0.1))
    assert found.employed.set_index("occupation")["value"].to_dict() == {"251": 3500, "261": 630}
    assert found.movers["education"].to_list() == ["48", "380"]
    assert [len(frame) for frame in found.frames] == [2, 2, 8]


def test_figures_that_lack_a_municipality_are_not_used(repository):
    tables = official_tables()
    for name in ("commuting_matrix", "occupation_by_municipality"):
        frame = tables[name]
        tables[name] = frame[frame["region"] != "2284"]
    study = Study.load(repository)
    study.snapshot = GeneratedSnapshot(study.snapshot, put=tables)
    found = official_supply(study)
    assert found.employed is None
    assert found.commuting is None


def test_whole_page_on_generated_figures(whole_study, study):
    whole_study.__dict__["members"] = study.members
    facts = gap.competence_facts(whole_study)
    assert set(facts.gathered.terms["term"]) == set(TERMS)
    shown = gap.terms_table(whole_study, facts)
    assert "GENERATED" in said(shown)
    rests = {row[0].key: row[-1] for row in shown.table.rows}
    assert "official statistics" in rests["gap.row.commuters"].render("en")
    # Commuters are known, so that the total lacks only groups that no programme leads to.
    assert "commuters" not in facts.whole["absent"].iloc[0]
    places = gap.reach_table(whole_study)
    into = dict(zip(column(places, "name"), column(places, "into"), strict=True))
    assert into["Nordanstig"] == 70
    assert {key for key, value in into.items() if isinstance(value, Cell)} == set(into) - {
        "Nordanstig"
    }


def test_command_is_that_which_helps(study):
    for indicator, command in (
        ("commuting_matrix", "regionstudy fetch --indicator commuting_matrix"),
        ("movers_by_education", "regionstudy describe movers_by_education"),
    ):
        assert bringing(study, indicator).render("sv").endswith(command)


def test_places_are_of_the_region_its_neighbours_and_where_one_studies(study):
    shown = gap.reach_table(study)
    kinds = [kind.key for kind in column(shown, "kind")]
    assert kinds.count("gap.kind.own") == len(REGION)
    assert kinds.count("gap.kind.town") > 0
    own = dict(zip(column(shown, "name"), column(shown, "km"), strict=True))
    assert own["Sundsvall"] == 0
    # Some 190 km as the crow flies, by any map.
    assert 180 < own["Umeå"] < 260


def test_places_wait_for_their_base(repository):
    bare = Study.load(repository)
    bare.snapshot = GeneratedSnapshot(bare.snapshot, put={}, out=["post_secondary_share"])
    for shown in (gap.reach_map(bare, None), gap.reach_table(bare)):
        assert isinstance(shown, Note)
        assert "regionstudy describe post_secondary_share" in shown.text.render("sv")

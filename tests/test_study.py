"""The study and the command line, on the embedded data."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import plotly.graph_objects as go
import pytest

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.shown import Note
from regionstudy.indicators.structure import (
    index_structure,
    indicators_below,
    restrict_structure,
)
from regionstudy.settings import read_settings
from regionstudy.study import Study
from regionstudy.study_folder import create
from regionstudy.views import domain_maps, index_explorer, indicator_rows


@pytest.fixture(scope="module")
def study(repository):
    return Study.load(repository)


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "regionstudy", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def test_map_of_the_estimate_holds_all_municipalities_and_says_it_is_one(study):
    figure = study.map("net_migration_rate_20_34")
    assert isinstance(figure, go.Figure)
    panel = figure.content.body.maps[0]
    assert len(panel.values) == 290
    assert {value.status for value in panel.values.values()} == {"i"}


def test_lowest_house_price_ranks_first(study):
    rows = indicator_rows(study, "house_prices")
    assert rows.loc[rows["rank"] == 1, "value"].iloc[0] == rows["value"].min()
    assert rows.loc[rows["region"] == "2281", "value"].iloc[0] == 2649  # MANIFEST, 2024


def test_an_indicator_without_figures_names_the_command(study):
    with pytest.raises(DataError, match="regionstudy fetch --indicator kol_gini"):
        study.map("kol_gini")


def test_a_period_without_figures_names_those_there_are(study):
    with pytest.raises(ConfigError, match="it has 2016 to 2022"):
        study.map("rents", period="1999")


def test_a_domain_without_figures_gets_a_line_without_commands_and_no_map(study):
    shown = study.domain_map("environment")
    assert isinstance(shown, Note)
    assert "ännu inte hämtade" in shown.text.render("sv")
    for lang in ("sv", "en"):
        assert "regionstudy" not in shown.text.render(lang)


def test_a_page_lists_the_workplaces_once_and_its_other_maps_say_where(study):
    maps = [one for one in domain_maps(study) if not isinstance(one, Note)]
    titles = [one.content.body.points_title for one in maps]
    assert titles[0] is not None
    assert titles[1:] == [None] * 4
    for one in maps[1:]:
        assert any(panel.points for panel in one.content.body.maps)
        notes = [note.render("sv") for note in one.content.notes]
        assert any("står vid kartan över Sysselsättningsgrad 20–64 år" in note for note in notes)
    assert not any("står vid kartan" in note.render("sv") for note in maps[0].content.notes)
    alone = study.domain_map("housing")
    assert alone.content.body.points_title is not None


def test_ingredients_are_recent_and_the_dropped_are_named(study):
    index = study.composite()
    assert (index.periods.astype(int) >= study.as_of - 6).all()
    assert index.dropped["id"].tolist() == ["rents"]
    assert index.dropped["reason"].tolist() == ["partial"]


def test_another_weight_changes_the_index(study):
    plain = study.composite().scores["index"]
    assert not study.composite(weights={"housing": 5}).scores["index"].equals(plain)


def test_an_earlier_year_may_be_a_number_or_text(study):
    early = study.composite(as_of=2023)
    assert (early.periods <= "2023").all()
    assert study.composite(as_of="2023").scores.equals(early.scores)


@pytest.mark.parametrize("year", ["soon", "23", "2023.5", 0, True, ""])
def test_what_is_no_year_is_refused_with_an_example(study, year):
    with pytest.raises(ConfigError, match=r"is not a year\. Give four digits, such as as_of=2023"):
        study.composite(as_of=year)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[x.housin]\nindicators = ["rents"]', r'no domain "housin"\. Did you mean "housing"'),
        ('[x.housing]\nindicators = ["rentz"]', r'no indicator "rentz"\. Did you mean "rents"'),
        ('[x.people]\nindicators = ["net_migration_rate"]', "is an outcome"),
        ("[x.housing]\nindicators = { rents = -1 }", "is not a number of 0 or more"),
        ("[x.housing]\nweight = 1", "says no indicators"),
        ('[x.housing.cost]\nindicators = ["rentz"]', r'housing\], cost: no indicator "rentz"'),
        ('[x.housing]\nindicatorz = ["rents"]', r"indicatorz: \['rents'\] is not a table"),
        ("[x.housing\n", "not valid TOML"),
        ('[y.housing]\nindicators = ["rents"]', 'no target group "x"'),
    ],
)
def test_faults_of_the_index_file_are_named(study, tmp_path, text, message):
    path = tmp_path / "index.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        index_structure(path, target="x", catalogue=study.catalogue)


@pytest.mark.parametrize(
    ("part", "hint"),
    [("cost", "housing.cost"), ("housin", "housing"), ("rentz", "rents")],
)
def test_a_weight_on_no_part_lists_the_parts_of_a_divided_index(study, tmp_path, part, hint):
    path = tmp_path / "index.toml"
    path.write_text(
        '[x.housing]\nindicators = ["completed_per_1000"]\n'
        '[x.housing.cost]\nindicators = ["rents", "house_prices"]\n',
        encoding="utf-8",
    )
    listed = (
        rf'weights: no part of this index "{part}"\. Did you mean "{hint}"\? '
        r"Its parts are: housing, housing\.cost; "
        r"its indicators: completed_per_1000, rents, house_prices\."
    )
    with pytest.raises(ConfigError, match=listed):
        index_structure(path, target="x", catalogue=study.catalogue, weights={part: 2})


def test_the_index_itself_takes_no_weight(study):
    with pytest.raises(ConfigError, match='no part of this index "index"'):
        study.composite(weights={"index": 2})


def test_a_domain_may_be_divided_at_any_depth(study, tmp_path):
    path = tmp_path / "index.toml"
    path.write_text(
        """
        [x.housing]
        weight = 2
        indicators = ["completed_per_1000"]
        [x.housing.cost]
        weight = 3
        indicators = { rents = 2 }
        [x.housing.cost.bought]
        indicators = ["house_prices"]
        [x.work]
        indicators = ["unemployment_bas"]
        """,
        encoding="utf-8",
    )
    structure = index_structure(path, target="x", catalogue=study.catalogue)
    assert structure.set_index("id")["parent"].to_dict() == {
        "index": "",
        "housing": "index",
        "completed_per_1000": "housing",
        "housing.cost": "housing",
        "rents": "housing.cost",
        "housing.cost.bought": "housing.cost",
        "house_prices": "housing.cost.bought",
        "work": "index",
        "unemployment_bas": "work",
    }
    assert structure.set_index("id").loc["housing.cost", "weight"] == 3
    below = indicators_below(structure, "housing")
    assert below == ["completed_per_1000", "rents", "house_prices"]
    assert indicators_below(structure, "housing.cost") == ["rents", "house_prices"]
    # Without figures of rents and prices, nothing of the sub-domains is left.
    kept = restrict_structure(structure, ["completed_per_1000", "unemployment_bas"])
    assert list(kept["id"]) == [
        "index",
        "housing",
        "completed_per_1000",
        "work",
        "unemployment_bas",
    ]


def test_an_index_can_be_seen_from_an_earlier_year(study):
    earlier = study.composite(as_of=2023)
    assert (earlier.periods.str[:4].astype(int) <= 2023).all()
    assert (study.composite().periods.str[:4].astype(int) > 2023).any()


def test_what_is_worked_out_once_can_not_be_changed_from_outside(study):
    first = study.newest(["unemployment_bas"])
    first.values.loc["2281"] = -1
    assert study.newest(["unemployment_bas"]).values.loc["2281"].item() > 0
    released = study.members.release("staff_by_organisation_and_municipality")
    released["headcount"] = 0
    again = study.members.release("staff_by_organisation_and_municipality")
    assert again["headcount"].sum() > 0


def test_the_explorer_answers_every_control(study):
    explorer = index_explorer(study)
    (target, method, peers, year), sliders = explorer.children[0].children, explorer.children[1]
    shown = explorer.children[3]
    seen = {shown.value}
    for control, value in [
        (method, "geometric"),
        (peers, "county"),
        (year, 2023),
        (target, "student"),
        (sliders.children[3], 5),
    ]:
        control.value = value
        assert re.search(r"Sundsvall har plats \d+ av 290", shown.value)
        assert shown.value not in seen
        seen.add(shown.value)
    for slider in sliders.children:
        slider.value = 0
    assert "weight" in shown.value


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('home = "2281"', 'home = "2218"', "study.toml, home"),
        ('contact = ""', 'public_url = "/uppdrag"', '"/uppdrag" is no place of a folder; write'),
        ('contact = ""', 'public_url = "https://a@b.se"', "is no place of a folder"),
        ('contact = ""', 'public_url = "javascript:x"', "is no place of a folder"),
        ('home = "2281"', "home = 2281", "home"),
        ('lang = "sv"', 'lang = "fi"', "lang"),
        ('lang = "sv"', 'langg = "sv"', "langg"),
        ('lang = "sv"', "lang = sv", "not valid TOML"),
    ],
)
def test_faults_of_the_settings_are_named(repository, tmp_path, old, new, message):
    folder = tmp_path / "data"
    folder.mkdir()
    text = (repository / "data/study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_settings(tmp_path)


def test_a_new_study_has_its_region_home_and_no_members(tmp_path):
    settings = create(tmp_path / "jamtland", region="23")
    assert (settings.region, settings.home, settings.members) == ("23", "2380", "")
    with pytest.raises(ConfigError, match="exists already"):
        create(tmp_path / "jamtland", region="23")
    assert [path.name for path in tmp_path.iterdir()] == ["jamtland"]


def test_help_loads_no_data_library():
    code = "import sys, regionstudy.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "plotly", "geopandas"} & set(done.stdout.split())


@pytest.mark.parametrize(
    "command",
    [["build"], ["verify"], ["fetch"], ["import"], ["status"], ["search"], ["describe"],
     ["members", "template"], ["members", "check"], ["members", "merge"], ["new"], ["lab"]],
)  # fmt: skip
def test_every_command_has_an_example_and_stands_in_the_readme(repository, command):
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "Example: regionstudy" in done.stdout
    readme = (repository / "README.md").read_text(encoding="utf-8")
    assert f"regionstudy {' '.join(command)}" in readme or f"`{' '.join(command)}" in readme


def test_an_unknown_indicator_is_one_line_and_exit_2():
    done = run("describe", "rentz")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        'regionstudy: No indicator "rentz" in the catalogue. Did you mean "rents"?'
    ]


def test_status_is_json_when_asked_and_check_fails_on_overdue_series(repository):
    done = run("status", "--json", cwd=repository)
    rows = {row["indicator"]: row for row in json.loads(done.stdout)}
    assert rows["rents"]["last"] == "2022"
    assert run("status", "--check", cwd=repository).returncode == 1


def test_a_damaged_snapshot_is_named_with_its_remedy(repository, tmp_path):
    shutil.copytree(repository / "data", tmp_path / "data")
    file = tmp_path / "data/snapshot/observations/rents.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    study = Study.load(tmp_path)
    with pytest.raises(DataError, match=r"rents\.parquet"):
        study.observations("rents")


def test_a_file_that_is_no_workbook_is_a_fault(tmp_path):
    path = tmp_path / "trasig.xlsx"
    path.write_bytes(b"no workbook")
    done = run("members", "check", str(path))
    assert done.returncode == 1
    assert "trasig.xlsx" in done.stdout


def test_a_template_says_what_to_do_next(tmp_path):
    path = tmp_path / "medlem.xlsx"
    done = run("members", "template", str(path))
    assert done.returncode == 0
    assert f"regionstudy members check {path}" in done.stdout
    assert path.is_file()

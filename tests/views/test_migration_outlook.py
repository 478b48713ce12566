"""Neighbours, outlook, projection and return: words follow the figures, and gaps stay gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis import migration
from regionstudy.figures.statements import Note
from regionstudy.study import Study
from regionstudy.views import migration as views
from regionstudy.views.migration import projected


@pytest.fixture(scope="module")
def net(study):
    return study.indicators("net_migration_rate")


@pytest.fixture(scope="module")
def people(study):
    return study.observations("population_by_age_undated")


def said(figure, lang="sv"):
    content = figure.content
    texts = [content.title, *content.paragraphs, *content.notes]
    return "\n".join(text.render(lang) for text in texts).replace("\xa0", " ")


def test_clusters_of_the_mean_are_mapped_and_the_newest_year_alone_told(study, net):
    figure = views.neighbours_map(study, net)
    body = figure.payload()["body"]
    counts = {entry["label"]["sv"]: entry["count"] for entry in body["legend"]}
    assert sum(counts.values()) == 285
    # Gotland and four others share no border on land with anyone.
    assert body["missing"] == 5
    words = said(figure)
    assert "Ekerö, Gotland, Lidingö, Tjörn och Öckerö har ingen landgräns" in words
    assert f"hade {counts['högt netto bland höga']} säkert ett högt flyttnetto" in words
    # By 999,999 permutations the smallest p-value of 2025 is 0.00023; 0.05 / 285 is 0.00018.
    assert "Enbart 2025 pekas ingen kommun ut, och det beror på siffrorna" in words
    assert "när 285 kommuner prövas på en gång krävs 0,00018" in words
    assert "blir det av ren slump" in words
    assert "omkring 14 " in words
    named = {row[0]: row[1] for row in figure.content.table.rows}
    assert named["Sigtuna"].render("sv") == "högt netto bland höga"
    assert named["Sundsvall"].render("en") == "one cannot say"


def test_a_country_without_a_pattern_has_no_clusters_and_a_title_that_says_so(study):
    # GENERATED: each municipality has a place in a fixed, scrambled order.
    codes = sorted(study.regions()["region"])
    values = [(place * 7919) % 290 for place in range(290)]
    scrambled = pd.DataFrame({"region": codes, "period": "2025", "value": values, "status": ""})
    figure = views.neighbours_map(study, scrambled.astype({"value": float}))
    assert "2025 går det inte att peka ut något område" in figure.content.title.render("sv")
    assert "Utpekade" not in said(figure)


def test_a_planted_cluster_is_mapped_and_counted(study, net):
    # GENERATED: the north gains, everyone else is near zero by a fixed pattern.
    regions = study.regions().sort_values("region")
    north = regions["region"].str[:2].isin(["24", "25"])
    values = np.where(north, 20.0, 0.0) + np.tile([0.0, 0.1], 145)
    planted = pd.DataFrame(
        {"region": regions["region"], "period": "2025", "value": values, "status": ""}
    )
    figure = views.neighbours_map(study, planted)
    values = figure.payload()["body"]["maps"][0]["values"]
    # Jokkmokk, with the north all around it.
    assert values["2510"]["class"] == 1
    high = sum(entry["class"] == 1 for entry in values.values())
    assert f"hade {high} säkert ett högt flyttnetto bland höga" in said(figure)


def test_a_region_without_a_figure_is_missing_on_the_map_and_not_low(study, net):
    gap = net.copy()
    gap.loc[(gap["region"] == "2281") & (gap["period"] == "2025"), "value"] = np.nan
    gap["status"] = gap["status"].astype(str).where(gap["value"].notna(), "..")
    figure = views.neighbours_map(study, gap)
    assert figure.payload()["body"]["maps"][0]["values"]["2281"]["class"] is None
    assert "Sundsvall hade" not in said(figure)


def test_same_as_last_year_is_shown_and_named_where_nothing_beats_it(study, net):
    figure = views.net_outlook(study, net)
    own = net[net["region"] == "2281"].sort_values("period")
    last = own["value"].iloc[-1]
    shown = figure.content.table.rows
    ahead = [row for row in shown if "2026" in str(row)]
    assert len(ahead) == 3
    assert f"{last:+.1f}".replace(".", ",") in figure.content.title.render("sv")
    assert "samma flyttnetto som 2025" in figure.content.title.render("sv")
    assert "Ingen av tre andra enkla metoder" in said(figure)
    assert "None of three other simple methods" in said(figure, "en")


def test_a_method_that_beats_last_year_is_named_with_both_errors(study):
    # GENERATED: two up each year, which drift foretells and "same as last year" misses by 2-6.
    yearly = pd.DataFrame(
        {
            "region": "2281",
            "period": [str(year) for year in range(2010, 2024)],
            "value": [2.0 * step for step in range(14)],
            "status": "",
        }
    )
    figure = views.net_outlook(study, yearly)
    assert "Gissningen för Sundsvall 2024 är ett flyttnetto på +28,0" in said(figure)
    assert "(senaste året plus den genomsnittliga förändringen) med 0,0" in said(figure)


def test_no_outlook_is_made_across_a_gap(study, net):
    cut = net[net["period"] != "2020"]
    made = views.net_outlook(study, cut)
    assert isinstance(made, Note)
    assert "åren är för få, eller har en lucka" in made.text.render("sv")


def test_the_source_line_of_an_outlook_names_no_year_to_come(study, net):
    lines = [source.text.render("sv") for source in views.net_outlook(study, net).content.sources]
    assert lines
    assert all("2028" not in line for line in lines)


def test_a_goal_is_met_exactly_by_the_lifted_ratios(study, people):
    from regionstudy.analysis import projection

    inside = migration.sum_regions(
        people[people["sex"].isin(["1", "2"]) & people["region"].isin(study.region)],
        groups={"22": list(study.region)},
    )
    before, after = (inside[inside["period"] == year] for year in ("2018", "2022"))
    ratios = projection.cohort_change_ratios(before, after, open_age=90)
    lifted = projected._lift(ratios, before, after, rate=12.0)
    # From the first count on, four years with these ratios give the second with the goal met.
    reached = projection.project_by_ratios(before, lifted)
    halves = [
        rows.groupby("age", as_index=False)["value"]
        .sum()
        .assign(region="22", status="", period=year)
        for year, rows in (
            ("2018", before[before["age"].str.isdigit()]),
            ("2022", reached[(reached["period"] == "2022") & reached["age"].str.isdigit()]),
        )
    ]
    rates = migration.age_schedule(*halves, bands={"goal": (25, 34), "below": (20, 24)})
    own = rates[rates["region"] == "22"].set_index("age")["rate_per_1000_year"]
    assert own["goal"] == pytest.approx(12.0, abs=1e-9)
    unchanged = ratios.merge(lifted, on=["sex", "age"], validate="one_to_one")
    outside = ~unchanged["age"].isin([str(age) for age in range(25, 35)])
    assert (unchanged.loc[outside, "ratio_x"] == unchanged.loc[outside, "ratio_y"]).all()


def test_a_goal_above_what_the_region_has_is_drawn_and_told(study, people):
    figure = views.projected_ages(study, people, goal=30.0)
    assert "det satta målet" in said(figure)
    assert "om målet nås" in [str(column.label) for column in figure.content.table.columns]
    assert "en framskrivning, ingen prognos" in figure.content.title.render("sv")
    assert "a projection, no forecast" in figure.content.title.render("en")


def test_a_goal_below_what_the_region_has_is_said_to_be_met(study, people):
    figure = views.projected_ages(study, people, goal=-20.0)
    assert "är redan nått" in said(figure)
    assert len(figure.content.table.columns) == 2


def test_without_a_goal_it_says_whose_level_is_taken(study, people):
    assert "jämförbara kommuner" in said(views.projected_ages(study, people))


def test_a_projection_is_not_made_of_a_missing_count(study, people):
    gap = people.copy()
    row = (gap["region"] == "2281") & (gap["age"] == "30") & (gap["sex"] == "1")
    gap.loc[row, "value"] = np.nan
    gap["status"] = gap["status"].astype(str).mask(row, "..")
    made = views.projected_ages(study, gap)
    assert isinstance(made, Note)
    assert "går inte att skriva fram" in made.text.render("sv")


def test_what_is_left_of_those_who_were_18_is_read_off_the_chain(study, people):
    both = people[people["sex"] == "total"]
    figure = views.remaining_chart(study, both)
    ours = both[both["region"].isin(study.region) & both["age"].str.isdigit()]
    sizes = ours.assign(age=ours["age"].astype(int)).pivot_table(
        index="age", columns="period", values="value", aggfunc="sum"
    )
    share = 1.0
    for age in range(18, 25):
        passed = range(age - 3, age + 1)
        later = sum(sizes.loc[start + 4, "2022"] for start in passed)
        share *= (later / sum(sizes.loc[start, "2018"] for start in passed)) ** 0.25
    assert f"motsvaras av {100 * share:.0f} vid 25" in said(figure)
    assert "inte samma personer" in said(figure)


def test_what_is_left_is_not_told_where_a_count_is_missing(study, people):
    both = people[people["sex"] == "total"].copy()
    row = (both["region"] == "2281") & (both["age"] == "30")
    both["status"] = both["status"].astype(str).mask(row, "..")
    both.loc[row, "value"] = np.nan
    made = views.remaining_chart(study, both)
    assert isinstance(made, Note)
    assert "uppgifter saknas" in made.text.render("sv")


def test_cohorts_of_a_county_with_a_later_municipality_are_missing_and_not_drawn(repository):
    # Knivsta, of Uppsala County, was formed in 2003: no cohort has all its figures from 1998.
    study = Study.load(repository, region="03")
    young = study.observations("population_by_age")
    young = young[(young["sex"] == "total") & (young["region"].str.len() == 4)]
    made = views.cohort_chart(study, young)
    assert isinstance(made, Note)
    assert "uppgifter saknas" in made.text.render("sv")


def test_cohorts_are_summed_before_their_share_is_taken(study):
    young = study.observations("population_by_age")
    young = young[(young["sex"] == "total") & (young["region"].str.len() == 4)]
    figure = views.cohort_chart(study, young)
    ours = young[young["region"].isin(study.region)]
    sizes = ours.pivot_table(index="period", columns="age", values="value", aggfunc="sum")
    # Cohorts that were 20 in 1998-2009 and 30 ten years later.
    begun = sum(sizes.loc[str(year), "20"] for year in range(1998, 2010))
    ended = sum(sizes.loc[str(year), "30"] for year in range(2008, 2020))
    change = f"{100 * (1 - ended / begun):.1f}".replace(".", ",")
    assert f"vid 30 är den {change} procent mindre än vid 20" in said(figure)


def test_a_region_that_is_one_municipality_has_all_views(repository, net, people):
    study = Study.load(repository, region="2280")
    both = people[people["sex"] == "total"]
    made = [
        views.neighbours_map(study, net),
        views.net_outlook(study, net),
        views.remaining_chart(study, both),
        views.projected_ages(study, people),
    ]
    assert all("Härnösand" in said(figure) for figure in made)

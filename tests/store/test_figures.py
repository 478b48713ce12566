"""The embedded figures are the published ones: check values and identities of the manifest."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from regionstudy.geography import valid_codes

if TYPE_CHECKING:
    from regionstudy.store import Snapshot

# Each line is one "Check:" value of ../shared/figures/MANIFEST.md, in our ids and codes.
with (Path(__file__).parent / "check_values.csv").open(encoding="utf-8", newline="") as lines:
    CHECKS = list(csv.DictReader(lines))

HOME_COUNTY = ["2260", "2262", "2280", "2281", "2282", "2283", "2284"]


def _cells(embedded: Snapshot, indicator: str, **codes: str) -> pd.DataFrame:
    frame = embedded.observations(indicator)
    for column, code in codes.items():
        frame = frame[frame[column] == code]
    return frame


def _level(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    digits = {"county": 2, "municipality": 4}
    if level == "country":
        return frame[frame["region"] == "00"]
    return frame[(frame["region"].str.len() == digits[level]) & (frame["region"] != "00")]


def _population(embedded: Snapshot) -> pd.DataFrame:
    return _cells(embedded, "population_by_age", sex="total", age="total")


@pytest.mark.parametrize(
    "check", CHECKS, ids=lambda one: "-".join([one["indicator"], one["region"], one["period"]])
)
def test_check_value_of_the_manifest(embedded: Snapshot, check: dict[str, str]) -> None:
    codes = dict(pair.split("=", 1) for pair in check["breakdowns"].split("|") if pair)
    cell = _cells(
        embedded, check["indicator"], region=check["region"], period=check["period"], **codes
    )
    # Equal to the last digit the manifest prints.
    assert cell["value"].tolist() == [float(check["value"])]
    assert cell["status"].tolist() == [""]


def test_every_check_of_a_loaded_file_is_among_the_check_values(shared: Path) -> None:
    text = (shared / "figures" / "MANIFEST.md").read_text(encoding="utf-8")
    listed = Counter(check["file"] for check in CHECKS)
    # Series and files that are left out (store/extracts.toml says why), and repeated values.
    not_loaded = {
        "regso_2020_2023.csv.gz": 3,
        "municipality_panel_2002_2022.csv.gz": 1,
        "county_population_migration_1968_2021.csv": 1,
        "lulea_panel_vasternorrland_2002_2024.csv": 3,
        "linkoping_peer_indicators_2000_2025.csv.gz": 3,
        "kolada_covariates_norrland_latest.csv": 3,
        "course_kommuner_cross_section.csv": 3,
        "skr_kommungrupp.csv": 3,
        "grp_riket_orebro_2000_2024.csv": 1,
        "unemployed_bas_2022_08.csv": 2,
        "employment_rate_20_64_2020_2024.csv": 1,  # the weighted mean, tested below
    }
    stated = {
        block.split("\n", 1)[0].strip(): len(re.split(r"; (?=\d{2,4} |population)", checks[1]))
        for block in text.split("\n### ")[1:]
        if (checks := re.search(r"^- Check: (.*)$", block, re.MULTILINE))
    }
    assert stated == {file: listed[file] + not_loaded.get(file, 0) for file in stated}


def test_keys_are_unique_and_a_status_stands_exactly_where_a_value_is_missing(
    embedded: Snapshot,
) -> None:
    for indicator in embedded.indicators:
        frame = embedded.observations(indicator)
        assert not frame.duplicated(frame.columns.difference(["value", "status"])).any(), indicator
        assert frame["value"].isna().equals(frame["status"].isin(["..", "."])), indicator
        assert not frame.drop(columns=["value", "status"]).isna().any(axis=None), indicator


@pytest.mark.parametrize(
    ("year", "persons"), [("2017", 10_120_242), ("2019", 10_327_589), ("2021", 10_452_326)]
)
def test_the_290_sum_to_the_country(embedded: Snapshot, year: str, persons: int) -> None:
    of_year = _population(embedded).query("period == @year")
    assert _level(of_year, "municipality")["value"].agg(["size", "sum"]).tolist() == [290, persons]
    assert _level(of_year, "country")["value"].tolist() == [persons]


def test_population_of_2025_is_kept_apart_as_perturbed(embedded: Snapshot) -> None:
    perturbed = _cells(embedded, "population_ckm", period="2025")
    assert perturbed["value"].sum() == 10_605_520
    assert "CKM" in embedded.provenance("population_ckm")["note"]["sv"]
    assert "2025" not in set(_population(embedded)["period"])


def test_municipalities_sum_to_their_county_except_for_heby(embedded: Snapshot) -> None:
    population = _population(embedded)
    in_kolada = population[population["period"].between("1998", "2019")]
    summed = (
        _level(in_kolada, "municipality")
        .assign(region=lambda rows: rows["region"].str[:2])
        .groupby(["region", "period"])["value"]
        .sum()
    )
    published = _level(in_kolada, "county").set_index(["region", "period"])["value"]
    difference = (summed - published).loc[lambda gap: gap != 0]
    # Heby counts in 19 until 2005 in the county file, in 03 throughout in Kolada's.
    assert len(published) == 462
    assert sorted(set(difference.index.get_level_values("region"))) == ["03", "19"]
    assert len(difference) == 16
    assert difference.groupby("period").sum().eq(0).all()
    # Kolada's own figure of 0331 is the whole difference, in every one of the eight years.
    heby = population.query("region == '0331'").set_index("period")["value"]
    assert difference.loc["03"].eq(heby.loc["1998":"2005"]).all()


def test_population_and_completions_add_up_across_levels(embedded: Snapshot) -> None:
    completed = embedded.observations("dwellings_completed")
    population = _population(embedded).query("'2011' <= period <= '2024'")
    for frame in (completed, population):
        country = _level(frame, "country").set_index("period")["value"]
        assert len(country) == 14
        for level in ("county", "municipality"):
            assert (_level(frame, level).groupby("period")["value"].sum() == country).all()


def test_ages_and_sexes_of_2019_sum_to_the_published_totals(embedded: Snapshot) -> None:
    year = _level(
        embedded.observations("population_by_age", periods=["2019"]), "municipality"
    ).query("age != '18-23' and age != '20-34' and age != '63-68'")
    ages = year[(year["sex"] != "total") & (year["age"] != "total")]
    assert ages["age"].nunique() == 101
    total = year[(year["sex"] == "total") & (year["age"] == "total")].set_index("region")["value"]
    assert ages.groupby("region")["value"].sum().equals(total)


def test_older_migration_satisfies_its_identities(embedded: Snapshot) -> None:
    older = embedded.observations("migration_older")
    # pivot refuses a key that repeats, where pivot_table would average it.
    flows = pd.pivot(  # noqa: PD010
        older, index=["region", "period", "age"], columns="flow", values="value"
    ).dropna()
    assert (flows["inmigration"] - flows["outmigration"] == flows["net_migration"]).all()
    assert (flows["immigration"] + flows["domestic_inmigration"] == flows["inmigration"]).all()
    domestic = flows["domestic_inmigration"] - flows["domestic_outmigration"]
    assert (domestic == flows["net_domestic_migration"]).all()


def test_moves_inside_the_county_vanish_and_nets_agree(embedded: Snapshot) -> None:
    year = embedded.observations("migration_older", periods=["1996"])
    total = pd.pivot(  # noqa: PD010
        year[year["age"] == "total"], index="region", columns="flow", values="value"
    )
    sundsvall_county, seven = total.loc["22"], total.loc[HOME_COUNTY].sum()
    assert (seven["inmigration"], seven["outmigration"]) == (7_633, 8_442)
    assert (sundsvall_county["inmigration"], sundsvall_county["outmigration"]) == (5_074, 5_883)
    assert seven["net_migration"] == sundsvall_county["net_migration"] == -809


def test_old_codes_are_kept_as_published(embedded: Snapshot) -> None:
    older = embedded.observations("migration_older")
    assert set(_level(older, "county")["region"]) == valid_codes("county", 1996)
    assert set(_level(older, "municipality")["region"]) == valid_codes("municipality", 1996)
    assert {"1917", "1283"} <= set(older["region"])
    assert "0331" not in set(older["region"])
    assert embedded.provenance("migration_older")["division"] == 1996


def test_heby_has_its_code_of_today_where_the_source_says_so(embedded: Snapshot) -> None:
    heby = _population(embedded).query("region == '0331'")
    assert heby["period"].min() == "1998"
    assert "1917" not in set(embedded.observations("population_by_age")["region"])


@pytest.mark.parametrize(
    ("indicator", "region", "until"),
    [
        ("population_by_age", "0330", "2001"),
        ("migration_older", "0461", "1991"),
        ("migration_older", "0488", "1991"),
        ("migration_older", "1535", "1994"),
        ("migration_older", "1814", "1994"),
    ],
)
def test_a_municipality_not_yet_formed_is_missing_not_zero(
    embedded: Snapshot, indicator: str, region: str, until: str
) -> None:
    frame = embedded.observations(indicator, regions=[region])
    before = frame[frame["period"] <= until]
    assert len(before) > 0
    assert set(before["status"]) == {".."}
    assert frame[frame["period"] > max(until, "2002")]["value"].notna().all()


def test_nykvarn_has_no_single_ages_before_it_was_formed(embedded: Snapshot) -> None:
    nykvarn = embedded.observations("population_by_age", regions=["0140"], periods=["1998"])
    ages = nykvarn[nykvarn["age"] != "total"]
    assert len(ages) == 11
    assert set(ages["status"]) == {".."}


def test_suppressed_unemployment_is_not_zero(embedded: Snapshot) -> None:
    counts = embedded.observations("unemployed_bas_count")
    by_sex = counts[counts["sex"] != "total"]
    assert by_sex["status"].eq("..").sum() == 27_828
    hidden = counts[counts["age"].isin(["15-74", "65-69", "70-74"])]
    assert hidden["value"].isna().all()


def test_registered_unemployed_are_another_concept_than_bas(embedded: Snapshot) -> None:
    registered = _cells(embedded, "registered_unemployed", region="2281", period="2022M08")
    bas = _cells(embedded, "unemployed_bas_count", region="2281", period="2022M08")
    assert (registered["value"].item(), bas["value"].item()) == (3_283, 2_281)


def test_the_level_that_0114_lacks_is_missing(embedded: Snapshot) -> None:
    level = _cells(embedded, "education_level", education="förgymnasial utbildning kortare än 9 år")
    missing = level[level["value"].isna()]
    assert set(missing["region"]) == {"0114"}
    assert len(missing) == 6  # two years, men, women and both
    assert len(level) == 290 * 2 * 3


def test_education_of_2019_covers_everyone_aged_16_and_over(embedded: Snapshot) -> None:
    educated = _cells(
        embedded, "education_level_16_95", period="2019", sex="total", age="total",
        education="total",
    ).set_index("region")["value"]  # fmt: skip
    ages = _cells(embedded, "population_by_age", period="2019", sex="total")
    years = pd.to_numeric(ages["age"].str.rstrip("+"), errors="coerce")
    adults = ages[years >= 16].groupby("region")["value"].sum()
    assert len(educated) == 290
    assert educated.equals(adults)


def test_households_and_persons_are_not_mixed_up(embedded: Snapshot) -> None:
    households = _cells(embedded, "households", household_type="total", tenure="total")
    assert households["value"].sum() == 4_707_272
    assert households.set_index("region").loc["2281", "value"] == 47_517
    persons = _cells(embedded, "persons_by_household_size", household_size="total")
    population = _population(embedded).query("period == '2019'")
    there = persons.merge(population, on="region", validate="1:1")
    assert len(there) == 290
    assert there["value_x"].equals(there["value_y"])


def test_employment_rate_weighted_by_population(embedded: Snapshot) -> None:
    rate = _cells(embedded, "employed_by_residence_rate", period="2024").set_index("region")
    people = _level(_population(embedded).query("period == '2024'"), "municipality")
    weights = people.set_index("region")["value"]
    mean = (rate["value"] * weights).sum() / weights.sum()
    assert mean == pytest.approx(81.02, abs=0.005)


def test_net_migration_rate_times_population_is_whole(embedded: Snapshot) -> None:
    rate = embedded.observations("net_migration_rate").query("period <= '2024'")
    people = _population(embedded)
    both = rate.merge(people, on=["region", "period"], validate="1:1")
    persons = both["value_x"] * both["value_y"] / 1000
    # Two decimals per 1,000: the count is known to half of 0.01 per 1,000 inhabitants.
    off = (persons - persons.round()).abs()
    assert len(both) == 290 * 11
    assert (off <= 0.005 * both["value_y"] / 1000 + 1e-6).all()
    assert persons.round().groupby(both["period"]).sum().loc[["2014", "2024"]].tolist() == [
        pytest.approx(75_734, abs=150),
        pytest.approx(29_743, abs=150),
    ]


def test_net_migration_of_the_peers_agrees_with_the_rate(embedded: Snapshot) -> None:
    flows = _cells(embedded, "migration_flows", flow="net_migration", age="total")
    people = _population(embedded)
    rate = embedded.observations("net_migration_rate")
    both = flows.merge(people, on=["region", "period"], validate="1:1", suffixes=("", "_people"))
    both = both.merge(rate, on=["region", "period"], validate="1:1", suffixes=("", "_rate"))
    computed = 1000 * both["value"] / both["value_people"]
    assert len(both) == 70
    assert (computed - both["value_rate"]).abs().max() <= 0.005 + 1e-9


def test_industries_add_to_the_total_within_the_noise(embedded: Snapshot) -> None:
    for indicator in ("employed_workplace_by_industry", "employed_residence_by_industry"):
        frame = embedded.observations(indicator)
        keys = ["region", "period", "sex"]
        parts = frame[frame["industry"] != "total"].groupby(keys)["value"].sum()
        total = frame[frame["industry"] == "total"].set_index(keys)["value"]
        assert (parts - total).abs().max() <= 5


def test_small_commuting_counts_are_never_one_or_two(embedded: Snapshot) -> None:
    assert not embedded.observations("commuting_matrix")["value"].isin([1, 2]).any()


def test_percent_is_percent_and_not_a_fraction(embedded: Snapshot) -> None:
    for indicator in (
        "population_share_0_19",
        "post_secondary_share",
        "employed_by_residence_rate",
        "out_commuter_share",
        "turnout_by_education",
        "tax_rates",
    ):
        values = embedded.observations(indicator)["value"]
        assert values.median() > 2, indicator
        assert values.max() <= 100, indicator


def test_county_flows_after_1996_do_not_hold_the_old_counties(embedded: Snapshot) -> None:
    flows = embedded.observations("migration_flows")
    assert flows["period"].min() == "1997"
    assert set(_level(flows, "county")["region"]) == valid_codes("county", 2021)

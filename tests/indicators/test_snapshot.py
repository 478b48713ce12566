"""The embedded figures through the catalogue: the manifest's check values and counts by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.catalogue import Catalogue
from regionstudy.indicators import compute, newest
from regionstudy.store import Snapshot


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load()


@pytest.fixture(scope="module")
def snapshot(repository):
    return Snapshot.open(repository / "data" / "snapshot")


@pytest.fixture(scope="module")
def figure(snapshot, catalogue):
    """One value by id, region and period, with its status."""

    def read(name: str, region: str, period: str, level: str = "municipality"):
        frame = compute(name, snapshot=snapshot, catalogue=catalogue, level=level, periods=[period])
        row = frame[frame["region"] == region].iloc[0]
        return row["value"], str(row["status"])

    return read


@pytest.fixture(scope="module")
def extract(shared):
    """One file of official figures, as it was gathered."""

    def read(name: str) -> pd.DataFrame:
        file = shared / "figures" / name
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
        return frame.assign(value=pd.to_numeric(frame["value"], errors="coerce"))

    return read


# figures/MANIFEST.md, the "Check" lines.
@pytest.mark.parametrize(
    ("name", "region", "period", "value"),
    [
        ("population", "2281", "2019", 99449),
        ("population", "2281", "2020", 99439),
        ("population", "2281", "2023", 99213),
        ("population", "2281", "2025", 98962),
        ("net_migration_rate", "2281", "2019", 4.53),
        ("net_migration_rate", "2482", "2025", -34.85),
        ("natural_change_rate", "2281", "2024", -2.47),
        ("employed_by_residence_rate", "2281", "2024", 83.4),
        ("unemployment_bas", "0180", "2024", 5.3),
        ("post_secondary_share", "0162", "2025", 65.66),
        ("out_commuter_share", "2281", "2021", 11.77),
        ("in_commuters_per_1000", "0184", "2021", 1117.84),
        ("earned_income_median_fixed", "2281", "2024", 350876),
        ("earned_income_median", "2260", "2018", 262.1),
        ("house_prices", "2281", "2024", 2649),
        ("rents", "2281", "2022", 1118),
        ("rents_new", "2281", "2019", 89),
        ("registered_unemployed", "2281", "2022M12", 3236),
        ("unemployed_bas_count", "2281", "2022M08", 2281),
        ("grade9_leavers", "2281", "2019", 1197),
    ],
)
def test_published_figures_come_through(figure, name, region, period, value):
    assert figure(name, region, period) == (pytest.approx(value), "")


def test_foreign_born_share_is_what_is_not_born_in_sweden(figure):
    # MANIFEST: 87 950 born in Sweden of 99 439 in 2020.
    assert figure("foreign_born_share", "2281", "2020")[0] == pytest.approx(100 - 8795000 / 99439)


def test_shares_of_tenures_count_the_unknown_in_the_whole(figure, extract):
    rows = extract("dwellings_tenure_2020_2023.csv.gz")
    stock = rows[(rows["region"] == "2281") & (rows["period"] == "2020")].set_index("tenure")
    whole = stock["value"].sum()
    assert stock.loc["bostadsrätt", "value"] == 15780
    assert figure("tenant_owned_share", "2281", "2020")[0] == pytest.approx(1_578_000 / whole)
    rented = 100 * stock.loc["hyresrätt", "value"] / whole
    assert figure("rental_share", "2281", "2020")[0] == pytest.approx(rented)


def test_completed_dwellings_are_per_1000_of_the_mean_population(figure, extract):
    rows = extract("housing_income_unemployment_2011_2024.csv.gz")
    county = rows[rows["region"] == "22"].set_index(["indicator", "period"])["value"]
    assert county["dwellings_completed", "2022"] == 735
    mean = (county["population_total", "2021"] + county["population_total", "2022"]) / 2
    found = figure("completed_per_1000", "22", "2022", level="county")
    assert found[0] == pytest.approx(735_000 / mean)


def test_population_change_by_hand(figure):
    # 98 962 in 2025 against 99 439 in 2020.
    expected = 100 * (98962 - 99439) / 99439
    assert figure("population_change_5y", "2281", "2025")[0] == pytest.approx(expected)


def test_young_adults_are_followed_from_20_29_to_21_30(figure, extract):
    rows = extract("kolada_population_1998_2019.csv.gz")
    ages = rows[(rows["region"] == "2281") & (rows["indicator"] == "population_by_age")]
    count = ages.set_index(["period", "age"])["value"]
    before = sum(count["2018", str(age)] for age in range(20, 30))
    after = sum(count["2019", str(age)] for age in range(21, 31))
    expected = 1000 * (after - before) / ((after + before) / 2)
    assert figure("young_adult_net_rate", "2281", "2019")[0] == pytest.approx(expected)


def test_net_migration_20_34_is_estimated_by_cohorts_per_year(figure, extract):
    rows = extract("population_age_sex_2018_2022.csv.gz")
    count = rows[rows["region"] == "2281"].groupby(["period", "age"])["value"].sum()
    before = sum(count["2018", str(age)] for age in range(16, 31))
    after = sum(count["2022", str(age)] for age in range(20, 35))
    expected = 1000 * (after - before) / ((after + before) / 2) / 4
    assert figure("net_migration_rate_20_34", "2281", "2022") == (pytest.approx(expected), "i")


@pytest.mark.parametrize(("period", "country"), [("2017", 10_120_242), ("2019", 10_327_589)])
def test_municipalities_add_up_to_the_country(snapshot, catalogue, period, country):
    frame = compute("population", snapshot=snapshot, catalogue=catalogue, periods=[period])
    assert len(frame) == 290
    assert frame["value"].sum() == country


def test_a_municipality_before_it_existed_is_missing_not_nought(figure):
    # Knivsta was formed in 2003; SCB counts it from the year-end before.
    value, status = figure("population", "0330", "1999")
    assert value != value
    assert status == ".."


def test_every_figure_held_is_in_the_catalogue(snapshot, catalogue):
    assert [name for name in snapshot.indicators if name not in catalogue] == []


def test_every_indicator_has_figures_or_a_reason(snapshot, catalogue):
    frame = compute(list(catalogue), snapshot=snapshot, catalogue=catalogue)
    with_figures = set(frame.loc[frame["value"].notna(), "indicator"])
    assert with_figures | set(frame.attrs["missing"]) == set(catalogue)
    assert with_figures.isdisjoint(frame.attrs["missing"])
    assert not frame.duplicated(["region", "indicator", "period"]).any()
    assert (frame["value"].isna() == frame["status"].isin(["..", "."])).all()


def test_join_of_the_perturbed_year_is_remembered(snapshot, catalogue):
    segments = compute("population", snapshot=snapshot, catalogue=catalogue).attrs["segments"]
    assert segments["population"] == [
        {"part": "population_by_age", "first": "1998", "last": "2024"},
        {"part": "population_ckm", "first": "2025", "last": "2025"},
    ]


def test_newest_complete_years_of_the_embedded_figures(snapshot, catalogue):
    ids = ["employed_by_residence_rate", "population", "rents", "young_adult_net_rate"]
    frame = compute(ids, snapshot=snapshot, catalogue=catalogue)
    regions = frame.loc[frame["indicator"] == "population", "region"].unique().tolist()
    selection = newest(frame, regions=regions, as_of=2026)
    assert selection.periods.to_dict() == {
        "employed_by_residence_rate": "2024",
        "population": "2025",
    }
    # MANIFEST: rents are a sample survey with 186 empty cells; cohorts end in 2019.
    assert selection.dropped["reason"].tolist() == ["partial", "too_old"]

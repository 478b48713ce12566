"""Recoding, against the figures of 1968-1996 and Kolada's of 1998."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.geography import blank_before_formed, recode
from regionstudy.geography.code_list import former_regions, region_list

READ = {
    "dtype": {"region": str, "period": str},
    "keep_default_na": False,
    "na_values": {"value": [""]},
}


@pytest.fixture(scope="module")
def municipal(shared):
    return pd.read_csv(shared / "figures" / "migration_municipality_1968_1996.csv.gz", **READ)


@pytest.fixture(scope="module")
def by_county(shared):
    frame = pd.read_csv(shared / "figures" / "migration_county_age_1968_1996.csv.gz", **READ)
    return frame[frame["period"].isin(["1995", "1996"])]


def _frame(*rows, columns=("region", "value", "status")):
    return pd.DataFrame(list(rows), columns=list(columns))


def _county(rows):
    return _frame(*[(region, value, status) for region, value, status in rows])


def test_the_288_codes_of_1996_become_288_codes_of_today(municipal):
    recoded = recode(municipal)
    codes = set(recoded["region"])
    assert len(codes) == 288
    # Nykvarn and Knivsta came later.
    assert {c for c, r in region_list().items() if r.level == "municipality"} - codes == {
        "0140",
        "0330",
    }
    assert len(recoded) == len(municipal)
    assert recoded["value"].sum() == municipal["value"].sum()


def test_recoded_municipalities_are_as_large_as_kolada_counts_them(municipal, shared):
    """
    A wrong pair would join the migration of one place with the population of another.

    So in-migration of 1996 must go with the population of 1998 as closely among the 50
    renumbered as among the 238 whose code is still the same.
    """
    kolada = pd.read_csv(shared / "figures" / "kolada_population_1998_2019.csv.gz", **READ)
    population = kolada[
        (kolada["indicator"] == "population_total") & (kolada["period"] == "1998")
    ].set_index("region")["value"]
    recoded = recode(municipal)
    moved = recoded[(recoded["indicator"] == "inmigration") & (recoded["period"] == "1996")]
    moved = moved.set_index("region")["value"]
    new = [one.successor for one in former_regions().values() if one.level == "municipality"]
    assert len(new) == len(set(new)) == 50
    same = [code for code in moved.index if code not in new]
    among_new, among_same = (
        np.corrcoef(np.log(moved[codes]), np.log(population[codes]))[0, 1] for codes in (new, same)
    )
    assert among_new > among_same - 0.02
    # Between 2 and 9 moves a hundred residents; the country's mean is 4.
    assert (moved[new] / population[new]).between(0.02, 0.09).all()


def test_renumbering_kept_the_order_within_each_former_county():
    # SCB gave the new numbers in the order of the old ones, towns (80-) apart from the rest.
    for county in ("11", "15", "16"):
        for towns in (False, True):
            pairs = sorted(
                (one.region, one.successor)
                for one in former_regions().values()
                if one.level == "municipality"
                and one.parent == county
                and (one.region[2:] >= "80") == towns
                and one.successor[:2] in {"12", "14"}
            )
            assert [new for _, new in pairs] == sorted(new for _, new in pairs)


def test_habo_and_mullsjo_went_to_jonkoping_and_heby_to_uppsala():
    old = _frame(("1623", 1.0, ""), ("1622", 2.0, ""), ("1917", 3.0, ""))
    recoded = recode(old)
    assert recoded["region"].tolist() == ["0643", "0642", "0331"]
    assert recoded.attrs["recoded"] == {"0331": ("1917",), "0642": ("1622",), "0643": ("1623",)}


def test_heby_keeps_its_old_code_until_2006():
    assert recode(_frame(("1917", 3.0, "")), year=2006)["region"].tolist() == ["0331"]
    with pytest.raises(DataError, match=r'of 2007: "1917" Heby \(until 2006-12-31\)'):
        recode(_frame(("1917", 3.0, "")), year=2007)


def test_net_migration_of_vasternorrland_in_1996_is_minus_809(municipal, by_county):
    nets = recode(municipal).query("indicator == 'net_migration' and period == '1996'")
    assert nets.loc[nets["region"].str[:2] == "22", "value"].sum() == -809
    counties = recode(by_county).query("indicator == 'net_migration' and period == '1996'")
    assert counties.loc[counties["region"] == "22", "value"].sum() == -809


@pytest.mark.parametrize("indicator", ["net_migration", "net_foreign_migration", "immigration"])
def test_counties_are_the_sums_of_their_recoded_municipalities(municipal, by_county, indicator):
    def per_county(frame, county):
        chosen = frame[(frame["indicator"] == indicator) & (frame["period"] == "1996")]
        return chosen.groupby(county(chosen))["value"].sum(min_count=1)

    counties = per_county(recode(by_county), lambda rows: rows["region"])
    parts = per_county(recode(municipal), lambda rows: rows["region"].str[:2])
    assert len(counties) == 21
    # The county figures of 1996 keep Habo and Mullsjö in 14 and Heby in 19, as the notes say.
    apart = ["03", "06", "14", "19"]
    pd.testing.assert_series_equal(
        counties.drop(apart), parts.drop(apart).rename_axis("region"), check_names=False
    )
    assert counties[apart].sum() == parts[apart].sum()
    assert counties[["06", "14"]].sum() == parts[["06", "14"]].sum()
    assert len(recode(by_county).attrs["recoding_notes"]) == 2


def test_gross_flows_of_merged_counties_are_not_available(by_county):
    recoded = recode(by_county)
    merged = recoded[recoded["region"].isin(["12", "14"])]
    gross = merged["indicator"].isin(["domestic_inmigration", "inmigration", "outmigration"])
    assert gross.any()
    assert (merged.loc[gross, "status"] == "..").all()
    assert merged.loc[gross, "value"].isna().all()
    assert merged.loc[merged["indicator"] == "immigration", "value"].notna().all()
    assert not (recoded.loc[recoded["region"] == "22", "status"] == "..").any()


def test_gross_flows_are_found_in_the_breakdown_too():
    columns = ("region", "flow", "value", "status")
    old = _frame(
        ("11", "inmigration", 5.0, ""),
        ("12", "inmigration", 7.0, ""),
        ("11", "net_migration", 1.0, ""),
        ("12", "net_migration", 2.0, ""),
        columns=columns,
    )
    recoded = recode(old).set_index("flow")
    assert np.isnan(recoded.loc["inmigration", "value"])
    assert recoded.loc["net_migration", "value"] == 3


@pytest.mark.parametrize(
    "parts",
    [
        [("14", 1.0, ""), ("15", 2.0, "")],
        [("14", 1.0, ""), ("15", 2.0, ""), ("16", np.nan, "..")],
        [("14", 1.0, ""), ("15", 2.0, ""), ("16", np.nan, ".")],
    ],
    ids=["a part absent", "a part suppressed", "a part not applicable"],
)
def test_a_sum_with_a_part_missing_is_missing(parts):
    row = recode(_county(parts)).iloc[0]
    assert (row["region"], row["status"]) == ("14", "..")
    assert np.isnan(row["value"])


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("", ""), ""),
        (("p", "r"), "p"),
        (("r", ""), "r"),
        (("i", "p"), "i"),
        (("-", "-"), "-"),
        (("-", ""), ""),
    ],
)
def test_the_weakest_part_names_the_sum(statuses, expected):
    values = [0.0 if status == "-" else 4.0 for status in statuses]
    row = recode(_county(list(zip(("11", "12"), values, statuses, strict=True)))).iloc[0]
    assert row["status"] == expected
    assert row["value"] == sum(values)


def test_counties_of_1997_are_skane_and_the_old_west():
    old = _county([("12", 5.0, ""), ("14", 1.0, ""), ("15", 2.0, ""), ("16", 3.0, "")])
    recoded = recode(old, year=1997).set_index("region")["value"]
    assert recoded.to_dict() == {"12": 5.0, "14": 6.0}


def test_a_frame_in_todays_codes_is_unchanged():
    new = _frame(("00", 1.0, ""), ("14", 2.0, ""), ("0331", 3.0, "p"))
    recoded = recode(new, year=2026)
    pd.testing.assert_frame_equal(recoded, new)
    assert recoded.attrs["recoded"] == {}
    assert recoded.attrs["recoding_notes"] == ()


def test_the_frame_given_is_not_touched():
    old = _county([("11", 1.0, ""), ("12", 2.0, "")])
    old["status"] = pd.Categorical(old["status"], ["", "p"])
    old.attrs["provenance"] = {"x": {}}
    before = old.copy()
    recoded = recode(old)
    pd.testing.assert_frame_equal(old, before)
    assert recoded.attrs["provenance"] == {"x": {}}
    assert recoded["status"].cat.categories.tolist() == ["", "p", ".."]


def test_a_code_that_came_later_is_named_with_its_year():
    with pytest.raises(DataError, match=r'of 1996: "0330" Knivsta \(since 2003-01-01\)'):
        recode(_frame(("0330", 1.0, "")))


def test_an_unknown_code_is_named_with_year_and_nearest():
    with pytest.raises(DataError, match=r'of 1996: "228l" \(nearest: 2281 Sundsvall\)'):
        recode(_frame(("228l", 1.0, "")))


def test_many_unknown_codes_are_counted():
    rows = [(f"9{n}", 1.0, "") for n in range(10, 17)]
    with pytest.raises(DataError, match="and 2 more"):
        recode(_frame(*rows))


def test_a_missing_code_is_refused():
    with pytest.raises(DataError, match=r"\(missing\)"):
        recode(_frame((None, 1.0, ""), ("22", 1.0, "")))


def test_a_key_that_repeats_is_refused():
    with pytest.raises(DataError, match="2 rows share their key, the first: region 2281"):
        recode(_frame(("2281", 1.0, ""), ("2281", 2.0, "")))


def test_a_frame_without_status_is_refused():
    with pytest.raises(DataError, match="lacks status; it has region, value"):
        recode(pd.DataFrame({"region": ["22"], "value": [1.0]}))


def test_municipalities_not_formed_yet_are_not_zero(municipal):
    blanked = blank_before_formed(recode(municipal))
    empty = blanked[blanked["status"] == "."]
    assert empty.groupby("region")["period"].max().to_dict() == {
        "0461": "1991",
        "0488": "1991",
        "1443": "1994",
        "1814": "1994",
    }
    assert empty["value"].isna().all()
    # 9 flows of 24 years for the first two, of 27 for the others.
    assert len(empty) == 9 * (24 + 24 + 27 + 27)
    pd.testing.assert_frame_equal(blanked, recode(blank_before_formed(municipal)), check_like=True)


def test_a_figure_from_before_a_municipality_is_refused():
    columns = ("region", "period", "value", "status")
    with pytest.raises(DataError, match=r"0461 did not exist in 1990, yet .* 5\.0"):
        blank_before_formed(_frame(("0461", "1990", 5.0, ""), columns=columns))


def test_blanking_keeps_a_categorical_status():
    frame = _frame(("0461", "1990", 0.0, ""), columns=("region", "period", "value", "status"))
    frame["status"] = pd.Categorical(frame["status"], [""])
    assert blank_before_formed(frame)["status"].tolist() == ["."]

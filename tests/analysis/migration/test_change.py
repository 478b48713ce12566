from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import decompose_change, persons_from_rates, sum_years
from regionstudy.errors import DataError


def counts(period: list[str], value: list[float], **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"region": "2281", "period": period, "value": value, "status": ""})
    return frame.assign(**columns)


@pytest.fixture(scope="module")
def parts(total_population, net_rate, natural_rate):
    net = persons_from_rates(net_rate, total_population, decimals=2)
    natural = persons_from_rates(natural_rate, total_population, decimals=2)
    return decompose_change(total_population, natural, net)


def test_rates_give_back_the_persons_they_were_made_of(shared, net_rate, total_population):
    # migration_net_sundsvall_peers holds the counts themselves: MANIFEST, 70 of 70 agree.
    path = shared / "figures" / "migration_net_sundsvall_peers_2019_2024.csv"
    counted = pd.read_csv(path, dtype={"region": str, "period": str}, keep_default_na=False)
    counted = counted[counted["indicator"] == "net_migration"]
    found = persons_from_rates(net_rate, total_population, decimals=2)
    both = counted.merge(found, on=["region", "period"], validate="one_to_one")
    assert len(both) == 70
    # The rate's two decimals leave up to half a hundredth of the thousands of residents.
    assert ((both["value_x"] - both["value_y"]).abs() <= np.ceil(both["margin"])).all()


def test_parts_add_up_exactly_and_the_residual_is_shown(parts):
    known = parts[parts["status"] == ""]
    total = known["natural"] + known["net_migration"] + known["adjustment"]
    assert (known["start"] + total == known["end"]).all()
    assert len(known) == 290 * 12


def test_largest_residual_is_where_the_manifest_says(parts):
    # MANIFEST: "largest residual 4.8 per 1,000: 0821 in 2022".
    size = (1000 * parts["adjustment"] / parts["end"]).abs()
    row = parts.loc[size.idxmax()]
    assert (row["region"], row["period"]) == ("0821", "2022")
    assert round(size.max(), 1) == 4.8


def test_sundsvalls_2019_by_hand(parts):
    # 98 850 -> 99 449 residents; net 451 published; the rest is births less deaths and corrections.
    row = parts[(parts["region"] == "2281") & (parts["period"] == "2019")].iloc[0]
    assert (row["start"], row["end"], row["change"]) == (98850, 99449, 599)
    assert row["net_migration"] == 451
    assert row["natural"] + row["adjustment"] == 599 - 451


def test_missing_part_leaves_the_adjustment_missing():
    population = counts(["2018", "2019", "2020"], [100.0, 110.0, 120.0])
    natural = counts(["2019", "2020"], [2.0, np.nan], status=["", ".."])
    found = decompose_change(population, natural, counts(["2019", "2020"], [7.0, 8.0]))
    assert found["status"].tolist() == ["", ".."]
    assert found["adjustment"].tolist()[0] == 1.0
    assert np.isnan(found["adjustment"].iloc[1])
    assert found["change"].tolist() == [10.0, 10.0]


def test_sources_of_all_parts_travel():
    frames = [
        counts(["2018", "2019"], [1.0, 2.0]),
        counts(["2019"], [1.0]),
        counts(["2019"], [0.0]),
    ]
    for name, frame in zip("abc", frames, strict=True):
        frame.attrs["provenance"] = {name: {"publisher": "SCB"}}
    assert set(decompose_change(*frames).attrs["provenance"]) == {"a", "b", "c"}


def test_year_without_a_year_before_is_missing():
    found = decompose_change(
        counts(["2019"], [110.0]), counts(["2019"], [2.0]), counts(["2019"], [7.0])
    )
    assert found["status"].tolist() == [".."]
    assert found["change"].isna().all()


def test_persons_are_missing_where_the_population_is():
    found = persons_from_rates(
        counts(["2019", "2020"], [4.5, 4.5]), counts(["2019"], [1000.0]), decimals=2
    )
    assert found["status"].tolist() == ["", ".."]
    assert found["value"].isna().tolist() == [False, True]


def test_repeated_rows_are_refused():
    twice = counts(["2019", "2019"], [1.0, 2.0])
    once = counts(["2019"], [1.0])
    with pytest.raises(DataError, match="natural has 1 repeated rows, first at region 2281"):
        decompose_change(once, twice, once)
    with pytest.raises(DataError, match="rate has 1 repeated rows"):
        persons_from_rates(twice, once, decimals=2)


def test_sum_over_years_is_the_change_from_first_to_last(parts, total_population):
    recent = parts[parts["period"] >= "2021"]
    row = sum_years(recent).set_index("region").loc["2281"]
    people = total_population[total_population["region"] == "2281"].set_index("period")["value"]
    assert (row["first"], row["last"]) == ("2021", "2025")
    assert (row["start"], row["end"]) == (people["2020"], people["2025"]) == (99439, 98962)
    assert row["change"] == -477
    assert row["natural"] + row["net_migration"] + row["adjustment"] == -477


def test_year_with_a_missing_part_leaves_its_sum_missing():
    population = counts(["2018", "2019", "2020"], [100.0, 110.0, 120.0])
    natural = counts(["2019", "2020"], [np.nan, 2.0], status=["..", ""])
    found = sum_years(
        decompose_change(population, natural, counts(["2019", "2020"], [7.0, 8.0]))
    ).iloc[0]
    assert found["status"] == ".."
    assert (found["change"], found["net_migration"]) == (20.0, 15.0)
    assert found[["natural", "adjustment"]].isna().all()


def test_sum_with_a_year_left_out_is_refused(parts):
    holed = parts[parts["period"].isin(["2021", "2023"])]
    with pytest.raises(DataError, match="parts lacks years of region 0114 between 2021 and 2023"):
        sum_years(holed)

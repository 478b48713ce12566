from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import sum_regions
from regionstudy.errors import DataError


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": ["2260", "2262", "2281", "2260", "2262"],
            "period": ["2018", "2018", "2018", "2019", "2019"],
            "value": [1.0, 2.0, 4.0, 8.0, np.nan],
            "status": ["", "p", "", "", ".."],
        }
    )


def test_a_region_may_belong_to_several_groups():
    found = sum_regions(people(), groups={"fa": ["2260", "2262"], "all": ["2260", "2262", "2281"]})
    sums = found.set_index(["region", "period"])["value"]
    assert sums["fa", "2018"] == 3.0
    assert sums["all", "2018"] == 7.0


def test_sum_over_missing_or_absent_is_missing_and_the_worst_status_travels():
    found = sum_regions(people(), groups={"fa": ["2260", "2262"], "pair": ["2260", "2281"]})
    status = found.set_index(["region", "period"])["status"].astype(str)
    assert status.to_dict() == {
        ("fa", "2018"): "p",
        ("fa", "2019"): "..",
        ("pair", "2018"): "",
        ("pair", "2019"): "..",
    }
    assert found["value"].isna().equals(status.eq("..").reset_index(drop=True))


def test_counties_of_the_shared_file_are_the_sums_of_their_municipalities(shared, total_population):
    path = shared / "figures" / "county_population_migration_1968_2021.csv"
    county = pd.read_csv(path, dtype=str)
    county = county[(county["indicator"] == "population_total") & (county["region"] == "22")]
    expected = county.set_index("period")["value"].astype(float)
    seven = total_population[total_population["region"].str.startswith("22")]
    found = sum_regions(seven, groups={"22": sorted(seven["region"].unique())})
    found = found.set_index("period")["value"].loc["1998":"2021"]
    assert found.to_dict() == expected.loc["1998":"2021"].to_dict()


def test_groups_must_be_known_and_filled():
    with pytest.raises(DataError, match='Group "fa" has no regions'):
        sum_regions(people(), groups={"fa": []})
    with pytest.raises(
        DataError, match=r'"fa" names regions without figures: 2282. Did you mean "2281"'
    ):
        sum_regions(people(), groups={"fa": ["2260", "2282"]})
    with pytest.raises(DataError, match=": 1, 2, 3, 4, 5 and 1 more"):
        sum_regions(people(), groups={"fa": list("123456")})
    with pytest.raises(DataError, match="frame lacks the column status"):
        sum_regions(people().drop(columns="status"), groups={"fa": ["2260"]})

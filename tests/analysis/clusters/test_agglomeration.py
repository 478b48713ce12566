from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.clusters import cluster_index, ellison_glaeser
from regionstudy.errors import DataError

TEXTBOOK = (
    "e_ik=200,650,12000,100,50,16000,13000,1500,1500,25000;e_j=500000,400000,100000;"
    "regions=Wien x5,Linz x4,Graz"
)
EVERYONE = pd.DataFrame(
    {"region": ["Wien", "Linz", "Graz"], "value": [500_000.0, 400_000.0, 100_000.0]}
)


def textbook_plants() -> pd.DataFrame:
    sizes = [200, 650, 12_000, 100, 50, 16_000, 13_000, 1500, 1500, 25_000]
    regions = ["Wien"] * 5 + ["Linz"] * 4 + ["Graz"]
    return pd.DataFrame({"industry": "i", "region": regions, "value": map(float, sizes)})


def test_textbook_industry_is_the_oracles(expected):
    wanted = expected("FK2014_textbook", "ellison.a", TEXTBOOK)
    found = ellison_glaeser(textbook_plants(), EVERYONE).iloc[0]
    assert found["gamma"] == pytest.approx(wanted["Gamma i"], rel=1e-9)
    assert found["concentration"] == pytest.approx(wanted["G i"], rel=1e-9)
    assert found["z"] == pytest.approx(wanted["z Gi"], rel=1e-9)
    assert found["herfindahl"] == pytest.approx(wanted["HHI i"], rel=1e-9)
    assert found["plants"] == wanted["K i"] == 10


def test_industries_are_told_apart_and_a_lone_workplace_has_no_gamma():
    lone = pd.DataFrame({"industry": ["a"], "region": ["Graz"], "value": [9.0]})
    found = ellison_glaeser(pd.concat([textbook_plants(), lone]), EVERYONE).set_index("industry")
    assert found.loc["a", "status"] == "."
    assert np.isnan(found.loc["a", "gamma"])
    assert found.loc["i", "gamma"] == pytest.approx(0.0599, abs=1e-4)


def test_missing_workplace_or_region_leaves_gamma_missing():
    plants = textbook_plants().assign(status="")
    plants.loc[3, "status"] = ".."
    assert ellison_glaeser(plants, EVERYONE)["status"].tolist() == [".."]
    assert ellison_glaeser(plants, EVERYONE)["gamma"].isna().all()
    hidden = EVERYONE.assign(value=[np.nan, 1.0, 1.0])
    assert ellison_glaeser(textbook_plants(), hidden)["status"].tolist() == [".."]


def test_states_cluster_index_is_the_oracles(oracle):
    table = pd.read_csv(oracle / "input" / "G_regions_industries.csv")
    table = table.rename(columns={"region_code": "code"}).drop(columns="region")
    names = {"code": "region", "ind_code": "industry", "area_sqkm": "area_km2", "pop": "population"}
    table = table.rename(columns=names)
    keys = ["region", "industry"]
    jobs = table[[*keys, "emp_all"]].rename(columns={"emp_all": "value"})
    firms = table[[*keys, "firms"]].rename(columns={"firms": "value"})
    regions = table[["region", "area_km2", "population"]].drop_duplicates()
    found = cluster_index(jobs, firms, regions)
    wide = found.pivot_table(index="industry", columns="region", values="cluster_index")
    wanted = pd.read_csv(oracle / "G_regions_industries_litzenberger2.csv", index_col="ind_code")
    np.testing.assert_allclose(wide.loc[wanted.index, wanted.columns], wanted, rtol=1e-9)
    # The package's NaN is Bremen's mining, which has workplaces but no jobs.
    assert found[found["status"] == "."][keys].to_numpy().tolist() == [["HB", "WZ08-B"]]


def test_region_without_a_row_leaves_the_industry_missing():
    jobs = pd.DataFrame({"region": ["1", "2", "1"], "industry": ["J", "J", "K"], "value": 5.0})
    regions = pd.DataFrame({"region": ["1", "2"], "area_km2": 1.0, "population": 9.0})
    found = cluster_index(jobs, jobs, regions).set_index("industry")["status"]
    assert found["K"].tolist() == ["..", ".."]
    assert found["J"].tolist() == ["", ""]


def test_frames_that_do_not_do_are_refused():
    plants = textbook_plants()
    with pytest.raises(DataError, match="plants has the region Wien, which employed has not"):
        ellison_glaeser(plants, EVERYONE[1:])
    with pytest.raises(DataError, match="plants has -1 in region Wien; a count is never"):
        ellison_glaeser(plants.assign(value=-1.0), EVERYONE)
    with pytest.raises(DataError, match="employed has 3 repeated rows"):
        ellison_glaeser(plants, pd.concat([EVERYONE, EVERYONE]))
    jobs = pd.DataFrame({"region": ["1"], "industry": ["J"], "value": [5.0]})
    regions = pd.DataFrame({"region": ["1"], "area_km2": [1.0], "population": [0.0]})
    with pytest.raises(DataError, match="no area or population above 0 for region 1"):
        cluster_index(jobs, jobs, regions)
    with pytest.raises(DataError, match="employed has the region 1, which regions has not"):
        cluster_index(jobs, jobs, regions.assign(region="2", population=9.0))
    with pytest.raises(DataError, match="regions lacks the column area_km2"):
        cluster_index(jobs, jobs, regions.drop(columns="area_km2"))

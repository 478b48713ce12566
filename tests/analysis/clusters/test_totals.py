from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.clusters import (
    cluster_totals,
    location_quotients,
    members_share,
    shrinkage_alarm,
)
from regionstudy.cluster_definitions import industry_definitions, read_clusters
from regionstudy.errors import DataError
from regionstudy.members.disclosure import protect

from .conftest import jobs


@pytest.fixture(scope="session")
def network(repository) -> pd.DataFrame:
    """The network's own clusters, as its clusters.toml has them."""
    return industry_definitions(read_clusters(repository / "data" / "clusters.toml"))


def defined(*rows: tuple[str, int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["cluster", "definition", "coverage", "industry"])


IT = defined(
    ("it", 0, "exact", "582"),
    ("it", 0, "exact", "620"),
    ("it", 1, "near", "62"),
    ("it", 2, "section", "J"),
)


def test_countys_clusters_are_sections_or_not_visible(by_workplace, network):
    found = cluster_totals(by_workplace, network)
    county = found[(found["region"] == "22") & (found["period"] == "2025")]
    county = county.set_index("industry")
    assert county["coverage"].to_dict() == {
        "it": "section",
        "finance": "section",
        "law": "none",
        "archives": "none",
        "total": "total",
    }
    # The file's own figures: J 3,490, K 3,461, all 118,089.
    assert county["value"].dropna().to_dict() == {"it": 3490, "finance": 3461, "total": 118089}
    assert (county.loc[["law", "archives"], "status"] == "..").all()


def test_totals_go_on_into_quotients_and_alarms(by_workplace, network):
    found = cluster_totals(by_workplace, network)
    quotients = location_quotients(found, totals="published")
    row = quotients[(quotients["industry"] == "it") & (quotients["period"] == "2025")].iloc[0]
    assert row["lq"] == pytest.approx((3490 / 118089) / (245311 / 5273734))
    alarm = shrinkage_alarm(found, start="2020", end="2025").set_index("industry")
    assert alarm.loc["it", "signal"] == "alarm"
    assert alarm.loc["law", "signal"] == "missing"


def test_finest_definition_that_is_there_in_full_is_used():
    frame = jobs({"22": [5.0, 40.0, 50.0, 90.0]}, industries=["58.2", "62.0", "62", "J"])
    found = cluster_totals(frame, IT).iloc[0]
    assert (found["value"], found["coverage"]) == (45.0, "exact")
    found = cluster_totals(frame[frame["industry"] != "58.2"], IT).iloc[0]
    assert (found["value"], found["coverage"]) == (50.0, "near")
    found = cluster_totals(frame[frame["industry"] == "J"], IT).iloc[0]
    assert (found["value"], found["coverage"]) == (90.0, "section")


def test_suppressed_or_absent_industry_leaves_the_cluster_missing():
    frame = jobs({"1": [5.0, 40.0], "2": [5.0, 40.0], "3": [5.0, 40.0]}, industries=["582", "620"])
    frame["status"] = ["", "..", "", "", "p", ""]
    found = cluster_totals(frame[(frame["region"] != "3") | (frame["industry"] == "620")], IT)
    assert found["status"].tolist() == ["..", "", ".."]
    assert found["value"].isna().tolist() == [True, False, True]
    whole = cluster_totals(frame, IT).set_index("region")
    assert whole.loc["3", ["value", "status"]].tolist() == [45.0, "p"]


def test_industry_may_belong_to_two_clusters():
    both = defined(("it", 0, "exact", "62"), ("data", 0, "exact", "62"), ("data", 0, "exact", "63"))
    found = cluster_totals(jobs({"1": [40.0, 7.0]}, industries=["62", "63"]), both)
    assert found.set_index("industry")["value"].to_dict() == {"it": 40.0, "data": 47.0}


def test_sexes_and_sources_are_kept():
    frame = pd.concat(
        [jobs({"1": [40.0]}, industries=["62"], sex=sex) for sex in ("1", "2")], ignore_index=True
    )
    frame.attrs["provenance"] = {"employed_workplace_by_industry": {}}
    found = cluster_totals(frame, IT)
    assert found["sex"].tolist() == ["1", "2"]
    assert found.attrs["provenance"] == frame.attrs["provenance"]


def test_frames_that_do_not_do_are_refused():
    frame = jobs({"1": [40.0]}, industries=["62"])
    with pytest.raises(DataError, match="clusters lacks the column definition"):
        cluster_totals(frame, IT.drop(columns="definition"))
    with pytest.raises(DataError, match="employed lacks the column value"):
        cluster_totals(frame.drop(columns="value"), IT)
    with pytest.raises(DataError, match="employed has 1 repeated rows, first at region 1"):
        cluster_totals(pd.concat([frame, frame]), IT)
    with pytest.raises(DataError, match='a cluster "total", which is what totals are called'):
        cluster_totals(frame, IT.assign(cluster="total"))


def staff(headcounts: list[float], **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"region": "22", "industry": "it", "headcount": headcounts, "status": ""})
    return frame.assign(**columns)


def test_members_staff_is_added_up_and_set_beside_all_jobs():
    found = members_share(
        staff([40.0, 60.0], org_id=["a", "b"]), jobs({"22": [2000.0]}, industries=["it"])
    )
    assert found.iloc[0][["members", "employed", "share", "status"]].tolist() == [
        100,
        2000,
        0.05,
        "",
    ]


def test_suppressed_count_is_never_made_up_from_the_others():
    counts = staff([40.0, np.nan], status=["", "suppressed"])
    found = members_share(counts, jobs({"22": [2000.0]}, industries=["it"])).iloc[0]
    assert found["status"] == "suppressed"
    assert np.isnan(found["members"])
    assert np.isnan(found["share"])
    # A number beside the word does not count, either.
    told = members_share(
        staff([40.0, 3.0], status=["", "suppressed"]), jobs({"22": [2000.0]}, industries=["it"])
    )
    assert np.isnan(told.loc[0, "members"])


def test_protected_release_itself_stays_protected():
    row = {"it": 40, "finance": 60, "law": 3, "total": 103}
    counts = pd.DataFrame(
        [(region, *cell) for region in ("22", "total") for cell in row.items()],
        columns=["region", "industry", "headcount"],
    )
    released = protect(counts, dimensions=["region", "industry"])
    inner = released[(released["region"] != "total") & (released["industry"] != "total")]
    official = jobs({"22": [2000.0, 300.0, 900.0]}, industries=["it", "law", "finance"])
    found = members_share(inner, official)
    assert found.set_index("industry").loc["law", "status"] == "suppressed"
    assert found.set_index("industry").loc["law", ["members", "share"]].isna().all()


def test_official_figure_that_is_missing_leaves_the_share_missing():
    official = jobs({"22": [2000.0]}, industries=["it"], status="..")
    found = members_share(staff([40.0]), official).iloc[0]
    assert (found["members"], found["status"]) == (40.0, "..")
    assert np.isnan(found["share"])
    absent = members_share(staff([40.0]), official.assign(region="23")).iloc[0]
    assert absent["status"] == ".."


@pytest.mark.parametrize("official", [0.0, 30.0])
def test_more_members_than_jobs_are_no_share(official):
    found = members_share(staff([40.0]), jobs({"22": [official]}, industries=["it"])).iloc[0]
    assert found["status"] == "."
    assert np.isnan(found["share"])


def test_staff_with_totals_or_negative_counts_is_refused():
    official = jobs({"22": [2000.0]}, industries=["it"])
    with pytest.raises(DataError, match="staff has rows of the total of org_id; leave them out"):
        members_share(staff([40.0, 40.0], org_id=["a", "total"]), official)
    with pytest.raises(DataError, match="staff has -1 persons in a row"):
        members_share(staff([-1.0]), official)
    with pytest.raises(DataError, match="staff lacks the column status"):
        members_share(staff([1.0]).drop(columns="status"), official)
    with pytest.raises(DataError, match="employed has 1 repeated rows"):
        members_share(staff([1.0]), pd.concat([official, official]))

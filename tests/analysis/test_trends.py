from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from regionstudy.analysis.trends import (
    change_between,
    compare_with,
    moving_mean,
    segments,
    with_gaps,
)
from regionstudy.errors import DataError


def series(values: dict[str, float], *, region: str = "2281") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": region,
            "period": list(values),
            "value": list(values.values()),
            "status": ["" if value == value else ".." for value in values.values()],
        }
    )


def test_moving_mean_is_of_the_year_and_the_two_before():
    found = moving_mean(series({"2017": 1.0, "2018": 2.0, "2019": 6.0, "2020": 1.0}))
    assert found["value"].tolist()[2:] == [3.0, 3.0]
    assert found["status"].tolist() == ["..", "..", "", ""]


def test_moving_mean_does_not_reach_across_a_gap_or_a_missing_year():
    absent = moving_mean(series({"2016": 1.0, "2018": 2.0, "2019": 6.0}), span=2)
    assert absent["status"].tolist() == ["..", "..", ""]
    missing = moving_mean(series({"2016": 1.0, "2017": np.nan, "2018": 6.0}), span=2)
    assert missing["value"].isna().all()


def test_moving_mean_does_not_reach_into_another_region():
    both = pd.concat([series({"2018": 1.0}), series({"2019": 9.0}, region="2282")])
    assert moving_mean(both, span=2)["value"].isna().all()


def test_number_beside_a_missing_status_does_not_count():
    frame = series({"2018": 1.0, "2019": 3.0}).assign(status=["..", ""])
    assert moving_mean(frame, span=1)["status"].tolist() == ["..", ""]
    assert np.isnan(moving_mean(frame, span=1)["value"].iloc[0])


@given(
    values=st.lists(st.integers(-1000, 1000), min_size=1, max_size=12),
    span=st.integers(1, 4),
    seed=st.integers(0, 100),
)
@settings(max_examples=40, deadline=None)
def test_moving_mean_is_that_of_numpy_whatever_the_order_of_rows(values, span, seed):
    frame = series({str(2000 + step): float(value) for step, value in enumerate(values)})
    found = moving_mean(frame.sample(frac=1, random_state=seed), span=span)
    assert_frame_equal(found, moving_mean(frame, span=span))
    known = found["value"].dropna().to_numpy()
    expected = [np.mean(values[end - span : end]) for end in range(span, len(values) + 1)]
    np.testing.assert_allclose(known, expected, atol=1e-9)


def test_vasternorrlands_change_2020_to_2024_is_that_of_the_look(total_population):
    # shared/look/index.html: "-3 096 sedan 2020, eller -1,3 procent"; 241 458 in 2024.
    county = total_population[total_population["region"].str.startswith("22")]
    summed = county.groupby("period", as_index=False)["value"].sum().assign(region="22", status="")
    persons = change_between(summed, start="2020", end="2024").iloc[0]
    percent = change_between(summed, start="2020", end="2024", measure="percent").iloc[0]
    assert (persons["end"], persons["change"], persons["years"]) == (241458, -3096, 4)
    assert round(percent["change"], 1) == -1.3


def test_yearly_growth_leads_from_start_to_end():
    found = change_between(
        series({"2020": 100.0, "2022": 121.0}), start="2020", end="2022", measure="percent_per_year"
    )
    assert found["change"].tolist() == [pytest.approx(10.0)]


def test_percent_of_nothing_does_not_apply():
    frame = series({"2020": 0.0, "2022": 5.0})
    found = change_between(frame, start="2020", end="2022", measure="percent")
    assert found["status"].tolist() == ["."]
    assert found["change"].isna().all()
    assert change_between(frame, start="2020", end="2022")["change"].tolist() == [5.0]


def test_change_with_an_end_missing_is_missing():
    frame = pd.concat([series({"2020": 1.0, "2022": 2.0}), series({"2020": 1.0}, region="2282")])
    found = change_between(frame, start="2020", end="2022").set_index("region")
    assert found["status"].to_dict() == {"2281": "", "2282": ".."}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": "2020", "end": "2022", "measure": "ratio"}, '"ratio" is no measure of change'),
        ({"start": "2019", "end": "2022"}, 'No series has the year "2019"; there are 2020 to 2022'),
        ({"start": "2022", "end": "2020"}, "start=2022 is not before end=2020; swap them"),
    ],
)
def test_change_that_cannot_be_taken_is_named(options, message):
    with pytest.raises(DataError, match=message):
        change_between(series({"2020": 1.0, "2022": 2.0}), **options)


def test_series_is_cut_at_absent_years_missing_values_and_breaks():
    frame = series(
        {
            "1995": 1.0,
            "1996": 2.0,
            "2014": 3.0,
            "2015": np.nan,
            "2016": 4.0,
            "2019": 5.0,
            "2020": 6.0,
        }
    )
    found = segments(frame, breaks=["2020"])
    assert found["period"].tolist() == ["1995", "1996", "2014", "2016", "2019", "2020"]
    assert found["segment"].tolist() == [0, 0, 1, 2, 3, 4]
    assert found["cut"].tolist() == ["", "", "absent", "missing", "absent", "break"]


def test_break_in_an_absent_year_still_cuts():
    found = segments(series({"2018": 1.0, "2021": 2.0}), breaks=["2020"])
    assert found["cut"].tolist() == ["", "break"]


def test_each_series_is_cut_for_itself():
    frame = pd.concat([series({"2018": 1.0, "2019": 1.0}), series({"2017": 1.0}, region="2282")])
    found = segments(frame)
    assert found["segment"].tolist() == [0, 0, 0]


def test_years_left_out_become_missing_rows_between_first_and_last():
    frame = pd.concat([series({"1996": 1.0, "1999": 2.0}), series({"1990": 5.0}, region="2282")])
    found = with_gaps(frame)
    assert found["period"].tolist() == ["1996", "1997", "1998", "1999", "1990"]
    assert found["status"].tolist() == ["", "..", "..", "", ""]
    assert found["value"].isna().tolist() == [False, True, True, False, False]


def test_series_without_a_value_has_no_segment():
    assert segments(series({"2018": np.nan})).empty


def test_sundsvalls_flows_of_1968_to_1996_are_one_segment_and_2014_begins_another(shared, net_rate):
    path = shared / "figures" / "migration_municipality_1968_1996.csv.gz"
    flows = pd.read_csv(path, dtype={"region": str, "period": str}, keep_default_na=False)
    flows = flows[(flows["region"] == "2281") & (flows["indicator"] == "net_migration")]
    late = net_rate[net_rate["region"] == "2281"]
    both = pd.concat([frame[["region", "period", "value", "status"]] for frame in (flows, late)])
    found = segments(both.assign(status=both["status"].astype(str)))
    spans = found.groupby("segment")["period"].agg(["min", "max"])
    assert spans.to_numpy().tolist() == [["1968", "1996"], ["2014", "2025"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="status"), "frame lacks the column status"),
        (lambda f: pd.concat([f, f]), "frame has 1 repeated rows, first at region 2281"),
        (lambda f: f.assign(period="2024M05"), '"2024M05", which is not a year'),
    ],
)
def test_frames_that_are_no_series_are_named(change, message):
    frame = change(series({"2020": 1.0}))
    for function in (moving_mean, segments):
        with pytest.raises(DataError, match=message):
            function(frame)


def test_break_that_is_no_year_is_named():
    with pytest.raises(DataError, match='period "BAS", which is not a year'):
        segments(series({"2020": 1.0}), breaks=["BAS"])


def test_span_below_one_is_refused():
    with pytest.raises(DataError, match="span=0 is no number of years"):
        moving_mean(series({"2020": 1.0}), span=0)


def peers_frame(home: float, others: list[float]) -> pd.DataFrame:
    parts = [series({"2022": home})]
    parts += [series({"2022": value}, region=f"{n:04d}") for n, value in enumerate(others)]
    return pd.concat(parts, ignore_index=True)


def test_peers_median_quartiles_and_share_below_by_hand():
    frame = peers_frame(3.0, [1.0, 2.0, 3.0, 10.0, 20.0])
    row = compare_with(frame, [f"{n:04d}" for n in range(5)], home="2281").iloc[0]
    assert (row["median"], row["low"], row["high"]) == (3.0, 2.0, 10.0)
    assert row["share_below"] == (2 + 0.5) / 5
    assert (row["peers"], row["peers_missing"]) == (5, 0)


def test_peer_without_a_figure_is_counted_as_missing_not_as_low():
    frame = peers_frame(3.0, [1.0, np.nan])
    row = compare_with(frame, ["0000", "0001", "0002"], home="2281").iloc[0]
    assert (row["median"], row["share_below"]) == (1.0, 1.0)
    assert (row["peers"], row["peers_missing"]) == (1, 2)


def test_home_without_a_figure_is_not_compared():
    row = compare_with(peers_frame(np.nan, [1.0]), ["0000"], home="2281").iloc[0]
    assert row["status"] == ".."
    assert np.isnan(row["share_below"])
    assert row["median"] == 1.0


def test_year_without_any_peer_is_kept():
    frame = pd.concat([peers_frame(1.0, [2.0]), series({"2023": 5.0})])
    found = compare_with(frame, ["0000", "2281"], home="2281").set_index("period")
    assert found.loc["2023", "peers"] == 0
    assert np.isnan(found.loc["2023", "median"])


def test_home_and_peers_must_be_there():
    with pytest.raises(DataError, match="No peers to compare 2281 with"):
        compare_with(peers_frame(1.0, []), ["2281"], home="2281")
    with pytest.raises(DataError, match="no figures of the home region 2262"):
        compare_with(peers_frame(1.0, [2.0]), ["0000"], home="2262")

"""Indicators computed from observations: hand calculations and what must hold for any figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import ConfigError, DataError
from regionstudy.indicators import compute

NAN = float("nan")


def table(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float | None, str]]:
    """(region, period) -> (value or None, status)."""
    return {
        (row.region, row.period): (None if np.isnan(row.value) else row.value, str(row.status))
        for row in frame.itertuples()
    }


@pytest.fixture
def run(study, entry):
    """Compute one formula on the figures given."""

    def compute_formula(frames, formula):
        return table(compute("y", **study(frames, entry("y", formula=formula))))

    return compute_formula


@pytest.fixture
def held(observe):
    """Figures of one indicator, "a"."""
    return {"a": observe([("2281", "2020", 10), ("2281", "2021", 20), ("2262", "2020", 4)])}


def test_observed_figures_come_through_unchanged(study, held):
    frame = compute("a", **study(held))
    assert list(frame.columns) == ["region", "indicator", "period", "value", "status"]
    assert table(frame) == {
        ("2262", "2020"): (4, ""),
        ("2281", "2020"): (10, ""),
        ("2281", "2021"): (20, ""),
    }


def test_one_id_and_several_ids_are_both_taken(study, held):
    built = study({**held, "b": held["a"]})
    assert compute(["b", "a", "b"], **built)["indicator"].unique().tolist() == ["b", "a"]


def test_no_ids_give_an_empty_frame(study, held):
    frame = compute([], **study(held))
    assert frame.empty
    assert list(frame.columns) == ["region", "indicator", "period", "value", "status"]


def test_level_is_read_from_the_codes(study, observe):
    rows = [("00", "2020", 1), ("22", "2020", 2), ("2281", "2020", 3), ("FA42", "2020", 4)]
    built = study({"a": observe(rows)})
    for level, code in (("country", "00"), ("county", "22"), ("municipality", "2281")):
        assert compute("a", **built, level=level)["region"].tolist() == [code]


def test_unknown_level_lists_the_levels(study, held):
    with pytest.raises(ConfigError, match=r'No level "kommun" .*country, county, municipality'):
        compute("a", **study(held), level="kommun")


def test_unknown_id_names_the_nearest(study, held):
    built = study({"population": held["a"]})
    with pytest.raises(ConfigError, match=r'No indicator "populaton" .*"population"\?'):
        compute(["populaton"], **built)


def test_only_periods_asked_for_are_given_though_others_are_used(study, entry, held):
    built = study(held, entry("y", formula="change(a, 1)"))
    assert table(compute("y", **built, periods=["2021"])) == {
        ("2262", "2021"): (None, ".."),
        ("2281", "2021"): (10, ""),
    }


def test_published_total_is_preferred_to_the_sum_of_parts(study, observe, entry):
    # A perturbed total (29) must not be replaced by the sum of its parts (30).
    rows = [("2281", "2025", "1", 10), ("2281", "2025", "2", 20), ("2281", "2025", "total", 29)]
    built = study({"a": observe(rows, "sex")}, entry("a", cell={"sex": ["1", "2"]}))
    assert table(compute("a", **built)) == {("2281", "2025"): (29, "")}


def test_cells_of_the_catalogue_stand_in_for_a_total_that_is_not_published(study, observe, entry):
    rows = [("2281", "2025", "1", 10), ("2281", "2025", "2", 20)]
    built = study({"a": observe(rows, "sex")}, entry("a", cell={"sex": ["1", "2"]}))
    assert table(compute("a", **built)) == {("2281", "2025"): (30, "")}


def test_named_cell_is_chosen_where_there_is_no_total(study, observe, entry):
    rows = [("2281", "2025", "20-64", 82), ("2281", "2025", "15-74", 70)]
    built = study({"a": observe(rows, "age")}, entry("a", cell={"age": "20-64"}))
    assert table(compute("a", **built)) == {("2281", "2025"): (82, "")}


def test_an_observation_without_a_breakdown_counts_as_its_total(study, observe):
    rows = [("2281", "2025", None, 5), ("2281", "2025", "1", 2)]
    assert table(compute("a", **study({"a": observe(rows, "sex")}))) == {("2281", "2025"): (5, "")}


def test_repeated_observation_is_an_error(study, observe):
    rows = [("2281", "2025", 5), ("2281", "2025", 6)]
    with pytest.raises(DataError, match="region 2281, period 2025: 2 rows where 1 make the whole"):
        compute("a", **study({"a": observe(rows)}))


def test_unknown_status_is_an_error(study, observe):
    frame = observe([("2281", "2025", 5)])
    frame["status"] = "?"
    with pytest.raises(DataError, match=r"Unknown status \?; the store knows"):
        compute("a", **study({"a": frame}))


def test_sum_over_cells_with_one_missing_is_missing(run, observe):
    rows = [("2281", "2020", "20", 1), ("2281", "2020", "21", NAN)]
    assert run({"a": observe(rows, "age")}, 'at(a, age="20..21")') == {
        ("2281", "2020"): (None, "..")
    }


def test_sum_over_cells_with_one_row_absent_is_missing(run, observe):
    rows = [("2281", "2020", "20", 1), ("2262", "2020", "20", 1), ("2262", "2020", "21", 2)]
    assert run({"a": observe(rows, "age")}, 'at(a, age="20..21")') == {
        ("2262", "2020"): (3, ""),
        ("2281", "2020"): (None, ".."),
    }


def test_choosing_a_breakdown_that_is_not_there_gives_nothing(study, entry, held):
    frame = compute("y", **study(held, entry("y", formula='at(a, age="20")')))
    assert frame.empty
    assert "y" in frame.attrs["missing"]


def test_share_and_per_1000_by_hand(run, observe):
    frames = {"a": observe([("2281", "2020", 5)]), "b": observe([("2281", "2020", 40)])}
    assert run(frames, "share(a, b)") == {("2281", "2020"): (12.5, "")}
    assert run(frames, "per_1000(a, b)") == {("2281", "2020"): (125, "")}


def test_mean_population_is_of_the_year_before_and_the_year(run, observe):
    frames = {"a": observe([("2281", "2019", 100), ("2281", "2020", 110)])}
    assert run(frames, "mean_population(a)") == {("2281", "2020"): (105, "")}


def test_changes_and_moving_mean_by_hand(run, observe):
    rows = [("2281", "2018", 80), ("2281", "2019", 100), ("2281", "2020", 120)]
    frames = {"a": observe(rows)}
    assert run(frames, "change(a, 2)") == {("2281", "2020"): (40, "")}
    assert run(frames, "pct_change(a, 2)") == {("2281", "2020"): (50, "")}
    assert run(frames, "moving_mean(a, 3)") == {("2281", "2020"): (100, "")}


def test_a_years_change_of_a_month_is_to_the_same_month(run, observe):
    rows = [("2281", "2019M05", 1), ("2281", "2019M06", 9), ("2281", "2020M05", 4)]
    assert run({"a": observe(rows)}, "change(a, 1)") == {("2281", "2020M05"): (3, "")}


def test_a_gap_year_gives_no_change(run, observe):
    frames = {"a": observe([("2281", "2018", 1), ("2281", "2020", 3)])}
    assert run(frames, "change(a, 1)") == {}


def test_division_by_nought_is_not_applicable(run, observe):
    frames = {"a": observe([("2281", "2020", 5)]), "b": observe([("2281", "2020", 0)])}
    assert run(frames, "a / b") == {("2281", "2020"): (None, ".")}
    assert run(frames, "b / b") == {("2281", "2020"): (None, ".")}
    assert run(frames, "a / 0") == {("2281", "2020"): (None, ".")}


def test_numbers_are_computed_among_themselves(run, observe):
    frames = {"a": observe([("2281", "2020", 5)])}
    assert run(frames, "a * (3 - 1) / 4 + -1") == {("2281", "2020"): (1.5, "")}


def test_nothing_to_report_counts_as_nought(study, run, observe):
    frames = {"a": observe([("2281", "2020", 0, "-")]), "b": observe([("2281", "2020", 10)])}
    assert table(compute("a", **study(frames))) == {("2281", "2020"): (0, "-")}
    assert run(frames, "share(a, b)") == {("2281", "2020"): (0, "")}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("", "p", "p"), ("r", "", "r"), ("p", "r", "p"), ("i", "p", "i"), ("", "", "")],
)
def test_statuses_of_parts_combine(run, observe, first, second, expected):
    frames = {
        "a": observe([("2281", "2020", 1, first)]),
        "b": observe([("2281", "2020", 2, second)]),
    }
    assert run(frames, "a + b") == {("2281", "2020"): (3, expected)}


def test_a_region_that_one_part_lacks_is_missing(run, observe):
    frames = {
        "a": observe([("2281", "2020", 1), ("2262", "2020", 1)]),
        "b": observe([("2281", "2020", 2)]),
    }
    assert run(frames, "a + b") == {
        ("2262", "2020"): (None, ".."),
        ("2281", "2020"): (3, ""),
    }


def test_join_takes_the_first_that_is_published_and_remembers(study, observe, entry):
    frames = {
        "a": observe([("2281", "2023", 1), ("2281", "2024", 2), ("2262", "2024", NAN)]),
        "b": observe([("2281", "2024", 9), ("2281", "2025", 3), ("2262", "2024", 4)]),
    }
    built = study(frames, entry("y", formula="join(a, b)"))
    frame = compute("y", **built)
    assert table(frame) == {
        ("2262", "2024"): (4, ""),
        ("2281", "2023"): (1, ""),
        ("2281", "2024"): (2, ""),
        ("2281", "2025"): (3, ""),
    }
    assert frame.attrs["segments"]["y"] == [
        {"part": "a", "first": "2023", "last": "2024"},
        {"part": "b", "first": "2024", "last": "2025"},
    ]


def test_segments_pass_on_to_what_is_computed_from_a_join(study, observe, entry):
    frames = {"a": observe([("2281", "2024", 1)]), "b": observe([("2281", "2025", 3)])}
    built = study(frames, entry("y", formula="join(a, b)"), entry("z", formula="change(y, 1)"))
    frame = compute("z", **built)
    assert table(frame) == {("2281", "2025"): (2, "")}
    assert [item["part"] for item in frame.attrs["segments"]["z"]] == ["a", "b"]
    assert frame.attrs["parts"]["z"] == ["a", "b"]


def test_cohort_method_by_hand(run, observe):
    # 20-21 at the end of 2011 were 19-20 in 2010: (110 + 90) - (100 + 80) = 20 more,
    # over the mean (200 + 180) / 2 = 190: 1000 * 20 / 190 a year.
    rows = [("2281", "2010", age, n) for age, n in (("19", 100), ("20", 80), ("total", 999))]
    rows += [("2281", "2011", age, n) for age, n in (("20", 110), ("21", 90), ("total", 999))]
    found = run({"a": observe(rows, "age")}, "cohort_rate(a, 20, 21)")
    assert found == {("2281", "2011"): (pytest.approx(1000 * 20 / 190), "")}


def test_cohort_method_over_four_years_is_a_yearly_rate(study, observe, entry):
    # Those aged 20 in 2022 were 16 in 2018: 90 - 110 = -20 over 100 in 4 years = -50 a year.
    rows = [("2281", "2018", "1", "16", 60), ("2281", "2018", "2", "16", 50)]
    rows += [("2281", "2022", "1", "20", 50), ("2281", "2022", "2", "20", 40)]
    frames = {"a": observe(rows, "sex", "age")}
    whole = entry("a", cell={"sex": ["1", "2"]})
    built = study(frames, whole, entry("y", formula="cohort_rate(a, 20, 20)"))
    assert table(compute("y", **built)) == {("2281", "2022"): (-50, "")}
    built = study(frames, whole, entry("y", formula='cohort_rate(at(a, sex="1"), 20, 20)'))
    # Men alone: 50 - 60 = -10 over 55, in 4 years.
    assert table(compute("y", **built)) == {("2281", "2022"): (pytest.approx(-1000 / 22), "")}


def test_cohort_method_skips_years_without_ages_and_ages_before_birth(run, observe, held):
    rows = [("2281", "2010", "1", 5), ("2281", "2011", "2", 5), ("2281", "2012", "total", 5)]
    frames = {"a": observe(rows, "age")}
    assert list(run(frames, "cohort_rate(a, 2, 2)")) == [("2281", "2011")]
    assert run({"a": observe(rows[:1], "age")}, "cohort_rate(a, 2, 2)") == {}
    four_years = observe([("2281", "2010", "1", 5), ("2281", "2014", "1", 5)], "age")
    assert run({"a": four_years}, "cohort_rate(a, 1, 1)") == {}
    assert run(held, "cohort_rate(a, 20, 21)") == {}


def test_cohort_with_a_missing_age_is_missing(run, observe):
    rows = [("2281", "2010", "19", 100), ("2281", "2011", "20", NAN)]
    rows += [("2262", "2010", "19", 100), ("2262", "2011", "20", 100)]
    assert run({"a": observe(rows, "age")}, "cohort_rate(a, 20, 20)") == {
        ("2262", "2011"): (0, ""),
        ("2281", "2011"): (None, ".."),
    }


def test_observed_periods_complete_a_formula_and_are_told_apart(study, observe, entry):
    frames = {
        "a": observe([("2281", "2022", 5), ("2281", "2023", 6), ("2262", "2023", NAN)]),
        "y": observe(
            [("2281", "2021", 1), ("2262", "2021", 2), ("2281", "2022", 99), ("2262", "2023", 99)]
        ),
    }
    found = compute("y", **study(frames, entry("y", formula="2 * a")))
    # 2022 and 2023 are the formula's, whole: Ånge 2023 is missing there, and stays so.
    assert table(found) == {
        ("2281", "2021"): (1, ""),
        ("2262", "2021"): (2, ""),
        ("2281", "2022"): (10, ""),
        ("2281", "2023"): (12, ""),
        ("2262", "2023"): (None, ".."),
    }
    assert found.attrs["segments"]["y"] == [
        {"part": "2 * a", "first": "2022", "last": "2023"},
        {"part": "y", "first": "2021", "last": "2021"},
    ]
    assert found.attrs["parts"]["y"] == ["a", "y"]


def test_estimate_is_used_only_without_other_figures_and_is_marked(study, observe, entry, held):
    item = entry("y", formula="b + 0", estimate="2 * a")
    frame = compute("y", **study(held, entry("b"), item))
    assert set(frame["status"].astype(str)) == {"i"}
    assert table(frame)["2281", "2020"] == (20, "i")
    assert frame.attrs["formula"]["y"] == "2 * a"
    assert frame.attrs["parts"]["y"] == ["a"]
    with_b = compute("y", **study({**held, "b": observe([("2281", "2020", 1)])}, item))
    assert table(with_b) == {("2281", "2020"): (1, "")}


def test_observed_figures_come_before_the_estimate(study, observe, entry, held):
    item = entry("y", formula="b + 0", estimate="2 * a")
    frame = compute("y", **study({**held, "y": observe([("2281", "2020", 7)])}, entry("b"), item))
    assert table(frame) == {("2281", "2020"): (7, "")}
    assert "y" not in frame.attrs["formula"]
    assert frame.attrs["parts"]["y"] == ["y"]


def test_provenance_is_of_every_observed_part(study, entry, held):
    built = study({**held, "b": held["a"]}, entry("y", formula="share(a, b)"))
    attrs = compute("y", **built).attrs
    assert attrs["provenance"] == {
        "a": {"publisher": "SCB", "table": "A"},
        "b": {"publisher": "SCB", "table": "B"},
    }
    assert attrs["formula"] == {"y": "share(a, b)"}


def test_missing_figures_are_named_with_the_command_that_fetches_them(study, entry, held):
    built = study(held, entry("b"), entry("y", formula="share(b, a)"))
    frame = compute(["a", "y"], **built)
    assert frame["indicator"].unique().tolist() == ["a"]
    assert frame.attrs["missing"] == {
        "y": {
            "sv": "Siffror saknas: b.",
            "en": "No figures are held: b.",
            "command": "regionstudy fetch --indicator b",
        }
    }


def test_a_source_that_is_not_fetched_has_no_command(study, entry, held):
    other = entry("b", source={"kind": "other", "publisher": "Skolverket"})
    frame = compute("b", **study(held, other))
    assert frame.attrs["missing"]["b"]["command"] == ""


def test_figures_only_in_parts_are_said_to_be_so(study, observe):
    built = study({"a": observe([("2281", "2020", "1", 5)], "sex")})
    missing = compute("a", **built).attrs["missing"]["a"]
    assert missing["en"] == "There are figures (a), but only of parts of the whole."


def test_figures_of_another_level_are_said_to_be_so(study, entry, observe):
    county = entry("a", levels=["county"])
    built = study({"a": observe([("22", "2020", 5)])}, county)
    missing = compute("a", **built).attrs["missing"]["a"]
    assert missing["en"] == "There are figures (a), but not of municipalities."
    # No fetch would help: the publisher has it for counties only.
    assert missing["command"] == ""


def test_periods_without_figures_are_said_to_be_so(study, held):
    frame = compute("a", **study(held), periods=["1999"])
    assert frame.attrs["missing"]["a"]["en"] == "No figures for the periods chosen."


def test_formula_that_gives_only_missing_figures_says_so_region_by_region(study, observe, entry):
    frames = {"a": observe([("2281", "2020", NAN)])}
    found = compute("y", **study(frames, entry("y", formula="2 * a", estimate="a / b"), entry("b")))
    assert table(found) == {("2281", "2020"): (None, "..")}
    assert found.attrs["formula"]["y"] == "2 * a"


def test_formulas_in_a_circle_are_refused(study, entry, held):
    built = study(held, entry("y", formula="z + a"), entry("z", formula="y + a"))
    with pytest.raises(ConfigError, match=r"in a circle: y -> z -> y. Break it"):
        compute("y", **built)


def test_a_faulty_formula_names_file_and_entry(study, entry, held):
    built = study(held, entry("y", formula="a + zzz"))
    with pytest.raises(ConfigError, match=r'people.toml, y: Formula .* no indicator "zzz"'):
        compute("y", **built)


def test_cells_of_a_computed_indicator_are_refused(study, entry, held):
    built = study(held, entry("y", formula="a + a"), entry("z", formula='at(y, age="20")'))
    with pytest.raises(ConfigError, match=r"y is computed and has no breakdown"):
        compute("z", **built)


def test_inputs_are_not_changed(study, held):
    before = held["a"].copy()
    compute("a", **study(held))
    pd.testing.assert_frame_equal(held["a"], before)

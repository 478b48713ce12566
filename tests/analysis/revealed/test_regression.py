"""Pull regression: honest out of sample, and what it reveals is what the draw put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.revealed import pull_regression
from regionstudy.analysis.revealed.penalised import PENALTIES, STRENGTHS, fit_path
from regionstudy.errors import ConfigError, DataError

SEEDED = {"seed": 1, "draws": 100}


def r2_of(found, held_out: str, predictor: str) -> float:
    rows = found.scores.set_index(["held_out", "predictor"])
    return rows.loc[(held_out, predictor), "r2"]


@pytest.fixture(scope="module")
def large(make_pull):
    return make_pull(3, groups=20, size=12, slopes=(2.0, -1.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def found(large):
    return pull_regression(**large, seed=1, draws=400)


def test_true_slopes_lie_in_the_intervals_of_the_weights(large, found):
    # 99 %: of four intervals of 90 % one would miss its truth in every third draw.
    weights = pull_regression(**large, seed=1, draws=1000, coverage=0.99).weights
    truth = np.array([2.0, -1.0, 0.0, 0.0]) * large["indicators"].std(ddof=0)
    assert (weights["low"] < truth).all()
    assert (truth < weights["high"]).all()
    assert found.weights.loc[["a", "b"], "same_sign"].tolist() == [1.0, 1.0]
    assert found.weights["share"].sum() == pytest.approx(1)
    assert found.predicts


def test_out_of_sample_r2_is_that_of_the_draw(large, found):
    # The noise has the variance 1 of some 1 + 4·1.25 + 1.25: a share that no one can predict.
    best = 1 - 1 / large["target"].var()
    of_size = {"groups": 0.05, "regions": 0.5}  # counties differ, as their indicators do
    for held_out in ("groups", "regions"):
        assert r2_of(found, held_out, "indicators") == pytest.approx(best, abs=0.05)
        assert r2_of(found, held_out, "same_as_before") < 0.05
        assert r2_of(found, held_out, "size_and_group") < of_size[held_out]
    rows = found.scores.set_index("predictor")["beaten"]
    assert (rows.drop("indicators") == 1).all()
    assert rows["indicators"].isna().all()


@pytest.mark.parametrize("penalty", sorted(PENALTIES))
def test_noise_is_said_not_to_predict(make_pull, penalty):
    for seed in range(4):
        data = make_pull(seed, slopes=(0.0,) * 6)
        found = pull_regression(**data, penalty=penalty, **SEEDED)
        assert not found.predicts
        assert r2_of(found, "groups", "indicators") < 0.1


def test_indicators_that_say_less_than_the_past_do_not_predict(make_pull):
    data = make_pull(5, slopes=(1.0, 0.0))
    data["before"] = data["target"] + np.random.default_rng(5).normal(0, 0.1, len(data["target"]))
    found = pull_regression(**data, **SEEDED)
    assert r2_of(found, "groups", "indicators") > 0
    assert r2_of(found, "groups", "same_as_before") > 0.95
    assert not found.predicts


def test_indicators_that_say_less_than_which_county_it_is_do_not_predict(make_pull):
    data = make_pull(6, slopes=(1.0, 0.0), noise=0.3)
    level = dict(zip(sorted(set(data["groups"])), [6, -6, 5, -5, 4, -4, 3, -3], strict=True))
    data["target"] = data["target"] + data["groups"].map(level)
    found = pull_regression(**data, **SEEDED)
    # Its own neighbours tell a county's level; of a county never seen nothing is known.
    assert r2_of(found, "regions", "size_and_group") > 0.8
    assert r2_of(found, "groups", "size_and_group") < 0.3
    assert not found.predicts


def nested_search(data) -> pd.Series:
    """The same predictions by scikit-learn's own pipeline, grid search and splitters."""
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import GridSearchCV, GroupKFold, LeaveOneGroupOut
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    groups = data["groups"].sort_index()
    x = data["indicators"].loc[groups.index].to_numpy()
    y = data["target"].loc[groups.index].to_numpy()
    predicted = pd.Series(np.nan, index=groups.index)
    for train, test in LeaveOneGroupOut().split(x, y, groups):
        best = None
        for strength in STRENGTHS:
            # alpha = n·λ with the n of each inner fit, which a fixed grid can't follow.
            errors = 0.0
            folds = GroupKFold(min(10, groups.iloc[train].nunique()))
            for fit, check in folds.split(x[train], y[train], groups.iloc[train]):
                model = make_pipeline(
                    SimpleImputer(strategy="median"),
                    StandardScaler(),
                    Ridge(alpha=strength * len(fit)),
                ).fit(x[train][fit], y[train][fit])
                errors += ((y[train][check] - model.predict(x[train][check])) ** 2).sum()
            if best is None or errors < best[0]:
                best = errors, strength
        search = GridSearchCV(
            make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), Ridge()),
            {"ridge__alpha": [best[1] * len(train)]},
            cv=GroupKFold(2),
        ).fit(x[train], y[train], groups=groups.iloc[train])
        predicted.iloc[test] = search.predict(x[test])
    return predicted


def test_held_out_predictions_are_those_of_scikit_learns_pipeline(make_pull):
    data = make_pull(7, groups=5, size=6)
    data["indicators"].iloc[[2, 9], 0] = np.nan
    found = pull_regression(**data, **SEEDED)
    assert np.abs(found.regions["predicted"] - nested_search(data)).max() < 1e-9
    y, predicted = found.regions["pull"], found.regions["predicted"]
    group = found.regions["group"]
    seen = (y.sum() - y.groupby(group).transform("sum")) / (
        len(y) - y.groupby(group).transform("size")
    )
    r2 = 1 - ((y - predicted) ** 2).sum() / ((y - seen) ** 2).sum()
    assert r2_of(found, "groups", "indicators") == pytest.approx(r2, rel=1e-12)


def test_elastic_net_path_is_that_of_scikit_learn(make_pull):
    from sklearn.linear_model import ElasticNet

    data = make_pull(8, slopes=(2.0, 0.0, 0.0, 0.0))
    x, y = data["indicators"].to_numpy(), data["target"].to_numpy()
    path = fit_path(x, y, penalty="elastic_net")
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    for place in (5, 12, 18):
        alone = ElasticNet(alpha=STRENGTHS[place], l1_ratio=0.5, max_iter=100_000, tol=1e-10)
        alone.fit(z, (y - y.mean()) / y.std())
        assert path.slopes[place] == pytest.approx(alone.coef_ * y.std(), abs=2e-4)


def test_pull_of_a_held_out_county_does_not_leak_into_its_prediction(make_pull):
    data = make_pull(9)
    before = pull_regression(**data, **SEEDED).regions
    own = data["groups"] == "03"
    data["target"] = data["target"].where(~own, data["target"] * -7 + 50)
    after = pull_regression(**data, **SEEDED).regions
    assert after.loc[own, "predicted"].tolist() == before.loc[own, "predicted"].tolist()
    assert (after.loc[~own, "predicted"] != before.loc[~own, "predicted"]).all()


def test_same_as_before_is_a_line_fitted_without_the_held_out_county(make_pull):
    data = make_pull(10)
    data["before"] = 0.5 * data["target"] + data["before"]
    found = pull_regression(**data, **SEEDED)
    errors = total = 0.0
    for group in data["groups"].unique():
        out = data["groups"] == group
        line = np.polyfit(data["before"][~out], data["target"][~out], 1)
        errors += ((data["target"][out] - np.polyval(line, data["before"][out])) ** 2).sum()
        total += ((data["target"][out] - data["target"][~out].mean()) ** 2).sum()
    assert r2_of(found, "groups", "same_as_before") == pytest.approx(1 - errors / total)


def test_size_and_county_is_a_plane_in_the_logarithms_of_both_populations(make_pull):
    data = make_pull(11)
    people = data["population"]
    together = people.groupby(data["groups"]).transform("sum")
    data["target"] = 3 * np.log(people) - 2 * np.log(together) + 7
    found = pull_regression(**data, **SEEDED)
    assert r2_of(found, "groups", "size_and_group") == pytest.approx(1)
    assert not found.predicts


def test_a_region_alone_in_its_county_is_predicted_by_size(make_pull):
    data = make_pull(12)
    alone = data["groups"].index[0]
    data["groups"] = data["groups"].where(data["groups"].index != alone, "99")
    data["target"] = 2 * np.log(data["population"])
    found = pull_regression(**data, **SEEDED)
    assert r2_of(found, "regions", "size_and_group") == pytest.approx(1)


def test_a_missing_figure_is_taken_as_the_median_and_counted(make_pull):
    data = make_pull(13)
    data["indicators"].iloc[[1, 4], 1] = np.nan
    found = pull_regression(**data, **SEEDED)
    assert found.weights["imputed"].tolist() == [0, 2, 0]
    x = np.array([[1.0, 5.0], [2.0, np.nan], [3.0, 9.0], [4.0, 6.0]])
    path = fit_path(x, np.array([1.0, 2.0, 3.0, 5.0]), penalty="ridge")
    assert path.fill.tolist() == [2.5, 6.0]
    filled = path.predict(np.array([[2.0, 6.0]]))
    assert path.predict(np.array([[2.0, np.nan]])).tolist() == filled.tolist()


def test_regions_that_lack_what_a_fit_needs_are_named(make_pull):
    data = make_pull(14)
    codes = data["target"].index
    data["target"] = data["target"].drop(codes[5])
    data["before"] = data["before"].where(codes != codes[1])
    data["population"] = data["population"].drop(codes[9])
    data["indicators"] = data["indicators"].drop(codes[12])
    data["indicators"].loc[codes[13]] = np.nan
    found = pull_regression(**data, **SEEDED)
    assert dict(found.left_out.to_numpy().tolist()) == {
        codes[1]: "no before",
        codes[5]: "no target",
        codes[9]: "no population",
        codes[12]: "no indicators",
        codes[13]: "no indicators",
    }
    assert len(found.regions) == len(codes) - 5


def test_residual_is_pull_beyond_the_held_out_prediction(found, large):
    regions = found.regions
    assert regions.index.tolist() == sorted(large["target"].index)
    assert regions["residual"].tolist() == (regions["pull"] - regions["predicted"]).tolist()
    assert regions["pull"].tolist() == large["target"].sort_index().tolist()


def test_same_seed_gives_the_same_and_another_seed_other_intervals(make_pull):
    data = make_pull(15)
    first, second = (pull_regression(**data, **SEEDED) for _ in range(2))
    pd.testing.assert_frame_equal(first.weights, second.weights)
    pd.testing.assert_frame_equal(first.scores, second.scores)
    other = pull_regression(**data, seed=2, draws=100)
    assert (other.weights["weight"] == first.weights["weight"]).all()
    assert (other.weights["low"] != first.weights["low"]).all()


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 1000),
    times=st.floats(0.01, 1000),
    shift=st.floats(-100, 100),
    flip=st.sampled_from([1, -1]),
)
def test_rescaling_an_indicator_changes_nothing_and_turning_it_mirrors(
    make_pull, seed, times, shift, flip
):
    data = make_pull(seed, groups=5, size=5)
    one = pull_regression(**data, **SEEDED)
    data["indicators"] = data["indicators"].assign(a=flip * times * data["indicators"]["a"] + shift)
    other = pull_regression(**data, **SEEDED)
    mirrored = one.weights["weight"] * [flip, 1, 1]
    assert other.weights["weight"].tolist() == pytest.approx(mirrored.tolist(), abs=1e-6)
    assert other.regions["predicted"].tolist() == pytest.approx(
        one.regions["predicted"].tolist(), abs=1e-6
    )
    assert other.predicts == one.predicts


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1000))
def test_order_of_rows_is_irrelevant(make_pull, seed):
    data = make_pull(seed, groups=5, size=5)
    one = pull_regression(**data, **SEEDED)
    mixed = {
        name: part.sample(frac=1, random_state=seed + place)
        for place, (name, part) in enumerate(data.items())
    }
    other = pull_regression(**mixed, **SEEDED)
    pd.testing.assert_frame_equal(one.weights, other.weights)
    pd.testing.assert_frame_equal(one.scores, other.scores)
    pd.testing.assert_frame_equal(one.regions, other.regions)


def test_unit_of_the_target_scales_weights_and_leaves_scores(make_pull):
    data = make_pull(16)
    one = pull_regression(**data, **SEEDED)
    data["target"] = data["target"] / 10
    other = pull_regression(**data, **SEEDED)
    assert other.weights["weight"].tolist() == pytest.approx((one.weights["weight"] / 10).tolist())
    assert other.scores["r2"].tolist() == pytest.approx(one.scores["r2"].tolist())


def test_elastic_net_leaves_out_what_says_nothing(make_pull):
    data = make_pull(17, groups=12, size=10, slopes=(3.0, *(0.0,) * 7), noise=2.0)
    found = pull_regression(**data, penalty="elastic_net", **SEEDED)
    assert found.weights.loc["a", "weight"] > 2
    assert (found.weights["weight"] == 0).any()
    assert found.weights.loc[found.weights["weight"] == 0, "share"].eq(0).all()


def test_index_weights_keep_what_agrees_with_its_direction(found):
    weights = found.for_index({"a": 1, "b": -1, "c": 1, "d": 1})
    raw = found.weights["weight"]
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert weights["a"] / weights["b"] == pytest.approx(raw["a"] / -raw["b"])
    contrary = found.for_index({"a": -1, "b": -1, "c": 1, "d": 1})
    assert contrary["a"] == 0


def test_index_weights_need_directions_and_agreement(make_pull):
    found = pull_regression(**make_pull(18, slopes=(2.0, -2.0), noise=0.1), **SEEDED)
    with pytest.raises(ConfigError, match="direction: 'b' has neither"):
        found.for_index({"a": 1})
    with pytest.raises(ConfigError, match="direction: 'a' has neither"):
        found.for_index({"a": 0, "b": 1})
    with pytest.raises(DataError, match="No revealed weight has the sign of its direction"):
        found.for_index({"a": -1, "b": 1})


def test_input_is_not_changed(make_pull):
    data = make_pull(19)
    kept = {name: part.copy() for name, part in data.items()}
    pull_regression(**data, **SEEDED)
    for name, part in data.items():
        pd.testing.assert_frame_equal(pd.DataFrame(part), pd.DataFrame(kept[name]))


@pytest.mark.parametrize("late", ["2022", "2023", "2022K1", "2022M05"])
def test_an_indicator_not_from_before_the_target_is_refused(make_pull, late):
    periods = {"a": "2021", "b": late, "c": "2021K4"}
    with pytest.raises(DataError, match=f"'b' is of {late}, not before .* begins 2022"):
        pull_regression(**make_pull(20), periods=periods, target_from="2022", **SEEDED)


def test_an_earlier_pull_not_from_before_is_refused(make_pull):
    data = make_pull(20)
    data["before"] = data["before"].rename("net")
    periods = {"a": "2021", "b": "2020", "c": "2021", "net": "2022"}
    with pytest.raises(DataError, match="'net' is of 2022, not before"):
        pull_regression(**data, periods=periods, target_from="2022", **SEEDED)
    found = pull_regression(**data, periods=periods | {"net": "2021"}, target_from="2022", **SEEDED)
    assert len(found.weights) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"periods": {"a": "2021"}}, "periods and target_from belong together"),
        ({"target_from": "2022"}, "periods and target_from belong together"),
        ({"periods": {"a": "2021"}, "target_from": "2022"}, "none is given for 'b', 'c'"),
        (
            {"periods": dict.fromkeys("abc", "våren"), "target_from": "2022"},
            "periods: a: 'våren' does not begin with a year",
        ),
        (
            {"periods": dict.fromkeys("abc", "2021"), "target_from": "20222"},
            "target_from: '20222' does not begin with a year",
        ),
        ({"penalty": "rigde"}, "'rigde' is no penalty. Did you mean 'ridge'?"),
        ({"draws": 99}, "draws=99: give at least 100"),
        ({"coverage": 1.0}, "coverage=1.0: give a share between 0 and 1"),
    ],
)
def test_a_wrong_option_is_refused(make_pull, options, message):
    with pytest.raises(ConfigError, match=message):
        pull_regression(**make_pull(21), **{**SEEDED, **options})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d | {"indicators": d["indicators"].iloc[:, :0]}, "indicators: there is nothing"),
        (
            lambda d: d | {"indicators": d["indicators"].assign(b=3.0)},
            "'b' is the same in every region. Leave it out",
        ),
        (
            lambda d: d | {"indicators": d["indicators"].assign(c=np.nan)},
            "'c' is missing in more than half of the regions",
        ),
        (
            lambda d: d | {"indicators": d["indicators"].assign(c=np.inf)},
            "indicators: 'c' is infinite in region '0101'",
        ),
        (
            lambda d: d | {"indicators": pd.concat([d["indicators"], d["indicators"].head(1)])},
            "indicators: the regions '0101' occur more than once",
        ),
        (lambda d: d | {"target": d["target"] * np.inf}, "target: 'target' is infinite"),
        (lambda d: d | {"target": d["target"] * 0}, "target: every region has the same pull"),
        (lambda d: d | {"before": d["before"] * 0}, "before: every region has the same earlier"),
        (
            lambda d: d | {"groups": d["groups"].drop("0101")},
            "none is given for the regions '0101'",
        ),
        (
            lambda d: d | {"groups": d["groups"].str[:1]},
            "groups: 1 with a pull; .* needs 5 or more",
        ),
        (lambda d: d | {"population": d["population"] * 0}, "'0101', .* and 43 more has nobody"),
    ],
)
def test_what_can_not_be_fitted_is_refused(make_pull, change, message):
    with pytest.raises(DataError, match=message):
        pull_regression(**change(make_pull(22)), **SEEDED)


def test_official_net_migration_is_scored_as_scikit_learn_would(
    net_rate, natural_rate, total_population
):
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    def mean(frame, first, last):
        rows = frame[frame["period"].between(first, last) & (frame["region"].str.len() == 4)]
        return rows.pivot_table(index="region", columns="period", values="value").mean(axis=1)

    target, before = mean(net_rate, "2023", "2025"), mean(net_rate, "2020", "2022")
    people = mean(total_population, "2022", "2022").reindex(target.index)
    natural = mean(natural_rate, "2022", "2022").rename("natural_change_rate").to_frame()
    found = pull_regression(
        target,
        natural,
        groups={code: code[:2] for code in target.index},
        before=before,
        population=people,
        **SEEDED,
    )
    assert len(found.regions) == 290
    y, counties = target.sort_index(), target.sort_index().index.str[:2]
    options = {"groups": counties, "cv": LeaveOneGroupOut()}
    line = LinearRegression()
    predicted = cross_val_predict(line, before.loc[y.index].to_frame(), y, **options)
    mean_of_others = cross_val_predict(line, np.zeros((290, 1)), y, **options)
    r2 = 1 - ((y - predicted) ** 2).sum() / ((y - mean_of_others) ** 2).sum()
    assert r2_of(found, "groups", "same_as_before") == pytest.approx(r2, abs=1e-9)
    assert 0.3 < r2 < 0.5

from __future__ import annotations

import pandas as pd
import pytest

import regionstudy
from regionstudy.analysis.statuses import MISSING, severity, words


def test_worst_status_is_that_of_the_whole():
    ranks = severity(pd.Series(["", "r", "p", "i", ".."]))
    assert ranks.tolist() == sorted(ranks.tolist())
    assert list(words(ranks)) == ["", "r", "p", "i", ".."]


def test_nothing_to_report_is_a_figure_and_unknown_symbols_are_not():
    assert severity(pd.Series(["-"])).tolist() == [0]
    assert severity(pd.Series([".", "?", "hidden"])).tolist() == [MISSING] * 3


def test_no_rows_have_no_statuses():
    assert severity(pd.Series([], dtype=str)).tolist() == []


def test_analysis_modules_are_found_through_the_package():
    assert set(dir(regionstudy.analysis)) == set(regionstudy.analysis.__all__)
    assert regionstudy.analysis.migration.net_migration.__name__ == "net_migration"
    with pytest.raises(AttributeError, match="has no attribute 'migrations'"):
        _ = regionstudy.analysis.migrations

"""Key figures asked for together, and each entry's own part of what comes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from tests.sources.kolada_server import filled_value
from werkzeug import Response

from regionstudy.errors import SourceError
from regionstudy.store.fetch.kolada_series import plan_kpis, years_of

from .conftest import opened
from .entries import entry, kpi, observed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sources.kolada_server import FakeKolada

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.tasks import Series

TODAY = dt.date(2025, 6, 1)
BY_SEX = "N00090"


@pytest.fixture
def clients(kolada_server: FakeKolada) -> Iterator[Clients]:
    """Clients of which only Kolada's has anyone to ask."""
    with opened(None, kolada=kolada_server.url) as made:
        yield made


def plan(
    clients: Clients, *indicators: Indicator, since: int | None = 2024
) -> tuple[list[Series], dict[str, str]]:
    """Plan some entries."""
    return plan_kpis(clients.kolada, indicators, since=since, today=TODAY)


def test_the_values_are_koladas_under_our_own_codes(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.fill([BY_SEX], [2024, 2025])
    [series], faults = plan(clients, entry(source=kpi(BY_SEX, sexes=True)))
    frame, facts = observed(series)
    assert not faults
    assert len(frame) == 290 * 2 * 3
    codes = {"total": "T", "1": "M", "2": "K"}
    for row in frame.sample(200, random_state=1).to_dict("records"):
        expected = filled_value(BY_SEX, row["region"], int(row["period"]), codes[row["sex"]])
        assert row["value"] == expected
    assert set(frame["indicator"]) == {"residents"}
    assert (facts["publisher"], facts["table"]) == ("Kolada (RKA)", BY_SEX)
    assert facts["query"] == f"data/kpi/{BY_SEX}/year/2024–2025"
    assert facts["licence"] == "CC0-1.0"
    assert facts["retrieved"] == dt.datetime.now(tz=dt.UTC).date().isoformat()


def test_without_sexes_only_the_total_stays(kolada_server: FakeKolada, clients: Clients) -> None:
    kolada_server.put(BY_SEX, "2281", 2024, T=3.0, K=1.0, M=2.0)
    [series], _ = plan(clients, entry(source=kpi(BY_SEX)))
    frame, _ = observed(series)
    assert list(frame.columns) == ["region", "indicator", "period", "value", "status"]
    assert frame["value"].tolist() == [3.0]


@pytest.mark.parametrize(
    ("levels", "regions", "noted"),
    [
        (("municipality",), ["2281"], False),
        (("county",), ["22"], True),
        (("country", "municipality"), ["00", "2281"], True),
    ],
)
def test_levels_choose_the_regions(
    kolada_server: FakeKolada,
    clients: Clients,
    levels: tuple[str, ...],
    regions: list[str],
    noted: bool,
) -> None:
    for place, value in (("0000", 1.0), ("0022", 2.0), ("2281", 3.0)):
        kolada_server.put("N01951", place, 2024, T=value)
    [series], _ = plan(clients, entry(source=kpi("N01951"), levels=levels))
    frame, facts = observed(series)
    assert sorted(frame["region"]) == regions
    assert ("regional authority" in facts["note"]["en"]) == (
        noted and any(len(one) == 2 for one in regions)
    )


def test_missing_stays_missing(kolada_server: FakeKolada, clients: Clients) -> None:
    kolada_server.put("N01951", "2281", 2024, T=None)
    kolada_server.put("N01951", "2260", 2024, T=0.0)
    [series], _ = plan(clients, entry(source=kpi("N01951")))
    frame = observed(series)[0].set_index("region")
    assert frame.loc["2281", "status"] == ".."
    assert frame["value"].isna().to_dict() == {"2260": False, "2281": True}


def test_an_unknown_key_figure_fails_alone_and_names_the_nearest(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.put("N01951", "2281", 2024, T=1.0)
    known = entry("known", source=kpi("N01951"))
    wrong = entry("wrong", source=kpi("N01591"))
    series, faults = plan(clients, known, wrong)
    assert [one.indicator.id for one in series] == ["known"]
    assert list(faults) == ["wrong"]
    assert re.search(r"there is no N01591 .*Nearest: U01591 ", str(faults["wrong"]))


def test_a_lone_unknown_key_figure_is_a_fault_too(clients: Clients) -> None:
    series, faults = plan(clients, entry("wrong", source=kpi("N01591")))
    assert series == []
    assert "there is no N01591" in str(faults["wrong"])


def test_a_service_that_is_down_is_no_fault_of_an_entry(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.refuse(50)
    with pytest.raises(SourceError, match="too many calls"):
        plan(clients, entry("one", source=kpi("N01951")), entry("two", source=kpi("N07403")))


def test_a_service_that_is_down_is_no_fault_of_a_lone_entry_either(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.refuse(50)
    with pytest.raises(SourceError, match="too many calls"):
        plan(clients, entry("one", source=kpi("N01951")))


def test_a_page_of_html_is_no_fault_of_an_entry_and_asked_for_once(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    page = Response("<html>Driftstopp</html>", 200, mimetype="text/html")
    kolada_server.override = lambda _: page
    with pytest.raises(SourceError, match="a page of HTML came in place"):
        plan(clients, entry("one", source=kpi("N01951")), entry("two", source=kpi("N07403")))
    assert len(kolada_server.asked) == 1


def test_key_figures_share_tasks_of_one_page_each(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    names = [one["id"] for one in kolada_server.kpis[:20]]
    entries = [entry(f"i{place}", source=kpi(name)) for place, name in enumerate(names)]
    series, _ = plan(clients, *entries)
    tasks = {task.key: task for one in series for task in one.tasks}
    assert [task.calls for task in tasks.values()] == [1] * 4  # 16 and 4 key figures, two years
    assert {len(one.tasks) for one in series} == {2}
    assert max(task.cells for task in tasks.values()) <= 16 * 312 * 3
    assert all(task.good_for == dt.timedelta(days=1) for task in tasks.values())


def test_sixteen_key_figures_of_a_year_are_one_page(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    names = [one["id"] for one in kolada_server.kpis if one["municipality_type"] == "A"][:16]
    kolada_server.fill(names, [2025])
    series, _ = plan(clients, *(entry(f"i{n}", source=kpi(name)) for n, name in enumerate(names)),
                     since=2025)  # fmt: skip
    before = len(kolada_server.asked)
    [task] = series[0].tasks
    assert len(task.run()) >= 16 * 312
    assert len(kolada_server.asked) == before + 1


def test_two_entries_may_take_the_same_key_figure(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.put("N01951", "2281", 2024, T=3.0, K=1.0, M=2.0)
    series, _ = plan(clients, entry("all", source=kpi("N01951")),
                     entry("both", source=kpi("N01951", sexes=True)))  # fmt: skip
    assert [task.key for task in series[0].tasks] == [task.key for task in series[1].tasks]
    assert [len(observed(one)[0]) for one in series] == [1, 3]


def test_a_key_figure_without_values_of_the_levels_is_an_error(
    kolada_server: FakeKolada, clients: Clients
) -> None:
    kolada_server.put("N01951", "0022", 2024, T=3.0)
    wanted = entry(source=kpi("N01951"), levels=("municipality",))
    [series], _ = plan(clients, wanted, since=None)
    with pytest.raises(SourceError, match=r"N01951: it has no value of the levels municipality"):
        observed(series)
    # Of the last years only, it is that they have not come.
    [series], _ = plan(clients, wanted, since=2025)
    rows, facts = observed(series)
    assert (len(rows), facts) == (0, {})


@pytest.mark.parametrize(
    ("since", "first"), [(None, 1998), (2020, 2020), (1950, 1998), (2025, 2025)]
)
def test_years_go_from_the_first_wanted_to_this_one(since: int | None, first: int) -> None:
    years = years_of(since, TODAY)
    assert (years[0], years[-1]) == (first, 2025)

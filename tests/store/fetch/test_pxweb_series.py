"""An entry's question to a table: what is asked, what is refused, and what becomes of figures."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from tests.sources.pxweb_tables import FakeTable, FakeVariable, population

from regionstudy.errors import ConfigError, DataError, SourceError
from regionstudy.store.fetch.pxweb_series import plan_table
from regionstudy.store.fetch.pxweb_tidy import _marks

from .entries import entry, observed, same, scb, stored

if TYPE_CHECKING:
    from tests.sources.pxweb_server import FakePxWeb

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.tasks import Series

TODAY = dt.date(2026, 11, 25)
WHOLE = {"Civilstand": "OG", "Alder": "total"}


def plan(
    clients: Clients, indicator: Indicator, *, place: int = 0, since: int | None = None
) -> Series | None:
    """Plan one of an entry's tables."""
    source = indicator.source
    assert source is not None
    assert source.kind == "scb"
    table = source.tables[place]
    return plan_table(clients.scb, indicator, table, since=since, today=TODAY, refresh=False)


def asked(scb_server: FakePxWeb, series: Series | None) -> dict[str, list[str]]:
    """What one series asks of the service, by variable."""
    observed(series)
    [body] = scb_server.bodies()
    return {one["variableCode"]: one["valueCodes"] for one in body["selection"]}


def test_every_cell_is_the_tables_own(scb_server: FakePxWeb, clients: Clients) -> None:
    table = scb_server.put(population(first=2022, last=2024))
    frame, _ = observed(plan(clients, entry(source=scb({"id": "TAB638"}))))
    assert list(frame.columns) == [
        "region", "indicator", "period", "age", "sex", "value", "status",
    ]  # fmt: skip
    assert len(frame) == 4 * 2 * 3 * 3
    for row in frame.to_dict("records"):
        value, status = stored(
            table,
            Region=row["region"],
            Civilstand="OG",
            Alder={"total": "TotSA"}.get(row["age"], row["age"]),
            Kon={"total": "TotSa"}.get(row["sex"], row["sex"]),
            ContentsCode="BE0101N1",
            Tid=row["period"],
        )
        assert same(row["value"], value), row
        assert row["status"] == status, row


def test_all_kinds_of_symbols_stand_among_the_cells_that_are_compared() -> None:
    table = population(first=2022, last=2024)
    symbols = {
        stored(table, Region=region, Civilstand="OG", Alder=age, Kon=sex,
               ContentsCode="BE0101N1", Tid=year)[1]
        for region in ("00", "22", "2260", "2281")
        for age in ("0", "TotSA")
        for sex in ("1", "2", "TotSa")
        for year in ("2022", "2023", "2024")
    }  # fmt: skip
    assert symbols >= {"", "..", "-"}


@pytest.mark.parametrize(
    ("levels", "regions"),
    [
        (("country",), ["00"]),
        (("county",), ["22"]),
        (("municipality",), ["2260", "2281"]),
        (("country", "municipality"), ["00", "2260", "2281"]),
    ],
)
def test_levels_choose_the_regions(
    scb_server: FakePxWeb, clients: Clients, levels: tuple[str, ...], regions: list[str]
) -> None:
    series = plan(clients, entry(source=scb({"id": "TAB638"}), levels=levels))
    assert asked(scb_server, series)["Region"] == regions


def test_a_level_that_the_table_lacks_is_told(clients: Clients) -> None:
    series = plan(clients, entry(source=scb({"id": "TAB638"}), levels=("county", "deso")))
    assert series is not None
    assert "no codes of deso that the store can hold among the table's 4 regions" in series.told[0]


def test_a_table_without_any_of_the_levels_is_refused(clients: Clients) -> None:
    one = entry(source=scb({"id": "TAB638"}), levels=("fa_region",))
    with pytest.raises(ConfigError, match=r"none of the table's regions \(00, 22.*fa_region"):
        plan(clients, one)


@pytest.mark.parametrize(
    ("years", "since", "periods"),
    [
        ("", None, [str(year) for year in range(2015, 2025)]),
        ("2022-", None, ["2022", "2023", "2024"]),
        ("-2016", None, ["2015", "2016"]),
        ("2017-2018", None, ["2017", "2018"]),
        ("2019", None, ["2019"]),
        ("2015-", 2024, ["2024"]),
        ("2017-2018", 2018, ["2018"]),
    ],
)
def test_years_and_since_choose_the_periods(
    scb_server: FakePxWeb, clients: Clients, years: str, since: int | None, periods: list[str]
) -> None:
    one = entry(source=scb({"id": "TAB638", "years": years}))
    assert asked(scb_server, plan(clients, one, since=since))["Tid"] == periods


def test_a_table_that_ends_before_since_gives_nothing(clients: Clients) -> None:
    assert plan(clients, entry(source=scb({"id": "TAB638"})), since=2025) is None


def test_contents_are_found_by_their_text(scb_server: FakePxWeb, clients: Clients) -> None:
    one = entry(source=scb({"id": "TAB638", "contents": [{"text": "Folkökning"}]}))
    assert asked(scb_server, plan(clients, one))["ContentsCode"] == ["BE0101N2"]


def test_contents_whose_text_nobody_has_seen_are_taken_and_told(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    series = plan(clients, entry(source=scb({"id": "TAB638", "contents": [{"code": "BE0101N2"}]})))
    assert series is not None
    assert any('BE0101N2 is called "Folkökning"; the catalogue has no text' in one
               for one in series.told)  # fmt: skip
    assert asked(scb_server, series)["ContentsCode"] == ["BE0101N2"]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ({"code": "BE0101N1", "text": "Folkökning"}, r'"Folkökning" has the code BE0101N2, not'),
        ({"text": "Folkmängden"}, r"Folkmängden.*Folkmängd"),
        ({"code": "BE0101N9"}, r"no contents BE0101N9\. Did you mean .*It has BE0101N1 \(Folkm"),
    ],
)
def test_contents_that_do_not_fit_are_refused_with_the_nearest(
    clients: Clients, contents: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        plan(clients, entry(source=scb({"id": "TAB638", "contents": [contents]})))


def test_a_table_of_several_contents_must_be_told_which(clients: Clients) -> None:
    with pytest.raises(ConfigError, match=r"2 contents\. Name one.*BE0101N1 \(Folkmängd\)"):
        plan(clients, entry(source=scb({"id": "TAB638", "contents": []})))


def test_named_contents_become_a_breakdown(scb_server: FakePxWeb, clients: Clients) -> None:
    table = scb_server.put(population(first=2024, last=2024))
    named = [
        {"text": "Folkmängd", "name": "stock"},
        {"code": "BE0101N2", "text": "Folkökning", "name": "increase"},
    ]
    source = scb(
        {"id": "TAB638", "contents": named, "measure": "flow", "select": {}, "fixed": WHOLE}
    )
    frame, _ = observed(plan(clients, entry(source=source)))
    assert set(frame["flow"]) == {"stock", "increase"}
    own = {"Region": "2281", "Civilstand": "OG", "Alder": "TotSA", "Kon": "TotSa", "Tid": "2024"}
    got = frame[(frame["region"] == "2281")].set_index("flow")["value"]
    assert same(got["stock"], stored(table, **own, ContentsCode="BE0101N1")[0])
    assert same(got["increase"], stored(table, **own, ContentsCode="BE0101N2")[0])


def test_a_variable_that_is_not_named_is_at_its_total_and_no_breakdown(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    series = plan(clients, entry(source=scb({"id": "TAB638", "select": {}, "fixed": WHOLE})))
    frame, _ = observed(series)
    [body] = scb_server.bodies()
    chosen = {one["variableCode"]: one["valueCodes"] for one in body["selection"]}
    assert (chosen["Alder"], chosen["Kon"]) == (["TotSA"], ["TotSa"])
    assert list(frame.columns) == ["region", "indicator", "period", "value", "status"]


def test_what_the_service_sums_over_is_told_and_noted(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    table = scb_server.put(population(first=2024, last=2024))
    source = scb({"id": "TAB638", "fixed": {}, "select": {"Kon": ["1", "2"], "Alder": "total"}})
    series = plan(clients, entry(source=source))
    assert series is not None
    assert any("Civilstand is not chosen and has no published total" in one for one in series.told)
    frame, facts = observed(series)
    assert facts["note"]["en"] == "Summed by the service over Civilstand."
    own = {"Region": "22", "Alder": "TotSA", "Kon": "1", "ContentsCode": "BE0101N1", "Tid": "2024"}
    parts = [table.figure(**own, Civilstand=one)[0] for one in ("OG", "G")]
    assert None not in parts
    got = frame[(frame["region"] == "22") & (frame["sex"] == "1")]
    assert got["value"].tolist() == [sum(one or 0 for one in parts)]


def test_names_words_recodes_copies_and_factor(scb_server: FakePxWeb, clients: Clients) -> None:
    table = scb_server.put(population(first=2024, last=2024))
    source = scb(
        {
            "id": "TAB638",
            "fixed": {"Alder": "total"},
            "select": {"Civilstand": "*", "Kon": ["1", "2", "total"]},
            "breakdowns": {"Civilstand": "status_of_life"},
            "words": ["Civilstand"],
            "recode": {"status_of_life": {"ogifta": "single"}, "sex": {"1": "men", "2": "women"}},
            "copies": {"origin": "region"},
            "factor": 0.001,
        }
    )
    frame, _ = observed(plan(clients, entry(source=source)))
    assert set(frame["status_of_life"]) == {"single", "gifta"}
    assert set(frame["sex"]) == {"men", "women", "total"}
    assert frame["origin"].tolist() == frame["region"].tolist()
    row = frame.query("region == '2281' and status_of_life == 'single' and sex == 'women'")
    value, _ = stored(
        table, Region="2281", Civilstand="OG", Alder="TotSA", Kon="2", ContentsCode="BE0101N1",
        Tid="2024",
    )  # fmt: skip
    assert row["value"].item() == pytest.approx(value / 1000)


def test_texts_that_are_the_same_can_not_be_codes(scb_server: FakePxWeb, clients: Clients) -> None:
    table = population(first=2024, last=2024)
    table.variables[1].values = {"OG": "Gifta", "G": "gifta"}
    scb_server.put(table)
    source = scb({"id": "TAB638", "fixed": {"Alder": "total"}, "select": {"Civilstand": "*"},
                  "words": ["Civilstand"]})  # fmt: skip
    with pytest.raises(ConfigError, match=r"two values of Civilstand have the same text.*words"):
        observed(plan(clients, entry(source=source)))


def test_a_note_to_a_published_figure_is_no_status(
    scb_server: FakePxWeb, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = FakeTable.answer

    def noted(self: FakeTable, *chosen: Any) -> dict[str, Any]:
        body = answer(self, *chosen)
        return {**body, "value": [5, *body["value"][1:]], "status": {"0": "*"}}

    monkeypatch.setattr(FakeTable, "answer", noted)
    frame, _ = observed(
        plan(clients, entry(source=scb({"id": "TAB638", "select": {}, "fixed": WHOLE})))
    )
    assert (frame["value"][0], frame["status"][0]) == (5, "")


def test_a_span_of_years_is_filed_under_its_last(scb_server: FakePxWeb, clients: Clients) -> None:
    table = population()
    spans = ("2022/23", "2023-2024", "1998-2001", "1999/00")
    table.variables[-1].values = {span: span for span in spans}
    scb_server.put(table)
    frame, _ = observed(
        plan(clients, entry(source=scb({"id": "TAB638", "select": {}, "fixed": WHOLE})))
    )
    assert sorted(set(frame["period"])) == ["2000", "2001", "2023", "2024"]


def test_a_period_of_no_known_kind_is_an_error(scb_server: FakePxWeb, clients: Clients) -> None:
    table = population()
    table.variables[-1].values = {"våren 2024": "våren 2024"}
    scb_server.put(table)
    with pytest.raises(DataError, match=r'"våren 2024" is no period such as 2024'):
        plan(clients, entry(source=scb({"id": "TAB638"})))


def test_a_table_that_has_frozen_is_told(scb_server: FakePxWeb, clients: Clients) -> None:
    scb_server.put(population(last=2022))
    series = plan(clients, entry(source=scb({"id": "TAB638"})))
    assert series is not None
    assert any("It may have frozen without saying so" in one for one in series.told)


def test_noise_is_told_and_noted(scb_server: FakePxWeb, clients: Clients) -> None:
    scb_server.put(population(notes=["Metoden Cell Key Method (CKM) används."]))
    series = plan(clients, entry(source=scb({"id": "TAB638"})))
    assert series is not None
    assert any("small random noise" in one for one in series.told)
    assert "parts do not add up" in observed(series)[1]["note"]["en"]


def test_a_series_break_within_the_periods_is_told(clients: Clients) -> None:
    note = {"sv": "ny metod", "en": "new method"}
    one = entry(source=scb({"id": "TAB638"}), breaks=[{"period": "2020", "note": note}])
    series = plan(clients, one)
    assert series is not None
    assert any("the series breaks at 2020 (new method)" in told for told in series.told)


def test_every_wrong_value_is_named_at_once(clients: Clients) -> None:
    source = scb({"id": "TAB638", "select": {"Alder": ["77"], "Kon": ["3"], "Konn": ["1"]}})
    with pytest.raises(ConfigError) as caught:
        plan(clients, entry(source=source))
    assert 'Alder has no value "77"' in str(caught.value)
    assert 'Kon has no value "3"' in str(caught.value)
    assert "Konn" in str(caught.value)


def test_an_unknown_table_is_an_error_with_its_address(clients: Clients) -> None:
    with pytest.raises(SourceError, match=r'no table "TAB639".*TAB638.*Search') as caught:
        plan(clients, entry(source=scb({"id": "TAB639"})))
    assert caught.value.status == 404


def test_a_table_whose_region_is_called_otherwise_needs_telling(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    table = scb_server.put(population(first=2024, last=2024))
    table.variables[0] = FakeVariable("Bostad", "bostad", table.variables[0].values)
    with pytest.raises(ConfigError, match=r"none of its variables is the region: Bostad"):
        plan(clients, entry(source=scb({"id": "TAB638"})))
    named = scb({"id": "TAB638", "breakdowns": {"Bostad": "region"}})
    frame, _ = observed(plan(clients, entry(source=named)))
    assert set(frame["region"]) == {"00", "22", "2260", "2281"}


def test_the_facts_say_table_query_stamp_licence_and_day(clients: Clients) -> None:
    series = plan(clients, entry(source=scb({"id": "TAB638"})), since=2023)
    _, facts = observed(series)
    assert facts["publisher"] == "SCB"
    assert facts["table"].startswith("TAB638 Folkmängd efter region")
    assert facts["query"] == (
        "tables/TAB638/data: ContentsCode=BE0101N1; Alder=0,total; Kon=1,2,total; Civilstand=OG; "
        "Tid=2023–2024 (2); Region=00–2281 (4)"
    )
    assert facts["updated"] == "2026-02-24T07:00:00Z"
    assert facts["licence"] == "CC0-1.0"
    assert facts["retrieved"] == dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert facts["url"].endswith("/api/v2/tables/TAB638")


def test_tasks_hold_the_limit_and_their_keys_the_stamp(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    scb_server.max_cells = 50
    series = plan(clients, entry(source=scb({"id": "TAB638"})))
    assert series is not None
    assert sum(task.cells for task in series.tasks) == 4 * 2 * 3 * 10
    assert all(0 < task.cells <= 50 for task in series.tasks)
    assert all(task.key.endswith("2026-02-24T07:00:00Z") for task in series.tasks)
    body = json.loads(series.tasks[0].command.split(" -d '")[1][:-1])
    assert {one["variableCode"] for one in body["selection"]} == {
        "Region", "Civilstand", "Alder", "Kon", "ContentsCode", "Tid",
    }  # fmt: skip


def test_an_update_between_two_answers_is_an_error_that_says_run_again(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    scb_server.max_cells = 150
    series = plan(clients, entry(source=scb({"id": "TAB638"})))
    assert series is not None
    first, second = (task.run() for task in series.tasks)
    second.attrs["updated"] = "2026-11-25T07:00:00Z"
    with pytest.raises(SourceError, match=r"updated while it was asked for.*Run the same"):
        series.read([first, second])


def test_a_mark_on_a_published_figure_is_told_and_the_figure_stands() -> None:
    answer = pd.DataFrame(
        {
            "status": pd.Categorical(["..", "x", "", ".."]),
            "value": [7.0, 8.0, 9.0, float("nan")],
        }
    )
    assert dict(_marks([answer])) == {"..": 1, "x": 1}

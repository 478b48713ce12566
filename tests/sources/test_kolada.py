"""Kolada: what is asked, what is read, and what is never taken in silence."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug import Response

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.http import Patience, open_session
from regionstudy.sources.kolada import Kolada
from regionstudy.sources.kolada_answers import KPI_FIELDS, read_kpis, read_values
from regionstudy.sources.kolada_requests import kolada_code, plan_data, region_code

from .kolada_server import FakeKolada, filled_value, serve_kolada

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

HOME = ["2260", "2262", "2280", "2281", "2282", "2283", "2284"]


@pytest.fixture
def fake(service: HTTPServer, shared: Path) -> FakeKolada:
    return FakeKolada(service, shared)


@pytest.fixture
def kolada(fake: FakeKolada) -> Iterator[Kolada]:
    session = open_session(source="kolada", patience=Patience(backoff_s=0.0))
    yield Kolada(fake.url, session=session)
    session.close()


def answering(fake: FakeKolada, **body: Any) -> None:
    """Let the service answer every call with one body."""
    envelope = {"values": [], "count": 0, "next_url": None, "previous_url": None} | body
    fake.override = lambda _: Response(json.dumps(envelope), 200, mimetype="application/json")


def row(**changed: Any) -> dict[str, Any]:
    cell = {"gender": "T", "count": 1, "status": "", "value": 5.0, "isdeleted": False}
    whole = {"kpi": "N01951", "period": 2024, "municipality": "2281"}
    return whole | {
        "values": [cell | {key: value for key, value in changed.items() if key in cell}],
        **{key: value for key, value in changed.items() if key in whole},
    }


# What is read.


def test_the_recorded_values_are_read_with_sex_period_and_region(kolada: Kolada) -> None:
    frame = kolada.data(["N01951", "N00003"], regions=["0580"], years=[2023, 2024])
    # ../shared/recordings/kolada/data-e969c0.json
    expected = pd.DataFrame(
        [
            ["0580", "N00003", "2023", "total", 34965.484696],
            ["0580", "N00003", "2024", "total", 35374.035171],
            ["0580", "N01951", "2023", "1", 85255.0],
            ["0580", "N01951", "2023", "2", 82149.0],
            ["0580", "N01951", "2023", "total", 167404.0],
            ["0580", "N01951", "2024", "1", 85509.0],
            ["0580", "N01951", "2024", "2", 82526.0],
            ["0580", "N01951", "2024", "total", 168035.0],
        ],
        columns=["region", "indicator", "period", "sex", "value"],
    )
    pd.testing.assert_frame_equal(frame.drop(columns="status"), expected, check_exact=True)
    assert set(frame["status"]) == {""}


def test_a_single_year_or_region_needs_no_list(kolada: Kolada) -> None:
    listed = kolada.data("N01951", regions=["0580"], years=[2024])
    single = kolada.data("N01951", regions="0580", years=2024)
    pd.testing.assert_frame_equal(single, listed)
    assert len(kolada.plan("N01951", regions="0580", years=2024)) == 2
    with pytest.raises(SourceError, match='"24" is not a year'):
        kolada.data("N01951", regions="0580", years=24)


def test_only_the_sexes_asked_for_are_kept(kolada: Kolada) -> None:
    frame = kolada.data("N01951", regions=["0580"], years=[2024], sex="2")
    assert frame[["sex", "value"]].to_numpy().tolist() == [["2", 82526.0]]


def test_a_missing_value_is_nan_beside_two_dots_and_zero_stays_zero(
    fake: FakeKolada, kolada: Kolada
) -> None:
    fake.put("N01951", "2281", 2024, T=None)
    fake.put("N01951", "2282", 2024, T=0)
    frame = kolada.data("N01951", regions=["2281", "2282"], years=[2024])
    assert frame["status"].tolist() == ["..", ""]
    assert np.isnan(frame["value"][0])
    assert frame["value"][1] == 0


def test_an_unknown_status_word_beside_null_is_still_missing() -> None:
    frame = read_values([row(value=None, status="Privacy")], url="u", what="w")
    assert frame["status"].tolist() == [".."]


def test_an_unknown_status_word_beside_a_value_is_told_and_the_value_kept() -> None:
    with pytest.warns(UserWarning, match='marks published values with "Preliminär"'):
        frame = read_values([row(status="Preliminär")], url="u", what="w")
    assert frame["value"].tolist() == [5.0]


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0000", "0022", "2281"]),
            st.integers(1998, 2030),
            st.sampled_from("TKM"),
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        ),
        max_size=20,
    )
)
def test_nan_never_has_status_published_and_no_value_is_lost(
    cells: list[tuple[str, int, str, float | None]],
) -> None:
    rows = [
        row(municipality=area, period=year, gender=gender, value=value)
        for area, year, gender, value in cells
    ]
    frame = read_values(rows, url="u", what="w")
    assert len(frame) == len(cells)
    assert (frame["value"].isna() == frame["status"].eq("..")).all()
    sent = [np.nan if value is None else value for *_, value in cells]
    np.testing.assert_array_equal(frame["value"], sent)


def test_a_deleted_value_is_left_out_of_data_and_shown_among_the_changes(
    fake: FakeKolada, kolada: Kolada
) -> None:
    fake.put("N01951", "2281", 2023, T=1.0, changed="2026-03-01")
    fake.put("N01951", "2281", 2024, T=None, deleted=True, changed="2026-03-02")
    fake.put("N01951", "2281", 2022, T=2.0, changed="2026-01-01")
    assert kolada.data("N01951", regions=["2281"])["period"].tolist() == ["2022", "2023"]
    changes = kolada.changed_since(dt.date(2026, 2, 1), kpis="N01951", regions=["2281"])
    assert changes["period"].tolist() == ["2023", "2024"]
    assert changes["deleted"].tolist() == [False, True]
    assert changes["status"].tolist() == ["", ".."]
    assert "from_date=2026-02-01" in fake.asked[-1]


def test_nothing_changed_is_an_empty_answer_and_no_error(fake: FakeKolada, kolada: Kolada) -> None:
    changes = kolada.changed_since("2026-11-01", kpis="N01951", regions=["0580"])
    assert changes.empty
    assert list(changes.columns) == [
        "region", "indicator", "period", "sex", "value", "status", "deleted",
    ]  # fmt: skip


def test_figures_come_from_the_cache_and_news_from_the_service(
    fake: FakeKolada, tmp_path: Path
) -> None:
    with open_session(source="kolada", cache=tmp_path) as session:
        kolada = Kolada(fake.url, session=session)
        first = kolada.data("N01951", regions=["0580"], years=[2024])
        asked = len(fake.asked)
        pd.testing.assert_frame_equal(kolada.data("N01951", regions=["0580"], years=[2024]), first)
        assert len(fake.asked) == asked == 2
        kolada.changed_since("2026-01-01", kpis="N01951", regions=["0580"])
        kolada.changed_since("2026-01-01", kpis="N01951", regions=["0580"])
        assert len(fake.asked) == asked + 2
        kolada.metadata("N01951", refresh=True)
        assert len(fake.asked) == asked + 3


def test_a_day_that_is_none_is_refused(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match=r'Changes in Kolada: "i går" is not a day'):
        kolada.changed_since("i går", kpis="N01951", regions=["0580"])


def test_county_and_country_are_asked_for_and_come_back_in_the_codes_of_scb(
    fake: FakeKolada, kolada: Kolada
) -> None:
    fake.put("N01951", "0000", 2024, T=10587710)
    fake.put("N01951", "0022", 2024, T=241000)
    frame = kolada.data("N01951", regions=["00", "22"], years=[2024])
    assert frame[["region", "value"]].to_numpy().tolist() == [["00", 10587710], ["22", 241000]]
    assert fake.asked[-1].startswith("/v3/data/kpi/N01951/municipality/0000,0022/year/2024")


def test_every_code_of_kolada_is_a_code_of_scb_and_back(shared: Path) -> None:
    official = pd.read_csv(shared / "catalogue" / "regions.csv", dtype=str)
    assert official["kolada_code"].map(region_code).tolist() == official["scb_code"].tolist()
    assert official["scb_code"].map(kolada_code).tolist() == official["kolada_code"].tolist()


def test_all_regions_means_municipalities_regions_and_country_but_no_groups(
    fake: FakeKolada, kolada: Kolada
) -> None:
    fake.put("N01951", "2281", 2024, T=1.0)
    fake.put("N01951", "G33629", 2024, T=2.0, count=7)
    assert kolada.data("N01951", years=[2024])["region"].unique().tolist() == ["0580", "2281"]
    group = kolada.data("N01951", regions=["G33629"], years=[2024])
    assert group[["region", "value"]].to_numpy().tolist() == [["G33629", 2.0]]


def test_the_frame_says_where_it_is_from_and_when_the_next_figures_come(
    fake: FakeKolada, kolada: Kolada
) -> None:
    frame = kolada.data("N01951", regions=["0580", "2281"], years=[2024, 2030])
    source = frame.attrs["provenance"]["N01951"]
    assert (source["publisher"], source["source"], source["table"]) == ("RKA", "Kolada", "N01951")
    assert source["query"].endswith("/municipality/0580,2281/year/2024,2030?per_page=5000")
    assert source["retrieved"] == dt.datetime.now(dt.UTC).date().isoformat()
    assert source["licence"] == "CC0-1.0"
    # ../shared/recordings/kolada/kpi-dd8aaf.json
    assert frame.attrs["kpis"]["N01951"] == {
        "title": "Invånare totalt, antal",
        "publ_period": "2025",
        "publication_date": "2026-02-21",
        "prel_publication_date": "",
    }
    assert frame.attrs["absent"] == {"N01951": {"regions": ["2281"], "years": ["2030"]}}


# Lists.


def test_the_recorded_municipalities_are_290_and_the_regions_22(kolada: Kolada) -> None:
    table = kolada.municipalities()
    assert table["type"].value_counts().to_dict() == {"K": 290, "L": 22}
    assert table.loc[table["id"] == "0022", ["region", "title"]].to_numpy().tolist() == [
        ["22", "Region Västernorrland"]
    ]


def test_a_search_in_titles_gives_the_recorded_answer(kolada: Kolada, shared: Path) -> None:
    table = kolada.kpis("Invånare")
    recorded = json.loads((shared / "recordings/kolada/kpi-dd8aaf.json").read_text("utf-8"))
    assert {item["id"] for item in recorded["values"]} <= set(table["id"])
    assert list(table.columns) == list(KPI_FIELDS)
    one = table[table["id"] == "N01951"].iloc[0]
    assert one["publication_date"] == pd.Timestamp("2026-02-21")
    assert one["municipality_type"] == "A"


def test_null_in_metadata_is_empty_and_never_the_word_none(kolada: Kolada) -> None:
    table = kolada.metadata(["N01928", "N01797"])
    assert table["auspice"].tolist() == ["", "X"]
    assert table["publ_period"].tolist() == ["", "2025"]
    assert table["has_ou_data"].isna().tolist() == [False, True]
    assert table["publication_date"].isna().tolist() == [True, False]


def test_all_6099_kpis_come_over_two_pages(fake: FakeKolada, kolada: Kolada) -> None:
    assert len(kolada.kpis()) == len(fake.kpis) >= 6099
    assert len(fake.asked) == 2
    assert "page=2" in fake.asked[1]


def test_words_of_a_title_are_found_in_any_order(kolada: Kolada) -> None:
    found = kolada.kpis("antal invånare totalt")
    assert "N01951" in set(found["id"])


def test_an_id_is_found_as_well_as_a_title(kolada: Kolada) -> None:
    assert kolada.kpis("n01951 ")["title"].tolist() == ["Invånare totalt, antal"]
    with pytest.raises(SourceError, match=r"there is no N99999"):
        kolada.kpis("N99999")


def test_a_session_is_opened_where_none_is_given(fake: FakeKolada) -> None:
    assert len(Kolada(fake.url).municipalities()) == 312


def test_a_title_that_nobody_has_is_an_error_with_the_nearest(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match=r'"Inflytade": no title has it .* Nearest: N\d{5}') as it:
        kolada.kpis("Inflytade")
    assert "Inflyttade" in str(it.value)
    with pytest.raises(SourceError, match="Try another word of the title"):
        kolada.kpis("qqqqqqqq")


def test_swedish_letters_arrive_encoded(fake: FakeKolada, kolada: Kolada) -> None:
    assert not kolada.kpis("kollektivtrafiknära läge").empty
    assert "title=kollektivtrafikn%C3%A4ra+l%C3%A4ge" in fake.asked[0]


def test_groups_list_their_members_by_region(kolada: Kolada) -> None:
    table = kolada.groups("Större stad")
    # ../shared/CATALOGUE.md: 23 larger cities, Sundsvall among them.
    assert len(table[table["id"] == "G92790"]) == 23
    assert "2281" in set(table[table["id"] == "G92790"]["region"])


def test_a_group_that_does_not_exist_is_an_error(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match='groups with "Pyttestad": no title has it'):
        kolada.groups("Pyttestad")


def test_units_are_those_of_the_municipality(fake: FakeKolada, kolada: Kolada) -> None:
    fake.units = [
        {"id": "V15E228100101", "title": "Skolan", "municipality": "2281"},
        {"id": "V15E228200101", "title": "Skolan", "municipality": "2282"},
    ]
    assert kolada.units("2281").to_numpy().tolist() == [["2281", "V15E228100101", "Skolan"]]
    assert kolada.units("2280").empty
    answering(fake, values=fake.units, count=2)
    with pytest.raises(SourceError, match="units of 2282 came: the service ignored"):
        kolada.units("2281")


# What is asked.


def test_a_plan_counts_calls_and_cells_and_sends_nothing(fake: FakeKolada, kolada: Kolada) -> None:
    kpis = [f"N{number:05}" for number in range(30)]
    plan = kolada.plan(kpis, regions=HOME, years=range(1998, 2024))
    assert fake.asked == []
    # 30 ids are 2 look-ups; 2 batches of KPIs times 1 of regions times 2 of years (25 + 1).
    assert len(plan) == 2 + 4
    assert sum(request.rows for request in plan[2:]) == 30 * 7 * 26
    assert plan[2].cells == 25 * 7 * 25 * 3
    assert plan[2].calls == 1
    assert [request.brings_values for request in plan] == [False] * 2 + [True] * 4
    assert kolada.as_curl(plan[1]) == f"curl {fake.url}/kpi/{','.join(kpis[25:])}"


def test_a_plan_of_many_regions_counts_their_pages(kolada: Kolada) -> None:
    regions = kolada.municipalities()["region"].tolist()
    plan = kolada.plan([f"N{n:05}" for n in range(25)], regions=regions, years=range(2000, 2025))
    assert plan[1].rows == 25 * 25 * 25
    assert plan[1].calls == 4  # 15,625 rows in pages of 5,000


@settings(deadline=None)  # the machine may be busy; time is not what is tested
@given(kpis=st.integers(1, 60), regions=st.sampled_from([1, 7, 25, 26]), years=st.integers(1, 60))
def test_batches_hold_at_most_25_ids_and_cover_each_cell_once(
    kpis: int, regions: int, years: int
) -> None:
    ids = [f"N{number:05}" for number in range(kpis)]
    areas = [f"G{number}" for number in range(regions)]
    asked = [str(1960 + number) for number in range(years)]
    plan = plan_data("https://kolada", ids, regions=areas, years=asked)
    assert all(len(part) <= 25 for one in plan for part in (one.kpis, one.areas, one.years))
    cells = [
        (kpi, area, year)
        for one in plan
        for kpi in one.kpis
        for area in one.areas
        for year in one.years
    ]
    assert len(cells) == len(set(cells)) == kpis * regions * years
    assert len(plan) == -(-kpis // 25) * -(-regions // 25) * -(-years // 25)


def test_more_than_25_of_each_come_whole(fake: FakeKolada, kolada: Kolada) -> None:
    kpis = [item["id"] for item in fake.kpis[:30]]
    regions = [item["id"] for item in fake.municipalities if item["type"] == "K"][:30]
    for kpi in kpis:
        for region in regions:
            fake.put(kpi, region, 2001, T=float(int(region)))
            fake.put(kpi, region, 2027, T=0.0)
    frame = kolada.data(kpis, regions=regions, years=range(2001, 2028))
    new = frame[frame["period"].isin(["2001", "2027"])]
    assert len(new) == 30 * 30 * 2
    assert (
        new.loc[new["period"] == "2001", "value"]
        == new.loc[new["period"] == "2001", "region"].astype(float)
    ).all()


def test_a_plan_can_be_run_in_parts(fake: FakeKolada, kolada: Kolada) -> None:
    asked: dict[str, Any] = {"regions": ["0580"], "years": [2023, 2024]}
    whole = kolada.data(["N01951", "N00003"], **asked)
    plan = kolada.plan(["N01951", "N00003"], **asked)
    parts = [kolada.run([request]) for request in plan]
    together = pd.concat(parts, ignore_index=True)
    assert together.to_numpy().tolist() == whole.to_numpy().tolist()
    assert kolada.run([]).empty


def test_every_cell_of_many_pages_is_the_one_asked_for(fake: FakeKolada, kolada: Kolada) -> None:
    fake.page_size = 500
    kpis = ["N01951", "N00003", "N60404"]  # for both kinds of region, municipalities, regions
    fake.fill(kpis, range(2019, 2024))
    regions = kolada.municipalities()["region"].tolist()
    frame = kolada.data(kpis, regions=regions, years=range(2019, 2024))
    frame = frame[~((frame["region"] == "0580") & (frame["period"] == "2023"))]  # recorded, too
    sexes = {"total": "T", "2": "K", "1": "M"}
    expected = [
        filled_value(kpi, kolada_code(region), int(year), sexes[sex])
        for kpi, region, year, sex in zip(
            frame["indicator"], frame["region"], frame["period"], frame["sex"], strict=True
        )
    ]
    np.testing.assert_array_equal(frame["value"], expected)
    # 312 regions in 5 years less the one above, in three sexes; 290 - that; 22.
    assert frame["indicator"].value_counts().to_dict() == {
        "N01951": (312 * 5 - 1) * 3,
        "N00003": 290 * 5 - 1,
        "N60404": 22 * 5,
    }


def test_the_fake_service_runs_by_itself(shared: Path) -> None:
    with serve_kolada(shared) as alone:
        assert len(Kolada(alone.url).municipalities()) == 312


def test_a_repeated_id_is_asked_for_once(fake: FakeKolada, kolada: Kolada) -> None:
    kolada.data(["N01951", "N01951"], regions=["0580", "0580"], years=[2024, "2024"])
    assert fake.asked[-1].startswith("/v3/data/kpi/N01951/municipality/0580/year/2024?")


def test_pages_are_followed_to_the_last(fake: FakeKolada, kolada: Kolada) -> None:
    fake.page_size = 10
    for year in range(1970, 2000):
        fake.put("N01951", "2281", year, T=float(year))
    frame = kolada.data("N01951", regions=["2281"])
    assert frame["value"].tolist() == [float(year) for year in range(1970, 2000)]
    assert sum("/data/" in url for url in fake.asked) == 3


def test_a_call_that_is_refused_for_its_pace_is_repeated(fake: FakeKolada, kolada: Kolada) -> None:
    fake.refuse(1, retry_after=0)
    fake.refuse(1)
    assert len(kolada.data("N01951", regions=["0580"], years=[2024])) == 3


# What is never taken in silence.


def test_a_mistyped_kpi_is_an_error_with_the_nearest_ids(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match=r"there is no N0195l .*N01951 Invånare totalt, antal"):
        kolada.data(["N0195l", "N01951"], regions=["0580"], years=[2024])
    with pytest.raises(SourceError, match=r"there is no Sundsvall .*search TEXT --source kolada"):
        kolada.metadata("Sundsvall")


def test_a_mistyped_region_is_an_error_with_the_nearest(fake: FakeKolada, kolada: Kolada) -> None:
    with pytest.raises(SourceError, match=r"not a region code\. Did you mean 2281 Sundsvall"):
        kolada.data("N01951", regions=["228I"], years=[2024])
    with pytest.raises(SourceError, match="none of functional regions such as"):
        kolada.data("N01951", regions=["FA42"], years=[2024])
    assert fake.asked == []


@pytest.mark.parametrize("year", ["24", "2O24", 2024.5, -1, "２０２４"])
def test_a_year_that_is_none_is_refused(kolada: Kolada, year: Any) -> None:
    with pytest.raises(SourceError, match=f'"{year}" is not a year'):
        kolada.data("N01951", regions=["0580"], years=[year])


def test_an_unknown_sex_lists_the_valid_ones(kolada: Kolada) -> None:
    with pytest.raises(ConfigError, match=r'"K" is not a sex; use one of: total, 1, 2'):
        kolada.data("N01951", regions=["0580"], sex="K")


def test_asking_for_nothing_or_too_little_is_refused(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match="no KPI was asked for"):
        kolada.data([], regions=["0580"], years=[2024])
    with pytest.raises(SourceError, match="no region and no year was asked for"):
        kolada.data("N01951", regions=[], years=[])
    with pytest.raises(SourceError, match="two of KPI, region and year"):
        kolada.data("N01951")


def test_a_kpi_without_any_figure_is_an_error_that_names_it(
    fake: FakeKolada, kolada: Kolada
) -> None:
    asked = {"regions": ["0580"], "years": [2024]}
    with pytest.raises(SourceError, match=r"none of N00005 \(Utjämningssystemet"):
        kolada.data(["N01951", "N00005"], **asked)
    frame = kolada.data(["N01951", "N00005"], **asked, empty_ok=True)
    assert set(frame["indicator"]) == {"N01951"}
    assert frame.attrs["absent"]["N00005"] == {"regions": ["0580"], "years": ["2024"]}


def test_a_kpi_of_municipalities_asked_for_a_county_says_so(kolada: Kolada) -> None:
    with pytest.raises(SourceError, match="published for municipalities only"):
        kolada.data("N00003", regions=["22"], years=[2024])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kpi": "N00003"}, "indicator N00003 came, which was not asked for"),
        ({"municipality": "0180"}, "region 0180 came, which was not asked for"),
        ({"period": 2019}, "period 2019 came, which was not asked for"),
    ],
)
def test_figures_of_something_else_are_refused(
    fake: FakeKolada, kolada: Kolada, changed: dict[str, Any], told: str
) -> None:
    metadata = kolada.metadata("N01951")
    kolada.metadata = lambda _: metadata  # type: ignore[method-assign]
    answering(fake, values=[row(), row(**changed)], count=2)
    with pytest.raises(SourceError, match=told):
        kolada.data("N01951", regions=["2281"], years=[2024])


def test_two_values_for_one_cell_are_refused_and_a_repeated_row_is_not(
    fake: FakeKolada, kolada: Kolada
) -> None:
    fake.put("N01951", "2281", 2024, T=1.0)
    fake.put("N01951", "2281", 2024, T=1.0)
    assert len(kolada.data("N01951", regions=["2281"], years=[2024])) == 1
    fake.put("N01951", "2281", 2024, T=2.0)
    with pytest.raises(SourceError, match="two different values came for N01951 2281 2024 total"):
        kolada.data("N01951", regions=["2281"], years=[2024])


def test_a_next_page_on_another_host_is_not_followed(fake: FakeKolada, kolada: Kolada) -> None:
    answering(fake, next_url="https://example.org/v3/kpi?page=2")
    with pytest.raises(SourceError, match=r"another host, https://example.org/v3/kpi\?page=2"):
        kolada.kpis()


def test_a_next_page_is_asked_of_the_address_that_works(fake: FakeKolada, kolada: Kolada) -> None:
    # A service behind a proxy may name its inner scheme and port; the host is the same.
    bodies = [
        {"values": [], "count": 0, "next_url": "https://localhost:1/v3/kpi?page=2"},
        {"values": [], "count": 0, "next_url": None},
    ]
    fake.override = lambda _: Response(json.dumps(bodies.pop(0)), mimetype="application/json")
    kolada.kpis()
    assert fake.asked == ["/v3/kpi?per_page=5000", "/v3/kpi?page=2"]


def test_pages_that_go_round_are_stopped(fake: FakeKolada, kolada: Kolada) -> None:
    answering(fake, next_url=f"{fake.url}/kpi?per_page=5000")
    with pytest.raises(SourceError, match="next page is one that has been read already"):
        kolada.kpis()


@pytest.mark.parametrize("wrong", [{"values": None}, {"values": {}}, {"count": None}])
def test_an_envelope_of_other_kinds_is_refused(
    fake: FakeKolada, kolada: Kolada, wrong: dict[str, Any]
) -> None:
    answering(fake, **wrong)
    with pytest.raises(SourceError, match="values is no list in the answer, or count no number"):
        kolada.kpis()


def test_rows_that_were_announced_and_did_not_come_are_missed(
    fake: FakeKolada, kolada: Kolada
) -> None:
    answering(fake, count=3)
    with pytest.raises(SourceError, match="3 rows were announced and 0 came"):
        kolada.kpis()


@pytest.mark.parametrize("body", [[], {"value": []}, {"values": [], "count": 0, "next_page": ""}])
def test_another_envelope_is_refused_by_what_it_lacks(
    fake: FakeKolada, kolada: Kolada, body: Any
) -> None:
    fake.override = lambda _: Response(json.dumps(body), 200, mimetype="application/json")
    with pytest.raises(SourceError, match="lacks one of values, count, next_url; it has") as it:
        kolada.kpis()
    assert json.loads(it.value.content) == body
    assert it.value.status == 200


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"period": "2024"}, "holds another type than it should: .*'2024'"),
        ({"value": "12"}, "holds another type than it should: .*'12'"),
        ({"value": True}, "field value holds true or false where a number should stand"),
        ({"kpi": None}, "left kpi empty"),
        ({"gender": None}, "left gender empty"),
        ({"gender": "X"}, "gender X; known are T, K and M"),
    ],
)
def test_a_value_of_another_kind_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(SourceError, match=told):
        read_values([row(**wrong)], url="u", what="w")


def test_a_field_that_was_renamed_is_named() -> None:
    one = row()
    one["values"][0]["is_deleted"] = one["values"][0].pop("isdeleted")
    with pytest.raises(SourceError, match="lacks the field isdeleted; it has gender, count"):
        read_values([one], url="u", what="w")
    with pytest.raises(SourceError, match="lacks the field kpi, period, municipality, values"):
        read_values([{"x": 1}], url="u", what="w")
    with pytest.raises(SourceError, match="holds 'text' where fields should stand"):
        read_values(["text"], url="u", what="w")  # type: ignore[list-item]


def test_a_date_that_is_none_is_told_by_field() -> None:
    kpi = dict.fromkeys(KPI_FIELDS, None) | {"publication_date": "snart"}
    told = "field publication_date is not a day: 'snart' "
    with pytest.raises(SourceError, match=told) as error:
        read_kpis([kpi], url="u", what="w")
    assert len(str(error.value).splitlines()) == 1


def test_a_next_page_that_is_no_address_is_told(fake: FakeKolada, kolada: Kolada) -> None:
    answering(fake, next_url=3)
    with pytest.raises(SourceError, match=r'field "next_url" is 3, no address'):
        kolada.municipalities()


def test_the_services_own_words_reach_the_reader(fake: FakeKolada, kolada: Kolada) -> None:
    fake.override = lambda _: Response('{"detail": "Internal"}', 500, mimetype="application/json")
    with pytest.raises(SourceError, match=r"municipalities: .*\"Internal\".*HTTP 500"):
        kolada.municipalities()


def test_a_page_of_html_in_place_of_json_is_told(fake: FakeKolada, kolada: Kolada) -> None:
    fake.override = lambda _: Response("<html>Underhåll</html>", 200, mimetype="text/html")
    with pytest.raises(SourceError, match="HTML"):
        kolada.municipalities()


def test_no_title_with_the_text_is_no_error_where_that_is_said(kolada: Kolada) -> None:
    assert kolada.kpis("xyzzy", empty_ok=True).empty

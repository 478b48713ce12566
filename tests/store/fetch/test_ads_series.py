"""Job ads counted month by month, and those open today."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store.fetch.ads_series import plan_ads
from regionstudy.store.fetch.journal import Journal

from .conftest import opened
from .entries import entry, observed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.jobtech_server import FakeJobTech

    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.tasks import Series

TODAY = dt.datetime.now(tz=dt.UTC).date()
PUBLISHED = {"kind": "jobtech", "count": "published"}
OPEN = {"kind": "jobtech", "count": "open"}


@pytest.fixture
def clients(jobtech_server: FakeJobTech) -> Iterator[Clients]:
    """Clients of which only JobTech's has anyone to ask."""
    fake = jobtech_server
    urls = {"historical": fake.historical_url, "taxonomy": fake.taxonomy_url}
    with opened(None, jobtech=fake.base_url, **urls) as made:
        yield made


def plan(clients: Clients, *names: str, since: int | None = None) -> list[Series]:
    """Plan counts by their ids."""
    entries = [
        entry(name, source=OPEN if "open" in name else PUBLISHED, levels=("municipality",))
        for name in names
    ]
    return plan_ads(clients.jobtech, entries, regions=["2281"], since=since, today=TODAY)


def month(back: int) -> str:
    """The month that lies so many back, as 2026-11."""
    return str(pd.Period(TODAY, freq="M") - back)


def test_twelve_months_are_asked_for_unless_more_is_wanted(clients: Clients) -> None:
    [series] = plan(clients, "job_ads")
    assert [task.what for task in series.tasks] == [
        f"job ads published in {month(back)}" for back in range(11, -1, -1)
    ]


@pytest.mark.parametrize(("since", "first"), [(TODAY.year, f"{TODAY.year}-01"), (2006, "2016-01")])
def test_since_begins_with_a_january_and_not_before_the_service_does(
    clients: Clients, since: int, first: str
) -> None:
    [series] = plan(clients, "job_ads", since=since)
    assert series.tasks[0].what == f"job ads published in {first}"
    assert series.tasks[-1].what == f"job ads published in {month(0)}"


def test_ads_and_vacancies_are_counted_by_month(
    jobtech_server: FakeJobTech, clients: Clients
) -> None:
    for vacancies in (1, 4):
        jobtech_server.put(f"{month(1)}-03T08:00:00", vacancies=vacancies, past=True)
    jobtech_server.put(f"{month(2)}-03T08:00:00", past=True)
    jobtech_server.put(f"{month(1)}-04T08:00:00", municipality="2260", past=True)
    ads, vacancies_ = plan(clients, "job_ads", "job_vacancies")
    assert [task.key for task in ads.tasks] == [task.key for task in vacancies_.tasks]
    last = [task.run() for task in ads.tasks[-3:]]
    counts = {}
    for series in (ads, vacancies_):
        frame, facts = series.read(last)
        whole = frame[(frame["occupation"] == "total") & (frame["region"] == "2281")]
        counts[series.name] = dict(zip(whole["period"], whole["value"], strict=True))
        assert set(frame["indicator"]) == {series.indicator.id}
        assert facts["retrieved"] == TODAY.isoformat()
    before, last_month = (month(back).replace("-", "M") for back in (2, 1))
    assert counts["job_ads"][last_month] == 2
    assert counts["job_vacancies"][last_month] == 5
    assert counts["job_ads"][before] == counts["job_vacancies"][before] == 1


def test_open_ads_are_a_count_of_the_day(jobtech_server: FakeJobTech, clients: Clients) -> None:
    jobtech_server.put(f"{month(1)}-03T08:00:00", vacancies=3)
    [series] = plan(clients, "job_vacancies_open")
    frame, _ = observed(series)
    whole = frame[frame["occupation"] == "total"]
    assert whole[["region", "period", "value"]].to_numpy().tolist() == [
        ["2281", month(0).replace("-", "M"), 3.0]
    ]


def test_a_kept_answer_gives_the_same_counts(
    jobtech_server: FakeJobTech, clients: Clients, tmp_path: Path
) -> None:
    jobtech_server.put(f"{month(1)}-03T08:00:00", past=True)
    [series] = plan(clients, "job_ads")
    task = series.tasks[-2]
    answer = task.run()
    journal = Journal(tmp_path / "answers")
    journal.keep(task, answer)
    kept, facts = series.read([journal.take(task)])
    fresh, own = series.read([answer])
    pd.testing.assert_frame_equal(
        kept.astype(str).reset_index(drop=True), fresh.astype(str).reset_index(drop=True)
    )
    assert facts == own


def test_an_id_that_is_no_count_is_an_error(jobtech_server: FakeJobTech, clients: Clients) -> None:
    jobtech_server.put(f"{month(0)}-01T08:00:00")
    [series] = plan(clients, "adverts_open")
    with pytest.raises(DataError, match=r"adverts_open: JobTech counted no such thing"):
        observed(series)

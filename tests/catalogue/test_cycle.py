"""When a series' next figures come."""

from __future__ import annotations

import datetime as dt

import pytest

from regionstudy.catalogue.cycle import due_date, may_be_new, period_end


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2024", dt.date(2024, 12, 31)),
        ("2024M02", dt.date(2024, 2, 29)),
        ("2023M12", dt.date(2023, 12, 31)),
        ("2024K1", dt.date(2024, 3, 31)),
    ],
)
def test_a_period_ends_on_its_last_day(period: str, day: dt.date) -> None:
    assert period_end(period) == day


@pytest.mark.parametrize(
    ("last", "update", "due"),
    [
        # The figures of 2025 must be there by the last such month within 14 months of its end.
        ("2024", (2,), dt.date(2027, 2, 28)),
        ("2024", (3,), dt.date(2026, 3, 31)),
        ("2024", (12,), dt.date(2026, 12, 31)),
        ("2024", (2, 8), dt.date(2027, 2, 28)),
        ("2024M11", "monthly", dt.date(2025, 3, 31)),
        ("2024K4", "quarterly", dt.date(2025, 6, 30)),
        ("2022", "election", dt.date(2028, 2, 29)),
        ("2022", "closed", None),
        ("2022", "none", None),
    ],
)
def test_the_next_period_is_due(
    last: str, update: str | tuple[int, ...], due: dt.date | None
) -> None:
    assert due_date(last, update=update) == due


@pytest.mark.parametrize(
    ("last", "update", "asked", "today", "new"),
    [
        # February's figures of the year before; asked in April, when they had come.
        ("2025", (2,), dt.date(2026, 4, 2), dt.date(2027, 1, 31), False),
        ("2025", (2,), dt.date(2026, 4, 2), dt.date(2027, 2, 1), True),
        # Asked in the month of publication or the one after: they may have come since.
        ("2025", (2,), dt.date(2026, 2, 5), dt.date(2026, 2, 28), True),
        ("2025", (2,), dt.date(2026, 3, 31), dt.date(2026, 11, 1), True),
        ("2025", (2, 8), dt.date(2026, 4, 2), dt.date(2026, 8, 1), True),
        ("2025", (12,), dt.date(2026, 1, 20), dt.date(2026, 2, 20), True),
        ("2025", (12,), dt.date(2026, 2, 1), dt.date(2026, 11, 30), False),
        ("2026M03", "monthly", dt.date(2026, 4, 2), dt.date(2026, 4, 30), False),
        ("2026M03", "monthly", dt.date(2026, 4, 2), dt.date(2026, 5, 1), True),
        ("2026K1", "quarterly", dt.date(2026, 5, 2), dt.date(2026, 6, 30), False),
        ("2026K1", "quarterly", dt.date(2026, 5, 2), dt.date(2026, 7, 1), True),
        ("2022", "election", dt.date(2024, 1, 1), dt.date(2025, 12, 31), False),
        ("2022", "election", dt.date(2024, 1, 1), dt.date(2026, 1, 1), True),
        ("2021", "closed", dt.date(2022, 1, 1), dt.date(2026, 1, 1), False),
    ],
)
def test_asking_is_worth_a_call_only_around_a_publication(
    last: str, update: str | tuple[int, ...], asked: dt.date, today: dt.date, new: bool
) -> None:
    assert may_be_new(last, update=update, asked=asked, today=today) is new

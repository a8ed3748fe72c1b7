"""Daily caps that grow, and Gmail's threshold."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tessera.campaigns.sending.warming import WarmUp, domains_of, gmail_flag, send_days
from tessera.errors import InvalidInput

DAY = dt.date(2026, 11, 30)


def test_caps_grow_until_there_is_none():
    warm_up = WarmUp(first_day=DAY, first_cap=200, growth=2, days=4)
    caps = [warm_up.cap(DAY + dt.timedelta(days=n)) for n in range(-1, 5)]
    assert caps == [200, 200, 400, 800, 1600, None]


@pytest.mark.parametrize(
    ("messages", "per_day", "expected"),
    [
        (0, None, (0, 0)),
        (200, None, (1, 200)),
        (201, None, (2, 200)),
        (3_000, None, (4, 1_600)),
        (1_000_000, None, (5, 997_000)),  # all the rest, on the first day without a cap
        (4_600, None, (5, 1_600)),
        (1_000_000, 500_000, (6, 500_000)),
        (900, 300, (4, 300)),
        (900, 0, (0, 0)),
    ],
)
def test_a_run_extends_over_days(messages, per_day, expected):
    warm_up = WarmUp(first_day=DAY, first_cap=200, growth=2, days=4)
    days = send_days(messages, from_day=DAY, per_day=per_day, warm_up=warm_up)
    assert days == expected


def test_a_run_without_any_cap_takes_a_day():
    assert send_days(10**6, from_day=DAY, per_day=None, warm_up=None) == (1, 10**6)


@pytest.mark.parametrize("wrong", [{"first_cap": 0}, {"growth": 1.0}, {"days": 0}])
def test_a_schedule_that_does_not_grow_is_refused(wrong):
    with pytest.raises(InvalidInput, match="warm-up"):
        WarmUp(first_day=DAY, **wrong)


@pytest.mark.parametrize(
    ("recipients", "cap", "before", "flagged"),
    [
        (4_999, None, 0, False),
        (5_000, None, 0, True),
        (9_000, 4_999, 0, False),
        (9_000, 5_000, 4_999, True),
        (9_000, None, 5_000, False),
    ],
)
def test_crossing_gmails_threshold_is_flagged_before(recipients, cap, before, flagged):
    by_domain = Counter({"gmail.com": recipients - 1, "googlemail.com": 1, "a.example": 90_000})
    assert bool(gmail_flag(by_domain, daily_cap=cap, most_before=before)) is flagged


def test_domains_are_counted_without_case():
    assert domains_of(["a@X.example", "b@x.example"]) == {"x.example": 2}

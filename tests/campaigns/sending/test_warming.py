"""Daily caps that grow, and Gmail's threshold."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tessera.campaigns.sending.warming import WarmUp, domains_of, gmail_flag
from tessera.errors import InvalidInput

DAY = dt.date(2026, 11, 30)


def test_caps_grow_until_there_is_none():
    warm_up = WarmUp(first_day=DAY, first_cap=200, growth=2, days=4)
    caps = [warm_up.cap(DAY + dt.timedelta(days=n)) for n in range(-1, 5)]
    assert caps == [200, 200, 400, 800, 1600, None]


@pytest.mark.parametrize(
    ("messages", "days"), [(0, 0), (200, 1), (201, 2), (3_000, 4), (3_001, 5), (1_000_000, 5)]
)
def test_a_run_extends_over_days(messages, days):
    warm_up = WarmUp(first_day=DAY, first_cap=200, growth=2, days=4)
    assert warm_up.days_for(messages, from_day=DAY) == days


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

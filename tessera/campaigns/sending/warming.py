"""Warm-up: how many messages a day a new sending domain may send, and Gmail's threshold.

A provider that has never seen a domain distrusts a sudden flood. So the daily cap grows from a few
hundred. Who has once sent about 5,000 messages within a day to Gmail is a bulk sender there for
good, with stricter rules. So a run that crosses it is flagged before it is approved.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable

from tessera.campaigns.recipients import domain_of
from tessera.errors import InvalidInput

GMAIL_DOMAIN = "gmail.com"
GMAIL = frozenset({GMAIL_DOMAIN, "googlemail.com"})
GMAIL_BULK_PER_DAY = 5_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class WarmUp:
    """A schedule of daily caps.

    Parameters
    ----------
    first_day
        The day of the domain's first message, in UTC.
    first_cap
        Messages of that day.
    growth
        What each day's cap is, times the day before.
    days
        After so many days there is no cap.
    """

    first_day: dt.date
    first_cap: int = 200
    growth: float = 1.5
    days: int = 21

    def __post_init__(self) -> None:
        """Refuse a schedule that does not grow.

        Raises
        ------
        InvalidInput
            The message names the setting.
        """
        if self.first_cap < 1 or self.growth <= 1 or self.days < 1:
            raise InvalidInput(
                f"warm-up: first_cap {self.first_cap}, growth {self.growth}, days {self.days}: "
                "expected at least 1, more than 1 and at least 1"
            )

    def cap(self, day: dt.date) -> int | None:
        """Return the most messages of a day. None after the warm-up."""
        passed = max(0, (day - self.first_day).days)
        return None if passed >= self.days else int(self.first_cap * self.growth**passed)


def send_days(
    messages: int, *, from_day: dt.date, per_day: int | None, warm_up: WarmUp | None
) -> tuple[int, int]:
    """Return over how many days a run extends, and the most messages of one of them.

    Parameters
    ----------
    messages
        Of the run.
    from_day
        Its first day.
    per_day
        The account's quota, None for any number.
    warm_up
        Of the sending domain, None for a domain that is known.

    Returns
    -------
    int, int
        No days where the quota is 0.
    """
    days = most = 0
    while messages > 0 and per_day != 0:
        cap = warm_up.cap(from_day + dt.timedelta(days=days)) if warm_up else None
        caps = [one for one in (per_day, cap) if one is not None]
        sent = min([messages, *caps])
        messages, days, most = messages - sent, days + 1, max(most, sent)
    return days, most


def domains_of(addresses: Iterable[str]) -> Counter[str]:
    """Count addresses by their domain."""
    return Counter(map(domain_of, addresses))


def is_of_gmail(address: str) -> bool:
    """Return whether an address in its normal form is of Gmail itself."""
    return domain_of(address) in GMAIL


def gmail_flag(by_domain: Counter[str], *, daily_cap: int | None, most_before: int) -> str:
    """Return what to say before a run that makes the domain a bulk sender at Gmail.

    Parameters
    ----------
    by_domain
        Recipients of the run.
    daily_cap
        The most messages of any of its days, None without a cap.
    most_before
        The most that were ever sent to Gmail within a day.

    Returns
    -------
    str
        Empty if it does not cross the threshold, or did so long ago.
    """
    recipients = sum(by_domain[domain] for domain in GMAIL)
    a_day = recipients if daily_cap is None else min(recipients, daily_cap)
    if most_before >= GMAIL_BULK_PER_DAY or a_day < GMAIL_BULK_PER_DAY:
        return ""
    return (
        f"{a_day} messages to Gmail on one day: from {GMAIL_BULK_PER_DAY} on, Gmail counts the "
        "domain as a bulk sender for good. Check SPF, DKIM, DMARC and one-click unsubscription, "
        "or set a daily cap below it. Addresses of companies at Google are not counted here"
    )

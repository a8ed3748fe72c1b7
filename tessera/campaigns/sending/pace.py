"""The pace of all workers together: one small shared state, from which each leases slots.

A slot is a moment at which one message may be sent. Leases never overlap, so the rate holds over
all workers, runs and tenants of the account. The daily quota holds by two bounds. What was granted
here within 24 hours fits into it. So does what the service counted at the last reading, with
everything that was granted since the reading before: its count may lag by a minute.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

SHARE_OF_RATE = 0.9  # with SLOT_LASTS_S, no second ever has more messages than the rate
SLOT_LASTS_S = 0.1  # a slot that is missed by more is lost
READ_EVERY_S = 60.0
_LEASE_S = 0.5  # a lease has the slots of half a second
_FURTHEST_S = 5.0  # a worker never waits for a slot that is further away
_PERIOD_S = 900
_DAY_S = 86_400


@dataclasses.dataclass(frozen=True, kw_only=True)
class SendQuota:
    """What the service allows the account, as it answered at one moment.

    Parameters
    ----------
    per_second
        Messages a second.
    per_day
        Messages in 24 hours. Negative for any number.
    sent_last_day
        Messages of the last 24 hours, those of other programs included.
    read_at_s
        When it answered, in seconds since 1970.
    stopped
        Why the account may not send at all. Empty if it may.
    """

    per_second: float
    per_day: float
    sent_last_day: float
    read_at_s: float
    stopped: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaceState:
    """What all workers share, of the account or of a sending domain that warms up.

    Parameters
    ----------
    free_at_s
        The first moment that no lease has.
    granted
        Slots that were ever leased.
    granted_at_reading, granted_before_reading
        The same at the last reading of the quota, and at the one before.
    by_period
        Slots leased in each quarter of an hour of the last day.
    quota
        The last reading, None before the first.
    """

    free_at_s: float = 0.0
    granted: int = 0
    granted_at_reading: int = 0
    granted_before_reading: int = 0
    by_period: Mapping[str, int] = dataclasses.field(default_factory=dict)
    quota: SendQuota | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SlotLease:
    """Slots for one worker.

    Parameters
    ----------
    count
        How many. 0 for none now.
    first_at_s
        The first. Without slots: when to ask again.
    gap_s
        From one to the next.
    reason
        Why there are none for a long time, empty otherwise.
    """

    count: int
    first_at_s: float
    gap_s: float = 0.0
    reason: str = ""


def needs_reading(state: PaceState, *, now_s: float) -> bool:
    """Return whether the quota has to be read again."""
    return state.quota is None or now_s - state.quota.read_at_s >= READ_EVERY_S


def with_reading(state: PaceState, quota: SendQuota) -> PaceState:
    """Return the state after a reading. One that another worker has made meanwhile stays."""
    if state.quota is not None and quota.read_at_s - state.quota.read_at_s < READ_EVERY_S:
        return state
    return dataclasses.replace(
        state,
        quota=quota,
        granted_before_reading=state.granted_at_reading,
        granted_at_reading=state.granted,
    )


def held(state: PaceState, *, now_s: float, seconds: float) -> PaceState:
    """Return the state with nothing to lease for some seconds."""
    return dataclasses.replace(state, free_at_s=max(state.free_at_s, now_s + seconds))


def remaining(state: PaceState, *, now_s: float) -> int | None:
    """Return how many messages the account may still send now. None for any number.

    Parameters
    ----------
    state
        With a reading.
    now_s
        Seconds since 1970.
    """
    quota = _quota_of(state)
    if quota.per_day < 0:
        return None
    here = sum(_recent(state, now_s).values())
    since = state.granted - state.granted_before_reading
    counted = math.floor(quota.per_day - quota.sent_last_day) - since
    return max(0, min(math.floor(quota.per_day) - here, counted))


def leased(state: PaceState, *, wanted: int, now_s: float) -> tuple[PaceState, SlotLease]:
    """Return the state after a lease, and the lease.

    Parameters
    ----------
    state
        With a reading.
    wanted
        How many slots the worker has use for. What it does not use is lost.
    now_s
        Seconds since 1970.
    """
    quota = _quota_of(state)
    if quota.stopped:
        return state, SlotLease(count=0, first_at_s=math.inf, reason=quota.stopped)
    left = remaining(state, now_s=now_s)
    if left == 0:
        reason = f"the account's {quota.per_day:.0f} messages in 24 hours are used up"
        again_s = quota.read_at_s + READ_EVERY_S
        return state, SlotLease(count=0, first_at_s=again_s, reason=reason)
    first = max(now_s, state.free_at_s)
    if first - now_s > _FURTHEST_S:
        return state, SlotLease(count=0, first_at_s=first - _FURTHEST_S)
    # A quota below one message a second does not exist. Fractions are given up.
    rate = SHARE_OF_RATE * max(1, math.floor(quota.per_second))
    count = min(wanted, max(1, int(rate * _LEASE_S)), wanted if left is None else left)
    state = dataclasses.replace(_granted(state, count, now_s), free_at_s=first + count / rate)
    return state, SlotLease(count=count, first_at_s=first, gap_s=1 / rate)


def capped(state: PaceState, *, wanted: int, cap: int, now_s: float) -> tuple[PaceState, int]:
    """Return the state of a sending domain after messages of its warm-up, and how many these are.

    Parameters
    ----------
    state
        Of the domain: it has no quota, and no rate.
    wanted
        Messages for which there are slots.
    cap
        The most in 24 hours.
    now_s
        Seconds since 1970.
    """
    here = sum(_recent(state, now_s).values())
    count = max(0, min(wanted, cap - here))
    return _granted(state, count, now_s), count


def _granted(state: PaceState, count: int, now_s: float) -> PaceState:
    periods = _recent(state, now_s)
    period = str(int(now_s) // _PERIOD_S)
    return dataclasses.replace(
        state,
        granted=state.granted + count,
        by_period={**periods, period: periods.get(period, 0) + count},
    )


def _quota_of(state: PaceState) -> SendQuota:
    if state.quota is None:
        raise ValueError("the quota has to be read before slots are leased")
    return state.quota


def _recent(state: PaceState, now_s: float) -> dict[str, int]:
    """Return the periods of which a moment is within 24 hours."""
    oldest = (now_s - _DAY_S) // _PERIOD_S
    return {period: count for period, count in state.by_period.items() if int(period) >= oldest}

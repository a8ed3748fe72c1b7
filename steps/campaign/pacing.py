"""The slots of one worker, leased from the state that all workers share."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from typing import Protocol

from tessera.campaigns.sending import pace
from tessera.campaigns.sending.pace import PaceState, SendQuota, SlotLease
from tessera.campaigns.sending.ports import NoSlot

SLACK_S = 60.0  # slots are leased so far beyond a worker's time, which the worker watches itself
_ACCOUNT = "-"  # a region's account has one quota. Other places are of sending domains


class PaceKeeper(Protocol):
    """Keeps the shared state."""

    def read(self, sk: str) -> PaceState | None:
        """Return the state, None before the first."""

    def change(self, sk: str, change: Callable[[PaceState | None], PaceState]) -> PaceState:
        """Change the newest state. ``change`` may be called several times."""


class QuotaReader(Protocol):
    """Reads what the service allows."""

    def quota(self, *, now: dt.datetime) -> SendQuota:
        """Read the quota."""


class SharedPace:
    """Hands out slots to the lanes of one worker.

    Parameters
    ----------
    keeper, account
        The shared state, and who answers for the quota.
    now_s, sleep
        The clock, in seconds since 1970.
    wanted
        How many slots this worker has use for, at most.
    until_s
        No slot after that: the worker's time is up then.
    domain, daily_cap
        The sending domain, and the most messages that its warm-up allows in 24 hours. None
        without one.
    """

    def __init__(
        self, keeper: PaceKeeper, *, account: QuotaReader, now_s: Callable[[], float],
        sleep: Callable[[float], None], wanted: int, until_s: float,
        domain: str = "", daily_cap: int | None = None,
    ) -> None:  # fmt: skip
        self._keeper, self._account = keeper, account
        self._now_s, self._sleep = now_s, sleep
        self._wanted, self._until_s = wanted, until_s
        self._domain, self._daily_cap = domain, daily_cap
        self._slots: collections.deque[float] = collections.deque()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for the next slot. Raises NoSlot."""
        while True:
            slot = self._next()
            self._sleep(max(0.0, slot - self._now_s()))
            if self._now_s() - slot <= pace.SLOT_LASTS_S:
                return

    def hold(self, *, seconds: float) -> None:
        """Let all workers send nothing for a while."""
        now_s = self._now_s()
        with self._lock:
            self._slots.clear()
            self._keeper.change(
                _ACCOUNT,
                lambda state: pace.held(state or PaceState(), now_s=now_s, seconds=seconds),
            )

    def _next(self) -> float:
        with self._lock:
            while not self._slots:
                self._lease()
            self._wanted = max(1, self._wanted - 1)
            return self._slots.popleft()

    def _lease(self) -> None:
        lease = self._leased()
        if lease.reason:
            raise NoSlot(lease.reason, stops=lease.first_at_s == float("inf"))
        if lease.first_at_s > self._until_s:
            raise NoSlot("the worker's time is up: the rest is sent by the next one")
        if lease.count == 0:
            self._sleep(max(0.01, lease.first_at_s - self._now_s()))
        self._slots.extend(lease.first_at_s + n * lease.gap_s for n in range(lease.count))

    def _leased(self) -> SlotLease:
        now_s, reading = self._now_s(), None
        if pace.needs_reading(self._keeper.read(_ACCOUNT) or PaceState(), now_s=now_s):
            reading = self._account.quota(now=dt.datetime.fromtimestamp(now_s, dt.UTC))
        leases: list[SlotLease] = []

        def take(state: PaceState | None) -> PaceState:
            known = state or PaceState()
            if reading is not None:
                known = pace.with_reading(known, reading)
            after, lease = pace.leased(known, wanted=self._wanted, now_s=now_s)
            leases.append(lease)
            return after

        self._keeper.change(_ACCOUNT, take)
        return leases[-1] if self._daily_cap is None else self._capped(leases[-1], now_s)

    def _capped(self, lease: SlotLease, now_s: float) -> SlotLease:
        """Return the lease without the slots that the domain's warm-up does not allow."""
        cap, counts = self._daily_cap or 0, [0]

        def take(state: PaceState | None) -> PaceState:
            known = state or PaceState()
            after, count = pace.capped(known, wanted=lease.count, cap=cap, now_s=now_s)
            counts.append(count)
            return after

        if lease.count == 0:
            return lease
        self._keeper.change(self._domain, take)
        reason = "" if counts[-1] else f"the warm-up's {cap} messages of this day are sent"
        return dataclasses.replace(lease, count=counts[-1], reason=reason)

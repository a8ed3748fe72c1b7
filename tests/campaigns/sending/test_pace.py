"""The pace over all workers, on a simulated clock."""

from __future__ import annotations

import bisect
import dataclasses
import heapq
import random

import pytest

from tessera.campaigns.sending import pace
from tessera.campaigns.sending.pace import PaceState, SendQuota
from tessera.records.codec import decode, encode

START = 1_780_000_000.0


def quota(**more) -> SendQuota:
    given = {"per_second": 14, "per_day": 50_000, "sent_last_day": 0, "read_at_s": START}
    return SendQuota(**given | more)


class Account:
    """What the service counts: its rolling day, with messages that its answer has not yet."""

    def __init__(self, *, per_second: float, per_day: int, lag_s: float) -> None:
        self.per_second, self.per_day, self.lag_s = per_second, per_day, lag_s
        self.sent: list[float] = []

    def read(self, now: float) -> SendQuota:
        counted = self.within(now - 86_400, now - self.lag_s)
        return quota(
            per_second=self.per_second, per_day=self.per_day, sent_last_day=counted, read_at_s=now
        )

    def within(self, after: float, until: float) -> int:
        return bisect.bisect_right(self.sent, until) - bisect.bisect_right(self.sent, after)


def simulate(account: Account, *, workers: int, hours: float, seed: int) -> None:
    """Let workers send as fast as their leases allow, some dying with slots in hand."""
    chance, state = random.Random(seed), PaceState()  # noqa: S311
    queue = [(START + chance.random(), worker) for worker in range(workers)]
    heapq.heapify(queue)
    slots: list[float] = []
    while queue and queue[0][0] < START + 3600 * hours:
        now, worker = heapq.heappop(queue)
        if pace.needs_reading(state, now_s=now):
            for at in sorted(slots):  # what is sent by now
                if at <= now:
                    bisect.insort(account.sent, at)
            slots = [at for at in slots if at > now]
            state = pace.with_reading(state, account.read(now))
        state, lease = pace.leased(state, wanted=chance.choice((1, 20, 500)), now_s=now)
        if lease.count == 0:
            heapq.heappush(queue, (max(lease.first_at_s, now + 0.1), worker))
            continue
        used = lease.count if chance.random() > 0.05 else chance.randrange(lease.count)
        last = lease.first_at_s + lease.count * lease.gap_s
        late = pace.SLOT_LASTS_S * chance.random()
        slots += [lease.first_at_s + n * lease.gap_s + late for n in range(used)]
        heapq.heappush(queue, (last, worker))
    for at in slots:
        bisect.insort(account.sent, at)


def most_within(moments: list[float], seconds: float) -> int:
    most = first = 0
    for last, at in enumerate(moments):
        while moments[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@pytest.mark.parametrize(("per_second", "workers"), [(1, 4), (14, 1), (14, 40), (90, 25)])
def test_the_rate_is_never_exceeded_over_all_workers(per_second, workers):
    account = Account(per_second=per_second, per_day=-1, lag_s=0)
    simulate(account, workers=workers, hours=0.05, seed=workers)
    assert most_within(account.sent, 1.0) <= per_second
    if workers > 1:  # and most of it is used
        assert len(account.sent) > 0.7 * per_second * 180


@pytest.mark.parametrize("lag_s", [0, 30, 59])
def test_the_daily_quota_is_never_exceeded_over_all_workers(lag_s):
    account = Account(per_second=1, per_day=3_000, lag_s=lag_s)
    simulate(account, workers=6, hours=26, seed=int(lag_s))
    assert most_within(account.sent, 86_400) <= 3_000
    assert most_within(account.sent, 86_400) > 2_700
    assert account.sent[-1] > START + 86_400  # it goes on the next day


def test_what_other_programs_send_counts():
    state = pace.with_reading(PaceState(), quota(sent_last_day=49_990))
    state, lease = pace.leased(state, wanted=500, now_s=START)
    assert lease.count == 6  # half a second
    state, lease = pace.leased(state, wanted=500, now_s=START)
    assert lease.count == 4
    _, lease = pace.leased(state, wanted=500, now_s=START)
    assert (lease.count, lease.reason) == (
        0, "the account's 50000 messages in 24 hours are used up",
    )  # fmt: skip


def test_a_reading_that_another_worker_made_meanwhile_stays():
    state = pace.with_reading(PaceState(granted=7), quota())
    again = pace.with_reading(state, quota(read_at_s=START + 59, sent_last_day=9))
    assert again == state


def test_the_warm_up_caps_a_day():
    state, counts = PaceState(by_period={str(int(START) // 900): 195}), []
    for hours in (0, 1, 24, 25):
        state, count = pace.capped(state, wanted=4, cap=200, now_s=START + 3600 * hours)
        counts.append(count)
    assert counts == [4, 1, 0, 4]  # a period counts until its end is a day ago


def test_a_stopped_account_leases_nothing():
    state = pace.with_reading(PaceState(), quota(stopped="SES suspended the account"))
    after, lease = pace.leased(state, wanted=1, now_s=START)
    assert (after, lease.count, lease.reason) == (state, 0, "SES suspended the account")


def test_a_hold_delays_all_workers():
    state = pace.held(pace.with_reading(PaceState(), quota()), now_s=START, seconds=3)
    _, lease = pace.leased(state, wanted=1, now_s=START)
    assert (lease.count, lease.first_at_s) == (1, START + 3)
    _, lease = pace.leased(pace.held(state, now_s=START, seconds=30), wanted=1, now_s=START)
    assert (lease.count, lease.first_at_s) == (0, START + 25)


def test_slots_are_leased_after_a_reading():
    with pytest.raises(ValueError, match="has to be read"):
        pace.leased(PaceState(), wanted=1, now_s=START)


def test_the_state_is_kept_as_json():
    state, _ = pace.leased(pace.with_reading(PaceState(), quota()), wanted=3, now_s=START)
    assert decode(PaceState, encode(state), document="pace") == state
    assert dataclasses.replace(state, quota=None).quota is None

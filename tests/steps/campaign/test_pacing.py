"""The slots of several workers, on a clock that moves when somebody sleeps."""

from __future__ import annotations

import pytest

from steps.campaign.pacing import SharedPace
from tessera.campaigns.sending.pace import SendQuota
from tessera.campaigns.sending.ports import NoSlot
from tests.steps.campaign.keepers import FakeRecords

START = 1_780_000_000.0


class Clock:
    def __init__(self):
        self.now_s = START

    def __call__(self):
        return self.now_s

    def sleep(self, seconds):
        self.now_s += seconds


class FakeAccount:
    def __init__(self, **quota):
        self.given = {"per_second": 10, "per_day": -1, "sent_last_day": 0} | quota
        self.readings = []

    def quota(self, *, now):
        self.readings.append(now.timestamp())
        return SendQuota(**self.given, read_at_s=now.timestamp())


def a_pace(clock, account, keeper=None, **more):
    given = {"wanted": 500, "until_s": START + 900}
    return SharedPace(
        keeper or FakeRecords(), account=account, now_s=clock, sleep=clock.sleep, **given | more
    )


def sent_at(clock, *paces, times):
    moments = []
    for n in range(times):
        paces[n % len(paces)].wait()
        moments.append(clock.now_s)
    return moments


def test_workers_share_one_rate():
    clock, account, keeper = Clock(), FakeAccount(), FakeRecords()
    paces = [a_pace(clock, account, keeper) for _ in range(3)]
    moments = sent_at(clock, *paces, times=90)
    for first, later in zip(moments, moments[10:], strict=False):
        assert later - first > 1  # never eleven within a second


def test_the_quota_is_read_while_sending():
    clock, account = Clock(), FakeAccount()
    sent_at(clock, a_pace(clock, account), times=1_200)
    gaps = [b - a for a, b in zip(account.readings, account.readings[1:], strict=False)]
    assert len(account.readings) >= 3
    assert all(60 <= gap < 62 for gap in gaps)


def test_a_quota_that_falls_while_sending_is_kept():
    clock, account = Clock(), FakeAccount(per_day=1_000)
    pace = a_pace(clock, account)
    sent_at(clock, pace, times=100)
    account.given["sent_last_day"] = 1_000  # another program sent the rest
    clock.sleep(60)
    with pytest.raises(NoSlot, match="are used up") as none:
        sent_at(clock, pace, times=10)
    assert not none.value.stops


def test_a_stopped_account_stops_the_run():
    clock = Clock()
    with pytest.raises(NoSlot, match="suspended") as none:
        a_pace(clock, FakeAccount(stopped="SES suspended the account")).wait()
    assert none.value.stops


def test_no_slot_is_after_the_workers_time():
    clock = Clock()
    pace = a_pace(clock, FakeAccount(per_second=1), until_s=START + 10)
    with pytest.raises(NoSlot, match="time is up"):
        sent_at(clock, pace, times=100)
    assert clock.now_s <= START + 11


def test_a_missed_slot_is_lost():
    clock, account = Clock(), FakeAccount()
    pace = a_pace(clock, account)
    pace.wait()
    clock.sleep(5)  # a slow step
    pace.wait()
    assert clock.now_s >= START + 5
    again = clock.now_s
    pace.wait()
    assert clock.now_s - again > 0.1


def test_a_hold_stops_all_workers_for_a_while():
    clock, account, keeper = Clock(), FakeAccount(), FakeRecords()
    one, other = (a_pace(clock, account, keeper) for _ in range(2))
    one.wait()
    one.hold(seconds=30)
    other.wait()
    assert clock.now_s >= START + 30


def test_the_warm_up_caps_the_day():
    clock, account, keeper = Clock(), FakeAccount(), FakeRecords()
    warming = [
        a_pace(clock, account, keeper, domain=domain, daily_cap=7)
        for domain in ("a.example", "b.example")
    ]
    for pace in warming:  # the messages of one domain do not count for another
        sent_at(clock, pace, times=7)
        with pytest.raises(NoSlot, match="warm-up's 7 messages") as none:
            pace.wait()
        assert not none.value.stops
    sent_at(clock, a_pace(clock, account, keeper), times=20)

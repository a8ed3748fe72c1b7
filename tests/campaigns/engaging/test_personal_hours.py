"""People's own hours: only where they are proven, only inside windows that are open anyway."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.engaging.personal_hours import (
    HourPlan,
    PersonalHours,
    personal_hours,
    window_at_hour,
)
from tessera.campaigns.engaging.reactions import NO_HOUR
from tessera.campaigns.planning.planned_recipients import PlannedRecipient, chunked
from tessera.campaigns.planning.send_times import SendWindow, windows_for
from tessera.campaigns.planning.zones import Whereabouts
from tessera.campaigns.recipients import Recipient
from tessera.errors import InvalidInput
from tests.campaigns.engaging.test_engagement import readers
from tests.campaigns.made import document, schedule

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
TODAY = dt.date(2026, 12, 1)
NOW = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)  # 06:00 in Berlin
HERE = ("Europe/Berlin",)


def test_own_hours_that_predict_later_clicks_are_used_for_those_who_clicked():
    messages = readers(2_000, strength=2.0, own_hours=True)
    known = personal_hours(messages)
    clicked = messages.where(messages.hour != NO_HOUR)
    assert known.decision == "publish"
    assert set(known.hours) == {one.decode() for one in clicked.recipient.tolist()}
    often = Counter(zip(clicked.recipient.tolist(), clicked.hour.tolist(), strict=True))
    (person, hour), _ = often.most_common(1)[0]
    assert 0 <= (hour - known.hours[person.decode()]) % 24 < 3


def test_hours_that_are_all_alike_are_nobodys_own():
    known = personal_hours(readers(2_000, strength=2.0, own_hours=False))
    assert (known.decision, known.hours) == ("withhold", {})
    assert "not surely better than the shop's" in known.reason


def someone(number: int, *, zones: tuple[str, ...] = HERE, held_out: bool = False):
    place = Whereabouts(country="", own_zone="", zones=zones, is_known=True)
    made = Recipient(
        recipient=f"{number:032x}", customer_key=f"k{number}", address="a@m.example", variant="a"
    )
    return PlannedRecipient(made, held_out, place)


def plan_of(hours: dict[int, int], *, now: dt.datetime = NOW, settings=None, **changes):
    known = PersonalHours(
        decision="publish", reason="It is proven.",
        hours={f"{number:032x}": hour for number, hour in hours.items()},
    )  # fmt: skip
    definition = parse_definition(document(schedule=schedule(send_at="best_hour", **changes)))
    settings = settings or CampaignSettings()

    def windows_from(moment):
        return windows_for(definition, settings=settings, today=TODAY, now=moment)

    plan = HourPlan(known, definition=definition, windows_from=windows_from, now=now, zone=BERLIN)
    return plan, windows_from(now)


def opened(plan: HourPlan, window_of, people) -> dict[str, str]:
    """Return when each person's chunk opens, as Berlin's clock shows it."""
    chunks = chunked(plan.placed(people), window_of=window_of, hour_window_of=plan.window_of)
    return {
        one.customer_key: chunk.opens_at.astimezone(BERLIN).strftime("%d %H:%M")
        for chunk in chunks
        for one in chunk.recipients
    }


def test_each_is_written_to_from_the_own_hour_on_and_all_are_counted():
    plan, window_of = plan_of({1: 18, 2: 18, 3: 10, 4: 3, 7: 12})
    people = [someone(number) for number in range(1, 7)] + [someone(7, held_out=True)]
    assert opened(plan, window_of, people) == {
        "k1": "01 18:00", "k2": "01 18:00", "k3": "01 10:00",
        "k4": "01 09:00",  # at three in the morning nothing is sent
        "k5": "01 09:00", "k6": "01 09:00",  # nothing is known of them
        "k7": "01 09:00",  # held out: nothing is sent at any hour
    }  # fmt: skip
    counted = plan.counted()
    assert [(one.hour, one.recipients) for one in counted.by_hour] == [(10, 1), (18, 2)]
    assert (counted.without_clicks, counted.outside) == (2, 1)


def test_the_windows_end_stays_so_what_is_late_follows_the_campaigns_hours():
    plan, window_of = plan_of({1: 18})
    own, usual = plan.window_of(HERE, 18), window_of(HERE)
    assert own.closes_at == usual.closes_at
    assert own.opens_at > usual.opens_at


def test_an_hour_that_is_just_past_still_counts_and_one_long_past_waits_for_tomorrow():
    noon = dt.datetime(2026, 12, 1, 11, 30, tzinfo=dt.UTC)  # 12:30 in Berlin
    plan, window_of = plan_of({1: 10, 2: 9}, now=noon)
    assert opened(plan, window_of, [someone(1), someone(2)]) == {"k1": "01 12:30", "k2": "02 09:00"}


def test_nobody_waits_until_the_run_is_over():
    noon = dt.datetime(2026, 12, 1, 11, 30, tzinfo=dt.UTC)
    plan, window_of = plan_of({1: 9}, now=noon, finish_within_hours=12)
    assert opened(plan, window_of, [someone(1)]) == {"k1": "01 12:30"}
    assert plan.counted().outside == 1


def test_the_clock_is_the_shops_and_the_hours_are_the_customers():
    plan, window_of = plan_of({1: 18, 2: 10})
    tokyo = ("Asia/Tokyo",)
    people = [someone(1, zones=tokyo), someone(2, zones=tokyo)]
    # 18:00 in Berlin is 02:00 in Tokyo. 10:00 in Berlin is 18:00 in Tokyo.
    assert opened(plan, window_of, people) == {"k1": "01 06:00", "k2": "01 10:00"}
    assert plan.counted().outside == 1


def test_quiet_hours_hold():
    quiet = dataclasses.replace(CampaignSettings(), quiet_from="17:00", quiet_until="10:00")
    plan, window_of = plan_of({1: 18, 2: 16}, settings=quiet)
    assert opened(plan, window_of, [someone(1), someone(2)]) == {"k1": "01 10:00", "k2": "01 16:00"}


@given(hour=st.integers(0, 23), opens=st.integers(0, 30), hours=st.integers(1, 24))
def test_an_own_window_is_a_part_of_the_usual_one_with_an_hour_to_send(hour, opens, hours):
    start = NOW + dt.timedelta(hours=opens)
    window = SendWindow(start, start + dt.timedelta(hours=hours))
    made = window_at_hour(hour, windows=[window], zone=BERLIN, latest=start + dt.timedelta(days=1))
    if made is not None:
        assert window.opens_at <= made.opens_at
        assert made.closes_at == window.closes_at
        assert made.closes_at - made.opens_at >= dt.timedelta(hours=1) or made == window
        assert (made.opens_at.astimezone(BERLIN).hour - hour) % 24 < 3


def test_who_hands_people_over_chooses_no_hour():
    with pytest.raises(InvalidInput, match="expected 'hours' for the channel 'audience'"):
        parse_definition(
            document(
                schedule=schedule(send_at="best_hour"),
                channel={"kind": "audience", "to": "klaviyo"},
                variants=[{"name": "a", "template": None}],
            )
        )

"""Runs from their approval to their end, with the machine played and the clock jumping."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

import pytest

from steps.campaign.work_chunk import work_chunk
from tessera.campaigns.sending.outcomes import DEFERRED, SENT, SKIPPED, UNKNOWN
from tessera.campaigns.sending.ports import NotAccepted
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import shopper
from tests.steps.campaign.machine import PLANNED_AT, RUN, Play

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NINE_IN_BERLIN = PLANNED_AT + 2 * HOUR
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@pytest.fixture
def play():
    play = Play()
    play.decide("approve")
    return play


def sending(play):
    """Bring a run to where it sends, without a message sent yet."""
    play.go(until=NINE_IN_BERLIN)
    play.now = NINE_IN_BERLIN
    play.quota.left, play.quota.again_at = 0, NINE_IN_BERLIN + HOUR
    play.go(until=NINE_IN_BERLIN + HOUR / 2)
    assert play.run.state == "SENDING"
    return play


def refused(kind):
    return NotAccepted(MailRefusal(kind, "made up"))


# ---- the plain way ---------------------------------------------------------------------------


def test_an_approved_run_begins_at_its_time_and_ends_being_measured(play):
    step = play.go()
    assert step.reason == "the run is MEASURING"
    assert play.counts == {SENT: play.run.recipients}
    assert min(play.sent_at) >= NINE_IN_BERLIN
    assert play.exits == [play.files.manifest()]  # looked at once, right before sending
    assert [one.next for one in play.steps] == ["wait", "wait", "send", "end"]  # 2nd: the canary


def test_a_run_that_awaits_approval_or_has_ended_ends_its_execution():
    play = Play()
    play.executions.start("plan", {})
    play._machine("plan").note(execution="plan")
    assert play.go().reason == "the run awaits approval"
    play.decide("cancel", reason="asked for")
    assert play.go().reason == "the run is CANCELLED"
    assert not play.sent_at


def test_a_run_of_an_active_campaign_approves_itself():
    play = Play()
    play.is_approved = True
    play._machine("plan").note(execution="plan")
    play.go(execution="plan")
    assert play.counts == {SENT: play.run.recipients}


def test_an_execution_that_does_not_own_the_run_ends(play):
    assert "another execution" in play.go(execution="an-earlier-one").reason
    assert play.run.state == "SCHEDULED"


# ---- hours -----------------------------------------------------------------------------------


def test_each_chunk_is_sent_in_its_own_hours():
    people = [shopper(f"p{n}", time_zone=BERLIN if n % 2 else NEW_YORK) for n in range(40)]
    play = Play(*people)
    play.decide("approve")
    play.go()
    assert play.counts == {SENT: play.run.recipients}
    clocks = {
        one.address: zoneinfo.ZoneInfo(one.time_zone)
        for entry in play.files.manifest().chunks
        for one in play.files.chunk(entry).recipients
    }
    hours = [
        at.astimezone(clocks[message.to]).hour
        for at, message in zip(play.sent_at, play.mailer.inbox, strict=True)
    ]
    assert set(hours) == {9}


def test_a_worker_leaves_a_chunk_that_is_not_open(play):
    play.restart(state="SENDING")
    [entry] = play.files.manifest().chunks
    assert play.now < entry.opens_at
    assert work_chunk(play.worker(), entry.name) is None
    assert not play.marks.records
    assert not play.sent_at


def test_what_a_day_has_no_quota_for_goes_on_the_next_day_within_its_hours(play):
    play.quota.left, play.quota.again_at = 10, NINE_IN_BERLIN + 20 * HOUR  # at night
    play.go()
    assert play.run.state == "MEASURING"
    assert play.counts == {SENT: play.run.recipients}
    days = [at.astimezone(zoneinfo.ZoneInfo(BERLIN)) for at in play.sent_at]
    assert {at.date().day for at in days} == {1, 2}
    assert all(9 <= at.hour < 20 for at in days)
    assert set(play.mailer.copies.values()) == {1}


def test_the_hours_of_a_later_day_follow_a_change_of_the_clock():
    before = dt.datetime(2027, 3, 26, 18, tzinfo=dt.UTC)  # a Friday, 19:00 in Berlin
    schedule = {"kind": "once", "first_day": "2027-03-26", "finish_within_hours": 720}
    play = Play(now=before, schedule=schedule)
    play.decide("approve")
    play.quota.left, play.quota.again_at = 5, before + 2 * DAY  # the clock goes forward on Sunday
    play.go()
    later = [at for at in play.sent_at if at > before + HOUR]
    assert later
    assert min(later) == dt.datetime(2027, 3, 29, 7, tzinfo=dt.UTC)  # 09:00 of summer time
    assert play.counts == {SENT: play.run.recipients}


def test_a_chunk_that_ends_with_its_workers_time_goes_on_at_once(play):
    play.go(until=NINE_IN_BERLIN)
    play.now = NINE_IN_BERLIN
    play.restart(state="SENDING")
    [entry] = play.files.manifest().chunks
    mark = work_chunk(play.worker(time_is_up_after=dt.timedelta(0)), entry.name)
    assert (mark.is_done, mark.retry_at) == (False, None)
    play.go()
    assert play.counts == {SENT: play.run.recipients}


# ---- people ----------------------------------------------------------------------------------


def test_a_pause_ends_the_execution_and_a_resumption_starts_another(play):
    sending(play)
    first = play.executions.started[-1]
    play.decide("pause", reason="asked for")
    assert play.go().reason == "the run is paused: asked for"
    assert not play.sent_at
    play.now += 2 * HOUR
    play.decide("resume")
    assert play.executions.started[-1] != first
    play.go()
    assert play.counts == {SENT: play.run.recipients}
    assert "another execution" in play.go(execution=first).reason


def test_a_cancelled_run_skips_everybody_who_waits(play):
    sending(play)
    play.quota.left = 7
    play.quota.again_at = None
    play.now += HOUR
    play.go(until=play.now + dt.timedelta(minutes=5))
    play.decide("cancel", reason="asked for")
    assert play.go().reason == "the run is CANCELLED"
    assert play.counts == {SENT: 7, SKIPPED: play.run.recipients - 7}
    reasons = {row.reason for row in play.ledger.stored.values() if row.state == SKIPPED}
    assert reasons == {"asked for"}


def test_a_doubt_that_a_person_releases_is_sent_once_more_and_no_other_message(play):
    play.mailer.script.faults["after accept"] = [refused(RefusalKind.DOUBT)]
    play.go()
    assert play.counts == {SENT: play.run.recipients - 1, UNKNOWN: 1}
    [doubt] = [key for key, row in play.ledger.stored.items() if row.state == UNKNOWN]
    play.decide("release", recipients=[doubt], ledger=play.ledger, by="user:a")
    assert play.run.state == "SENDING"
    play.go()
    assert play.run.state == "MEASURING"
    assert play.counts == {SENT: play.run.recipients}
    assert {key for key, count in play.mailer.copies.items() if count > 1} == {doubt}


# ---- time ------------------------------------------------------------------------------------


def test_what_is_not_sent_by_the_deadline_is_skipped(play):
    play.quota.left = 4
    play.go()
    assert play.run.state == "MEASURING"
    # By then nothing of any day's hours is left before the deadline.
    assert play.run.deadline - play.now < DAY
    assert play.counts == {SENT: 4, SKIPPED: play.run.recipients - 4}


def test_a_paused_run_settles_at_its_deadline_when_it_is_executed_then(play):
    sending(play)
    play.decide("pause", reason="asked for")
    play.now = play.run.deadline
    play.go()
    assert play.run.state == "MEASURING"
    assert play.counts == {SKIPPED: play.run.recipients}


def test_a_run_that_nobody_executed_in_time_never_begins(play):
    play.now = play.run.latest_start + HOUR
    play.go()
    assert play.run.state == "CANCELLED"
    assert "did not begin before its latest start" in play.run.reason
    assert not play.sent_at


# ---- before the first message ----------------------------------------------------------------


def test_what_is_not_set_up_holds_the_run_until_it_is(play):
    play.problems = ["DKIM of shop.example is not verified"]
    play.go(until=NINE_IN_BERLIN + HOUR)
    assert play.run.state == "SCHEDULED"
    assert play.progress.read(RUN).problem == "DKIM of shop.example is not verified"
    play.problems = []
    play.go()
    assert play.run.state == "MEASURING"
    assert play.progress.read(RUN).problem == ""


def test_a_run_whose_canary_does_not_return_never_begins(play):
    play.events.loses_canary = True
    play.go()
    assert play.run.state == "CANCELLED"
    assert "no event of the canary came" in play.run.reason
    assert not play.sent_at


def test_a_canary_that_is_refused_holds_the_run(play):
    play.refusal = MailRefusal(RefusalKind.STOP, "the account is suspended")
    play.go(until=NINE_IN_BERLIN + HOUR)
    assert (
        "the canary was not accepted: the account is suspended" in play.progress.read(RUN).problem
    )
    assert play.run.state == "SCHEDULED"


# ---- while it sends --------------------------------------------------------------------------


def test_too_many_complaints_pause_the_run(play):
    sending(play)
    for key in [f"{n:032x}" for n in range(16, 36)]:
        play.events.add("ACCEPTED", key)
        play.events.add("COMPLAINED", key)
    assert "complaints" in play.go().reason
    assert play.run.state == "PAUSED"
    assert not play.sent_at


def test_a_suspended_account_pauses_the_run_with_its_reason(play):
    play.mailer.script.faults["before accept"] = [refused(RefusalKind.STOP)]
    assert play.go().reason == "the run is paused: made up"
    assert play.counts == {DEFERRED: 1}
    play.decide("resume")
    play.go()
    assert play.counts == {SENT: play.run.recipients}


def test_nothing_is_sent_for_a_suspended_tenant_until_somebody_resumes_the_run(play):
    play.why_not = "tenant 'shop' is suspended"
    play.go(until=NINE_IN_BERLIN)
    assert play.progress.read(play.run.run_id).problem == play.why_not
    assert play.run.state == "SCHEDULED"
    play.restart(state="SENDING")
    assert play.go().reason == play.why_not
    assert play.run.state == "PAUSED"
    assert not play.sent_at
    play.why_not = ""
    play.decide("resume")
    play.go()
    assert play.counts == {SENT: play.run.recipients}


def test_a_crash_between_claim_and_mark_is_settled_after_a_quarter_of_an_hour(play):
    play.go(until=NINE_IN_BERLIN)
    play.now = NINE_IN_BERLIN
    key = play.files.chunk(play.files.manifest().chunks[0]).recipients[0].recipient
    play.ledger.claim(key)  # and the worker died
    play.go()
    assert play.run.state == "MEASURING"
    assert play.counts == {SENT: play.run.recipients - 1, UNKNOWN: 1}
    assert play.now >= NINE_IN_BERLIN + HOUR / 4


def test_a_chunk_that_is_marked_too_early_is_opened_again_and_no_circle_begins(play):
    sending(play)
    [mark] = play.marks.records.values()
    play.marks.change(mark.name, lambda mark: dataclasses.replace(mark, is_done=True))
    play.now += HOUR
    play.go(most=8)
    assert play.counts == {SENT: play.run.recipients}


def test_a_chunk_that_the_plan_lacks_is_refused(play):
    with pytest.raises(InvalidInput, match="has no chunk"):
        work_chunk(play.worker(), "chunks/999999.json")


def test_a_chunk_whose_file_was_changed_pauses_the_run_with_that_reason(play):
    sending(play)
    [entry] = play.files.manifest().chunks
    play.files.contents[entry.name] += b" "
    with pytest.raises(InvalidInput, match="changed after the plan"):
        work_chunk(play.worker(), entry.name)
    assert play.run.state == "PAUSED"
    assert "changed after the plan" in play.run.reason
    assert not play.sent_at


def test_quiet_hours_that_leave_no_hour_pause_the_run(play):
    sending(play)
    play.settings = dataclasses.replace(play.settings, quiet_from="08:00", quiet_until="07:59")
    play.now += DAY
    assert "nothing is left of the hours" in play.go().reason
    assert play.run.state == "PAUSED"


def test_a_template_that_is_missing_holds_the_run_before_it_begins(play):
    def broken():
        raise InvalidInput("template 'welcome' has no version 9")

    play._canary = broken
    play.go(until=NINE_IN_BERLIN + HOUR)
    assert play.run.state == "SCHEDULED"
    assert "has no version 9" in play.progress.read(RUN).problem

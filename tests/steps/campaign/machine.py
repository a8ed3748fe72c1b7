"""The state machine of campaigns, played in memory with a clock that jumps."""

from __future__ import annotations

import dataclasses
import datetime as dt

from steps.campaign import ask_run as desk_moves
from steps.campaign.advance import RunMachine, advance
from steps.campaign.ask_run import RunDesk
from steps.campaign.plan_run import RunPlan, plan_run
from steps.campaign.work_chunk import ChunkWork, work_chunk
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.reading import MessageEvent
from tessera.campaigns.planning.chunks import read_chunk
from tessera.campaigns.planning.send_times import windows_for
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.ports import NoSlot, NotAccepted
from tessera.campaigns.sending.states import new_run
from tests.campaigns.fakes import FakeComposer, FakeLedger, FakeMailer, FakeWanted
from tests.campaigns.planning.made import batches, known, shopper, terms
from tests.steps.campaign.keepers import FakeRecords

RUN, TENANT = "news-r001", "shop"
PLANNED_AT = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)  # 07:00 in Berlin


class FakeFrozenFiles:
    def __init__(self):
        self.contents, self.planned = {}, None

    def write(self, name, content):
        self.contents[name] = content

    def write_manifest(self, manifest):
        self.planned = manifest

    def write_taken(self, taken, *, held_globally, global_share):
        self.taken = taken

    def manifest(self):
        return self.planned

    def chunk(self, entry):
        return read_chunk(self.contents[entry.name], entry=entry)


class FakeRunEvents:
    """Events, with those of the canary unless they are lost."""

    def __init__(self):
        self.events, self.loses_canary = [], False

    def of_partition(self, tenant, run, digit):
        return [one for one in self.events if one.recipient.startswith(digit)]

    def accepted(self, tenant, run, recipients):
        return {one.recipient: one.message_id for one in self.events if one.recipient in recipients}

    def add(self, kind, recipient, **more):
        self.events.append(
            MessageEvent(
                kind=kind, tenant=TENANT, run=RUN, recipient=recipient, at=PLANNED_AT,
                **({"message_id": "m", "domain": "mail.example"} | more),
            )
        )  # fmt: skip


class FakeHandovers:
    """Handovers by run."""

    def __init__(self):
        self.records = {}

    def write(self, handover):
        self.records[handover.run] = handover

    def end(self, campaign):
        self.records = {r: one for r, one in self.records.items() if one.campaign != campaign}


class Quota:
    """Slots until they are used up, and again from a moment on."""

    def __init__(self, clock):
        self.clock, self.left, self.again_at = clock, 10**6, None

    def wait(self):
        if self.again_at and self.clock() >= self.again_at:
            self.left, self.again_at = 10**6, None
        if not self.left:
            raise NoSlot("the day's messages are used up")
        self.left -= 1

    def hold(self, *, seconds):
        pass


class Starter:
    def __init__(self):
        self.started = []

    def start(self, name, event):
        self.started.append(name)


class Play:
    """A run, what it needs, and the machine that works on it."""

    def __init__(self, *people, now=PLANNED_AT, **definition):
        self.now = now
        clock = lambda: self.now  # noqa: E731
        self.files, self.events = FakeFrozenFiles(), FakeRunEvents()
        self.runs = FakeRecords(**{RUN: new_run(TENANT, RUN, at=now)})
        self.progress, self.marks = FakeRecords(), FakeRecords()
        self.handovers = FakeHandovers()
        self.marks.all = lambda: list(self.marks.records.values())
        self.ledger, self.mailer = FakeLedger(now=clock), FakeMailer()
        self.wanted, self.quota = FakeWanted(), Quota(clock)
        self.problems, self.refusal, self.executions = [], None, Starter()
        self.why_not = ""
        self.exits = []
        self.sent_at, self.steps, self.is_approved = [], [], False
        self.settings = CampaignSettings(legal_basis={"*": "opt_out"})
        people = people or [shopper(f"p{n}") for n in range(40)]
        plan = RunPlan(run_id=RUN, terms=terms(**definition), shop_zone="Europe/Berlin", now=now)
        plan_run(
            plan, candidates=lambda: batches(people), known=known(), files=self.files,
            runs=self.runs,
        )  # fmt: skip
        self.desk = RunDesk(
            tenant=TENANT, campaigns=FakeRecords(), requests=FakeRecords(), runs=self.runs,
            progress=self.progress, executions=self.executions,
        )  # fmt: skip

    @property
    def run(self):
        return self.runs.read(RUN)

    @property
    def counts(self):
        return dict(self.ledger.tally(planned=self.run.recipients).counts)

    def decide(self, name, **more):
        """Let somebody decide about the run, now."""
        return getattr(desk_moves, name)(self.desk, RUN, at=self.now, **more)

    def go(self, *, until=None, most=400, execution=None):
        """Execute the newest execution until it ends or the clock has come to a moment."""
        execution = execution or self.executions.started[-1]
        for _ in range(most):
            step = advance(self._machine(execution), at=self.now)
            self.steps.append(step)
            if step.next == "end":
                return step
            if step.next == "wait":
                if until and step.until > until:
                    self.now = until
                    return step
                self.now = max(self.now, step.until)
            for name in step.chunks:
                work_chunk(self.worker(), name)
        raise AssertionError("the machine runs in a circle")

    def worker(self, *, time_is_up_after=dt.timedelta(minutes=15)):
        def send(message):
            self.sent_at.append(self.now)
            return FakeMailer.send(self.mailer, message)

        mailer = FakeMailer(self.mailer.script)
        mailer.send = send
        attempts = Attempts(
            wanted=self.wanted, composer=FakeComposer(), ledger=self.ledger, pace=self.quota,
            mailer=mailer,
        )  # fmt: skip
        known = self.progress.read(RUN)
        return ChunkWork(
            run_id=RUN, round=known.round if known else 0, runs=self.runs, marks=self.marks,
            files=self.files, ledger=self.ledger, attempts=lambda _: attempts,
            state=lambda: self.run.state, window_of=self._window_of, now=lambda: self.now,
            until=self.now + time_is_up_after, lanes=1,
        )  # fmt: skip

    def _machine(self, execution):
        return RunMachine(
            run_id=RUN, execution=execution, runs=self.runs, progress=self.progress,
            marks=self.marks, files=self.files, ledger=self.ledger, events=self.events,
            problems=lambda: self.problems, send_canary=self._canary, window_of=self._window_of,
            why_not=lambda: self.why_not,
            is_approved=self.is_approved, note_exits=self.exits.append, handovers=self.handovers,
        )  # fmt: skip

    def _window_of(self, at):
        definition = self.files.planned.definition
        first = definition.schedule.first_day
        return windows_for(definition, settings=self.settings, today=first, now=at)

    def _canary(self):
        if self.refusal:
            raise NotAccepted(self.refusal)
        if not self.events.loses_canary:
            self.events.add("ACCEPTED", CANARY, message_id="canary")
        return "canary"

    def restart(self, **more):
        """Give the machine another run's figures."""
        return self.runs.change(RUN, lambda run: dataclasses.replace(run, **more))

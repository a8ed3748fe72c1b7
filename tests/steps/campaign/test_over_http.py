"""A run through the real adapters: DynamoDB's table, and the stand-in for SES over HTTP."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import boto3
import pytest
from botocore.config import Config

from adapters.campaigns.account import SesAccount
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.keys import PACE_PK, runs_pk
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.mailer import SesMailer
from adapters.campaigns.versioned import VersionedRecords
from local.services.ses import sending
from local.services.ses.sending import MailService
from local.services.ses.server import Ses, SesServer
from steps.campaign.canary import check_canary, send_canary
from steps.campaign.compose import MessageComposer
from steps.campaign.consent import StillWanted, submit
from steps.campaign.pacing import SharedPace
from steps.campaign.runs import RememberedState, move, resolve
from steps.campaign.send_chunk import close_chunk, send_chunk
from steps.campaign.write_events import write_events
from tessera.campaigns.events.figures import figures
from tessera.campaigns.sending import states
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.outcomes import SENT, SKIPPED, UNKNOWN
from tessera.campaigns.sending.pace import PaceState
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import CampaignRun
from tessera.campaigns.unsubscribing.tokens import LinkKeys
from tests.adapters.campaigns.table import campaigns_table
from tests.campaigns.fakes import NINE, recipient

RUN, TENANT = "news-r001", "acme"
KEYS = LinkKeys(current="k1", keys={"k1": b"1" * 32})
ONE_CLICK = {"List-Unsubscribe": ["One-Click"]}


@dataclasses.dataclass(frozen=True)
class Parts:
    subject: str
    html: str
    text: str


class Renderer:
    def render(self, recipient, *, unsubscribe_url):
        return Parts("Grüße", f'<p><a href="{unsubscribe_url}">x</a></p>', unsubscribe_url)


class Setup:
    """All that one worker wires, and what a test looks at."""

    def __init__(self, table, url, mail):
        self.mail, self.events_out = mail, []
        mail._emit = self.events_out.extend
        sesv2 = boto3.client(
            "sesv2", endpoint_url=url, config=Config(retries={"total_max_attempts": 1})
        )
        self.consent, self.events = ConsentRows(table), EventSet(table)
        self.runs = VersionedRecords(table, pk=runs_pk(TENANT), kind=CampaignRun)
        self.ledger = CampaignLedger(table, tenant=TENANT, run_id=RUN, now=lambda: NINE)
        self.composer = MessageComposer(
            tenant=TENANT, campaign="news", run_id=RUN, purpose="marketing", renderer=Renderer(),
            keys=KEYS, base_url="https://console.shop.example", domain="shop.example",
            sender_id="tessera1",
        )  # fmt: skip
        pace = VersionedRecords(table, pk=PACE_PK, kind=PaceState)
        self.attempts = Attempts(
            wanted=StillWanted(
                consent=self.consent, tenant=TENANT, purpose="marketing", now=lambda: NINE
            ),
            composer=self.composer,
            ledger=self.ledger,
            pace=SharedPace(
                pace, account=SesAccount(sesv2), now_s=time.time, sleep=time.sleep, wanted=60,
                until_s=time.time() + 60,
            ),
            mailer=SesMailer(sender="news@shop.example", configuration_set="tessera", sesv2=sesv2),
        )  # fmt: skip

    def send(self, *numbers, lanes=4):
        state = RememberedState(self.runs, RUN, now_s=time.time, lasts_s=0)
        return send_chunk(
            [recipient(n) for n in numbers], attempts=self.attempts, ledger=self.ledger,
            run_state=state, lanes=lanes,
        )  # fmt: skip

    def take_events(self, *, times=1):
        for _ in range(times):
            write_events(reversed(self.events_out), events=self.events, consent=self.consent)

    def resolve(self):
        return resolve(
            self.runs, RUN, ledger=self.ledger, proofs=self.events, at=NINE + CLAIM_LASTS
        )

    def mailed(self):
        return sorted(message["To"] for message in self.mail.inbox.messages())


@pytest.fixture
def setup(shared_clients, tmp_path):
    server = SesServer()
    mail = MailService(tmp_path, identities=["shop.example"], configuration_sets=["tessera"])
    server.state = Ses(mail=mail)
    url = server.start()
    with campaigns_table() as table:
        setup = Setup(table, url, mail)
        later = NINE + dt.timedelta(hours=72)
        run = CampaignRun(
            tenant=TENANT, run_id=RUN, state="SENDING", starts_at=NINE, latest_start=later,
            deadline=later, changed_at=NINE, recipients=30,
        )  # fmt: skip
        setup.runs.change(RUN, lambda _: run)
        yield setup
    server.stop()


def test_a_run_with_every_kind_of_fault_ends_settled(setup):
    for fault in (sending.RATE, sending.LOST, sending.BROKEN, sending.BUSY, sending.UNREADABLE):
        setup.mail.fail_next(1, fault)
        setup.mail.fail_next(1, "")
    report = setup.send(*range(20))
    assert report.counts == {"sent": 16, "in doubt": 4}

    token = setup.composer.compose(recipient(25)).text.rpartition("/u/")[2]
    assert submit(token, form=ONE_CLICK, keys=KEYS, consent=setup.consent, now=NINE).saved
    setup.mail.fail_next(1, sending.DAILY)
    report = setup.send(*range(20, 30), lanes=1)
    assert (report.counts, report.left, report.stops) == ({"deferred": 1}, 9, False)
    assert setup.send(*range(20, 30)).counts == {"sent": 9, "skipped": 1}

    tally = setup.ledger.tally(planned=30)
    move(setup.runs, RUN, lambda run: states.complete(run, tally=tally, at=NINE))
    setup.take_events(times=2)
    resolved = setup.resolve()
    assert (resolved.proved, len(resolved.doubts), resolved.run.state) == (3, 1, "MEASURING")
    assert setup.ledger.tally(planned=30).counts == {SENT: 28, SKIPPED: 1, UNKNOWN: 1}
    assert len(setup.mailed()) == len(set(setup.mailed())) == 28
    counted = figures(setup.events.of_run(TENANT, RUN))
    assert (counted.accepted, counted.delivered) == (28, 28)


def test_a_cancelled_run_ends_with_everybody_settled(setup):
    setup.send(*range(10))
    move(setup.runs, RUN, lambda run: states.cancel(run, reason="asked for", at=NINE))
    report = setup.send(*range(10, 20))
    assert (report.counts, report.reason) == ({}, "the run is SETTLING")
    run = setup.runs.read(RUN)
    assert close_chunk([recipient(n) for n in range(30)], ledger=setup.ledger,
                       reason=run.reason) == 20  # fmt: skip
    assert setup.resolve().run.state == "CANCELLED"


def test_a_suspended_account_stops_the_run(setup):
    setup.mail.sending_enabled = False
    report = setup.send(1, 2)
    assert report.stops
    assert "sending is disabled for the account" in report.reason
    move(setup.runs, RUN, lambda run: states.pause(run, reason=report.reason, at=NINE))
    setup.mail.sending_enabled = True
    assert setup.send(1, 2).left == 2  # nobody has resumed


@pytest.mark.parametrize("fault", [sending.SUSPENDED, sending.PAUSED])
def test_a_refusal_of_the_account_stops_the_run_without_a_doubt(setup, fault):
    setup.mail.fail_next(1, fault)
    report = setup.send(1, 2, lanes=1)
    assert (report.stops, report.left, report.counts) == (True, 1, {"deferred": 1})
    assert setup.send(1, 2).counts == {"sent": 2}


def test_complaints_and_bounces_stop_messages_of_the_next_run(setup):
    setup.mail.suppressed["p1@shop.example"] = ("BOUNCE", 0.0)
    setup.send(1, 2)
    (complained,) = (
        message_id
        for message_id, mail in setup.mail.sent.items()
        if mail.given["Destination"]["ToAddresses"] == ["p2@shop.example"]
    )
    setup.mail.happens("Email Complaint Received", complained, complaintFeedbackType="abuse")
    setup.take_events()
    wanted = setup.attempts.wanted
    assert [wanted.why_not(recipient(n)) for n in (1, 2, 3)] == ["suppressed", "suppressed", ""]


def test_a_canary_flies_before_a_run(setup):
    message_id = send_canary(composer=setup.composer, mailer=setup.attempts.mailer, variant="a")
    wanted = {"tenant": TENANT, "run": RUN, "message_id": message_id}
    assert "no event of the canary came" in check_canary(setup.events, **wanted)
    setup.take_events()
    assert check_canary(setup.events, **wanted) == ""
    assert figures(setup.events.of_run(TENANT, RUN)).accepted == 0  # it is no recipient


def test_a_canary_whose_tags_are_lost_is_noticed(setup):
    message_id = send_canary(composer=setup.composer, mailer=setup.attempts.mailer, variant="a")
    for event in setup.events_out:
        event["detail"]["mail"]["tags"] = {}
    setup.take_events()
    problem = check_canary(setup.events, tenant=TENANT, run=RUN, message_id=message_id)
    assert "no event of the canary came with its tags" in problem

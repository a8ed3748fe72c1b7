"""The stand-in for SES' sending, and our mailer and account against it."""

from __future__ import annotations

import datetime as dt
import socket

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from adapters.campaigns.account import SesAccount
from adapters.campaigns.mailer import SesMailer
from local.loopback.place import ACCOUNT, REGION
from local.services.ses import sending
from local.services.ses.sending import MailService
from local.services.ses.server import Ses, SesServer
from tessera.campaigns.events.reading import read_event
from tessera.campaigns.sending.ports import NotAccepted, OutgoingMessage
from tessera.campaigns.sending.refusals import RefusalKind
from tessera.campaigns.unsubscribing.headers import list_headers
from tessera.errors import InvalidInput
from tests.campaigns.fakes import hexes

SENDER = "Shop <news@shop.example>"
SET, TENANT = "tessera", "acme"
ARNS = [
    f"arn:aws:ses:{REGION}:{ACCOUNT}:{place}"
    for place in ("identity/shop.example", f"configuration-set/{SET}")
]
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LINK = "https://console.shop.example/u/" + "x" * 300
HEADERS = list_headers(
    campaign="news", tenant="acme", purpose="marketing", domain="shop.example",
    sender_id="tessera1", url=LINK,
)  # fmt: skip


def client(url: str, *, attempts: int = 1):
    return boto3.client(
        "sesv2", region_name="us-east-1", endpoint_url=url,
        aws_access_key_id="testing", aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}),
    )  # fmt: skip


@pytest.fixture(scope="module")
def server():
    server = SesServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def sesv2(server):
    made = client(server.url)
    yield made
    made.close()


@pytest.fixture
def mail(server, sesv2, tmp_path):
    events = []
    mail = MailService(
        tmp_path / "inbox", identities=["shop.example"], configuration_sets=[SET],
        emit=events.extend,
    )  # fmt: skip
    mail.events = events
    server.state = Ses(mail=mail)
    for _ in range(2):  # as often as it is called
        SesAccount(sesv2).ensure_tenant(TENANT, resources=ARNS)
    return mail


@pytest.fixture
def mailer(sesv2, mail):
    return SesMailer(sender=SENDER, configuration_set=SET, ses_tenant=TENANT, sesv2=sesv2)


def message(n: int = 1, **more) -> OutgoingMessage:
    tags = {"tenant": "acme", "run": "news-r001", "recipient": hexes(n)}
    given = {"to": f"p{n}@mail.example", "subject": "Grüße", "html": "<p>Hallo</p>",
             "text": "Hallo", "headers": HEADERS, "tags": tags}  # fmt: skip
    return OutgoingMessage(**given | more)


def request(**more):
    content = {"Subject": {"Data": "News"}, "Body": {"Text": {"Data": "News"}}}
    simple = {**content, **more.pop("simple", {})}
    return {
        "FromEmailAddress": SENDER, "Destination": {"ToAddresses": ["p1@mail.example"]},
        "ConfigurationSetName": SET, "Content": {"Simple": simple}, **more,
    }  # fmt: skip


def test_a_message_is_in_the_inbox_and_its_events_follow(mailer, mail):
    message_id = mailer.send(message())
    (kept,) = mail.inbox.messages()
    assert (kept["To"], kept["From"], kept["Subject"]) == ("p1@mail.example", SENDER, "Grüße")
    assert kept.get_body(("html",)).get_content().strip() == "<p>Hallo</p>"
    assert kept.get_body(("plain",)).get_content().strip() == "Hallo"
    assert [(name, kept[name]) for name, _ in HEADERS] == list(HEADERS)
    events = [read_event(event) for event in mail.events]
    assert [event.kind for event in events] == ["ACCEPTED", "DELIVERED"]
    assert {(one.run, one.recipient, one.message_id, one.domain) for one in events} == {
        ("news-r001", hexes(1), message_id, "mail.example")
    }


def test_the_unsubscribe_header_is_not_folded(mailer, mail):
    mailer.send(message())
    (path,) = mail.inbox.folder.glob("*.eml")
    lines = path.read_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: <{LINK}>".encode() in lines


def test_no_request_is_made_twice(mailer, mail, server):
    mail.fail_next(1, sending.RATE)
    with pytest.raises(NotAccepted):
        mailer.send(message())
    assert server.state.calls["SendEmail"] == 1


@pytest.mark.parametrize(
    ("fault", "kind", "accepted"),
    [
        (sending.RATE, RefusalKind.RATE, 0),
        (sending.DAILY, RefusalKind.DAILY, 0),
        (sending.SUSPENDED, RefusalKind.STOP, 0),
        (sending.PAUSED, RefusalKind.STOP, 0),
        (sending.BUSY, RefusalKind.DOUBT, 0),
        (sending.LOST, RefusalKind.DOUBT, 1),
        (sending.BROKEN, RefusalKind.DOUBT, 1),
        (sending.UNREADABLE, RefusalKind.DOUBT, 1),
    ],
)
def test_each_fault_has_its_meaning(mailer, mail, fault, kind, accepted):
    mail.fail_next(1, fault)
    with pytest.raises(NotAccepted) as refused:
        mailer.send(message())
    assert refused.value.refusal.kind is kind
    assert len(mail.sent) == accepted
    mailer.send(message(2))  # and the next call is as usual
    assert len(list(mail.inbox.messages())) == accepted + 1


def test_an_unreached_service_has_accepted_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailer = SesMailer(
        sender=SENDER, configuration_set=SET, sesv2=client(f"http://127.0.0.1:{port}")
    )
    with pytest.raises(NotAccepted) as refused:
        mailer.send(message())
    assert refused.value.refusal.kind is RefusalKind.RATE


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"EmailTags": [{"Name": "a", "Value": "b c"}]}, "Invalid message tag"),
        ({"EmailTags": [{"Name": "a", "Value": "x" * 257}]}, "Invalid message tag"),
        ({"EmailTags": [{"Name": "a", "Value": "1"}, {"Name": "a", "Value": "2"}]}, "Duplicate"),
        ({"Destination": {"ToAddresses": ["nobody"]}}, "invalid"),
        ({"Destination": {}}, "Recipient count"),
        ({"simple": {"Body": {}}}, "neither"),
        ({"simple": {"Subject": {"Data": "a\nb"}}}, "line break"),
        ({"simple": {"Headers": [{"Name": "List-Id", "Value": "x" * 996}]}}, "995"),
        ({"simple": {"Headers": [{"Name": "List-Id", "Value": "ü"}]}}, "printable"),
        ({"simple": {"Headers": [{"Name": "X", "Value": "1"}] * 2}}, "Duplicate header"),
        ({"simple": {"Headers": [{"Name": "subject", "Value": "1"}]}}, "Duplicate header"),
        ({"simple": {"Headers": [{"Name": f"X{n}", "Value": "1"} for n in range(16)]}}, "15"),
        ({"Content": {"Raw": {"Data": b"x"}}}, "Only simple content"),
    ],
)
def test_what_ses_refuses_is_refused(sesv2, mail, wrong, words):
    with pytest.raises(ClientError, match=words) as refused:
        sesv2.send_email(**request(**wrong))
    assert refused.value.response["Error"]["Code"] == "BadRequestException"
    assert mail.sent == {}


@pytest.mark.parametrize("wrong", [{"ConfigurationSetName": "other"}, {"TenantName": "other"}])
def test_what_does_not_exist_is_refused(sesv2, mail, wrong):
    with pytest.raises(ClientError) as refused:
        sesv2.send_email(**request(**wrong))
    assert refused.value.response["Error"]["Code"] == "NotFoundException"


def test_an_unverified_sender_stops_the_run(sesv2, mail):
    mailer = SesMailer(sender="news@other.example", configuration_set=SET, sesv2=sesv2)
    with pytest.raises(NotAccepted) as refused:
        mailer.send(message())
    assert refused.value.refusal.kind is RefusalKind.STOP


def test_the_quota_is_enforced(sesv2, mailer, mail):
    clock = [NOW.timestamp()]
    mail._clock = lambda: clock[0]
    mail.per_second, mail.per_day = 2, 3
    kinds = []
    for step in (0, 0, 0, 1, 1):
        clock[0] += step
        try:
            mailer.send(message())
        except NotAccepted as error:
            kinds.append(error.refusal.kind)
        else:
            kinds.append(None)
    assert kinds == [None, None, RefusalKind.RATE, None, RefusalKind.DAILY]
    quota = SesAccount(sesv2).quota(now=NOW)
    assert (quota.per_second, quota.per_day, quota.sent_last_day) == (2, 3, 3)
    assert (quota.stopped, quota.read_at_s) == ("", NOW.timestamp())
    clock[0] += 86_400
    mailer.send(message())


def test_a_disabled_account_says_so(sesv2, mail):
    mail.sending_enabled = False
    assert "sending is disabled" in SesAccount(sesv2).quota(now=NOW).stopped


def test_bounces_and_complaints_are_suppressed_and_read_daily(sesv2, mailer, mail):
    clock = [NOW.timestamp()]
    mail._clock = lambda: clock[0]
    first = mailer.send(message(1))
    mail.happens("Email Bounced", first, bounceType="Transient")
    assert suppressed(sesv2, since=NOW - DAY) == []
    mail.happens("Email Bounced", first, bounceType="Permanent")
    clock[0] += 60
    mail.happens("Email Complaint Received", mailer.send(message(2)))
    assert suppressed(sesv2, since=NOW - DAY) == [
        ("p1@mail.example", "BOUNCE"), ("p2@mail.example", "COMPLAINT"),
    ]  # fmt: skip
    later = NOW + dt.timedelta(seconds=30)
    assert suppressed(sesv2, since=later) == [("p2@mail.example", "COMPLAINT")]
    assert suppressed(sesv2, since=NOW - DAY, ses_tenant="") == []  # the account's own list


def suppressed(sesv2, *, since, ses_tenant=TENANT):
    listed = SesAccount(sesv2).suppressed(since=since, ses_tenant=ses_tenant)
    return [(one.address, one.reason) for one in listed]


def test_a_tenant_sends_by_its_own_resources_alone(sesv2, mail):
    SesAccount(sesv2).ensure_tenant("zenith", resources=ARNS[1:])
    with pytest.raises(ClientError, match="not associated") as refused:
        sesv2.send_email(**request(TenantName="zenith"))
    assert refused.value.response["Error"]["Code"] == "BadRequestException"
    assert SesAccount(sesv2).problems(
        domain="shop.example", configuration_set=SET, ses_tenant="zenith"
    ) == ["the SES tenant 'zenith' is not associated with the identity 'shop.example'"]


def test_an_association_with_nothing_is_refused(sesv2, mail):
    with pytest.raises(InvalidInput, match="SES lacks"):
        SesAccount(sesv2).ensure_tenant("zenith", resources=[ARNS[0] + "x"])


def test_a_suppressed_address_is_accepted_and_bounces(mailer, mail):
    mail.tenants.named(TENANT).suppressed["p1@mail.example"] = ("BOUNCE", 0.0)
    mailer.send(message())
    assert [read_event(event).kind for event in mail.events] == ["ACCEPTED", "BOUNCED"]


def test_the_simulators_addresses_behave(mailer, mail):
    mailer.send(message(to="complaint@simulator.amazonses.com"))
    assert [read_event(event).kind for event in mail.events] == ["ACCEPTED", "COMPLAINED"]


def test_a_setup_that_is_complete_has_no_problems(sesv2, mail):
    account = SesAccount(sesv2)
    assert account.problems(domain="shop.example", configuration_set=SET, ses_tenant=TENANT) == []
    problems = account.problems(domain="x.example", configuration_set="no", ses_tenant="no")
    assert [problem.partition(":")[0] for problem in problems] == [
        "SES has no identity 'x.example'",
        "SES has no configuration set 'no'",
        "SES has no tenant 'no'",
    ]

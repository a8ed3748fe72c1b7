"""Messages over HTTP to the strict receiver, and what keeps a claim."""

from __future__ import annotations

import pytest

from adapters.campaigns.webhook_sender import WebhookSender
from local.services.frame.http_service import BROKEN, BUSY, DENIED, DROPPED, MALFORMED
from local.services.webhook import SIGNING_KEY, WebhookServer
from steps.campaign.compose import WebhookComposer
from tessera.campaigns.sending.ports import NotAccepted
from tessera.campaigns.sending.refusals import RefusalKind
from tessera.campaigns.unsubscribing.tokens import LinkKeys, verify
from tessera.errors import InvalidInput
from tests.campaigns.fakes import hexes, recipient
from tests.destinations.places import NOWHERE

KEYS = LinkKeys(current="k1", keys={"k1": b"1" * 32})
URL = "https://hooks.shop.example/tessera"


@pytest.fixture
def server():
    server = WebhookServer()
    server.start()
    yield server
    server.stop()


def sender(server, *, signing_key=SIGNING_KEY):
    return WebhookSender(URL, signing_key=signing_key, base_url=server.url)


def message(n=1):
    composer = WebhookComposer(
        tenant="acme", campaign="news", run_id="news-r001", keys=KEYS,
        base_url="https://console.shop.example",
    )  # fmt: skip
    return composer.compose(recipient(n))


def refusal(server, **more):
    with pytest.raises(NotAccepted) as raised:
        sender(server, **more).send(message())
    return raised.value.refusal


def test_a_message_arrives_signed_with_a_link_of_its_recipient(server):
    delivery = sender(server).send(message())
    (taken,) = server.state.messages.values()
    assert list(server.state.messages) == [delivery]
    claims = verify(taken["unsubscribe_url"].rpartition("/u/")[2], keys=KEYS)
    assert claims.recipient == hexes(1)


def test_a_message_that_is_released_and_sent_again_keeps_its_id(server):
    server.state.faults.fail_next(1, DROPPED)
    assert refusal(server).kind is RefusalKind.DOUBT
    sender(server).send(message())
    assert len(server.state.messages) == server.state.repeats == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (BUSY, RefusalKind.RATE),
        (BROKEN, RefusalKind.DOUBT),
        (MALFORMED, RefusalKind.DOUBT),
        (DENIED, RefusalKind.STOP),
    ],
)
def test_what_the_receiver_responds_decides(server, fault, kind):
    server.state.faults.fail_next(1, fault)
    assert refusal(server).kind is kind


def test_a_refused_recipient_is_refused_alone(server):
    server.state.faults.fail_item("c1", code="unknown", message="not ours")
    assert refusal(server).kind is RefusalKind.MESSAGE
    sender(server).send(message(2))


def test_another_key_stops_the_run(server):
    assert refusal(server, signing_key="y" * 16).kind is RefusalKind.STOP


def test_a_receiver_that_is_away_got_nothing():
    away = WebhookSender(URL, signing_key=SIGNING_KEY, base_url=NOWHERE)
    with pytest.raises(NotAccepted) as raised:
        away.send(message())
    assert raised.value.refusal.kind is RefusalKind.RATE


@pytest.mark.parametrize(
    "url", ["http://hooks.shop.example", "https://10.0.0.1/", "https://db.internal/"]
)
def test_an_address_inside_a_network_is_refused_before_any_message(url):
    with pytest.raises(InvalidInput, match="url must be of the form"):
        WebhookSender(url, signing_key=SIGNING_KEY)


def test_a_short_key_is_refused_before_any_message():
    with pytest.raises(InvalidInput, match="signing_key"):
        WebhookSender(URL, signing_key="short")

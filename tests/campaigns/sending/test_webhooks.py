"""What is posted for a recipient, and what a receiver's response means."""

from __future__ import annotations

import pytest

from tessera.campaigns.sending.refusals import RefusalKind
from tessera.campaigns.sending.webhooks import refusal_of_response, webhook_message
from tests.campaigns.fakes import recipient


def message(n=1, **more):
    given = {"tenant": "acme", "campaign": "news", "run": "news-r001"}
    return webhook_message(
        recipient(n), **{**given, **more}, unsubscribe_url="https://c.example/u/t"
    )


def test_a_message_sent_again_has_the_same_id_and_no_other_has_it():
    assert message().delivery == message().delivery == message().body["delivery"]
    others = {message(2).delivery, message(run="news-r002").delivery, message(tenant="b").delivery}
    assert len({message().delivery, *others}) == 4


def test_the_receiver_gets_the_variant_the_address_and_the_link():
    body = message().body["message"]
    assert body["email"] == "p1@shop.example"
    assert (body["variant"], body["customer_key"]) == ("a", "c1")
    assert body["unsubscribe_url"] == "https://c.example/u/t"


@pytest.mark.parametrize(
    ("status", "is_readable", "kind"),
    [
        (200, True, None), (204, True, None), (200, False, RefusalKind.DOUBT),
        (301, True, RefusalKind.STOP), (400, True, RefusalKind.MESSAGE),
        (401, True, RefusalKind.STOP), (404, True, RefusalKind.STOP),
        (409, True, RefusalKind.MESSAGE), (422, True, RefusalKind.MESSAGE),
        (429, True, RefusalKind.RATE), (500, True, RefusalKind.DOUBT),
        (503, True, RefusalKind.DOUBT),
    ],
)  # fmt: skip
def test_a_response_has_one_meaning(status, is_readable, kind):
    refusal = refusal_of_response(status, is_readable=is_readable)
    assert (refusal and refusal.kind) == kind
    assert refusal is None or str(status) in refusal.reason

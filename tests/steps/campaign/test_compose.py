"""A recipient's message."""

from __future__ import annotations

import dataclasses

from steps.campaign.compose import MessageComposer
from tessera.campaigns.unsubscribing.tokens import LinkKeys, verify
from tests.campaigns.fakes import hexes, recipient

KEYS = LinkKeys(current="k1", keys={"k1": b"1" * 32})


@dataclasses.dataclass(frozen=True)
class Parts:
    subject: str
    html: str
    text: str


class FakeRenderer:
    def render(self, recipient, *, unsubscribe_url):
        return Parts("News", f"<a href='{unsubscribe_url}'>x</a>", unsubscribe_url)


def composed(**more):
    composer = MessageComposer(
        tenant="acme", campaign="news", run_id="news-r001", renderer=FakeRenderer(), keys=KEYS,
        base_url="https://console.shop.example", domain="shop.example", sender_id="tessera1",
        **{"purpose": "marketing", **more},
    )  # fmt: skip
    return composer.compose(recipient(1))


def test_the_link_leads_back_to_the_recipient():
    message = composed()
    headers = dict(message.headers)
    url = headers["List-Unsubscribe"].strip("<>")
    assert url == message.text
    claims = verify(url.rpartition("/u/")[2], keys=KEYS)
    assert (claims.recipient, claims.run, claims.purpose) == (hexes(1), "news-r001", "marketing")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.tags == {"tenant": "acme", "run": "news-r001", "recipient": hexes(1)}


def test_nobody_is_tracked_unless_they_consented():
    assert not composed().tracks_opens
    assert composed(may_track=lambda one: one.recipient == hexes(1)).tracks_opens


def test_a_transactional_message_is_of_no_list():
    message = composed(purpose="transactional")
    assert list(dict(message.headers)) == ["Feedback-ID"]
    # Its footer leads to the preferences about marketing all the same.
    assert verify(message.text.rpartition("/u/")[2], keys=KEYS).purpose == "marketing"

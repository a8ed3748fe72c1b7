"""The webhook: exactly what it posts and signs, where to, and how answers are read."""

from __future__ import annotations

import dataclasses
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.services.webhook import WebhookServer
from tessera.destinations.planning.load import batches
from tessera.destinations.port import Contact, Item, compact
from tessera.destinations.requests import Malformed, Response
from tessera.destinations.vendors.webhook import deliveries
from tessera.destinations.vendors.webhook import destination as webhook
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Segment
from tests.destinations.places import KEY, HttpPlace

EMAIL, SMS = Contact("EMAIL", "ann@example.com"), Contact("SMS", "+12125550100")
SECRET = {"url": "https://shop.example/hooks/tessera?of=shop", "signing_key": KEY}
AT_RISK = Segment("At Risk", "_RFM_At_Risk", "segment", "At Risk", "Spent much.", 7)


def item(number: int, *, digest: str = "d" * 32, **content: str) -> Item:
    fields = {"customer_id": f"C {number}", "rfm_segment": "Lost", **content}
    return Item(f"key-{number}", f"C {number}", digest, fields)


@pytest.fixture
def place():
    server = WebhookServer()
    server.start()
    server.state = type(server.state)(KEY)
    yield HttpPlace("webhook", server)
    server.stop()


@pytest.fixture
def verify(root):
    """A receiver that follows docs/webhook.md."""
    (code,) = re.findall(r"```python\n(.*?)```", (root / "docs/webhook.md").read_text(), re.DOTALL)
    assert len(code.splitlines()) <= 10
    names: dict = {}
    exec(code, names)  # noqa: S102 (our own documentation)
    return names["verify"]


# ---- what is posted ------------------------------------------------------------------------


def test_a_customer_has_all_that_is_known_and_who_left_has_nothing(customer):
    content = webhook.render(customer(1, contacts=(EMAIL, SMS)))
    posted = deliveries.record(Item("key", "C 1", "d", content))
    attributes = posted.pop("attributes")
    assert posted == {
        "customer_id": "C 1", "email": "ann@example.com", "phone": "+12125550100", "left": False,
    }  # fmt: skip
    assert (attributes["rfm_segment"], attributes["rfm_monetary"]) == ("Champions", "12.50")
    gone = Item("key", "C 1", "", webhook.cleared("C 1"))
    assert deliveries.record(gone) == {"customer_id": "C 1", "attributes": {}, "left": True}


def test_a_batch_is_one_post_to_the_url_itself_and_says_nothing_else():
    items = [item(1), item(2)]
    request = webhook.next_request(items, [])
    assert (request.method, request.path) == ("POST", "")
    assert set(request.body) == {"delivery", "customers"}
    assert (
        request.body["delivery"]
        == request.headers["Tessera-Delivery"]
        == deliveries.delivery(items)
    )
    assert webhook.next_request(items, [Response(200)]) is None


def test_a_delivery_keeps_its_id_when_repeated_and_changes_with_anything():
    items = [item(1), item(2)]
    assert deliveries.delivery(items) == deliveries.delivery([item(1), item(2)])
    others = [
        [item(1)],
        [item(2), item(1)],
        [item(1), item(2, digest="e" * 32)],
        [item(1), item(2, rfm_as_of="2026-05-02")],
    ]
    assert len({deliveries.delivery(one) for one in [items, *others]}) == 5


@given(st.lists(st.text(max_size=300), min_size=1, max_size=60))
def test_batches_are_within_the_limits(texts):
    items = [item(number, email=text) for number, text in enumerate(texts)]
    limits = dataclasses.replace(webhook.CAPABILITIES, batch_bytes=20_000)

    class Small:
        CAPABILITIES = limits

    envelope = len(compact({"delivery": "0" * 32, "customers": []}))
    for batch in batches(items, vendor=Small):
        body = compact(webhook.next_request(batch, []).body).encode()
        assert len(batch) == 1 or len(body) <= 20_000 + envelope
    assert webhook.CAPABILITIES.batch_bytes + envelope <= 1_000_000
    assert webhook.CAPABILITIES.batch_items == 500


# ---- the signature -------------------------------------------------------------------------


def test_the_documented_receiver_verifies_what_is_signed(verify):
    body, now = '{"customers":["☂"]}'.encode(), int(time.time())
    headers = webhook.sign(SECRET, body, now)
    assert verify(headers, body, KEY)
    assert not verify(headers, body + b" ", KEY)
    assert not verify(headers, body, KEY + "x")
    assert not verify(webhook.sign(SECRET, body, now - 301), body, KEY)
    late = {"Tessera-Signature": headers["Tessera-Signature"].replace(str(now), str(now - 10))}
    assert not verify(late, body, KEY)


def test_what_arrives_is_what_was_signed(place, verify):
    place.transport.send([item(1, email="Ζωή@example.com")])
    (received,) = place.state.requests
    headers = {"Tessera-Signature": received.headers["tessera-signature"]}
    assert verify(headers, received.text, KEY)


def test_each_attempt_is_signed_anew_and_keeps_its_delivery(place):
    times = iter([time.time() - 60, time.time()])
    client = {"unix_time": lambda: next(times)}
    url = f"http://127.0.0.1:{_port(place)}"
    place.lost(1)
    place.connect(url, **client).send([item(1)])
    first, second = place.state.requests
    assert first.text == second.text
    assert first.headers["tessera-delivery"] == second.headers["tessera-delivery"]
    assert first.headers["tessera-signature"] != second.headers["tessera-signature"]
    assert (place.state.repeats, len(place.customers())) == (1, 1)


def _port(place: HttpPlace) -> int:
    place.transport.check([])
    port = int(place.state.requests[-1].headers["host"].rpartition(":")[2])
    place.state.requests.clear()
    return port


def test_a_key_that_is_too_short_or_wrong_stops_before_anybody_is_sent(place):
    with pytest.raises(InvalidInput, match="signing_key has fewer than 16"):
        webhook.sign({"signing_key": "k" * 15}, b"", 0)
    assert webhook.sign({"signing_key": "k" * 16}, b"", 0)
    url = f"http://127.0.0.1:{_port(place)}"
    wrong = place.connect(url, read_secret=lambda: SECRET | {"signing_key": KEY + "x"})
    with pytest.raises(Refused, match="secret tessera/dev/destinations/webhook"):
        wrong.check([])
    assert not place.customers()


# ---- where it goes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["https://shop.example", "https://shop.example/", "https://Hooks.Shop.example:8443/a/b/?k=v&x",
     "https://shop.example?k=v", "https://xn--bcher-kva.example/~a", "https://a.xn--p1ai/"],
)  # fmt: skip
def test_a_public_name_over_https_is_taken_as_it_is(url):
    assert webhook.base_url({"url": url}) == url


@pytest.mark.parametrize(
    "url",
    ["http://shop.example/", "ftp://shop.example/", "//shop.example", "shop.example/x", "https://",
     "https://localhost/", "https://localhost:8080/", "https://a.localhost/", "https://shop/",
     "https://shop.local/", "https://ip-10-0-0-1.ec2.internal/", "https://LOCALHOST.localdomain/",
     "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/",
     "https://0x7f000001/", "https://017700000001/", "https://169.254.169.254/latest/meta-data",
     "https://10.0.0.1.", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/",
     "https://localhost./", "https://shop.example./", "https://1.0.0.127.in-addr.arpa/",
     "https://user@shop.example/", "https://user:word@shop.example/", "https://shop.example@[::1]/",
     "https://shop.example\\@localhost/", "https://shop.example/#a", "https://shop.example/a b",
     "https://shop.example/\n", " https://shop.example/", "https://shop.example\t.local/",
     "https://shop。local/", "https://①②⑦.0.0.1/", "https://-a.example/", "https://a..example/"],
)  # fmt: skip
def test_any_other_url_is_refused_and_not_repeated_in_the_message(url):
    with pytest.raises(InvalidInput, match="url must be of the form https://") as caught:
        webhook.base_url({"url": url})
    assert len(url) < 9 or url not in str(caught.value)


def test_a_wrong_url_names_the_secret_and_nothing_is_sent(place):
    away = place.connect("", read_secret=lambda: SECRET | {"url": "https://127.0.0.1/"})
    with pytest.raises(InvalidInput, match="secret tessera/dev/destinations/webhook: url must"):
        away.check([])


def test_a_secret_that_is_put_right_is_read_again(place):
    url = f"http://127.0.0.1:{_port(place)}"
    secrets = [SECRET | {"signing_key": "short"}]
    way = place.connect(
        url, read_secret=lambda: secrets[-1], forget_secret=lambda: secrets.append(SECRET)
    )
    with pytest.raises(InvalidInput, match="signing_key"):
        way.check([])
    way.check([])


def test_a_name_that_leads_inside_is_not_spoken_to(place, monkeypatch):
    import socket

    port = _port(place)
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_arguments, **_options: inside)
    away = place.connect("", read_secret=lambda: SECRET)
    with pytest.raises(InvalidInput, match="an address inside a network") as caught:
        away.send([item(1)])
    assert "shop.example" not in str(caught.value)
    assert not place.state.requests


def test_redirects_are_not_followed(place, monkeypatch):
    monkeypatch.setattr(place.state, "handle", lambda _request: (307, {}))
    with pytest.raises(Refused, match="307 to POST"):
        place.transport.send([item(1)])
    assert len(place.state.requests) == 1


# ---- what is answered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "response",
    [
        Response(204, empty=True),
        Response(200, empty=True),
        Response(202, {}),
        Response(200, {"ok": 1}),
        Response(200, {"refused": []}),
    ],
)
def test_a_success_acknowledges_all(response):
    items = [item(1), item(2)]
    assert webhook.outcome(items, [response]).acknowledged == tuple(items)


def test_some_are_refused_in_the_receivers_words():
    items = [item(1), item(2), item(17)]
    refusals = [
        {"customer_id": "C 2", "code": "gone", "message": "not ours"},
        {"customer_id": "C 17"},
    ]
    outcome = webhook.outcome(items, [Response(200, {"refused": refusals})])
    assert outcome.acknowledged == (items[0],)
    assert [(one.customer_id, one.code, one.message) for one in outcome.refused] == [
        ("C 2", "gone", "not ours"),
        ("C 17", "refused", "no reason given"),
    ]


@pytest.mark.parametrize(
    "body",
    [None, [], "ok", {"refused": "C 1"}, {"refused": ["C 1"]}, {"refused": [{"code": "x"}]},
     {"refused": [{"customer_id": "C 9"}]}],
)  # fmt: skip
def test_a_success_that_cannot_be_read_acknowledges_nobody(body):
    with pytest.raises(Malformed):
        webhook.outcome([item(1)], [Response(200, body)])


def test_an_invalid_batch_blames_the_named_customers():
    items = [item(1), item(2)]
    body = {"refused": [{"customer_id": "C 1", "code": "x", "message": "y"}]}
    outcome = webhook.outcome(items, [Response(422, body)])
    assert [one.customer_id for one in outcome.refused] == ["C 1"]
    assert [one for one, _ in outcome.again] == [items[1]]
    everyone = webhook.outcome(items, [Response(400, {"message": "no"})])
    assert [why.message for _, why in everyone.again] == ["no", "no"]


def test_a_receivers_words_are_kept_short_and_plain():
    response = Response(404, {"code": 7, "message": "no\n\x1b[31m" + "x" * 500})
    code, message = webhook.words(response)
    assert code == "7"
    assert message.startswith("no[31mx")
    assert len(message) < 200


# ---- segments ------------------------------------------------------------------------------


def test_a_segment_is_sent_once_and_not_counted():
    request = webhook.segment_request(AT_RISK, [])
    assert request.body == {
        "segment": {
            "name": "_RFM_At_Risk", "label": "At Risk", "attribute": "rfm_segment",
            "value": "At Risk", "meaning": "Spent much.", "customers": 7,
        }
    }  # fmt: skip
    assert webhook.size_request(AT_RISK, []) is None


@pytest.mark.parametrize(
    ("response", "action"),
    [(Response(201, empty=True), "created"), (Response(204, empty=True), "kept"),
     (Response(200, {"segment": "recreated"}), "recreated"),
     (Response(201, {"segment": "x"}), "created")],
)  # fmt: skip
def test_a_receiver_may_say_what_a_segment_came_to(response, action):
    assert webhook.segment_request(AT_RISK, [response]) == action


def test_refusing_a_segment_is_an_error_that_names_the_remedy(place, monkeypatch):
    with pytest.raises(Refused, match="let it respond with 200"):
        webhook.segment_request(AT_RISK, [Response(404)])
    monkeypatch.setattr(place.state, "handle", lambda _request: (404, {}))
    with pytest.raises(Refused, match="let it respond with 200"):
        place.transport.ensure(AT_RISK)


def test_a_check_is_a_batch_of_nobody(place):
    place.transport.check([AT_RISK])
    (received,) = place.state.requests
    assert received.body["customers"] == []


def test_a_receiver_away_is_retryable(place):
    place.broken(100)
    with pytest.raises(Retryable):
        place.transport.check([])

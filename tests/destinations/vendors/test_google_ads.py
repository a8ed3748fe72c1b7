"""Google Ads: exactly what its calls say, and the token that its secret is exchanged for."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from local.services.frame.http_service import ReceivedRequest, Rejected
from local.services.google_ads import TOKEN, GoogleAds, GoogleAdsServer
from tessera.destinations.port import Item, compact
from tessera.destinations.requests import Response
from tessera.destinations.vendors.google_ads import destination as google_ads
from tessera.errors import InvalidInput, Refused
from tessera.records.loads.segment import Segment
from tests.destinations.audience_place import AudiencePlace
from tests.destinations.places import KEY

ONE, TWO = "a" * 64, "b" * 64
LOST = Segment("Lost", "_RFM_Lost", "segment", "Lost", "Long gone", 1)
ACCOUNT = {"accountType": "GOOGLE_ADS", "accountId": "pk_made_up_for_tests"}


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", "email_sha256": ONE, **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


@pytest.fixture
def server() -> Iterator[GoogleAdsServer]:
    server = GoogleAdsServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def place(server) -> AudiencePlace:
    return AudiencePlace("google_ads", server)


# ---- members -------------------------------------------------------------------------------


def test_a_batch_comes_into_its_list_with_consent_and_goes_out_of_the_others_without(place):
    place.state.make("_RFM_Champions")
    place.transport.send([item(1, phone_sha256=TWO)])
    out, into = list(place.state.requests)[-2:]
    members = [{"userData": {"userIdentifiers": [{"emailAddress": ONE}, {"phoneNumber": TWO}]}}]
    fields = {"audienceMembers": members, "encoding": "HEX"}
    assert (out.method, out.path) == ("POST", "/v1/audienceMembers:remove")
    where = [{"operatingAccount": ACCOUNT, "productDestinationId": "1000"}]
    assert out.body == {**fields, "destinations": where}
    assert (into.method, into.path) == ("POST", "/v1/audienceMembers:ingest")
    assert into.body == {
        **fields,
        "destinations": [{"operatingAccount": ACCOUNT, "productDestinationId": "1001"}],
        "consent": {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"},
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
    }


def test_a_check_makes_lists_of_hashed_addresses_for_as_long_as_google_keeps_anybody(place):
    place.transport.check([LOST])
    place.transport.check([LOST])
    (made,) = [one for one in place.state.requests if one.path.endswith("/userLists") and one.text]
    assert made.body == {
        "displayName": "_RFM_Lost",
        "description": 'rfm_segment equals "Lost"',
        "membershipDuration": "46656000s",
        "ingestedUserListInfo": {
            "uploadKeyTypes": ["CONTACT_ID"],
            "contactIdInfo": {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"},
        },
    }


@pytest.mark.parametrize("more", [{"readOnly": True}, {"ingestedUserListInfo": {}}])
def test_lists_that_are_others_or_find_their_members_themselves_are_none_of_ours(more):
    name = "accountTypes/GOOGLE_ADS/accounts/1/userLists/7"
    info = {"ingestedUserListInfo": {"uploadKeyTypes": ["CONTACT_ID"]}}
    page = Response(
        200, {"userLists": [{"name": name, "displayName": "_RFM_Lost", **info, **more}]}
    )
    assert google_ads.next_request([item(1)], [page]) is None
    (refusal,) = google_ads.outcome([item(1)], [page]).refused
    assert refusal.code == "no-audience"


# ---- the account ---------------------------------------------------------------------------


def test_a_token_is_asked_for_once_and_anew_before_it_ends(place):
    for _ in range(3):
        place.transport.send([item(1)])
    assert place.state.exchanges == 1
    received = next(one for one in place.state.requests if one.path == "/token")
    assert dict(parse_qsl(received.text.decode())) == {
        "grant_type": "refresh_token",
        "client_id": KEY,
        "client_secret": KEY,
        "refresh_token": KEY,
    }
    assert "authorization" not in received.headers
    place.clock.now += 3_599 - 60
    place.transport.send([item(1)])
    assert place.state.exchanges == 2


def test_a_token_that_is_refused_is_not_used_again(place):
    place.denied()
    with pytest.raises(Refused, match="rejected the key"):
        place.transport.send([item(1)])
    place.transport.send([item(1)])
    assert place.state.exchanges == 2


def test_a_refresh_token_that_was_revoked_is_a_key_that_is_not_taken(server, monkeypatch):
    def refuse(_self, _request):
        raise Rejected(400, "Token has been expired or revoked.")

    monkeypatch.setattr(GoogleAds, "_exchange", refuse)
    with pytest.raises(Refused, match="rejected the key in secret tessera/dev") as caught:
        AudiencePlace("google_ads", server)
    assert KEY not in str(caught.value)


def test_nobody_listens_to_the_exchange(server):
    heard: list[Response] = []
    place = AudiencePlace("google_ads", server)
    place.connect(server.url, listen=heard.append).check([LOST])
    assert heard
    assert TOKEN not in repr([response.body for response in heard])


def test_the_account_is_the_secrets_as_people_write_it():
    path = google_ads.check_request([]).path
    secret = {"customer_id": "123-456-7890"}
    assert "/accounts/1234567890/userLists" in google_ads.in_account(secret, path)
    with pytest.raises(InvalidInput, match="customer_id"):
        google_ads.in_account({"customer_id": "1/2"}, path)


# ---- the stand-in --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"consent": {"adUserData": "CONSENT_DENIED"}},
        {"termsOfService": {}},
        {"encoding": "BASE64"},
        {"audienceMembers": []},
        {"audienceMembers": [{"userData": {"userIdentifiers": [{"emailAddress": "a@b.c"}]}}]},
        {"audienceMembers": [{"userIdData": {"userId": "C 1"}}]},
        {"destinations": []},
    ],
)
def test_the_stand_in_is_strict(change):
    state = GoogleAds()
    state.make("_RFM_Lost")
    listed = {"name": "accountTypes/GOOGLE_ADS/accounts/1/userLists/1000"}
    listed |= {
        "displayName": "_RFM_Lost",
        "ingestedUserListInfo": {"uploadKeyTypes": ["CONTACT_ID"]},
    }
    request = google_ads.next_request([item(1)], [Response(200, {"userLists": [listed]})])
    headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}

    def ask(body):
        text = compact(body).encode()
        received = ReceivedRequest(
            method="POST", path=request.path, query={}, headers=headers, text=text
        )
        return state.handle(received)

    assert ask(request.body)[0] == 200
    with pytest.raises(Rejected):
        ask({**request.body, **change})

"""What stand-ins remember comes back as it was, or not at all."""

from __future__ import annotations

import json

import pytest

from local.app.stand_ins import every_stand_in
from local.loopback.memory import NotRememberedError, Remembering, memory_of, recall
from local.services.customer_profiles.server import CustomerProfiles
from local.services.customer_profiles.store import new_domain
from local.services.klaviyo.server import Klaviyo
from local.services.meta import Meta
from local.services.pinpoint.server import Pinpoint
from local.services.ses.server import Ses


def again(state, fresh):
    recall(fresh, json.loads(json.dumps(memory_of(state))))
    return fresh


def test_every_stand_in_of_an_http_destination_remembers_what_a_fresh_one_has():
    for name, make in every_stand_in().items():
        state = make().state
        assert isinstance(state, Remembering), name
        assert memory_of(again(state, make().state)) == memory_of(state)


def test_domains_come_back_without_their_jobs():
    state = CustomerProfiles()
    domain = state.domains["shop"] = new_domain("shop", {"DefaultExpirationDays": 366})
    domain.profiles["p"] = {"ProfileId": "p", "AccountNumber": "7", "Attributes": {"a": "b"}}
    domain.uploads["u"] = {"_file": b"bytes"}
    fresh = again(state, CustomerProfiles())
    assert fresh.held() == state.held()
    assert fresh.domains["shop"].uploads == {}


def test_an_audience_knows_its_people_by_each_of_their_hashes():
    state = Meta()
    audience = state.make("_RFM_Champions")
    audience.add(frozenset({"e" * 64, "f" * 64}))
    fresh = again(state, Meta())
    (same,) = fresh.audiences.values()
    assert same.people == {frozenset({"e" * 64, "f" * 64})}
    same.remove(frozenset({"f" * 64}))
    assert same.people == set()


def test_contacts_and_endpoints_come_back():
    ses = Ses("list")
    assert again(ses, Ses("list", contacts=())).contacts == ses.contacts
    pinpoint = Pinpoint(["app"])
    pinpoint.applications["app"].users["7"] = {"rfm_segment": ["Champions"]}
    assert again(pinpoint, Pinpoint()).held() == pinpoint.held()


@pytest.mark.parametrize(
    "memory",
    [
        {},
        {"profiles": {}, "segments": {}, "_owners": {}},
        {"profiles": {}, "segments": {}, "_owners": {}, "_number": {"~object": "Other"}},
    ],
)
def test_a_memory_of_another_shape_is_refused_and_changes_nothing(memory):
    state = Klaviyo()
    state.profiles["7"] = {"properties": {}}
    with pytest.raises(NotRememberedError):
        recall(state, memory)
    assert state.profiles == {"7": {"properties": {}}}


def test_keys_that_are_no_texts_and_keys_like_our_marks_come_back():
    state = Klaviyo()
    state._owners = {("email", "a@example.com"): "1"}
    state.segments = {"~tuple": {"x": (1, 2)}}
    fresh = again(state, Klaviyo())
    assert fresh._owners == state._owners
    assert fresh.segments == state.segments

"""Amazon SES beyond what every destination does: nobody's preferences ever change."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.services.ses.contact_rules import StoredContact as Listed
from local.services.ses.server import Ses
from tessera.destinations.planning.ledger import Entry, acknowledged
from tessera.destinations.planning.load import Account, Load
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import BY_HAND, WAS, WRITTEN, Contact, Item
from tessera.destinations.requests import Malformed
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.destinations.vendors.ses import destination as vendor
from tessera.destinations.vendors.ses import imports as vendor_imports
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.naming import OWNED, RECIPIENTS
from tessera.records.loads.segment import Segment
from tests.destinations.places import Clock
from tests.destinations.ses_place import FOLDER, LIST, SesPlace, ses_place

TOPICS = ("news", "offers")
STATUSES = st.sampled_from(["OPT_IN", "OPT_OUT"])


@pytest.fixture
def place(request, monkeypatch) -> SesPlace:
    return ses_place(request, monkeypatch)


def email(name: str) -> tuple[Contact, ...]:
    return (Contact("EMAIL", f"{name}@example.com"),)


def sync(place: SesPlace, people, ledger: dict[str, Entry]) -> Account:
    """Do what a run does, in a separate folder."""
    place.begin()
    plan = Plan(vendor, ledger=sorted(ledger.values()))
    items = [item for person in people for item in plan.offer(person)]
    way = {"go_on": lambda: True, "pause": lambda _: None}
    load = Load(vendor=vendor, transport=place.transport, **way)
    account = load.send([*items, *plan.finish()])
    for item in account.acknowledged:
        ledger[item.key] = acknowledged(item, vendor=vendor)
    return account


def preferences(place: SesPlace) -> dict[str, tuple[bool, dict[str, str]]]:
    return {address: one.preferences for address, one in place.state.contacts.items()}


def data(place: SesPlace, name: str) -> dict[str, str]:
    return json.loads(place.state.contacts[f"{name}@example.com"].data)


# ---- nobody is resubscribed ----------------------------------------------------------------

ADDRESSES = ["a@example.com", "b@example.com", "B@example.com", "c@example.com", "d@example.com"]
LISTED = st.dictionaries(
    st.sampled_from(ADDRESSES),
    st.tuples(st.booleans(), st.dictionaries(st.sampled_from(TOPICS), STATUSES)),
)
# For each of three customers and each run: no customer, one without an address, or with one.
RUNS = st.lists(
    st.tuples(*[st.sampled_from(["gone", "", "a", "b", "c", "d"])] * 3), min_size=1, max_size=4
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(listed=LISTED, runs=RUNS)
def test_after_any_syncs_every_contact_prefers_what_it_preferred(place, customer, listed, runs):
    state = place.state
    state.contacts = {
        address: Listed(address, unsubscribed, topics)
        for address, (unsubscribed, topics) in listed.items()
    }
    before = preferences(place)
    ledger: dict[str, Entry] = {}
    for number, owners in enumerate(runs):
        taken, people = set(), []
        for index, name in enumerate(owners):
            if name != "gone":
                own = email(name) if name and name not in taken else ()
                taken.add(name)
                people.append(customer(index, contacts=own, frequency=number))
        assert not sync(place, people, ledger).refused
        after = preferences(place)
        assert {address: after[address] for address in before} == before
        for address in set(after) - set(before):
            assert after[address] == (False, {})
        labelled = {
            vendor_contacts.mark(address)
            for address, one in state.contacts.items()
            if json.loads(one.data or "{}")
        }
        assert labelled == {vendor.trace(vendor.render(one)) for one in people} - {""}


def test_after_an_exit_or_a_new_address_the_contact_stays_without_labels(place, customer):
    state = place.state
    state.contacts["old@example.com"] = Listed("old@example.com", True, {"news": "OPT_OUT"})
    before = preferences(place)
    ledger: dict[str, Entry] = {}
    sync(place, [customer(1, contacts=email("old"))], ledger)
    assert data(place, "old")["tessera"]["rfm_segment"] == "Champions"
    sync(place, [customer(1, contacts=email("new"))], ledger)
    assert (data(place, "old"), data(place, "new")["tessera"]["customer_id"]) == ({}, "C 1")
    sync(place, [], ledger)
    assert data(place, "new") == {}
    assert {address: preferences(place)[address] for address in before} == before
    assert sync(place, [], ledger) == Account()


def test_an_address_that_is_another_customers_by_now_keeps_what_that_customer_says(place, customer):
    first, second = customer(1), customer(2)
    ledger: dict[str, Entry] = {}
    sync(place, [first, dataclasses.replace(second, contacts=email("shared"))], ledger)
    moved = [dataclasses.replace(first, contacts=email("shared")), second]
    plan = Plan(vendor, ledger=sorted(ledger.values()))
    items = [item for person in moved for item in plan.offer(person)]
    mark = vendor_contacts.mark("shared@example.com")
    assert [item.content.get(WAS) for item in items] == [None, mark]
    place.begin()
    place.identities.write(place.folder + OWNED, bytes.fromhex(mark))
    for item in items:  # in two batches, the one that gives up the address last
        place.transport.send([item])
    assert data(place, "shared")["tessera"]["customer_id"] == "C 1"


def test_a_customer_without_an_address_is_acknowledged_and_nothing_is_asked(place, customer):
    ledger: dict[str, Entry] = {}
    phone = (Contact("SMS", "+12125550100"),)
    assert len(sync(place, [customer(1, contacts=phone)], ledger).acknowledged) == 1
    assert ledger["key-000001"].trace == ""
    assert not place.state.calls
    sync(place, [customer(1, contacts=(*phone, *email("late")))], ledger)
    attributes = data(place, "late")["tessera"]
    assert attributes["customer_id"] == "C 1"
    assert "+1212" not in json.dumps(attributes)


def test_contacts_whose_addresses_differ_in_case_are_all_updated_and_keep_their_preferences(
    place, customer
):
    for address, unsubscribed in (("Ann@Example.com", True), ("ann@example.com", False)):
        place.state.contacts[address] = Listed(address, unsubscribed)
    before = preferences(place)
    sync(place, [customer(1, contacts=email("ANN"))], {})
    assert preferences(place) == before
    assert data(place, "ann") == json.loads(place.state.contacts["Ann@Example.com"].data)


def test_a_line_repeats_what_was_read_and_says_nothing_for_who_is_new():
    item = Item("k", "C 1", "d", {"customer_id": "C 1", "email": "a@b.c", "rfm_score": "543"})
    (new,) = vendor_imports.lines([item], known={}, owned=())
    ours = '{"tessera":{"customer_id":"C 1","rfm_score":"543"}}'
    assert json.loads(new) == {"emailAddress": "a@b.c", "attributesData": ours}
    known = vendor_contacts.ListContact("A@B.c", True, (("news", "OPT_IN"),))
    (kept,) = vendor_imports.lines([item], known=vendor_contacts.by_mark([known]), owned=())
    assert json.loads(kept) == {
        "emailAddress": "A@B.c",
        "attributesData": ours,
        "unsubscribeAll": True,
        "topicPreferences": [{"topicName": "news", "subscriptionStatus": "OPT_IN"}],
    }


@pytest.mark.parametrize(
    "listed",
    [
        {"EmailAddress": "a@b.c"},
        {"EmailAddress": "a@b.c", "UnsubscribeAll": "false"},
        {"UnsubscribeAll": False},
        {"EmailAddress": "a@b.c", "UnsubscribeAll": False, "TopicPreferences": [{}]},
    ],
)
def test_a_contact_whose_preferences_cannot_be_read_is_no_contact(listed):
    with pytest.raises(Malformed):
        vendor_contacts.ListContact.parse(listed)


# ---- the list ------------------------------------------------------------------------------


def test_a_list_that_is_not_there_says_what_to_do(place, customer):
    place.state.contact_list = ""
    for request in (
        lambda: place.transport.check([]),
        lambda: sync(place, [customer(1, contacts=email("a"))], {}),
    ):
        with pytest.raises(InvalidInput, match=r"no contact list 'shop'.*'ses\.contact_list'"):
            request()


@pytest.mark.parametrize("theirs", ['{"Name": "Ann"}', '{"tessera": {}, "Name": "Ann"}', "Ann"])
def test_somebody_elses_data_in_a_contact_is_never_replaced(place, theirs):
    contacts = place.state.contacts
    contacts["left-before@example.com"] = dataclasses.replace(
        contacts["left-before@example.com"], data=theirs
    )
    with pytest.raises(InvalidInput, match="Tessera did not write") as caught:
        place.transport.check([])
    assert "example.com" not in str(caught.value)


def test_a_list_with_our_data_or_none_is_fine(place, customer):
    sync(place, [customer(1, contacts=email("a"))], {})
    place.transport.check([])


def test_long_lists_are_read_to_the_end_at_one_page_a_second(place, customer):
    place.state.contacts = {
        f"{number}@example.com": Listed(f"{number}@example.com", bool(number % 2))
        for number in range(2_500)
    }
    before = preferences(place)
    sync(place, [customer(1, contacts=email("2499"))], {})
    assert place.state.calls["ListContacts"] == 3
    assert place.clock.now >= 2
    assert preferences(place) == before


def test_a_service_with_smaller_pages_gets_smaller_ones(place, customer, monkeypatch):
    monkeypatch.setattr("local.services.ses.server._LARGEST_PAGE", 100)
    sync(place, [customer(1, contacts=email("left-before"))], {})
    assert preferences(place)["left-before@example.com"] == (True, {})


def test_a_list_that_takes_too_long_to_read_is_refused(place, customer, monkeypatch):
    monkeypatch.setattr("adapters.destinations.aws.ses_contacts._READING_SECONDS", 1)
    place.state.contacts = {f"{n}@e.com": Listed(f"{n}@e.com") for n in range(4_000)}
    with pytest.raises(InvalidInput, match=r"more than [23],000 contacts"):
        sync(place, [customer(1, contacts=email("x"))], {})
    assert "CreateImportJob" not in place.state.calls


def test_a_stage_without_the_opt_in_asks_nothing_of_ses(place, customer):
    way = place.connect(contact_list="")
    way.check([])
    place.identities.write_json(FOLDER + RECIPIENTS, {"_RFM_Champions": 3})
    fields = {"label": "Champions", "kind": "segment", "value": "Champions", "meaning": ""}
    champions = Segment(name="_RFM_Champions", customers=4, **fields)
    other = dataclasses.replace(champions, name="_RFM_Other")
    assert (way.ensure(champions), way.size(champions)) == (WRITTEN, 3)
    assert (way.ensure(other), way.size(other)) == (BY_HAND, None)
    with pytest.raises(InvalidInput, match="import_contacts"):
        way.send([Item("k", "C 1", "d", {"customer_id": "C 1"})])
    assert not place.state.calls


# ---- jobs ----------------------------------------------------------------------------------


def items(*names: str) -> list[Item]:
    return [
        Item(f"k{n}", f"C {n}", "d", {"customer_id": f"C {n}", "email": f"{n}@example.com"})
        for n in names
    ]


def test_a_batch_that_comes_again_finds_its_job_and_imports_nothing_twice(place):
    batch = items("1", "2")
    for _ in range(2):
        assert len(place.transport.send(batch).acknowledged) == 2
    again = place.connect()
    assert len(again.send(batch).acknowledged) == 2
    assert place.state.calls["CreateImportJob"] == 1
    assert len(place.state.imported) == 2


def test_a_job_whose_creation_was_not_answered_is_found_by_its_file(place):
    place.transport.send(items("0"))
    place.lost(1)
    with pytest.raises(Retryable):
        place.transport.send(items("1"))
    assert len(place.connect().send(items("1")).acknowledged) == 1
    assert place.state.calls["CreateImportJob"] == 2


def test_a_slow_job_is_asked_for_later_and_its_file_goes_when_it_has_ended(place, monkeypatch):
    monkeypatch.setattr("local.services.ses.server._LOOKS", 50)
    with pytest.raises(Retryable) as busy:
        place.transport.send(items("1"))
    assert busy.value.after_seconds == 60
    assert [key for key in place.identities.keys(FOLDER) if key.endswith(".json")]
    monkeypatch.setattr("local.services.ses.server._LOOKS", place.state.calls["GetImportJob"] + 1)
    assert len(place.transport.send(items("1")).acknowledged) == 1
    assert place.state.calls["CreateImportJob"] == 1
    assert not [key for key in place.identities.keys(FOLDER) if key.endswith(".json")]


def test_a_failed_job_does_not_stand_in_the_way_of_the_next(place, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("local.services.ses.server.read_object", lambda _url: None)
        with pytest.raises(Refused, match="The object could not be read"):
            place.transport.send(items("1"))
    assert len(place.transport.send(items("1")).acknowledged) == 1


def test_an_address_that_ses_does_not_take_is_refused_in_its_words_and_the_others_go(place):
    batch = [*items("1"), Item("k2", "C 2", "d", {"customer_id": "C 2", "email": "Zoë@b.c"})]
    done = place.transport.send(batch)
    assert [item.key for item in done.acknowledged] == ["k1"]
    ((refusal),) = done.refused
    assert (refusal.customer_id, refusal.message) == ("C 2", "emailAddress is invalid.")


def test_failed_records_that_are_not_named_acknowledge_nobody_else():
    one, two = items("1", "2")
    named = 'line 4,1@example.com,"bad, says SES"'
    done = vendor_imports.outcome([one, two], {"FailedRecordsCount": 1}, named)
    assert [item.key for item in done.acknowledged] == ["k2"]
    assert [(r.customer_id, r.message) for r in done.refused] == [
        ("C 1", 'line 4,…,"bad, says SES"')
    ]
    done = vendor_imports.outcome([one, two], {"FailedRecordsCount": 2}, named)
    assert (done.acknowledged, done.again) == ((), ())
    assert [("without being named" in r.message) for r in done.refused] == [False, True]
    assert len(vendor_imports.outcome([one, two], {"FailedRecordsCount": 1}, "").refused) == 2
    text = vendor_imports.failure({"FailureInfo": {"ErrorMessage": "not 1@example.com."}})
    assert "not …" in text


def test_an_import_that_resubscribes_is_noticed_and_stops_the_load(place):
    place.state.contacts["1@example.com"] = Listed("1@example.com", unsubscribed=True)
    put = place.state._put

    def forgetful(line: str) -> str:
        return put(json.dumps({**json.loads(line), "unsubscribeAll": False}))

    place.state._put = forgetful
    with pytest.raises(Refused, match="had unsubscribed and are subscribed") as caught:
        place.transport.send(items("1"))
    assert "example.com" not in str(caught.value)


def test_too_many_jobs_at_once_is_a_reason_to_wait(place, monkeypatch):
    monkeypatch.setattr("local.services.ses.server._AT_ONCE", 0)
    with pytest.raises(Retryable, match="LimitExceeded"):
        place.transport.send(items("1"))


def test_the_local_service_forgets_what_an_import_leaves_out():
    state = Ses(LIST)
    state._put('{"emailAddress": "left-before@example.com"}')
    assert state.contacts["left-before@example.com"].preferences == (False, {})


def test_time_is_kept_by_the_rate(place):
    clock = Clock()
    way = place.connect(clock=clock, pause=clock.pause)
    way.send(items("1"))
    requests = sum(place.state.calls.values())
    assert clock.now >= requests - 2

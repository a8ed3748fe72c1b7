"""What is special about erasing a person inside AWS, and in a warehouse."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from local.services.ses.contact_rules import StoredContact
from tessera.destinations.erasing import ErasurePerson, erase_people
from tessera.destinations.planning.ledger import Entry
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact
from tessera.destinations.vendors.ses.contacts import mark
from tessera.errors import InvalidInput, Retryable
from tests.destinations.places import OTHERS, VENDORS, Bench


def leaver(number: int = 1, **changes: Any) -> ErasurePerson:
    given = {"customer_key": f"key-{number:06}", "customer_id": f"C {number}", **changes}
    return ErasurePerson(**given)


@pytest.fixture
def place(request, monkeypatch, customer) -> Any:
    """A destination that has two customers."""
    made = OTHERS[request.param](request, monkeypatch)
    made.transport.check([])
    bench = Bench(VENDORS[request.param], made)
    people = [
        customer(number, contacts=(Contact("EMAIL", f"person-{number}@example.com"),))
        for number in (1, 2)
    ]
    planned = Plan(bench.vendor, ledger=list[Entry]())
    bench.send([item for one in people for item in planned.offer(one)])
    return made


def at(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", [name], indirect=True)


# ---- Amazon SES ----------------------------------------------------------------------------

MAIL = Contact("EMAIL", "person-1@example.com")


@at("ses")
@pytest.mark.parametrize("changes", [{"unsubscribed": True}, {"topics": {"news": "OPT_OUT"}}])
def test_ses_keeps_an_opt_out_and_loses_what_is_ours(place, changes):
    contacts = place.state.contacts
    before = contacts[MAIL.address] = dataclasses.replace(contacts[MAIL.address], **changes)
    answer = place.transport.erase(leaver(contacts=(MAIL,)))
    assert (answer.status, "opted out" in answer.detail) == ("cleared", True)
    assert json.loads(contacts[MAIL.address].data) == {}
    assert contacts[MAIL.address].preferences == before.preferences
    assert set(place.customers()) == {"C 2"}


@at("ses")
def test_ses_deletes_who_has_not_opted_out_whichever_spelling_the_list_has(place):
    contacts, odd = place.state.contacts, "Person-1@example.com"
    contacts[odd] = StoredContact(odd, topics={"news": "OPT_IN"}, data="{}")
    person = leaver(traces=(mark(odd),))
    assert place.transport.erase(person).status == "deleted"
    assert {odd, MAIL.address} & set(contacts) == set()
    assert place.transport.erase(person).status == "absent"
    assert "left-before@example.com" in contacts


@at("ses")
def test_ses_without_a_list_is_no_place_where_nobody_is(place):
    with pytest.raises(InvalidInput, match="has no contact list"):
        place.connect(contact_list="other").erase(leaver(contacts=(MAIL,)))
    unset = place.connect(contact_list="")
    assert unset.erase(leaver(contacts=(MAIL,))).status == "absent"
    assert unset.erase(leaver(traces=(mark(MAIL.address),))).status == "by hand"


# ---- Pinpoint, Customer Profiles -----------------------------------------------------------


@at("pinpoint")
def test_pinpoint_deletes_every_endpoint_of_the_user(place):
    place.application.put(
        {"Id": "app", "ChannelType": "SMS", "Address": "+12125550100", "User": {"UserId": "C 1"}}
    )
    assert place.transport.erase(leaver()).status == "requested"
    assert {one["UserId"] for one in place.application.endpoints.values()} == {"C 2"}


@at("customer_profiles")
def test_only_profiles_with_the_customer_s_account_number_are_deleted(place):
    profiles = next(iter(place.state.domains.values())).profiles
    profiles["f" * 32] = {"ProfileId": "f" * 32, "AccountNumber": "C 1", "Attributes": {}}
    profiles["e" * 32] = {"ProfileId": "e" * 32, "EmailAddress": "person-1@example.com"}
    answer = place.transport.erase(leaver())
    assert (answer.status, "other sources" in answer.detail) == ("deleted", True)
    assert {one.get("AccountNumber") for one in profiles.values()} == {"C 2", None}


@at("customer_profiles")
def test_a_search_that_finds_no_list_proves_nothing(place, monkeypatch):
    place.SPOILT = {"malformed": "SearchProfiles"}
    place.malformed(1)
    with pytest.raises(Retryable, match="without profiles"):
        place.transport.erase(leaver())
    assert set(place.customers()) == {"C 1", "C 2"}


# ---- warehouses ----------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["postgresql", "redshift", "snowflake"], indirect=True)
def test_a_warehouse_erases_many_people_from_every_table_at_once(place):
    names = 'customer_id, "set", from_label, to_label, as_of'
    values = "'C 1', 'rfm', 'a', 'b', DATE '2026-05-01'"
    table = f'"{place.schema}".transitions'
    place.query(f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING 1")
    people = [leaver(number) for number in (1, 9, 2)]
    answers = [answer.status for _, answer in erase_people(place.transport, people)]
    assert answers == ["deleted", "absent", "deleted"]
    assert place.customers() == {}
    assert place.rows("transitions", "customer_id", "1") == []


@at("postgresql")
def test_before_the_first_load_a_warehouse_has_nobody(place):
    place.schema = "never made"
    assert place.connect(place.driver).erase(leaver()).status == "absent"

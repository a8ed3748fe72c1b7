"""Advertising audiences: who is in one, who never is, and what is never sent."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.destinations import catalog
from tessera.destinations.audiences.membership import EMAIL, PHONE, Audience, name_of, steps
from tessera.destinations.planning.ledger import Entry, acknowledged
from tessera.destinations.planning.load import Account
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import WAS, Contact, Item
from tests.destinations.places import AUDIENCES, SERVERS, STATES, Bench, InTens, http_place

LABELS = ("Champions", "At Risk", "Lost")


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(params=sorted(AUDIENCES))
def bench(request, servers) -> Bench:
    server = servers[request.param]
    server.state = STATES[request.param]()
    return Bench(InTens(catalog.LOADED[request.param]), http_place(request.param, server))


@pytest.fixture(scope="module")
def servers() -> Iterator[dict]:
    running = {name: SERVERS[name]() for name in AUDIENCES}
    for server in running.values():
        server.start()
    yield running
    for server in running.values():
        server.stop()


@pytest.fixture
def person(customer):
    """Makes customers with e-mail address, phone number and consent (True, False or None)."""

    def make(number, *, consent=True, email="", phone="", **profile):
        given = (("EMAIL", email), ("SMS", phone))
        contacts = tuple(Contact(channel, address) for channel, address in given if address)
        one = customer(number, contacts=contacts, **profile)
        return dataclasses.replace(one, ad_consent=consent)

    return make


def plan(bench: Bench, people, ledger: dict[str, Entry], *, clear: bool = True) -> list[Item]:
    planned = Plan(bench.vendor, ledger=sorted(ledger.values()), clear=clear)
    items = [item for one in people for item in planned.offer(one)]
    return [*items, *planned.finish()]


def sync(bench: Bench, people, ledger: dict[str, Entry], **how: bool) -> Account:
    account = bench.send(plan(bench, people, ledger, **how))
    for item in account.acknowledged:
        ledger[item.key] = acknowledged(item, vendor=bench.vendor)
    return account


def inside(bench: Bench) -> dict[str, set[frozenset[str]]]:
    """Return who is in each audience that has anybody."""
    members = {one.name: one.people for one in bench.place.state.audiences.values()}
    return {name: people for name, people in members.items() if people}


# ---- who is in one -------------------------------------------------------------------------


ADDRESS = st.one_of(st.none(), st.integers(0, 2))
STATE = st.tuples(st.sampled_from([True, False, None]), ADDRESS, ADDRESS, st.sampled_from(LABELS))
RUN = st.lists(st.one_of(st.none(), STATE), min_size=3, max_size=3)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(RUN, min_size=1, max_size=4))
def test_only_consenting_customers_are_members_and_only_of_the_right_audience(bench, person, runs):
    """Whatever becomes of consents, addresses and segments, and however customers come and go."""
    bench.place.state.audiences.clear()
    ledger: dict[str, Entry] = {}
    for run in runs:
        people, expected = [], {}
        for number, state in enumerate(run):
            if state is None:
                continue
            consent, email, phone, label = state
            mail = "" if email is None else f"{number}-{email}@example.com"
            digits = "" if phone is None else f"+1212555{number}{phone}00"
            people.append(person(number, consent=consent, email=mail, phone=digits, segment=label))
            known = {
                value for value in bench.vendor.render(people[-1]).values() if len(value) == 64
            }
            if consent and known:
                expected.setdefault(f"_RFM_{label.replace(' ', '_')}", set()).add(frozenset(known))
        assert not sync(bench, people, ledger).refused
        assert inside(bench) == expected
        assert plan(bench, people, ledger) == []


@pytest.mark.parametrize("consent", [False, None])
def test_a_customer_without_consent_is_not_sent(bench, person, consent):
    one = person(1, consent=consent, email="ann@example.com", phone="+12125550100")
    assert bench.vendor.render(one) == bench.vendor.cleared("C 1") == {"customer_id": "C 1"}
    assert plan(bench, [one], {}) == []


@pytest.mark.parametrize("consent", [False, None])
def test_a_yes_that_is_taken_back_counts_at_the_next_run_whatever_becomes_of_exits(
    bench, person, consent
):
    ledger: dict[str, Entry] = {}
    fields = {"email": "ann@example.com", "phone": "+12125550100"}
    sync(bench, [person(1, **fields), person(2, email="bo@example.com")], ledger)
    people = [person(1, consent=consent, **fields), person(2, email="bo@example.com")]
    assert len(sync(bench, people, ledger, clear=False).acknowledged) == 1
    assert inside(bench) == {"_RFM_Champions": {frozenset({sha("bo@example.com")})}}
    assert ledger["key-000001"] == Entry("key-000001", "", "C 1", "")


def test_an_address_that_a_customer_has_no_more_is_taken_out_everywhere(bench, person):
    ledger: dict[str, Entry] = {}
    sync(bench, [person(1, email="ann@example.com", phone="+12125550100")], ledger)
    (item,) = plan(bench, [person(1, email="new@example.com", phone="+12125550100")], ledger)
    assert item.content[WAS] == bench.vendor.trace(
        bench.vendor.render(person(1, email="ann@example.com", phone="+12125550100"))
    )
    sync(bench, [person(1, email="new@example.com")], ledger)
    assert inside(bench) == {"_RFM_Champions": {frozenset({sha("new@example.com")})}}


def test_an_address_that_becomes_somebody_elses_stays_in_that_ones_audience(bench, person):
    ledger: dict[str, Entry] = {}
    sync(bench, [person(1, email="family@example.com"), person(2, segment="Lost")], ledger)
    sync(bench, [person(1), person(2, email="family@example.com", segment="Lost")], ledger)
    assert inside(bench) == {"_RFM_Lost": {frozenset({sha("family@example.com")})}}


def test_a_batch_whose_answer_was_lost_may_come_again(bench, person):
    items = plan(bench, [person(n, email=f"{n}@example.com") for n in range(5)], {})
    bench.send(items)
    once = inside(bench)
    bench.send(items)
    assert inside(bench) == once


def test_an_audience_that_somebody_deleted_refuses_its_customers_until_it_is_made_again(
    bench, person
):
    items = plan(bench, [person(1, email="ann@example.com")], {})
    bench.place.remember(items)
    bench.place.state.audiences.clear()
    outcome = bench.place.transport.__getattr__("send")(items)  # without what a check makes
    assert [refusal.code for refusal in outcome.refused] == ["no-audience"]
    assert len(bench.send(items).acknowledged) == 1


def test_the_list_of_audiences_has_pages_and_others_are_left_alone(bench, person):
    state = bench.place.state
    for name in ("Newsletter", "_RFM_Champions", "Lookalike", "_RFM_Champions", "_RFM_Lost"):
        audience = state.make(name)
        audience.add(frozenset({sha("ann@example.com")}))
    state.page = 1
    bench.send(plan(bench, [person(1, email="ann@example.com")], {}))
    known = frozenset({sha("ann@example.com")})
    assert [one.people for one in state.audiences.values()] == [
        {known},
        {known},
        {known},
        set(),
        set(),
    ]


# ---- what is sent --------------------------------------------------------------------------


def test_no_address_is_in_a_file_or_a_request(bench, person):
    fields = {"email": "Ann.Bo@Example.com", "phone": "+1 212 555-0100"}
    items = plan(bench, [person(1, **fields)], {})
    bench.send(items)
    text = (items[0].to_line() + bench.place.sent()).lower()
    for word in ("ann", "example.com", "5550100", "555-0100"):
        assert word not in text
    assert {name for name in items[0].content if name.endswith("_sha256")} == {EMAIL, PHONE}
    assert "c 1" not in bench.place.sent().lower()  # nor the shop's own id


HASHED = {
    "google_ads": {
        "ann@example.com": "ann@example.com",
        "user.name+nyc@example.com": "user.name+nyc@example.com",
        "cloudy.sanfrancisco+shopping@gmail.com": "cloudysanfrancisco@gmail.com",
        "a.b@googlemail.com": "ab@googlemail.com",
        "+12125550100": "+12125550100",
    },
    "meta": {
        "ann@example.com": "ann@example.com",
        "cloudy.sanfrancisco+shopping@gmail.com": "cloudy.sanfrancisco+shopping@gmail.com",
        "+12125550100": "12125550100",
    },
}


@pytest.mark.parametrize(
    ("name", "given", "plain"),
    [(name, *pair) for name, pairs in HASHED.items() for pair in pairs.items()],
)
def test_addresses_are_written_as_the_platform_hashes_them(person, name, given, plain):
    way = {"email": given} if "@" in given else {"phone": given}
    content = catalog.LOADED[name].render(person(1, **way))
    assert content[EMAIL if "@" in given else PHONE] == sha(plain)


def test_a_call_names_no_more_people_than_it_may():
    capabilities = catalog.CATALOG["meta"].CAPABILITIES
    there = [Audience(str(n), name_of(label, capabilities=capabilities), "")
             for n, label in enumerate(LABELS)]  # fmt: skip
    items = [
        Item(f"k{n}", f"C {n}", "d", {EMAIL: sha(str(n)), "rfm_segment": "Lost"}) for n in range(7)
    ]
    changes = steps(items, there, capabilities=capabilities, most=3)
    assert [len(one.people) for one in changes] == [3, 3, 1] * 3
    assert {one.audience.name for one in changes if one.add} == {"_RFM_Lost"}
    assert {one.audience.name for one in changes if not one.add} == {
        "_RFM_Champions",
        "_RFM_At_Risk",
    }

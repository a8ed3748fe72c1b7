"""What holds for every destination of the catalog that is told by requests."""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from adapters.customer_profiles import CustomerProfilesTransport
from tessera.contracts.customer_profiles import OBJECT_TYPE
from tessera.destinations import catalog
from tessera.destinations.load import Account, Load
from tessera.destinations.plan import Plan
from tessera.destinations.port import Contact, Item, Loaded, Segment, Transport
from tessera.destinations.segments import Sizes, segments
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.segments.definition import load_preset
from tessera.segments.set_catalog import SHIPPED, segment_sets


@dataclasses.dataclass
class Bench:
    """A destination with its local service."""

    vendor: Loaded
    transport: Transport
    state: object
    paused: list[float]
    connect: Callable[[], Transport]

    def plan(self, customers, ledger: Mapping[str, str]) -> list[Item]:
        plan = Plan(self.vendor, ledger=sorted(ledger.items()))
        return [item for item in map(plan.offer, customers) if item]

    def send(self, items, *, go_on: Callable[[], bool] = lambda: True, lanes: int = 1) -> Account:
        load = Load(
            vendor=self.vendor,
            transport=self.transport,
            go_on=go_on,
            pause=self.paused.append,
            lanes=lanes,
        )
        return load.send(items)

    def sync(self, customers, ledger: dict[str, str]) -> Account:
        account = self.send(self.plan(customers, ledger))
        ledger.update((item.key, item.digest) for item in account.acknowledged)
        return account


def _customer_profiles() -> Transport:
    import boto3
    from botocore.config import Config

    once = Config(retries={"total_max_attempts": 1})
    client = boto3.client("customer-profiles", config=once)
    return CustomerProfilesTransport(
        domain="amazon-connect-shop",
        object_type_name=OBJECT_TYPE,
        tenant="default",
        client=client,
        pause=lambda _seconds: None,
    )


TRANSPORTS = {"customer_profiles": _customer_profiles}


@pytest.fixture(params=sorted(catalog.LOADED))
def bench(request, profiles) -> Bench:
    connect = TRANSPORTS[request.param]
    return Bench(catalog.LOADED[request.param], connect(), profiles, [], connect)


def count(bench) -> int:
    return len(bench.state.domains["amazon-connect-shop"].profiles)


def test_a_replay_sends_nothing(bench, customer):
    ledger: dict[str, str] = {}
    people = [customer(number) for number in range(25)]
    assert bench.sync(people, ledger).requests == 3
    assert bench.sync(people, ledger) == Account()
    assert count(bench) == 25


def test_only_the_difference_is_sent(bench, customer):
    ledger: dict[str, str] = {}
    bench.sync([customer(number) for number in range(25)], ledger)
    people = [
        customer(number, segment="Lost" if number == 7 else "Champions") for number in range(26)
    ]
    account = bench.sync(people, ledger)
    assert [item.key for item in account.acknowledged] == ["key-000007", "key-000025"]


@pytest.mark.parametrize("lanes", [2, 4])
def test_several_lanes_come_to_what_one_does(bench, customer, lanes):
    items = bench.plan([customer(number) for number in range(95)], {})
    bench.state.faults.fail_item("key-000042", code=400, message="bad phone")
    several = bench.send(items, lanes=lanes)
    bench.state.faults.fail_item("key-000042", code=400, message="bad phone")
    assert several == bench.send(items)
    assert [item.key for item in several.acknowledged] == sorted(
        item.key for item in items if item.key != "key-000042"
    )


def test_a_lane_that_breaks_ends_the_account_before_its_batch(bench, customer):
    items = bench.plan([customer(number) for number in range(60)], {})
    done = bench.send(items[:20], lanes=4)
    bench.state.faults.fail_next(4, "ThrottlingException")
    with pytest.raises(Retryable):
        bench.send(items[20:], lanes=4)
    rest = bench.send(items[20:], lanes=4)
    keys = [item.key for item in (*done.acknowledged, *rest.acknowledged)]
    assert keys == [item.key for item in items]


def test_a_day_that_passes_sends_nobody(bench, customer):
    import datetime as dt

    ledger: dict[str, str] = {}
    bench.sync([customer(1)], ledger)
    later = customer(1, recency_days=31, tenure_days=31, as_of=dt.date(2026, 5, 2))
    assert bench.plan([later], ledger) == []


def test_forecasts_that_shift_a_little_send_nobody_and_those_that_matter_do(bench, customer):
    import datetime as dt

    ledger: dict[str, str] = {}
    told = {"clv_365d": Decimal("1234.56"), "p_alive": 0.91, "p_no_order_90d": 0.41}
    first = told | {"next_order_at": dt.date(2026, 6, 1), "labels": '{"churn_band": "Low"}'}
    bench.sync([customer(1, **first)], ledger)
    next_day = first | {"clv_365d": Decimal("1228.90"), "p_alive": 0.90, "p_no_order_90d": 0.42}
    next_day["next_order_at"] = dt.date(2026, 6, 2)
    assert bench.plan([customer(1, **next_day)], ledger) == []
    for change in ({"clv_365d": Decimal("1010.00")}, {"labels": '{"churn_band": "Middle"}'}):
        assert len(bench.plan([customer(1, **next_day | change)], ledger)) == 1


def test_an_item_that_fails_for_a_moment_is_repeated_alone(bench, customer):
    bench.state.faults.fail_item("key-000003", code=429, message="busy", times=2)
    account = bench.sync([customer(number) for number in range(10)], {})
    assert len(account.acknowledged) == 10
    assert account.requests == 3
    assert bench.paused == [0.2, 0.4]


def test_an_item_that_keeps_failing_is_refused_with_the_destinations_words(bench, customer):
    bench.state.faults.fail_item("key-000003", code=500, message="no way")
    bench.state.faults.fail_item("key-000005", code=400, message="bad phone")
    ledger: dict[str, str] = {}
    account = bench.sync([customer(number) for number in range(10)], ledger)
    assert len(ledger) == 8
    assert sorted((r.customer_id, r.code, r.message) for r in account.refused) == [
        ("C 3", "500", "no way"),
        ("C 5", "400", "bad phone"),
    ]
    bench.state.faults.items.clear()
    assert bench.sync([customer(number) for number in range(10)], ledger).rows == 2


def test_whoever_is_too_large_is_refused_without_a_request(bench, customer):
    limit = bench.vendor.CAPABILITIES.item_characters
    huge = customer(1, segment="x" * limit)
    account = bench.sync([huge], {})
    assert (account.requests, account.rows) == (0, 1)
    assert account.refused[0].code == "too-large"


@pytest.mark.parametrize("kind", ["ThrottlingException", "InternalServerException"])
def test_a_busy_destination_is_retryable_and_keeps_what_it_took(bench, customer, kind):
    items = bench.plan([customer(number) for number in range(25)], {})
    bench.state.faults.fail_next(1, kind)
    with pytest.raises(Retryable):
        bench.send(items)
    answers = iter([True])

    def then_busy() -> bool:
        bench.state.faults.fail_next(1, kind)
        return next(answers)

    account = bench.send(items, go_on=then_busy)
    assert (account.rows, len(account.acknowledged)) == (10, 10)


def test_no_permission_stops_and_says_so(bench, customer):
    bench.state.faults.fail_next(1, "AccessDeniedException")
    with pytest.raises(Refused, match="denied"):
        bench.send(bench.plan([customer(1)], {}))


def test_a_destination_that_is_not_there_says_what_to_do(bench, customer):
    bench.state.domains.clear()
    for call in (
        lambda: bench.transport.check([]),
        lambda: bench.send(bench.plan([customer(1)], {})),
    ):
        with pytest.raises(InvalidInput, match="deploy the stack again"):
            call()


def test_a_destination_that_cannot_be_reached_is_retryable(bench, customer, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_CUSTOMER_PROFILES", "http://127.0.0.1:1")
    away = dataclasses.replace(bench, transport=bench.connect())
    with pytest.raises(Retryable, match="could not be reached"):
        away.send(bench.plan([customer(1)], {}))


def test_errors_carry_nobodys_data(bench, customer):
    contact = Contact("EMAIL", "ann@example.com")
    for kind in ("AccessDeniedException", "ThrottlingException", "ConflictException"):
        bench.state.faults.fail_next(1, kind)
        with pytest.raises((Refused, Retryable)) as caught:
            bench.send(bench.plan([customer(1, contacts=(contact,))], {}))
        assert "ann@" not in repr(caught.value)
        assert caught.value.__cause__ is None


def test_time_that_runs_out_ends_the_account_early_but_not_before_a_batch(bench, customer):
    items = bench.plan([customer(number) for number in range(25)], {})
    account = bench.send(items, go_on=lambda: False)
    assert account.rows == 10
    assert bench.send(items[account.rows :]).rows == 15
    assert count(bench) == 25


def test_any_letters_arrive_unchanged(bench, customer):
    odd = dataclasses.replace(customer(1), customer_id=" Ζωή/☂ \t=1+1 ", contacts=())
    bench.sync([odd], {})
    (profile,) = bench.state.domains["amazon-connect-shop"].profiles.values()
    assert profile["AccountNumber"] == " Ζωή/☂ \t=1+1 "


@pytest.mark.parametrize("number", [0, 1, 10_000])
def test_any_number_of_customers(bench, customer, number):
    account = bench.sync([customer(index) for index in range(number)], {})
    assert (account.rows, count(bench)) == (number, number)
    assert account.requests == -(-number // bench.vendor.CAPABILITIES.batch_items)


def segment(**changes) -> Segment:
    told = {"label": "At Risk", "name": "_RFM_At_Risk", "kind": "segment", "value": "At Risk"}
    return Segment(**{**told, "meaning": "Spent much, long ago", "customers": 1, **changes})


def test_a_segment_is_created_once_kept_and_recreated_when_its_condition_differs(bench, customer):
    bench.sync([customer(1), customer(2, segment="At Risk")], {})
    assert bench.transport.ensure(segment()) == "created"
    assert bench.transport.ensure(segment()) == "kept"
    assert bench.transport.ensure(segment(meaning="worded anew")) == "kept"
    assert bench.transport.size(segment()) == 1
    assert bench.transport.ensure(segment(value="Champions")) == "recreated"
    assert bench.transport.size(segment(value="Champions")) == 1


OWN = {
    "loudness": {
        "meaning": "How loud.",
        "prefix": "Voice",
        "label": [{"label": "Loud ☂", "meaning": "Loud.", "action": "Listen."}],
        "empty": {"label": "Quiet", "meaning": "Quiet.", "action": "Ask."},
        "rule": [{"column": "views", "ranges": {"Loud ☂": {}}}],
    }
}


def test_the_destination_counts_every_set_as_we_do(bench, customer):
    sets = segment_sets([*SHIPPED, "loudness"], definition=load_preset("nine"), own=OWN)
    chance = random.Random(3)  # noqa: S311
    people, sizes = [], Sizes()
    for number in range(80):
        labels = {
            one.name: chance.choice(one.everyone[-4:]).label
            for one in (*sets.simple, *sets.combined)
        }
        found = customer(
            number,
            segment=chance.choice(sets.definition.everyone).label,
            cluster=chance.choice([1, 2, None]),
            labels=json.dumps(labels),
        )
        sizes.count(found.profile)
        people.append(found)
    wanted = segments(sets, clusters=[], sizes=sizes, capabilities=bench.vendor.CAPABILITIES)
    bench.transport.check(wanted)
    bench.sync(people, {})
    for one in wanted:
        assert bench.transport.ensure(one) == "created"
        assert bench.transport.size(one) == one.customers, one.name
    totals = Counter[str]()
    for one in wanted:
        totals[one.set] += one.customers
    assert totals == dict.fromkeys(["rfm", *SHIPPED, "loudness"], 80)


def test_a_set_of_the_users_own_gets_its_place_once_and_what_else_holds_stays(bench):
    own = segment(kind="set", set="loudness", value="Quiet", name="_RFM_Voice_Quiet")
    domain = bench.state.domains["amazon-connect-shop"]
    (kind,) = domain.object_types.values()
    kind["EncryptionKey"] = "arn:aws:kms:us-east-1:000000000000:key/k"
    bench.transport.check([own])
    (after,) = domain.object_types.values()
    assert set(after["Fields"]) - set(kind["Fields"]) == {"rfm_set_loudness"}
    assert {**after, "Fields": None} == {**kind, "Fields": None}
    bench.state.calls.clear()
    bench.transport.check([own])
    bench.transport.check([segment()])  # an earlier run's set keeps its place
    assert set(bench.state.calls) == {"GetProfileObjectType"}


def test_no_request_says_anything_about_consent(bench, customer):
    contact = Contact("EMAIL", "ann@example.com")
    (item,) = bench.plan([customer(1, contacts=(contact,))], {})
    words = ("consent", "subscri", "optout", "opt_out", "suppress", "preference")
    assert not [word for word in words if word in str(bench.vendor.request([item])).lower()]

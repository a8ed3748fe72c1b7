"""The plan is the difference between what is desired and what was acknowledged."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tessera.destinations.plan import Plan, digest, step
from tessera.destinations.port import Capabilities, Customer, Item


@dataclasses.dataclass
class Vendor:
    """Knows a customer by its segment alone."""

    CAPABILITIES = Capabilities(
        requests=True, volatile=frozenset({"day"}), drifting=frozenset({"worth"})
    )

    def render(self, customer: Customer) -> dict[str, str]:
        return {"segment": customer.profile["segment"], "day": customer.profile.get("day", "1")}


def acknowledgement(segment: str) -> str:
    return digest({"segment": segment, "day": "0"}, volatile=frozenset({"day"}))


def offered(desired: dict[str, str], acknowledged: dict[str, str]) -> tuple[Plan, list[str]]:
    plan = Plan(Vendor(), ledger=sorted((k, acknowledgement(s)) for k, s in acknowledged.items()))
    sent = [
        key
        for key, segment in sorted(desired.items())
        if plan.offer(Customer(key, f"id of {key}", {"segment": segment}))
    ]
    plan.finish()
    return plan, sent


people = st.dictionaries(st.text("abcdé", min_size=1, max_size=3), st.sampled_from(["x", "y"]))


@given(people, people)
def test_exactly_the_difference_is_sent_and_the_rest_is_counted(desired, acknowledged):
    plan, sent = offered(desired, acknowledged)
    assert sent == sorted(key for key in desired if acknowledged.get(key) != desired[key])
    assert plan.desired == len(desired)
    assert plan.changes == len(sent)
    assert plan.unchanged == len(desired) - len(sent)
    assert plan.left == len(set(acknowledged) - set(desired))


def test_what_ages_by_itself_is_sent_along_but_is_no_reason_to_send():
    first = Plan(Vendor(), ledger=[]).offer(Customer("a", "A", {"segment": "x"}))
    assert first is not None
    assert first.content["day"] == "1"
    plan = Plan(Vendor(), ledger=[("a", first.digest)])
    assert plan.offer(Customer("a", "A", {"segment": "x", "day": "2"})) is None


def test_what_comes_or_goes_is_a_reason_to_send_whatever_its_value():
    volatile = frozenset({"day"})
    assert digest({"day": "1"}, volatile=volatile) == digest({"day": "2"}, volatile=volatile)
    assert digest({"day": "1"}, volatile=volatile) != digest({}, volatile=volatile)


@given(st.integers(30, 10**9), st.sampled_from([1, -1]))
def test_what_drifts_is_a_reason_to_send_by_steps(number, sign):
    def found(value: float) -> str:
        return step(str(sign * round(value)))

    assert found(number) != found(number * 1.3 + 1)
    path = [number * (1 + share / 100) for share in range(11)]
    assert len({found(value) for value in path}) <= 2


def test_an_item_survives_its_file():
    item = Item("key", "Zoë\u2028\n,", "d" * 32, {"segment": "Can't Lose Them"})
    line = item.to_line()
    assert line.count("\n") == 1
    assert Item.from_line(line) == item

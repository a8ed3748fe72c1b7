"""The plan is the difference between what is desired and what was acknowledged."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.ledger import CLEARED, Entry
from tessera.destinations.planning.plan import Plan, digest, step
from tessera.destinations.port import Customer, Item

FAX = frozenset({"day"})


@dataclasses.dataclass
class Vendor:
    """Knows a customer by its segment alone."""

    CAPABILITIES = Capabilities(requests=True, volatile=FAX, drifting=frozenset({"worth"}))

    def render(self, customer: Customer) -> dict[str, str]:
        return {"segment": customer.profile["segment"], "day": customer.profile.get("day", "1")}

    def cleared(self, customer_id: str) -> dict[str, str]:
        return {"segment": "", "was": customer_id}


def entry(key: str, segment: str | None) -> Entry:
    known = digest({"segment": segment, "day": "0"}, volatile=FAX) if segment else CLEARED
    return Entry(key, known, f"id of {key}")


def customer(key: str, segment: str, **more: str) -> Customer:
    return Customer(key, f"id of {key}", {"segment": segment, **more})


def planned(
    desired: dict[str, str], acknowledged: dict[str, str | None], *, clear: bool = True
) -> tuple[Plan, list[Item]]:
    ledger = [entry(key, segment) for key, segment in sorted(acknowledged.items())]
    plan = Plan(Vendor(), ledger=ledger, clear=clear)
    items = [
        item
        for key, segment in sorted(desired.items())
        for item in plan.offer(customer(key, segment))
    ]
    return plan, [*items, *plan.finish()]


keys = st.text("abcdé", min_size=1, max_size=3)
wanted = st.dictionaries(keys, st.sampled_from(["x", "y"]))
known = st.dictionaries(keys, st.sampled_from(["x", "y", None]))


@given(wanted, known)
def test_exactly_the_difference_is_sent_in_order_and_the_rest_is_counted(desired, acknowledged):
    plan, items = planned(desired, acknowledged)
    labelled = {key: segment for key, segment in acknowledged.items() if segment}
    adds = {key for key in desired if key not in labelled}
    updates = {key for key in desired if key in labelled and labelled[key] != desired[key]}
    exits = set(labelled) - set(desired)
    assert [item.key for item in items] == sorted(adds | updates | exits)
    assert (plan.adds, plan.updates, plan.exits) == (len(adds), len(updates), len(exits))
    assert plan.changes == len(items)
    assert plan.unchanged == len(desired) - len(adds) - len(updates)
    assert (plan.desired, plan.known, plan.left) == (len(desired), len(labelled), 0)


@given(wanted, known)
def test_once_acknowledged_there_is_nothing_left_to_send(desired, acknowledged):
    _, items = planned(desired, acknowledged)
    after = {key: entry(key, segment) for key, segment in acknowledged.items()}
    after |= {item.key: Entry(item.key, item.digest, item.customer_id) for item in items}
    plan = Plan(Vendor(), ledger=[after[key] for key in sorted(after)])
    again = [item for key in sorted(desired) for item in plan.offer(customer(key, desired[key]))]
    assert [*again, *plan.finish()] == []


@given(wanted, known)
def test_labels_to_keep_are_counted_and_nothing_is_sent(desired, acknowledged):
    plan, items = planned(desired, acknowledged, clear=False)
    assert {item.key for item in items} <= set(desired)
    labelled = {key for key, segment in acknowledged.items() if segment}
    assert (plan.exits, plan.left) == (0, len(labelled - set(desired)))


def test_a_customer_who_left_is_cleared_by_the_id_at_the_destination():
    _, (item,) = planned({}, {"k": "x"})
    assert item == Item("k", "id of k", CLEARED, {"segment": "", "was": "id of k"})


def test_who_comes_back_is_new_there():
    plan, (item,) = planned({"k": "x"}, {"k": None})
    assert (plan.adds, plan.updates, item.content["segment"]) == (1, 0, "x")


class Picky(Vendor):
    """Takes some customers only."""

    def render(self, customer: Customer) -> dict[str, str]:
        if customer.profile["segment"] == "y":
            return self.cleared(customer.customer_id)
        return super().render(customer)


@given(wanted, known)
def test_a_customer_to_omit_is_cleared_once_whether_or_not_others_keep_labels(
    desired, acknowledged
):
    ledger = [entry(key, segment) for key, segment in sorted(acknowledged.items())]
    plan = Plan(Picky(), ledger=ledger, clear=False)
    items = [item for key in sorted(desired) for item in plan.offer(customer(key, desired[key]))]
    cleared = {item.key for item in items if item.digest == CLEARED}
    assert cleared == {key for key in desired if desired[key] == "y" and acknowledged.get(key)}
    assert {item.key for item in items} - cleared == {
        key for key in desired if desired[key] == "x" and acknowledged.get(key) != "x"
    }
    assert plan.changes == len(items)
    assert plan.omitted == len([key for key in desired if desired[key] == "y"]) - len(cleared)
    assert plan.unchanged + plan.omitted + plan.changes == plan.desired == len(desired)


def test_what_ages_by_itself_is_sent_along_but_is_no_reason_to_send():
    [first] = Plan(Vendor(), ledger=[]).offer(customer("a", "x"))
    assert first.content["day"] == "1"
    plan = Plan(Vendor(), ledger=[Entry("a", first.digest, "id of a")])
    assert plan.offer(customer("a", "x", day="2")) == []


def test_what_comes_or_goes_is_a_reason_to_send_whatever_its_value():
    assert digest({"day": "1"}, volatile=FAX) == digest({"day": "2"}, volatile=FAX)
    assert digest({"day": "1"}, volatile=FAX) != digest({}, volatile=FAX)


@given(st.integers(30, 10**9), st.sampled_from([1, -1]))
def test_what_drifts_is_a_reason_to_send_by_steps(number, sign):
    def step_of(value: float) -> str:
        return step(str(sign * round(value)))

    assert step_of(number) != step_of(number * 1.3 + 1)
    path = [number * (1 + share / 100) for share in range(11)]
    assert len({step_of(value) for value in path}) <= 2


def test_an_item_survives_its_file():
    item = Item("key", "Zoë\u2028\n,", "d" * 32, {"segment": "Can't Lose Them"})
    line = item.to_line()
    assert line.count("\n") == 1
    assert Item.from_line(line) == item

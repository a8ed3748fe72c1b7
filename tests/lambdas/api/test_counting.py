"""What a definition would come to, before it is saved."""

from __future__ import annotations

from tests.lambdas.api.run_of_two import KEYS, label, money

TEXTS = {"meaning": "Some.", "action": "Write."}


def conditional(when):
    return {
        "name": "mine",
        "meaning": "Mine.",
        "prefix": "My",
        "label": [{"label": "In", "when": when, **TEXTS}],
        "otherwise": {"label": "Out", **TEXTS},
    }


def count(world, when):
    return world.call(
        "POST",
        "/v1/segment-sets/count",
        body={"definition": conditional(when)},
        token=world.keys["acme", "marketer"],
    )


def test_conditions_are_counted_with_money_and_segments(world):
    first = label(KEYS[0])
    reply = count(world, {"all": [{"column": "segment", "in": [first]}]})
    members, others = reply.json["labels"]
    assert (members["label"], others["label"]) == ("In", "Out")
    assert members["segments"] == {first: members["customers"]}
    assert members["customers"] + others["customers"] == len(KEYS)
    assert float(members["monetary"]) == float(money("acme")) * members["customers"]


def test_a_customer_without_an_order_has_no_day_to_compare(world):
    reply = count(world, {"column": "last_purchase_at", "from": "1970-01-01"})
    assert [one["customers"] for one in reply.json["labels"]] == [0, len(KEYS)]
    assert reply.json["empty"] == [{"column": "last_purchase_at", "customers": len(KEYS)}]


def test_the_labels_of_other_sets_are_counted_as_a_run_would_give_them(world):
    reply = count(world, {"set": "value_at_risk", "in": ["Usual"]})  # without any forecast
    assert [one["customers"] for one in reply.json["labels"]] == [len(KEYS), 0]
    assert reply.json["empty"] == []


def test_a_set_that_reads_itself_is_refused_with_the_circle(world):
    reply = count(world, {"set": "mine", "in": ["In"]})
    assert reply.status == 422
    assert "read each other's labels in a circle: 'mine' → 'mine'" in reply.text


def test_a_wrong_condition_is_refused_with_its_place(world):
    reply = count(world, {"column": "monetary", "from": "much"})
    assert reply.status == 422
    assert "label 'In', when over 'monetary', from is 'much': expected a number" in reply.text

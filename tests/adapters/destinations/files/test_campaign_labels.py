"""A destination's customers get labels of campaigns, and others are left as they are."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from adapters.destinations.files.campaign_labels import CampaignLabels, LabelledCustomers
from tests.adapters.destinations.files.test_contents import batch

TWO = {
    "customer_id": "c", "segment": "Champions", "frequency": 2, "monetary": Decimal(1),
    "as_of": dt.date(2026, 5, 1), "labels": '{"value_tier": "High"}',
}  # fmt: skip
PEOPLE = [
    (TWO, {"EMAIL": ("a@example.com", 1), "SMS": ("+1", 1)}),
    (TWO | {"labels": None}, {}),
    (TWO, {}),
]


def labelled(name: str = "campaign:x", **labels: str) -> LabelledCustomers:
    keys = sorted(labels)
    return LabelledCustomers(
        set=name,
        keys=np.array([key.replace("_", "-") for key in keys], np.bytes_),
        labels=np.array([labels[key] for key in keys], np.object_),
    )


def labels_in(made) -> list[dict[str, str]]:
    return [dict(one.labels) for one in made.customers]


def test_each_person_gets_their_own_label_and_strangers_get_none():
    labels = CampaignLabels([labelled(key_000="a", key_001="held_out", key_999="a")])
    assert labels_in(labels.add_to(batch(PEOPLE))) == [
        {"value_tier": "High", "campaign:x": "a"},
        {"campaign:x": "held_out"},
        {"value_tier": "High"},
    ]
    assert labels.sizes == {"campaign:x": {"a": 1, "held_out": 1}}


def test_contacts_and_all_other_columns_stay():
    people = batch(PEOPLE)
    made = CampaignLabels([labelled(key_000="a")]).add_to(people)
    assert made.rows.drop_columns("labels").equals(people.rows.drop_columns("labels"))
    assert made.rows.schema == people.rows.schema
    assert len(made.customers[0].contacts) == 2


def test_somebody_may_be_in_several_campaigns():
    labels = CampaignLabels([labelled(key_000="a"), labelled("campaign:y", key_000="b")])
    first = labels_in(labels.add_to(batch(PEOPLE)))[0]
    assert first == {"value_tier": "High", "campaign:x": "a", "campaign:y": "b"}


def test_a_batch_without_anybody_is_the_same_batch():
    people = batch(PEOPLE)
    assert CampaignLabels([labelled(key_999="a")]).add_to(people) is people
    assert CampaignLabels([labelled()]).add_to(people) is people


def test_a_campaign_that_has_ended_has_an_empty_label_for_everybody():
    made = CampaignLabels([], removed=["campaign:x"]).add_to(batch(PEOPLE))
    assert [one["campaign:x"] for one in labels_in(made)] == ["", "", ""]

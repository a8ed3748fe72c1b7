"""Receivers of a list who are customers have labels, and purchases that count."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.campaigns.planning.lists.matching import matched
from tessera.campaigns.planning.lists.receivers import Receiver, receivers_as_candidates
from tests.campaigns.planning.made import DAY, KEY_OF, Shopper, batches, shopper


def listed(*addresses: str, country: str = ""):
    rows = [Receiver(address=one, country=country, time_zone="", fields={}) for one in addresses]
    return receivers_as_candidates(rows, fields=[])


def test_a_receiver_who_is_a_customer_has_the_customers_labels():
    made = matched(
        listed("bo@mail.example", "new@mail.example"),
        batches([shopper("ann"), shopper("bo", address="Bo@Mail.example", segment="Loyal")]),
        key_of=KEY_OF,
    )
    assert made.customer_key.tolist() == ["bo", None]
    assert made.segment.tolist() == ["Loyal", None]
    assert made.churn_band.tolist() == ["High", None]
    assert made.country.tolist() == ["DE", ""]
    assert made.last_purchase_day[0] == DAY - 100
    assert np.isnan(made.last_purchase_day[1])


def test_the_lists_own_country_wins():
    made = matched(
        listed("ann@mail.example", country="US"), batches([shopper("ann")]), key_of=KEY_OF
    )
    assert made.country.tolist() == ["US"]


@pytest.mark.parametrize("seed", range(6))
def test_of_several_customers_it_is_the_last_buyer_then_the_first_key(seed):
    same = {"address": "both@mail.example"}
    rows: list[Shopper] = [
        shopper("a", bought_days_ago=None, **same),
        shopper("d", bought_days_ago=5, **same),
        shopper("c", bought_days_ago=5, **same),
        shopper("b", bought_days_ago=9, **same),
        shopper("x", address=None),
    ]
    order = np.random.default_rng(seed).permutation(len(rows))
    mixed = batches([rows[place] for place in order])
    assert matched(listed("both@mail.example"), mixed, key_of=KEY_OF).customer_key[0] == "c"


def test_a_list_of_nobody_matches_nobody():
    assert len(matched(listed(), batches([shopper("ann")]), key_of=KEY_OF)) == 0

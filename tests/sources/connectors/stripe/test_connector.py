"""Pulls of a Stripe account: three lists, what changes late, and keys."""

from __future__ import annotations

from decimal import Decimal

import pytest

from local.services.stripe_shop.made import made_account
from steps.pull.pull import Clock, pull
from tessera.destinations.requests import Response
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.sources.connectors.stripe.connector import Stripe
from tests.sources.connectors.journals import MemoryJournal
from tests.sources.connectors.stripe.documents import JANUARY_5, balance, charge, dispute, refund
from tests.sources.connectors.stripe.double import StripeDouble
from tests.sources.connectors.woocommerce.documents import net

DAY = 86_400
NOW = "2026-01-20T10:00:00+00:00"


def pulled(shop, journal=None, *, now=NOW, transport=None, **more):
    journal = MemoryJournal() if journal is None else journal
    clock = Clock(now=lambda: now, seconds=lambda: 0.0, pause=lambda _seconds: None)
    record = pull(shop.connector, transport=transport or shop, journal=journal, clock=clock, **more)
    return journal, record


def account(*charges, refunds=(), disputes=(), **more):
    """Return an account whose objects name each other by id."""
    shop = StripeDouble(**{"size": 2, "lists": 3, **more})
    put(shop, *charges, refunds=refunds, disputes=disputes)
    return shop


def put(shop, *charges, refunds=(), disputes=()):
    kept = shop.service.account
    for one in charges:
        kept.charges.put(one["id"], one["created"], _named(kept, one))
    for objects, documents in ((kept.refunds, refunds), (kept.disputes, disputes)):
        for one in documents:
            objects.put(one["id"], one["created"], _named(kept, {**one, "charge": "ch_1"}))


def _named(kept, document):
    """Return an object with ids in place of its customer and its balance transaction."""
    named = dict(document)
    for field in ("customer", "balance_transaction"):
        if isinstance(document.get(field), dict):
            named[field] = f"{field} of {document['id']}"
            kept.others[named[field]] = document[field]
    return named


def total(journal):
    return sum((net(record.rows) for record in journal.current().values()), Decimal(0))


def test_charges_refunds_and_disputes_are_pulled_with_their_customers():
    made = charge("ch_1")
    back = [refund(made, f"re_{at}", amount=1_000, at=JANUARY_5 + at * DAY) for at in range(1, 4)]
    lost = [dispute(made, amount=2_000)]
    shop = account(made, charge("ch_2", amount=500), refunds=back, disputes=lost)
    journal, record = pulled(shop)
    assert total(journal) == 100 + 5 - 3 * 10 - 20
    rows = [row for one in journal.current().values() for row in one.rows]
    assert {row["CustomerID"] for row in rows} == {"ana@example.com"}
    assert [record.cursor.counts[name] for name in ("charges", "refunds", "disputes")] == [2, 3, 1]


def test_a_late_refund_of_an_old_charge_comes_with_the_next_pull():
    made = charge("ch_1")
    shop = account(made)
    journal, _ = pulled(shop)
    pulled(shop, journal, now="2026-06-01T10:00:00+00:00")
    put(shop, refunds=[refund(made, amount=4_000, at=JANUARY_5 + 300 * DAY)])
    _, record = pulled(shop, journal, now="2026-11-10T10:00:00+00:00")
    assert total(journal) == 60
    assert "charges" not in record.cursor.counts, "an old charge is not asked for again"


def test_what_was_not_settled_is_asked_for_again():
    held = charge("ch_1", captured=False, balance_transaction=None)
    shop = account(held)
    journal, record = pulled(shop)
    assert (total(journal), record.cursor.counts["left_out:unpaid_order"]) == (0, 1)
    put(shop, charge("ch_1"), refunds=[refund(charge("ch_1"), amount=1_000)])
    pulled(shop, journal, now="2026-01-25T10:00:00+00:00")
    assert total(journal) == 90
    put(shop, refunds=[refund(charge("ch_1"), amount=1_000, status="failed")])
    pulled(shop, journal, now="2026-01-30T10:00:00+00:00")
    assert total(journal) == 100


def test_a_dispute_counts_when_it_is_lost():
    made = charge("ch_1")
    shop = account(made, disputes=[dispute(made, amount=10_000, status="under_review")])
    journal, _ = pulled(shop)
    assert total(journal) == 100
    put(shop, disputes=[dispute(made, amount=10_000)])
    pulled(shop, journal, now="2026-05-01T10:00:00+00:00")
    assert total(journal) == 0


def test_money_is_in_the_currency_that_the_account_settles_in():
    euros = charge("ch_1", amount=5_000, currency="eur", balance_transaction=balance(5_425))
    back = refund(euros, amount=1_000, balance_transaction=balance(-1_085))
    journal, _ = pulled(account(euros, refunds=[back]))
    assert total(journal) == Decimal("43.40")


def test_charges_that_come_during_a_pull_wait_for_the_next_one():
    shop = account(*(charge(f"ch_{number}", created=JANUARY_5 + number) for number in range(5)))

    class Selling:
        calls = 0

        def send(self, request):
            self.calls += 1
            made = charge(f"ch_new_{self.calls}", created=JANUARY_5 + 15 * DAY + 60 + self.calls)
            put(shop, made)
            return shop.send(request)

    journal, _ = pulled(shop, transport=Selling())
    assert len(journal.current()) == 5
    pulled(shop, journal, now="2026-01-21T10:00:00+00:00")
    assert len(journal.current()) == len(shop.service.account.charges.names())


def test_made_up_charges_come_to_the_same_money_by_their_own_sums():
    shop = StripeDouble(size=100, lists=20)
    kept = shop.service.account = made_account(2_000)
    journal, record = pulled(shop)
    cents = 0
    for objects, sign in ((kept.charges, 1), (kept.refunds, -1), (kept.disputes, -1)):
        for name in objects.names():
            one = objects.get(name)
            cents += sign * one["amount"] * (one["status"] in ("succeeded", "lost"))
    assert total(journal) == Decimal(cents) / 100
    assert record.requests == 20 + 1 + 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "no data"),
        ({"data": [], "has_more": "no"}, "no has_more"),
        ({"data": [{}], "has_more": False}, "without an id"),
        ({"data": [], "has_more": True}, "does not name the last one"),
    ],
)
def test_answers_that_are_no_lists_end_the_pull(body, words):
    class Odd:
        def send(self, request):
            return Response(200, body)

    with pytest.raises(Retryable, match=f"Stripe .*{words}"):
        pulled(StripeDouble(), transport=Odd())


def test_a_version_that_stripe_no_longer_serves_is_named():
    class Ended:
        def send(self, request):
            return Response(400, {"error": {"type": "invalid_request_error", "message": "secret"}})

    with pytest.raises(
        Refused, match=r"400 invalid_request_error\) of the version 20\d\d-"
    ) as error:
        pulled(StripeDouble(), transport=Ended())
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("sk_live_1", "secret key, which may change the account"),
        ("rk_test_1", "test mode"),
        ("sk_test_1", "test mode"),
        ("pk_live_1", "publishable key"),
        ("hello", "text, no key"),
    ],
)
def test_only_a_restricted_live_key_is_sent(key, words):
    with pytest.raises(InvalidInput, match=words) as error:
        Stripe().auth({"key": key})
    assert key not in str(error.value).replace("rk_live_", "")

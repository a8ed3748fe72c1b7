"""Pulls of a WooCommerce store: ties, refunds, and the trash."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from local.services.woocommerce.book import instant_of
from local.services.woocommerce.made import made_book
from tests.sources.connectors.woocommerce.documents import net, order, refund
from tests.sources.connectors.woocommerce.double import WooCommerceDouble
from tests.sources.connectors.woocommerce.pulls import pulled

SECOND = "2026-11-01T10:00:00"


def paths(shop):
    return [request.path for request in shop.store.requests]


# ---- nothing lost ------------------------------------------------------------------------------


def test_orders_that_share_a_second_are_all_there():
    shop = WooCommerceDouble(size=3, lists=2)
    for number in range(1, 12):
        at = SECOND if 2 < number < 11 else f"2026-11-01T10:00:{number:02d}"
        shop.put(str(number), changed_at=f"{at}+00:00", cents=number)
    journal, _ = pulled(shop)
    assert sorted(map(int, journal.current())) == list(range(1, 12))


def test_an_order_that_leaves_a_full_second_meanwhile_hides_no_other():
    shop = WooCommerceDouble(size=2)
    for number in range(1, 8):
        shop.put(str(number), changed_at=f"{SECOND}+00:00", cents=100)

    class Leaving:
        calls = 0

        def send(self, request):
            response = shop.send(request)
            self.calls += 1
            if self.calls == 3:
                shop.put("1", changed_at="2026-11-01T12:00:00+00:00", cents=500)
            return response

    journal, _ = pulled(shop, transport=Leaving())
    assert sorted(map(int, journal.current())) == list(range(1, 8))
    assert net(journal.current()["1"].rows) == 5


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_changes_between_requests_the_next_pull_has_it(seed):
    chance = random.Random(seed)  # noqa: S311 (made-up changes)
    shop = WooCommerceDouble(size=chance.choice((2, 3)), lists=chance.choice((1, 2)))
    second = 1_793_000_000

    def change():
        nonlocal second
        second += chance.choice((0, 0, 1, 5))
        number = chance.randint(1, 9)
        at = f"{instant_of(second)}+00:00"
        if chance.random() < 0.2 and shop.store.book.has(number):
            shop.store.book.trash(number, at.removesuffix("+00:00"))
        elif not shop.store.book.has(number) or chance.random() < 0.9:
            shop.put(str(number), changed_at=at, cents=chance.randint(1, 9_999))

    class Restless:
        def send(self, request):
            if chance.random() < 0.5:
                change()
            return shop.send(request)

    for _ in range(12):
        change()
    journal, _ = pulled(shop, transport=Restless())
    for day in ("03", "04"):
        pulled(shop, journal, now=f"2026-11-{day}T10:00:00+00:00", transport=Restless())
    pulled(shop, journal, now="2026-11-05T10:00:00+00:00")
    assert {int(key): net(record.rows) for key, record in journal.current().items()} == {
        number: Decimal(shop.store.book.get(number)[0]["total"])
        for number in range(1, 10)
        if shop.store.book.has(number) and not shop.store.book.in_trash(number)
    }


# ---- refunds and the trash -----------------------------------------------------------------------


def test_refunds_are_asked_for_where_an_order_has_some():
    shop = WooCommerceDouble(size=10)
    for number in range(1, 6):
        shop.store.book.put(order(number))
    back = [refund(900 + at, amount="6.00", at=f"2026-01-2{at}T00:00:00") for at in range(3)]
    for one in back:
        shop.store.book.refund(3, one)
    journal, record = pulled(shop)
    assert paths(shop) == ["/orders", "/orders/3/refunds"]
    assert [row["Date"] for row in journal.current()["3"].rows] == [
        "2026-01-05T10:15:00Z", "2026-01-20T00:00:00Z", "2026-01-21T00:00:00Z",
        "2026-01-22T00:00:00Z",
    ]  # fmt: skip
    assert record.cursor.counts["refunded"] == 1


def test_a_late_refund_of_an_old_order_comes_with_the_next_pull():
    shop = WooCommerceDouble(size=10)
    shop.store.book.put(order(1))
    shop.store.book.put(order(2))
    journal, _ = pulled(shop)
    shop.store.book.refund(1, refund(amount="24.00", at="2026-11-02T12:00:00"))
    pulled(shop, journal, now="2026-11-03T10:00:00+00:00")
    assert {key: net(one.rows) for key, one in journal.current().items()} == {"1": 30, "2": 50}


def test_more_refunds_than_a_list_has_are_all_asked_for():
    shop = WooCommerceDouble(size=2)
    refunds = [refund(900 + at, amount="6.00", at=f"2026-01-2{at}T00:00:00") for at in range(5)]
    shop.store.book.put(order(1, refunds=[{"id": one["id"]} for one in refunds]), refunds)
    journal, _ = pulled(shop)
    assert net(journal.current()["1"].rows) == 25


def test_an_order_in_the_trash_is_gone_and_one_that_is_restored_is_back():
    shop = WooCommerceDouble(size=10)
    shop.store.book.put(order(1))
    shop.store.book.put(order(2))
    journal, _ = pulled(shop)
    shop.store.book.trash(1, "2026-11-02T12:00:00")
    _, record = pulled(shop, journal, now="2026-11-03T10:00:00+00:00")
    assert set(journal.current()) == {"2"}
    assert record.cursor.counts["left_out:cancelled_order"] == 1
    shop.store.book.delete(1)
    shop.store.book.put(order(1, date_modified_gmt="2026-11-03T12:00:00"))
    pulled(shop, journal, now="2026-11-04T10:00:00+00:00")
    assert set(journal.current()) == {"1", "2"}


def test_a_store_without_orders_is_pulled_again_from_the_beginning():
    shop = WooCommerceDouble()
    journal, record = pulled(shop)
    assert (record.cursor.done, journal.current()) == (True, {})
    shop.store.book.put(order(1))
    pulled(shop, journal, now="2026-11-03T10:00:00+00:00")
    assert set(journal.current()) == {"1"}


def test_statuses_of_plug_ins_are_named_at_the_end():
    shop = WooCommerceDouble(size=10)
    shop.store.book.put(order(1, status="packed"))
    shop.store.book.put(order(2, status="cancelled"))
    _, record = pulled(shop)
    assert record.cursor.notes == (
        "WooCommerce at shop.example.com: orders of the status 'packed' count, as in WooCommerce's "
        "reports.",
    )
    assert record.cursor.counts["left_out:cancelled_order"] == 1


def test_made_up_orders_come_to_the_same_money_by_their_own_sums():
    shop = WooCommerceDouble(size=100, lists=20)
    shop.store.book = made_book(900, refunded_share=0.3)
    journal, record = pulled(shop)
    money = Decimal(0)
    for number in range(1, 901):
        made, refunds = shop.store.book.get(number)
        if made["status"] not in ("cancelled", "failed"):
            money += sum(Decimal(line["total"]) for line in made["line_items"])
            money += sum(Decimal(one["total"]) for r in refunds for one in r["line_items"])
    assert sum(net(record.rows) for record in journal.current().values()) == money
    assert record.requests == 10 + record.cursor.counts["refunded"]

"""WooCommerce and Stripe over HTTP: keys, busy shops, lost answers, and sites that answer oddly."""

from __future__ import annotations

import pytest

from adapters.connectors.transport import ConnectorTransport
from adapters.http.client import HttpClient
from local.services.frame.http_service import BUSY, DENIED, DROPPED, MALFORMED, HttpServer
from local.services.stripe_shop.made import made_account
from local.services.stripe_shop.server import StripeAccount
from local.services.woocommerce.made import made_book
from local.services.woocommerce.server import MARK, REDIRECTS, WARNINGS, WooCommerceStore
from steps.pull.pull import Clock, pull
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.sources.connectors.port import Explaining
from tessera.sources.connectors.stripe.connector import Stripe
from tessera.sources.connectors.woocommerce.connector import WooCommerce
from tessera.sources.orders.money import Included
from tests.sources.connectors.journals import MemoryJournal

WOO_SECRET = {
    "consumer_key": WooCommerceStore.KEY,
    "consumer_secret": WooCommerceStore.SECRET,
}


@pytest.fixture
def woocommerce():
    service = WooCommerceStore(made_book(250))
    with_connector = WooCommerce("shop.example.com", included=Included())
    yield from served(service, with_connector, WOO_SECRET)


@pytest.fixture
def stripe():
    yield from served(StripeAccount(made_account(250)), Stripe(), {"key": StripeAccount.KEY})


def served(service, connector, secret):
    server = HttpServer(service)
    server.start()

    def pulling(secret=secret):
        client = HttpClient(
            connector,
            base_url=server.url,
            read_secret=lambda: secret,
            secret_name=f"tessera/test/sources/{connector.NAME}",
            pause=lambda _seconds: None,
        )
        explaining = connector if isinstance(connector, Explaining) else None
        transport = ConnectorTransport(client, explaining=explaining)
        clock = Clock(now=lambda: "2026-11-02T10:00:00+00:00", pause=lambda _seconds: None)
        journal = MemoryJournal()
        record = pull(connector, transport=transport, journal=journal, clock=clock)
        return record, journal.current()

    yield service, pulling
    server.stop()


def test_a_store_is_pulled_over_http(woocommerce):
    _, pulling = woocommerce
    record, orders = pulling()
    left_out = record.cursor.counts["left_out:cancelled_order"]
    left_out += record.cursor.counts["left_out:unpaid_order"]
    assert len(orders) == 250 - left_out


def test_an_account_is_pulled_over_http(stripe):
    _, pulling = stripe
    record, objects = pulling()
    assert len(objects) == 250 + 7 - record.cursor.counts["left_out:unpaid_order"]


@pytest.mark.parametrize("fault", [BUSY, DROPPED, MALFORMED])
def test_a_fault_that_passes_costs_nothing(woocommerce, stripe, fault):
    for service, pulling in (woocommerce, stripe):
        _, whole = pulling()
        service.faults.fail_next(2, fault)
        assert pulling()[1] == whole


def test_a_revoked_key_is_refused_with_the_secrets_name(woocommerce, stripe):
    for (service, pulling), name in ((woocommerce, "woocommerce"), (stripe, "stripe")):
        service.faults.fail_next(1, DENIED)
        with pytest.raises(Refused, match=f"secret tessera/test/sources/{name} .401"):
            pulling()


def test_another_key_is_refused_and_not_shown(woocommerce):
    _, pulling = woocommerce
    with pytest.raises(Refused) as error:
        pulling({**WOO_SECRET, "consumer_key": "ck_wrong"})
    assert "ck_wrong" not in str(error.value)


def test_a_site_that_redirects_is_refused_with_its_address(woocommerce):
    service, pulling = woocommerce
    service.oddity = REDIRECTS
    with pytest.raises(InvalidInput, match=r"shop\.example\.com redirects to https://www\.shop"):
        pulling()


def test_warnings_of_plug_ins_before_the_orders_are_explained(woocommerce):
    service, pulling = woocommerce
    service.oddity = WARNINGS
    with pytest.raises(Retryable, match="WP_DEBUG_DISPLAY"):
        pulling()


def test_a_byte_order_mark_before_the_orders_does_no_harm(woocommerce):
    service, pulling = woocommerce
    _, whole = pulling()
    service.oddity = MARK
    assert pulling()[1] == whole


def test_a_key_of_the_test_mode_is_refused_before_it_is_sent(stripe):
    service, pulling = stripe
    with pytest.raises(InvalidInput, match="restricted key of the test mode"):
        pulling({"key": "rk_test_1"})
    assert not service.requests

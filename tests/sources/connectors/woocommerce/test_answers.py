"""What a store answers in place of orders, and what its secret has."""

from __future__ import annotations

import pytest

from tessera.destinations.http_vendor import Located
from tessera.destinations.requests import Malformed, Response
from tessera.errors import InvalidInput, Retryable
from tessera.sources.connectors.woocommerce.connector import WooCommerce
from tests.sources.connectors.woocommerce.documents import order
from tests.sources.connectors.woocommerce.double import WooCommerceDouble
from tests.sources.connectors.woocommerce.pulls import pulled

SECOND = "2026-11-01T10:00:00"


def answer(status, body=None, **headers):
    class Answering:
        def send(self, request):
            return Response(status, body, {"x-wp-total": "0", **headers})

    return Answering()


def test_a_store_without_rest_api_is_refused_with_what_to_look_at():
    with pytest.raises(InvalidInput, match=r"shop\.example\.com has no REST API .* Permalinks"):
        pulled(WooCommerceDouble(), transport=answer(404, {"code": "rest_no_route"}))


def test_an_older_woocommerce_is_refused_by_its_version():
    with pytest.raises(InvalidInput, match=r"400 rest_invalid_param.*WooCommerce 5\.8 or newer"):
        pulled(WooCommerceDouble(), transport=answer(400, {"code": "rest_invalid_param"}))


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        ({"orders": []}, {}, "is no list"),
        ([1], {}, "is no list"),
        ([{"number": "7"}], {}, "has no id"),
        ([], {"x-wp-total": ""}, "X-WP-Total"),
        ([order(1, date_modified_gmt="1999-01-01T00:00:00")], {}, r"before 5\.8"),
        ([order(1), order(2, date_modified_gmt=SECOND), order(3)], {}, "order of their modif"),
        ([order(1, date_modified_gmt="soon"), order(2, date_modified_gmt="soon")], {}, "'soon'"),
    ],
)
def test_answers_that_are_no_orders_end_the_pull_with_the_store_named(body, headers, words):
    shop = WooCommerceDouble()
    with pytest.raises(Retryable, match=rf"WooCommerce at shop\.example\.com .*{words}"):
        pulled(shop, transport=answer(200, body, **headers))


@pytest.mark.parametrize(
    ("status", "headers", "error", "words"),
    [
        (301, {"Location": "https://www.shop.example.com/x?key=1"}, InvalidInput,
         r"redirects to https://www\.shop\.example\.com: "),
        (200, {"Content-Type": "text/html; charset=UTF-8"}, Malformed, "web page .* Plain"),
        (200, {"Content-Type": "application/json"}, Malformed, "WP_DEBUG_DISPLAY"),
    ],
)  # fmt: skip
def test_responses_without_json_are_explained(status, headers, error, words):
    store = WooCommerce("shop.example.com")
    with pytest.raises(error, match=words):
        store.unreadable(Response(status, None, headers))


# ---- the store and its key -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("shop.example.com", "shop.example.com"),
        ("https://Shop.example.com/", "shop.example.com"),
        ("https://example.com:8443/shop/", "example.com:8443/shop"),
    ],
)
def test_a_store_is_named_by_its_address(address, account):
    store = WooCommerce(address)
    assert store.account == account
    assert f"https://{account}/wp-json/wc/v3" == store.BASE_URL
    assert isinstance(store, Located), "so that only public addresses are called"


@pytest.mark.parametrize(
    "address",
    [
        "", "http://shop.example.com", "https://", "https://user:pass@shop.example.com",
        "https://shop.example.com/?x=1", "https://shop.example.com/#a", "shop.example.com:x",
        "ftp://shop.example.com", "my shop",
    ],
)  # fmt: skip
def test_a_key_is_sent_over_https_to_a_plain_address_alone(address):
    with pytest.raises(InvalidInput, match="expected https and its host"):
        WooCommerce(address)


def test_the_key_is_sent_as_basic_authentication():
    store = WooCommerce("shop.example.com")
    header = store.auth({"consumer_key": "ck_1", "consumer_secret": "cs_2"})
    assert header == {"Authorization": "Basic Y2tfMTpjc18y"}

"""Customers by page, with filters, and one with the whole explanation."""

from __future__ import annotations

import csv
import io

import pytest

from tests.lambdas.api.run_of_two import KEYS
from tests.lambdas.api.world import RUNS


@pytest.fixture
def token(world):
    return world.keys["acme", "marketer"]


def pages(world, token, **query):
    cursor, keys = None, []
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        page = world.call("GET", "/v1/customers", token=token, query=asked).json
        keys.append([one["customer_key"] for one in page["items"]])
        cursor = page["next"]
        if cursor is None:
            return keys


def test_pages_together_are_everybody_once_in_order(world, token):
    assert pages(world, token, limit=2) == [list(KEYS[:2]), [KEYS[2]]]
    assert pages(world, token, limit=3) == [list(KEYS)]
    assert pages(world, token, limit=1) == [[key] for key in KEYS]


def test_filters_hold_together(world, token):
    assert pages(world, token, segment="Lost") == [list(KEYS[1:])]
    assert pages(world, token, segment="Lost", label="own:A") == [list(KEYS[1:])]
    assert pages(world, token, label="own:B") == [[]]
    assert pages(world, token, label="cluster:1") == [list(KEYS)]
    assert pages(world, token, segment="Lost", value_tier="High", limit=1) == [
        [KEYS[1]], [KEYS[2]],
    ]  # fmt: skip
    assert pages(world, token, segment="Nobody") == [[]]


def test_a_cursor_stays_with_its_run(world, token):
    first = world.call("GET", "/v1/customers", token=token, query={"limit": 1}).json
    latest = {"run_id": "e" * 16, "as_of": "2026-12-01"}
    world.data.write_json("tenants/acme/latest.json", latest)
    second = world.call("GET", "/v1/customers", token=token, query={"cursor": first["next"]})
    assert second.json["run_id"] == RUNS["acme"]


@pytest.mark.parametrize("cursor", ["x", f"{'a' * 16}~1", f"{'A' * 16}~{KEYS[0]}", "~"])
def test_a_cursor_that_is_none_of_ours_is_refused(world, token, cursor):
    assert world.call("GET", "/v1/customers", token=token, query={"cursor": cursor}).status == 422


def test_the_export_has_a_line_for_each_and_a_link_to_the_next_page(world, token):
    query = {"segment": "Lost", "limit": 1}
    reply = world.call("GET", "/v1/customers.csv", token=token, query=query)
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [(row["customer_key"], row["segment"]) for row in rows] == [(KEYS[1], "Lost")]
    address = reply.headers["link"].partition(">")[0][1:]
    path, _, following = address.partition("?")
    rest = world.call("GET", path, token=token, query=following)
    assert [row["customer_key"] for row in csv.DictReader(io.StringIO(rest.text))] == [KEYS[2]]
    assert "link" not in rest.headers


def test_one_customer_comes_with_the_products_bought_the_latest_first(world, token):
    one, other = (
        world.call("GET", f"/v1/customers/{key}", token=token).json["products"] for key in KEYS[:2]
    )
    unnamed = {"name": None, "category": None, "lines": 2, "first_days_ago": 90}
    assert one == [
        {"product": "T1", "last_days_ago": 3, **unnamed},
        {"product": "M1", "last_days_ago": 30, **unnamed},
    ]
    assert other == []


def test_one_customer_comes_with_the_names_of_likely_products(world, token):
    one, other = (
        world.call("GET", f"/v1/customers/{key}", token=token).json["next_products"]
        for key in KEYS[:2]
    )
    assert one == [
        {"product": "M9", "name": "Mug", "category": "Kitchen"},
        {"product": "X1", "name": None, "category": None},
    ]
    assert other == []


def test_one_customer_comes_with_the_explanation(world, token):
    reply = world.call("GET", f"/v1/customers/{KEYS[0]}", token=token).json
    assert reply["profile"]["segment"] == reply["explanation"]["segment"]["label"] == "Champions"
    assert reply["profile"]["clv_365d"] is None
    assert reply["profile"]["labels"]["own"] == "A"
    assert reply["explanation"]["sentences"]


def test_an_unknown_customer_is_404(world, token):
    assert world.call("GET", f"/v1/customers/{KEYS[0][:-1]}9", token=token).status == 404


def test_a_search_stays_with_the_tenant(world, token):
    def search(term):
        return world.call("POST", "/v1/customers/search", token=token, body={"term": term}).json

    assert search("acme-1") == {"customer_keys": [KEYS[0]]}
    assert search("zenith-1") == {"customer_keys": []}


def test_customers_without_an_index_are_a_conflict_and_never_an_empty_answer(world, token):
    world.people.not_indexed.add("acme")
    answer = world.call("POST", "/v1/customers/search", token=token, body={"term": "acme-1"})
    assert answer.status == 409
    assert "next run writes it" in answer.json["detail"]

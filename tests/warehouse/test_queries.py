"""The views' SQL: one text for every engine, over bases that each of them has."""

from __future__ import annotations

import re

import pytest

from tessera.shipped_files import read_text
from tessera.warehouse.queries import bases_of, body, create, query
from tessera.warehouse.views import BASES, CUSTOMER_360, OF_EVENTS, OF_RUNS, RUNS, VIEWS

# What one of the engines lacks, or reads otherwise.
_NOT_PORTABLE = re.compile(
    r"::|\bFILTER\s*\(|\bQUALIFY\b|\bILIKE\b|\bDISTINCT ON\b|\bINTERVAL\b|\bGROUP BY ALL\b|"
    r"\b(?:datediff|date_diff|dateadd|date_add|iff?|nvl|ifnull|arg_max|max_by|list|strftime)\s*\(",
    re.IGNORECASE,
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda one: one.name)
def test_a_view_reads_bases_and_the_views_before_it(view):
    known = {one.name for one in BASES} | {one.name for one in VIEWS[: VIEWS.index(view)]}
    read: set[str] = set()

    def named(name: str) -> str:
        read.add(name)
        return name

    assert "{" not in body(view, named=named)
    assert read
    assert read <= known


@pytest.mark.parametrize("view", VIEWS, ids=lambda one: one.name)
def test_a_view_is_written_in_what_all_engines_share(view):
    text = read_text("tessera.warehouse", f"sql/{view.name}.sql")
    assert not _NOT_PORTABLE.findall(text)


def test_views_of_runs_read_runs_and_views_of_events_read_events():
    catalog = {one.name for one in BASES} - {"events"}
    assert all(bases_of(one) <= catalog for one in OF_RUNS)
    assert all(bases_of(one) == {"events"} for one in OF_EVENTS)
    assert (*OF_RUNS, *OF_EVENTS) == VIEWS


def test_redshift_lets_a_view_go_before_its_external_table():
    made = create(RUNS, dialect="redshift", named="catalog.{}".format)
    assert made.startswith("CREATE OR REPLACE VIEW catalog.runs AS\nSELECT p.tenant")
    assert made.endswith("WITH NO SCHEMA BINDING")
    assert "BINDING" not in create(RUNS, dialect="athena", named=str)


def test_one_query_needs_no_view(file_warehouse):
    text = query(CUSTOMER_360, named="shop.{}".format)
    assert set(re.findall(r"shop\.(\w+)", text)) == {"latest_runs", "profiles", "transitions"}
    inline = query(CUSTOMER_360, named=str)
    order = "ORDER BY tenant, customer_key, moved_from, moved_because"
    rows = file_warehouse.query(f"SELECT * FROM ({inline}) {order}").rows
    assert list(rows) == list(file_warehouse.query(f"SELECT * FROM customer_360 {order}").rows)


def test_recommended_products_are_those_of_the_latest_run(file_warehouse):
    def rows(text):
        return list(file_warehouse.query(f"SELECT DISTINCT {text} ORDER BY ALL").rows)

    kept = rows(
        "p.tenant, p.customer_key, p.next_products FROM profiles AS p "
        "JOIN latest_runs AS l ON l.tenant = p.tenant AND l.as_of = p.as_of AND l.run = p.run"
    )
    assert any(products is not None for *_, products in kept)
    for view in ("customers", "customer_360"):
        assert rows(f"tenant, customer_key, next_products FROM {view}") == kept

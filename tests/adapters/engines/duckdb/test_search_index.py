"""The search index that the engine makes, beside what the product says of each mark."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.engines.duckdb.search_index import write_search_index
from adapters.engines.duckdb.session import connect
from adapters.tables.parquet import arrow_schema, read_table, write_table
from adapters.tables.search_index import index_rows
from tessera.contracts.tables import IDENTITIES, SEARCH_INDEX

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.text("+0123456789 ()./-", max_size=12)
PEOPLE = st.lists(
    st.tuples(TEXTS, st.none() | TEXTS | NUMBERS | TEXTS.map(lambda text: f"{text}@example.com")),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    with connect(folder, memory_limit_mb=256) as connection:
        yield connection, folder


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people=PEOPLE)
def test_the_engine_makes_the_marks_that_the_product_makes(engine, people):
    connection, folder = engine
    empty = dict.fromkeys(IDENTITIES.names) | {"last_seen_at": 0}
    rows = [
        empty | {"customer_key": f"k{place:02d}", "customer_id": one, "address": address}
        for place, (one, address) in enumerate(people)
    ]
    table = pa.Table.from_pylist(rows, schema=arrow_schema(IDENTITIES))
    file = write_table(folder / "identities.parquet", table, IDENTITIES)
    path = folder / "index.parquet"
    entries = write_search_index(connection, [file, file], path, tenant="acme")
    expected = pa.Table.from_batches(index_rows(table.to_batches(), tenant="acme"))
    ordered = (
        expected.group_by(SEARCH_INDEX.names)
        .aggregate([])
        .sort_by([(name, "ascending") for name in SEARCH_INDEX.names])
    )
    assert read_table(path).to_pylist() == ordered.to_pylist()
    assert entries == len(ordered)

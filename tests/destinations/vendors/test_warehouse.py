"""The tables of a warehouse, in PostgreSQL and Snowflake: what they say, which moves they note."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tessera.contracts.tables import PROFILES
from tessera.destinations import content
from tessera.destinations.vendors.postgresql import destination as postgresql
from tessera.destinations.vendors.redshift import destination as redshift
from tessera.destinations.warehouse import tables as warehouse
from tessera.records.loads.segment import Segment
from tests.destinations.places import TYPED, Bench
from tests.destinations.snowflake_place import SnowflakePlace
from tests.destinations.warehouse_place import AS_OF, WarehousePlace

HIGH, LOW = (json.dumps({"value_tier": label}) for label in ("High", "Low"))
SEGMENT = Segment(
    "At Risk", "_RFM_At_Risk", "segment", "At Risk", "Long ago", 7, set="rfm", action="Call."
)
MOVES = "customer_id, set, from_label, to_label, as_of"


@pytest.fixture(params=["postgresql", "snowflake"])
def place(request) -> Iterator[WarehousePlace | SnowflakePlace]:
    if request.param == "postgresql":
        yield WarehousePlace(request.getfixturevalue("postgres"), warehouse.POSTGRESQL)
        return
    made = SnowflakePlace()
    yield made
    made.close()


@pytest.fixture
def send(place, plan_of):
    """Sends customers as one run of a day. Those of earlier runs who are not among them left."""
    return Runs(place, plan_of)


@dataclasses.dataclass
class Runs:
    place: WarehousePlace | SnowflakePlace
    plan_of: object
    ledger: dict = dataclasses.field(default_factory=dict)

    def __call__(self, *people, day: dt.date = AS_OF, first: bool = False) -> int:
        items = self.plan_of(postgresql, people, self.ledger)
        bench = Bench(postgresql, self.place)
        account = bench.send(items, transport=self.place.on(day))
        self.ledger |= {item.key: item for item in account.acknowledged}
        if first:
            self.place.transport.ensure(SEGMENT)
        return len(account.acknowledged)

    def moves(self) -> list[list[object]]:
        return self.place.rows("transitions", MOVES, order="as_of, customer_id, set")


@pytest.fixture
def plan_of():
    from tessera.destinations.planning.ledger import acknowledged
    from tessera.destinations.planning.plan import Plan

    def plan(vendor, people, ledger):
        known = sorted(acknowledged(item, vendor=vendor) for item in ledger.values())
        planned = Plan(vendor, ledger=known)
        items = [item for customer in people for item in planned.offer(customer)]
        return [*items, *planned.finish()]

    return plan


DAY_2, DAY_3 = AS_OF + dt.timedelta(days=1), AS_OF + dt.timedelta(days=2)


# ---- columns -------------------------------------------------------------------------------


def test_numbers_days_and_labels_are_columns_of_their_types(place, send, customer):
    person = customer(1, clv_365d=Decimal("99.5"), next_order_at=dt.date(2026, 6, 1), labels=HIGH)
    assert send(person) == 1
    held = dict(place.customers()["C 1"])
    assert held.pop("customer_key") == "key-000001"
    assert held.pop("rfm_set_value_tier") == "High"
    days = {name: dt.date.fromisoformat(TYPED[name]) for name in held if "day" in _type(name)}
    money = {"rfm_monetary": Decimal("12.50")}
    assert held == {**TYPED, **days, **money}
    assert len(days) == 4


def _type(name: str) -> str:
    column = next(field.column for field in content.FIELDS if field.name == name)
    kind = next(one.type for one in PROFILES.columns if one.name == column)
    return "day" if kind in ("date", "timestamp") else kind


def test_nothing_that_reaches_a_person_has_a_column():
    for columns, _ in warehouse.TABLES.values():
        assert not {"email", "phone", "address"} & set(columns)


def test_every_dialect_has_a_type_for_every_kind():
    kinds = {kind for columns, _ in warehouse.TABLES.values() for kind in columns.values()}
    for vendor in (postgresql, redshift):
        assert set(vendor.DIALECT.types) == kinds
        assert vendor.CAPABILITIES.batch_items == 10_000


def test_own_sets_get_a_column_when_they_come_and_keep_it_when_they_go(place):
    own = Segment("Loud", "_RFM_Loud", "set", "Loud", "Loud", 1, set="loudness")
    place.transport.check([own])
    place.transport.check([])
    place.transport.check([own])
    assert place.transport.size(own) == 0


# ---- who moved -----------------------------------------------------------------------------


def test_the_first_run_brings_everybody_and_moves_nobody(send, customer):
    assert send(customer(1, labels=HIGH), customer(2), first=True) == 2
    assert send.moves() == []


def test_moves_arrivals_and_exits_are_written_once(place, send, customer):
    send(customer(1, labels=HIGH), customer(2), first=True)
    moved = customer(1, segment="Lost", labels=LOW)
    assert send(moved, customer(3), day=DAY_2) == 3
    expected = [
        ["C 1", "rfm", "Champions", "Lost", DAY_2],
        ["C 1", "value_tier", "High", "Low", DAY_2],
        ["C 2", "rfm", "Champions", None, DAY_2],
        ["C 3", "rfm", None, "Champions", DAY_2],
    ]
    assert send.moves() == expected
    assert place.customers()["C 2"] == {"customer_key": "key-000002", "left_at": DAY_2}
    send.ledger.clear()  # what is sent again moves nobody again
    assert send(moved, customer(3), day=DAY_2) == 2
    assert send.moves() == expected


def test_a_customer_who_comes_back_has_not_left(place, send, customer):
    send(customer(1), first=True)
    send(day=DAY_2)
    send(customer(1), day=DAY_3)
    assert "left_at" not in place.customers()["C 1"]
    assert [row[2:] for row in send.moves()] == [
        ["Champions", None, DAY_2],
        [None, "Champions", DAY_3],
    ]


def test_moves_of_one_day_are_one_and_there_and_back_is_none(send, customer):
    send(customer(1), customer(2), first=True)
    send(customer(1, segment="Lost"), customer(2, segment="Lost"), day=DAY_2)
    send(customer(1, segment="At Risk"), customer(2), day=DAY_2)
    assert send.moves() == [["C 1", "rfm", "Champions", "At Risk", DAY_2]]


def test_a_set_that_comes_into_use_or_goes_out_of_it_moves_nobody(place, send, customer):
    send(customer(1), first=True)
    send(customer(1, labels=HIGH), day=DAY_2)
    send(customer(1), day=DAY_3)
    assert send.moves() == []
    assert "rfm_set_value_tier" not in place.customers()["C 1"]


# ---- segments ------------------------------------------------------------------------------


def test_a_segments_row_says_what_it_means_and_how_large_it_is(place):
    place.transport.ensure(SEGMENT)
    column = place.rows("segments", "attribute", order="1")[0][0]
    assert column.lower() == "rfm_segment"
    later = place.on(DAY_2)
    assert later.ensure(dataclasses.replace(SEGMENT, meaning="Anew", customers=9)) == "kept"
    assert place.rows("segments", "*", order="1") == [
        ["_RFM_At_Risk", "At Risk", "rfm", "segment", column, "At Risk", "Anew", "Call.",
         None, None, 9, DAY_2],
    ]  # fmt: skip


def test_the_queries_of_the_documentation_answer(root, place, send, customer):
    send(customer(1), customer(2), first=True)
    send(customer(1, segment="Lost"), day=DAY_2)
    page = (root / "docs" / "destinations.md").read_text(encoding="utf-8")
    section = page.partition("## PostgreSQL and Redshift")[2].partition("\n## ")[0]
    queries = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)
    assert len(queries) == 2
    sizes, flows = (
        place.query(query.replace("tessera.", f'"{place.schema}".')) for query in queries
    )
    assert [row[1:] for row in sizes if row[0] == "At Risk"] == [["Call.", 0, None]]
    assert flows == [["Champions", "Lost", 1], ["Champions", None, 1]]

"""A finished run of three customers: what the API reads of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from tessera import naming
from tessera.contracts.tables import CUSTOMERS, PROFILES
from tessera.insights.statistics.flows import flows
from tessera.records.insights.groups import GroupSet, LabelledGroup
from tessera.records.insights.insights import Insights, Overview, ScoreGrid
from tessera.records.products import Product, Products
from tessera.records.runs.trend import GroupSize, TrendPoint
from tessera.records.scoring.movement import Move, Movement, SegmentMoves
from tessera.records.scoring.score import GridCell, ModelReference, ScoreRecord

DAY = dt.date(2026, 11, 30)
AT = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
KEYS = tuple(f"{place:08x}-0000-8000-8000-000000000000" for place in (1, 2, 3))
LABELS = ("Champions", "Lost")
# Everybody has become valuable since a run before. The other sets are new.
TIERS = Movement(
    customers=3, stayed=0, moved=3, entered=0, left=0, labels=("High", "Low"),
    matrix=((0, 0, 0), (3, 0, 0), (0, 0, 0)),
    segments=(
        SegmentMoves(
            label="High", before=0, after=3, stayed=0, moved_in=3, moved_out=0, entered=0, left=0
        ),
        SegmentMoves(
            label="Low", before=3, after=0, stayed=0, moved_in=0, moved_out=3, entered=0, left=0
        ),
    ),
    causes=(),
    moves=(Move(source="Low", to="High", cause="own_behaviour", customers=3),),
)  # fmt: skip


# A template that can be published, and greets by the profile.
TEMPLATE = {
    "version": 1, "subject": "News", "preheader": "", "language": "en", "direction": "ltr",
    "blocks": [
        {"id": "heading-1", "type": "heading", "fields": {
            "text": "{{ customer.segment | default: 'No' }}, {{ customer.monetary | default: '0' }}"
        }},
        {"id": "footer-1", "type": "footer", "fields": {}},
    ],
}  # fmt: skip


def label(key: str) -> str:
    """The first customer is a champion, the others are lost."""
    return LABELS[key != KEYS[0]]


def insights(tenant: str, run_id: str) -> Insights:
    """The run's insights. Its money differs by tenant, so that a leak is seen."""
    partition = naming.profiles_partition(DAY.isoformat(), run_id)
    totals: dict[str, Any] = {"customers": 3, "buyers": 3, "orders": 6, "monetary": money(tenant)}
    sizes = {"Champions": 1, "Lost": 2}
    groups = {name: GroupSize(customers=n, monetary=money(tenant)) for name, n in sizes.items()}
    point = TrendPoint(run_id=run_id, as_of=DAY, segments=sizes, groups={"rfm": groups}, **totals)
    return Insights(
        run_id=run_id, as_of=DAY, version="0", tenant=tenant, upload=None, started_at=AT,
        finished_at=AT, currency="EUR",
        products=products(tenant),
        overview=Overview(
            **totals, orders_per_buyer=2.0, average_order_value="5.00", repeat_buyers=3,
            repeat_rate=1.0, median_days_to_second_order=7.0,
        ),
        sets={
            "rfm": GroupSet(meaning="By recency.", groups=tuple(map(group, LABELS))),
            "value_tier": GroupSet(meaning="By value.", groups=(group("High"),)),
            "cluster": GroupSet(meaning="By K-Means.", groups=(group("1"),)),
            "own": GroupSet(meaning="A set of the tenant's.", groups=(group("A"), group("B"))),
        },
        grid=ScoreGrid(
            preset="classic-11", meaning="", measures="orders", scale=1, thresholds={}, bins={},
            cells=((GridCell(customers=3, monetary=money(tenant)),),),
        ),
        clusters=(), forecasts=(), forecast_text="", models=None, value=None, cohorts=(),
        retention=None, previous=None, movement=None, flows=(), breaker=None, alerts=(),
        set_movements={"value_tier": TIERS}, set_flows={"value_tier": flows(TIERS)},
        trend=(point,), profiles=naming.profiles_prefix(tenant) + partition, destinations=(),
        reach={}, cost=None, warnings=(f"of {tenant}",),
    )  # fmt: skip


def products(tenant: str) -> Products:
    """Two products, one of which only a code names."""
    mug = Product(
        code="M1", name="=Mug", money=money(tenant), money_share=0.5, returned="-1.00", lines=2,
        buyers=1, repeat_buyers=1, repeat_rate=1.0, first_buyers=0,
    )  # fmt: skip
    tea = dataclasses.replace(mug, code="T1", name=None, money="1.00", buyers=2, repeat_rate=None)
    return Products(count=2, buyers=3, money=money(tenant), without="0.00", items=(mug, tea))


def money(tenant: str) -> str:
    return f"{len(tenant)}0.00"


def group(name: str) -> LabelledGroup:
    """One group of a set."""
    return LabelledGroup(
        group=name, uuids=1 if name == "Champions" else 2, buyers=1, percentage=33.3,
        order_count_avg=2.0, timeliness_avg_days=5.0, monetary="10.00", monetary_percentage=50.0,
        mean_order_value="5.00", meaning="=1+1", action="Thank them.", segment=f"_RFM_{name}",
        clv_reason="Too few buyers.", p_no_order_90d_reason="Too few buyers.",
    )  # fmt: skip


def score(run: Insights) -> ScoreRecord:
    """What Score recorded of the run."""
    return ScoreRecord(
        customers=3, buyers=3, orders=6, monetary="30.00", preset="classic-11", measures="orders",
        scale=5, thresholds={}, bins={}, warnings=(), segments=(), clusters=(), grid=(),
        as_of=run.as_of, model=ModelReference(sha256="0", note="", chosen=""), inputs=(),
        outputs=(), timings={},
    )  # fmt: skip


def profile(key: str, tenant: str) -> dict[str, Any]:
    """A customer's row of the profiles, without scores."""
    row: dict[str, Any] = dict.fromkeys(PROFILES.names)
    return row | {
        "customer_key": key, "frequency": 2, "monetary": Decimal(money(tenant)), "views": 0,
        "segment": label(key), "as_of": DAY, "value_tier": "High",
        "labels": '{"value_tier": "High", "own": "A", "cluster": "1"}', "cluster": 1,
        "next_products": '["M9", "X1"]' if key == KEYS[0] else None,
    }  # fmt: skip


def summary(key: str) -> dict[str, Any]:
    """A customer's summary: one who has only looked."""
    numbers = {column.name: 0 for column in CUSTOMERS.columns if not column.nullable}
    return {column.name: None for column in CUSTOMERS.columns} | numbers | {
        "customer_key": key, "last_event_at": AT, "monetary": Decimal(0),
        "first_day_monetary": Decimal(0), "last_day_monetary": Decimal(0),
    }  # fmt: skip

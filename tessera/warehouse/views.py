"""The views of the star schema as data: columns with their meanings, and their SQL files."""

from __future__ import annotations

from tessera.contracts.catalog import data_columns, partition_columns
from tessera.contracts.table import Column, Table, Type
from tessera.contracts.tables import (
    CATALOGUED,
    EVENTS,
    LATEST_RUNS,
    MODEL_CARDS,
    PROFILES,
    TRANSITIONS,
)

_TENANT, _AS_OF, _RUN = partition_columns(PROFILES)
_OF_RUN = (_TENANT, _AS_OF, _RUN)
_LATEST = Column("is_latest", "int", "1 in the tenant's last successful run, 0 in others")
_CUSTOMERS = Column("customers", "bigint", "Customers")
_BUYERS = Column("buyers", "bigint", "Customers with an order")
_ORDERS = Column("orders", "bigint", "Orders so far")
_REVENUE = Column("revenue", "decimal(18,2)", "Net money so far")
_MOVED_REVENUE = Column("revenue", "decimal(18,2)", "Net money so far of who is still a customer",
                        nullable=True)  # fmt: skip
_CLV = Column("clv_365d", "decimal(18,2)", "Predicted value of the next 365 days, empty when "
              "withheld", nullable=True)  # fmt: skip
_RISK = Column("p_no_order_90d", "double", "Mean probability of no order within 90 days, empty "
               "when withheld", nullable=True)  # fmt: skip
_MONTH = Column("cohort_month", "date", "First day of the month of the first purchase",
                nullable=True)  # fmt: skip


def _maybe(name: str, type_: Type, meaning: str) -> Column:
    return Column(name, type_, meaning, nullable=True)


def _of(table: Table, *names: str) -> tuple[Column, ...]:
    known = {column.name: column for column in table.columns}
    return tuple(known[name] for name in names)


RUNS = Table(
    "runs",
    "One row a run, with its totals",
    (*_OF_RUN, _CUSTOMERS, _BUYERS, _ORDERS, _REVENUE, _LATEST),
    key=("tenant", "as_of", "run"),
)
CUSTOMERS = Table(
    "customers",
    "One row a customer: the profile of the tenant's latest run, by pseudonym",
    (
        _TENANT, *_of(PROFILES, "customer_key"), _AS_OF, _RUN, _MONTH,
        *_of(PROFILES, "first_purchase_at", "last_purchase_at", "recency_days", "tenure_days"),
        _ORDERS, _REVENUE,
        *_of(
            PROFILES, "mean_order_value", "views_30d", "sessions_30d", "last_view_days", "r_score",
            "f_score", "m_score", "rfm_score", "cluster", "segment", "value_tier", "churn_band",
            "cancel_band", "value_at_risk", "loyalty_3", "loyalty_score", "gap_state",
            "p_no_order_90d", "expected_orders_365d", "next_order_at", "clv_365d", "clv_365d_from",
            "clv_365d_to", "historic_value", "total_value", "orders_tenth", "no_order_tenth",
            "value_tenth", "next_products",
        ),
    ),
    key=("tenant", "customer_key"),
)  # fmt: skip
CUSTOMER_360 = Table(
    "customer_360",
    "One row a customer: label, money, forecasts, visits, and the last run's move",
    (
        *_of(CUSTOMERS, "tenant", "customer_key", "as_of", "run", "segment", "value_tier",
             "churn_band", "orders", "revenue", "mean_order_value", "recency_days", "clv_365d",
             "p_no_order_90d", "next_order_at", "views_30d", "sessions_30d", "last_view_days"),
        _maybe("moved_from", "string", "The label before, where the last run moved the customer"),
        _maybe("moved_because", "string", "Why it moved"),
        *_of(CUSTOMERS, "next_products"),
    ),
    key=("tenant", "customer_key"),
)  # fmt: skip
REVENUE = Table(
    "revenue",
    "One row a run and month of first purchase: what the buyers of a cohort brought so far",
    (
        *_OF_RUN, _MONTH, _LATEST, _BUYERS, _ORDERS, _REVENUE,
        _maybe("historic_value", "decimal(18,2)", "Net money so far, times the margin"), _CLV,
    ),
    key=("tenant", "as_of", "run", "cohort_month"),
)  # fmt: skip
SEGMENTS = Table(
    "segments",
    "One row a run, segment set and label",
    (
        *_OF_RUN, _LATEST,
        Column(
            "segment_set",
            "string",
            "rfm, value_tier, churn_band, cancel_band, value_at_risk, loyalty_3",
        ),
        Column("label", "string", "The label"),
        _CUSTOMERS, _BUYERS, _ORDERS, _REVENUE, _CLV, _RISK,
    ),
    key=("tenant", "as_of", "run", "segment_set", "label"),
)  # fmt: skip
MOVEMENT = Table(
    "movement",
    "One row a run, label before, label now and cause: who moved",
    (
        *_OF_RUN, _LATEST,
        Column("from_label", "string", "The label before, (new) for a new customer"),
        Column("to_label", "string", "The label now, (left) for a customer who left"),
        *_of(TRANSITIONS, "cause"),
        _CUSTOMERS, _MOVED_REVENUE, _CLV,
    ),
    key=("tenant", "as_of", "run", "from_label", "to_label", "cause"),
)  # fmt: skip
CHURN = Table(
    "churn",
    "One row a run, churn band and tenth by the chance of no order: the money at stake",
    (
        *_OF_RUN, _LATEST, *_of(PROFILES, "churn_band", "no_order_tenth"), _BUYERS, _RISK,
        _maybe("expected_lost_90d", "double", "Buyers expected without an order in 90 days"),
        _REVENUE, _CLV,
    ),
    key=("tenant", "as_of", "run", "churn_band", "no_order_tenth"),
)  # fmt: skip
TRUST = Table(
    "trust",
    "One row a run and way to expect orders: how it did on the holdout",
    (
        *_OF_RUN, _LATEST,
        *_of(MODEL_CARDS, "name", "role", "holdout_days", "customers", "predicted", "actual",
             "total_error", "mae", "rmse", "auc"),
    ),
    key=("tenant", "as_of", "run", "name"),
)  # fmt: skip
ORDERS = Table(
    "orders",
    "One row an order, by pseudonym, with its net money",
    (
        _TENANT, *_of(EVENTS, "customer_key", "order_id"),
        Column("ordered_at", "timestamp", "Instant of its first row"),
        Column("lines", "bigint", "Rows that bought. 0 where only a refund is known"),
        Column("revenue", "decimal(18,4)", "Net money: purchases less refunds and returns"),
    ),
    key=(),
)  # fmt: skip
CLICKS = Table(
    "clicks",
    "One row a customer, day and kind of visit",
    (
        _TENANT, *_of(EVENTS, "customer_key", "event"),
        Column("happened_on", "date", "The day, in UTC"),
        Column("events", "bigint", "Events"),
        Column("last_at", "timestamp", "Instant of the last one"),
    ),
    key=("tenant", "customer_key", "event", "happened_on"),
)  # fmt: skip

# What the views read: the catalogued tables. Of events only what orders and clicks need.
LOADED_EVENTS = Table(
    "events",
    "Canonical events of all uploads that count, by pseudonym",
    (
        *partition_columns(EVENTS),
        *_of(EVENTS, "customer_key", "event", "occurred_at", "amount", "order_id", "event_id"),
    ),
    key=(),
)
CATALOG = tuple(
    Table(one.name, one.meaning, (*partition_columns(one), *data_columns(one)), one.key)
    for one in CATALOGUED
)
BASES = (*CATALOG, LATEST_RUNS, LOADED_EVENTS)
# Each view reads bases and the views before it.
OF_RUNS = (RUNS, CUSTOMERS, CUSTOMER_360, REVENUE, SEGMENTS, MOVEMENT, CHURN, TRUST)
OF_EVENTS = (ORDERS, CLICKS)
VIEWS = (*OF_RUNS, *OF_EVENTS)

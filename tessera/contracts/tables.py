"""The tables that the pipeline writes, from canonical events to what the user takes home."""

from __future__ import annotations

from tessera.contracts.table import Column, Table, Type

_KEY = Column("customer_key", "string", "Pseudonymous UUID of the customer, per tenant")
_FIRST = Column("first_purchase_at", "timestamp", "Instant of the first purchase", nullable=True)
_LAST = Column("last_purchase_at", "timestamp", "Instant of the last purchase", nullable=True)
_RECENCY = Column(
    "recency_days", "int", "Calendar days from the last purchase to as_of", nullable=True
)
_FREQUENCY = Column("frequency", "bigint", "Orders: 0 for a customer who has only looked")
_TENURE = Column("tenure_days", "int", "Calendar days from first purchase to as_of", nullable=True)
_VIEWS = Column("views", "bigint", "VIEWED events")
_VIEWS_30D = "VIEWED events within 30 days before as_of"
_SESSIONS = (
    "Sessions: runs of VIEWED and SESSION events with less than 30 minutes from one to the next"
)
_SESSIONS_30D = "Sessions that began within 30 days before as_of"
_LAST_VIEW = "Calendar days from the last VIEWED or SESSION event to as_of"


def _maybe(name: str, type_: Type, meaning: str) -> Column:
    return Column(name, type_, meaning, nullable=True)


EVENTS = Table(
    "events",
    "Canonical events, one row each, kept by upload",
    (
        _KEY,
        Column(
            "event",
            "string",
            "VIEWED, PROCESSED, PURCHASED, SUBSCRIBED, RENEWED, REFUNDED, CANCELLED, SESSION, "
            "EMAIL_SENT, EMAIL_OPENED, EMAIL_CLICKED or UNSUBSCRIBED",
        ),
        Column("occurred_at", "timestamp", "When it happened"),
        Column("amount", "decimal(18,4)", "Signed money of the row, refunds negative, 0 for views"),
        Column(
            "order_id",
            "string",
            "Pseudonymous key of the shop's order. Without it customer and instant",
            nullable=True,
        ),
        Column("event_id", "string", "Pseudonymous key of the event, when given", nullable=True),
        _maybe("product_code", "string", "The shop's code of the product, of rows with money"),
        _maybe("product_name", "string", "The product's name, of rows with money"),
        _maybe("product_category", "string", "The product's category, of rows with money"),
        _maybe(
            "products",
            "string",
            "Of an order with several products in one row: a line each, its share of the amount, "
            "code and name between tabs, then the category where it has one. The shares add up to "
            "1",
        ),
    ),
    key=(),
)

VOIDED_ORDERS = Table(
    "voided_orders",
    "Orders that an upload shows cancelled, refunded, unpaid or as tests, kept beside its events",
    (
        _KEY,
        Column("order_id", "string", "Pseudonymous key of the shop's order"),
        Column("occurred_at", "timestamp", "The order's date"),
    ),
    key=("customer_key", "order_id", "occurred_at"),
)

CUSTOMERS = Table(
    "customers",
    "The customer summary: events folded to one row a customer at as_of",
    (
        _KEY,
        _FIRST,
        _LAST,
        Column("last_event_at", "timestamp", "Instant of the last event of any kind"),
        _RECENCY,
        _FREQUENCY,
        Column("monetary", "decimal(18,4)", "Net money: purchases less refunds and returns"),
        _TENURE,
        _VIEWS,
        Column("events", "bigint", "Events of any kind (rows, as the AWS guidance counts)"),
        Column("purchase_days", "bigint", "Local calendar days with a purchase"),
        Column("first_day_monetary", "decimal(18,4)", "Net money of the first of these days"),
        Column("last_day_monetary", "decimal(18,4)", "Net money of the last of these days"),
        Column("gap_squares", "bigint", "Sum of the squared days between one and the next"),
        Column("lines", "bigint", "Rows of orders: PURCHASED, and subscriptions' payments"),
        Column("purchase_days_30d", "bigint", "Purchase days within 30 days before as_of"),
        Column("purchase_days_90d", "bigint", "Purchase days within 90 days before as_of"),
        Column("purchase_days_180d", "bigint", "Purchase days within 180 days before as_of"),
        Column("visits", "bigint", "VIEWED and SESSION events"),
        Column("visits_30d", "bigint", "VIEWED and SESSION events within 30 days before as_of"),
        Column("views_30d", "bigint", _VIEWS_30D),
        Column("sessions", "bigint", _SESSIONS),
        Column("sessions_30d", "bigint", _SESSIONS_30D),
        _maybe("last_view_days", "int", _LAST_VIEW),
        Column("emails_read", "bigint", "E-mails opened and clicked"),
        Column("emails_30d", "bigint", "E-mails opened and clicked within 30 days before as_of"),
        _maybe("last_email_days", "int", "Calendar days from the last of these ever to as_of"),
    ),
    key=("customer_key",),
    rows_per_group=10_000,  # an explanation looks a customer up, and nothing reads pages
)

CUSTOMER_DAYS = Table(
    "customer_days",
    "Days on which a customer's money moved. It exists only while a run prepares",
    (
        _KEY,
        Column("days_ago", "int", "Calendar days from that day to as_of, 1 or more"),
        Column("bought", "int", "1 with a purchase, 0 with refunds and cancellations only"),
        Column("net", "decimal(18,4)", "Purchases less refunds and returns of the day"),
        Column("lines", "bigint", "Rows of orders"),
    ),
    key=("customer_key", "days_ago"),
)

LOOK_DAYS = Table(
    "look_days",
    "Days on which a customer looked at the shop. It exists only while a run prepares",
    (
        _KEY,
        Column("days_ago", "int", "Calendar days from that day to as_of, 1 or more"),
        _VIEWS,
        Column("visits", "bigint", "VIEWED and SESSION events"),
        Column("sessions", "bigint", "Sessions that began on that day"),
    ),
    key=("customer_key", "days_ago"),
)

BEHAVIOUR_DAYS = Table(
    "behaviour_days",
    "What a sample of buyers did by day, the oldest first: what forecasts are learnt from",
    (
        *CUSTOMER_DAYS.columns,
        Column("views", "bigint", "VIEWED and SESSION events"),
        Column("sessions", "bigint", "Sessions that began on that day"),
        Column("emails", "bigint", "E-mails opened and clicked"),
    ),
    key=("customer_key", "days_ago"),
)

SUBSCRIPTIONS = Table(
    "subscriptions",
    "Customers who ever subscribed: when their latest subscription began, and whether it ended",
    (
        _KEY,
        Column("begun_days_ago", "int", "Calendar days from the latest SUBSCRIBED to as_of"),
        _maybe(
            "ended_days_ago",
            "int",
            "Calendar days from the end of that subscription to as_of, empty while it runs",
        ),
    ),
    key=("customer_key",),
)

CUSTOMER_PRODUCTS = Table(
    "customer_products",
    "Who bought which product, where the data names products: what recommendations are learnt from",
    (
        _KEY,
        Column("product", "string", "The product's code, or its name where it has none"),
        _maybe("name", "string", "What most rows call the product"),
        _maybe("category", "string", "The category that most rows with one give the product"),
        Column("lines", "bigint", "Rows of the customer's orders with it"),
        Column("first_days_ago", "int", "Calendar days from the first of them to as_of"),
        Column("last_days_ago", "int", "Calendar days from the last of them to as_of"),
    ),
    key=("customer_key", "product"),
    rows_per_group=20_000,  # people look customers up
)

COHORTS = Table(
    "cohorts",
    "Buyers by the month of their first purchase and the months since",
    (
        Column("cohort", "int", "Month of the first purchase: 12 * year + month - 1"),
        Column("months_later", "int", "Months since: 0 is the first one"),
        Column("customers", "bigint", "Of the cohort, customers who bought in that month"),
        Column("spend", "decimal(18,4)", "Their net money of those days"),
    ),
    key=("cohort", "months_later"),
)

FEATURES = Table(
    "features",
    "Distinct (recency, frequency, monetary) of buyers, weighted: what K-Means is trained on",
    (
        Column("recency_days", "int", "As in customers"),
        _FREQUENCY,
        Column("monetary", "decimal(18,4)", "As in customers"),
        Column("customers", "bigint", "Customers with exactly these three values"),
    ),
    key=("recency_days", "frequency", "monetary"),
)

_FORECAST = (
    _maybe("p_alive", "double", "Probability of ever buying again, empty when withheld"),
    _maybe("p_no_order_30d", "double", "Probability of no order within 30 days of as_of"),
    _maybe("p_no_order_90d", "double", "Probability of no order within 90 days of as_of"),
    _maybe("p_no_order_180d", "double", "Probability of no order within 180 days of as_of"),
    _maybe("expected_orders_365d", "double", "Purchase days expected within 365 days of as_of"),
    _maybe("expected_orders_365d_from", "double", "One in ten such customers has fewer"),
    _maybe("expected_orders_365d_to", "double", "One in ten such customers has more"),
    _maybe("orders_tenth", "int", "Tenth by expected orders, 1 the fewest to 10 the most"),
    _maybe(
        "no_order_tenth", "int", "Tenth by the chance of no order, 10 the likeliest to have none"
    ),
    _maybe("next_order_at", "date", "Day by which the next order is as likely as not"),
    _maybe("next_order_from", "date", "The next order comes before this day with 10 %"),
    _maybe("next_order_to", "date", "The next order comes after this day, or never, with 10 %"),
    _maybe("clv_365d", "decimal(18,2)", "Predicted value of the next 365 days, discounted"),
    _maybe("clv_365d_from", "decimal(18,2)", "One in ten such customers brings less"),
    _maybe("clv_365d_to", "decimal(18,2)", "One in ten such customers brings more"),
    _maybe("value_tenth", "int", "Tenth by predicted value, 1 the least to 10 the most"),
    _maybe("clv", "decimal(18,2)", "The same over the days of the setting clv_horizon_days"),
    _maybe("historic_value", "decimal(18,2)", "Net money so far, times the margin"),
    _maybe("total_value", "decimal(18,2)", "historic_value + clv_365d"),
    _maybe("p_cancel_30d", "double", "Probability that a subscriber cancels within 30 days"),
    _maybe(
        "loyalty_score",
        "double",
        "Rank from 0 to 100 by the likelihood of an order within 90 days. It is no chance",
    ),
    _maybe("gap_state", "string", "active, at_risk, lapsed or unknown by the customer's own gaps"),
)
_SETS = (
    _maybe("value_tier", "string", "Label in the segment set value_tier"),
    _maybe("churn_band", "string", "Label in the segment set churn_band"),
    _maybe("cancel_band", "string", "Label in the segment set cancel_band"),
    _maybe("value_at_risk", "string", "Label in the segment set value_at_risk"),
    _maybe("loyalty_3", "string", "Label in the segment set loyalty_3"),
    _maybe("labels", "string", "The labels of all segment sets in use, as JSON by set"),
)

PROFILES = Table(
    "profiles",
    "One row a customer and run: values, scores, cluster, segment",
    (
        _KEY,
        _FIRST,
        _LAST,
        _RECENCY,
        _FREQUENCY,
        Column("monetary", "decimal(18,2)", "Net money, rounded half up to cents"),
        Column("mean_order_value", "decimal(18,2)", "monetary / frequency", nullable=True),
        _TENURE,
        _VIEWS,
        _maybe("views_30d", "bigint", _VIEWS_30D),
        _maybe("sessions", "bigint", _SESSIONS),
        _maybe("sessions_30d", "bigint", _SESSIONS_30D),
        _maybe("last_view_days", "int", _LAST_VIEW),
        Column("r_score", "int", "Recency score, high is recent", nullable=True),
        Column("f_score", "int", "Frequency score, high is often", nullable=True),
        Column("m_score", "int", "Monetary score, high is much", nullable=True),
        Column("rfm_score", "string", "The three digits, R then F then M", nullable=True),
        Column("cluster", "int", "K-Means cluster by rank, 1 the most valuable", nullable=True),
        Column("segment", "string", "The label from the segment definition"),
        *_FORECAST,
        *_SETS,
        _maybe(
            "next_products",
            "string",
            "Up to ten products likely to be bought next, best first, as JSON, empty when withheld",
        ),
        Column("as_of", "date", "The day the row describes"),
    ),
    key=("customer_key", "as_of"),
    rows_per_group=10_000,  # people look customers up, in files that are sorted by key
)

TRANSITIONS = Table(
    "transitions",
    "Customers whose segment changed between a run and the one before it",
    (
        _KEY,
        _maybe("from_segment", "string", "The previous label, empty for a new customer"),
        _maybe("to_segment", "string", "The present label, empty for a customer who left"),
        Column("cause", "string", "Why: the last of the steps that changed the label"),
        Column("path", "string", "Each step that changed the label, as JSON"),
        Column("as_of", "date", "The day of the present run"),
    ),
    key=("customer_key", "as_of"),
    rows_per_group=20_000,  # people look customers up, as in the profiles
)


MODEL_CARDS = Table(
    "model_cards",
    "How each way to expect orders did on the run's holdout, naive ones included",
    (
        Column("name", "string", "forecast, bg_nbd, mbg_nbd, pareto_nbd, or a baseline"),
        Column("role", "string", "Of the forecast: published, ranked (only the order of customers "
               "is) or withheld. Of models: started_from or candidate. Else baseline"),
        Column("holdout_days", "double", "Days that were held out"),
        Column("customers", "double", "Customers known at the cut-off"),
        Column("predicted", "double", "Purchase days expected of all of them"),
        Column("actual", "double", "Purchase days that came"),
        _maybe("total_error", "double", "predicted / actual - 1, empty when none came"),
        Column("mae", "double", "Mean absolute error, in purchase days a customer"),
        Column("rmse", "double", "Root of the mean squared error"),
        _maybe("log_likelihood", "double", "Of the history before the cut-off, models only"),
        _maybe("deviance", "double", "Mean Poisson deviance of a customer"),
        _maybe("auc", "double", "Of who did not order, by the forecast only"),
        Column("as_of", "date", "The day of the run"),
    ),
    key=("name", "as_of"),
)  # fmt: skip


def _history_as(name: str, meaning: str) -> tuple[Column, ...]:
    return (
        _maybe(f"{name}_recency_days", "int", f"recency_days {meaning}"),
        _maybe(f"{name}_frequency", "bigint", f"frequency {meaning}"),
        _maybe(f"{name}_monetary", "decimal(18,4)", f"monetary {meaning}"),
        _maybe(f"{name}_last_event_at", "timestamp", f"last_event_at {meaning}"),
        _maybe(f"{name}_events", "bigint", f"events {meaning}"),
    )


HISTORIES = ("corrected", "aged", "behaved")
PREVIOUS = Table(
    "previous",
    "Every customer of this run or the previous one: what was published, and today's history "
    "at three moments between the runs, empty for a first run",
    (
        _KEY,
        _maybe("segment", "string", "The label that the previous run published"),
        _maybe("published_recency_days", "int", "recency_days as the previous run published them"),
        _maybe("published_frequency", "bigint", "frequency as the previous run published it"),
        _maybe("published_monetary", "decimal(18,2)", "monetary as the previous run published it"),
        _maybe("published_labels", "string", "labels as the previous run published them"),
        *_history_as("corrected", "by today's history, as of the previous day"),
        *_history_as("aged", "by the history before the previous day, as of today"),
        *_history_as("behaved", "as of today, in the previous run's period"),
    ),
    key=("customer_key",),
)

ORDER_IDS = Table(
    "order_ids",
    "What orders and events are called, in the identities bucket, never in analytics",
    (
        Column("kind", "string", "order_id or event_id"),
        Column("key", "string", "Pseudonymous key of the order or event, per tenant"),
        Column("id", "string", "The shop's own id, as given"),
    ),
    key=("kind", "key"),
)

SEARCH_INDEX = Table(
    "search_index",
    "By what a customer can be searched, in the identities bucket, never in analytics",
    (
        Column("mark", "bigint", "Hash of an id, an address or a phone number, per tenant"),
        _KEY,
    ),
    key=("mark", "customer_key"),
    rows_per_group=8192,  # a search reads one group
)

IDENTITIES = Table(
    "identities",
    "Who a customer_key is and how to reach them, in a separate bucket, never in analytics",
    (
        _KEY,
        Column("customer_id", "string", "The shop's own id, exactly as given"),
        Column("username", "string", "Name or login, as last seen", nullable=True),
        Column("channel_type", "string", "EMAIL, SMS, PUSH …, as last seen", nullable=True),
        Column("address", "string", "The address on that channel, as given", nullable=True),
        Column("city", "string", "As last seen", nullable=True),
        Column("state", "string", "As last seen", nullable=True),
        Column("country", "string", "As last seen", nullable=True),
        _maybe("ad_consent", "string", "Consent to advertising audiences: GRANTED or DENIED, as "
               "last recorded, empty without an answer"),
        _maybe("ad_consent_at", "timestamp", "The latest event with that answer"),
        _maybe("email_consent", "string", "Consent to marketing by e-mail: GRANTED or DENIED, as "
               "last recorded, empty without an answer"),
        _maybe("email_consent_at", "timestamp", "The latest event with that answer"),
        Column("last_seen_at", "timestamp", "The latest event that carried this address"),
    ),
    key=("customer_key", "channel_type", "address"),
)  # fmt: skip

CUSTOMER_OUTPUT = Table(
    "customers_output",
    "What the user takes home as customers.csv and customers.parquet: profiles with the id",
    (Column("customer_id", "string", "The shop's own id, exactly as given"), *PROFILES.columns),
    key=("customer_id", "as_of"),
)

LATEST_RUNS = Table(
    "latest_runs",
    "One row a tenant: its last successful run",
    (
        Column("tenant", "string", "Whose run"),
        Column("as_of", "date", "The day that it describes"),
        Column("run", "string", "The run"),
    ),
    key=("tenant",),
)

# What a segment set may cut: any number of a profile, and the gap rule's answer.
SET_COLUMNS = (
    *(c.name for c in PROFILES.columns if c.type not in ("string", "timestamp", "date")),
    "gap_state",
)
CATALOGUED = (PROFILES, TRANSITIONS, MODEL_CARDS)

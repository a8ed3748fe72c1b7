"""The seven sheets."""

from __future__ import annotations

from tessera.dashboards.visuals import DashboardSheet, Dataset, Fold, Kind, Measure, Visual
from tessera.warehouse import views

CUSTOMERS = Dataset(view=views.CUSTOMERS)
RUNS = Dataset(view=views.RUNS, latest=False)
REVENUE = Dataset(view=views.REVENUE)
SEGMENTS = Dataset(view=views.SEGMENTS)
SEGMENTS_HISTORY = Dataset(view=views.SEGMENTS, latest=False)
MOVEMENT = Dataset(view=views.MOVEMENT)
CHURN = Dataset(view=views.CHURN)
TRUST = Dataset(view=views.TRUST)
DATASETS = (CUSTOMERS, RUNS, REVENUE, SEGMENTS, SEGMENTS_HISTORY, MOVEMENT, CHURN, TRUST)

_FIGURE_HEIGHT, _HEIGHT = 5, 11
_HALF, _WHOLE = 18, 36
_RFM = ("segment_set", "rfm")


def _figure(id_: str, title: str, data: Dataset, column: str, fold: Fold = "SUM", *, at: int,
            of: int = 3) -> Visual:  # fmt: skip
    width = _WHOLE // of
    return Visual(
        id=id_, title=title, kind="figure", data=data,
        measures=(Measure(column=column, fold=fold),),
        place=(at * width, 0, width, _FIGURE_HEIGHT),
    )  # fmt: skip


def _chart(
    id_: str, title: str, kind: Kind, data: Dataset, by: tuple[str, ...], *measures: Measure,
    at: tuple[int, int], wide: int = _HALF, only: tuple[str, str] | None = None,
) -> Visual:  # fmt: skip
    column, row = at
    return Visual(
        id=id_, title=title, kind=kind, data=data, by=by, measures=measures, only=only,
        place=(column, _FIGURE_HEIGHT + row * _HEIGHT, wide, _HEIGHT),
    )  # fmt: skip


def _sum(column: str) -> Measure:
    return Measure(column=column)


def _mean(column: str) -> Measure:
    return Measure(column=column, fold="AVERAGE")


_COUNTED = Measure(column="customer_key", fold="COUNT")

SHEETS = (
    DashboardSheet(
        id="customers",
        title="Customers",
        about="How many customers are there, and how recently and often do they buy?",
        visuals=(
            _figure("customers-all", "Customers", CUSTOMERS, "customer_key", "COUNT", at=0),
            _figure("customers-orders", "Orders so far", CUSTOMERS, "orders", at=1),
            _figure("customers-recency", "Mean days since the last order", CUSTOMERS,
                    "recency_days", "AVERAGE", at=2),
            _chart("customers-grid", "Customers by recency and frequency score", "heat", CUSTOMERS,
                   ("r_score", "f_score"), _COUNTED, at=(0, 0)),
            _chart("customers-trend", "Customers, run by run", "lines", RUNS, ("as_of",),
                   Measure(column="customers", fold="MAX"), Measure(column="buyers", fold="MAX"),
                   at=(_HALF, 0)),
        ),
    ),
    DashboardSheet(
        id="revenue",
        title="Revenue",
        about="How much money came in, and which customers brought it?",
        visuals=(
            _figure("revenue-all", "Net revenue so far", REVENUE, "revenue", at=0),
            _figure("revenue-orders", "Orders so far", REVENUE, "orders", at=1),
            _figure("revenue-order", "Value of an order, mean of buyers", CUSTOMERS,
                    "mean_order_value", "AVERAGE", at=2),
            _chart("revenue-cohorts", "Revenue by month of first purchase", "bars", REVENUE,
                   ("cohort_month",), _sum("revenue"), at=(0, 0)),
            _chart("revenue-trend", "Revenue so far, run by run", "lines", RUNS, ("as_of",),
                   Measure(column="revenue", fold="MAX"), at=(_HALF, 0)),
        ),
    ),
    DashboardSheet(
        id="clv",
        title="Lifetime value",
        about="What will customers bring in the next 365 days?",
        visuals=(
            _figure("clv-all", "Value expected in 365 days", CUSTOMERS, "clv_365d", at=0),
            _figure("clv-mean", "Expected of a customer", CUSTOMERS, "clv_365d", "AVERAGE", at=1),
            _figure("clv-past", "Value so far", CUSTOMERS, "historic_value", at=2),
            _chart("clv-tenths", "Value so far and expected, by tenth of value", "bars", CUSTOMERS,
                   ("value_tenth",), _sum("historic_value"), _sum("clv_365d"), at=(0, 0)),
            _chart("clv-tiers", "Value by tier", "areas", SEGMENTS, ("label",), _sum("revenue"),
                   at=(_HALF, 0), only=("segment_set", "value_tier")),
        ),
    ),
    DashboardSheet(
        id="segments",
        title="Segments",
        about="Which segments are there, and what is each worth?",
        visuals=(
            _figure("segments-customers", "Customers in the latest run", CUSTOMERS,
                    "customer_key", "COUNT", at=0, of=2),
            _figure("segments-revenue", "Their net revenue", CUSTOMERS, "revenue", at=1, of=2),
            _chart("segments-areas", "Revenue by segment", "areas", SEGMENTS, ("label",),
                   _sum("revenue"), at=(0, 0), only=_RFM),
            _chart("segments-trend", "Customers by segment, run by run", "lines",
                   SEGMENTS_HISTORY, ("as_of", "label"), _sum("customers"), at=(_HALF, 0),
                   only=_RFM),
            _chart("segments-table", "All segment sets", "table", SEGMENTS,
                   ("segment_set", "label"), _sum("customers"), _sum("buyers"), _sum("orders"),
                   _sum("revenue"), at=(0, 1), wide=_WHOLE),
        ),
    ),
    DashboardSheet(
        id="churn",
        title="Churn",
        about="Who is likely not to buy again, and how much money is at stake?",
        visuals=(
            _figure("churn-lost", "Buyers expected without an order in 90 days", CHURN,
                    "expected_lost_90d", at=0, of=2),
            _figure("churn-chance", "Chance of no order in 90 days, on average", CUSTOMERS,
                    "p_no_order_90d", "AVERAGE", at=1, of=2),
            _chart("churn-bands", "Buyers by churn band", "bars", CHURN, ("churn_band",),
                   _sum("buyers"), at=(0, 0)),
            _chart("churn-tenths", "Money so far by tenth of risk, 10 the riskiest", "bars", CHURN,
                   ("no_order_tenth",), _sum("revenue"), at=(_HALF, 0)),
        ),
    ),
    DashboardSheet(
        id="movement",
        title="Movement",
        about="Who changed segment in the latest run, and why?",
        visuals=(
            _figure("movement-all", "Customers who moved", MOVEMENT, "customers", at=0, of=2),
            _figure("movement-revenue", "Their net revenue", MOVEMENT, "revenue", at=1, of=2),
            _chart("movement-flow", "From segment to segment", "flow", MOVEMENT,
                   ("from_label", "to_label"), _sum("customers"), at=(0, 0)),
            _chart("movement-causes", "Why they moved", "bars", MOVEMENT, ("cause",),
                   _sum("customers"), at=(_HALF, 0)),
        ),
    ),
    DashboardSheet(
        id="trust",
        title="Trust",
        about="Can the forecasts be trusted?",
        visuals=(
            _figure("trust-days", "Days held out for the test", TRUST, "holdout_days", "MAX", at=0,
                    of=2),
            _figure("trust-auc", "AUC of who does not order (0.5 is chance)", TRUST, "auc", "MAX",
                    at=1, of=2),
            _chart("trust-errors", "Mean absolute error of each way to expect orders", "bars",
                   TRUST, ("name",), _mean("mae"), at=(0, 0)),
            _chart("trust-table", "Expected and actual purchase days", "table", TRUST,
                   ("name", "role"), _sum("predicted"), _sum("actual"), _mean("total_error"),
                   _mean("rmse"), at=(_HALF, 0)),
        ),
    ),
)  # fmt: skip

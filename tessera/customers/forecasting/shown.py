"""What the verdicts allow to be shown of the forecasts: figures, ranks, or nothing."""

from __future__ import annotations

from tessera.customers.forecasting.horizons import NO_ORDER_DAYS
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.report_card import Verdicts

AMOUNTS = (
    "p_alive", *(f"p_no_order_{days}d" for days in NO_ORDER_DAYS),
    "expected_orders_365d", "expected_orders_365d_from", "expected_orders_365d_to",
    "clv_365d", "clv_365d_from", "clv_365d_to", "clv", "total_value",
)  # fmt: skip
TENTHS = ("orders_tenth", "no_order_tenth", "value_tenth")
# Of the chances that were tested, the one that ranks customers best for a campaign.
_RANKED_DAYS = (90, 180, 30)


def full_horizons(record: LearntModels) -> tuple[int, ...]:
    """Return the days of the chances of no order that may be shown as figures."""
    if record.verdicts is None:
        return ()
    chances = record.verdicts.no_order
    return tuple(days for days in NO_ORDER_DAYS if chances[str(days)].grade == "full")


def ranked_horizon(verdicts: Verdicts) -> int | None:
    """Return the days of the chance that ``no_order_tenth`` goes by. None without any."""
    return next(
        (days for days in _RANKED_DAYS if verdicts.no_order[str(days)].grade != "none"), None
    )


def shown_amounts(record: LearntModels) -> tuple[str, ...]:
    """Return those of ``AMOUNTS`` that may be shown."""
    verdicts, card = record.verdicts, record.card
    if verdicts is None or card is None:
        return ()
    full = tuple(name for name in AMOUNTS[1:] if _grade(name, verdicts) == "full")
    return ("p_alive", *full) if card.p_alive_means_something and full_horizons(record) else full


def shown_tenths(record: LearntModels) -> dict[str, str]:
    """Return those of ``TENTHS`` that may be shown, each with the column that it ranks."""
    verdicts = record.verdicts
    if verdicts is None:
        return {}
    days = ranked_horizon(verdicts)
    by = {
        "orders_tenth": "expected_orders_365d" if verdicts.orders.grade != "none" else None,
        "no_order_tenth": f"p_no_order_{days}d" if days is not None else None,
        "value_tenth": "clv_365d" if verdicts.money.grade != "none" else None,
    }
    return {name: column for name, column in by.items() if column is not None}


def kept_columns(record: LearntModels) -> tuple[str, ...]:
    """Return the columns that are shown or ranked: no other is worth its memory."""
    return tuple(dict.fromkeys((*shown_amounts(record), *shown_tenths(record).values())))


def _grade(column: str, verdicts: Verdicts) -> str:
    if column.startswith("p_no_order"):
        return verdicts.no_order[column.removeprefix("p_no_order_").removesuffix("d")].grade
    return (verdicts.orders if column.startswith("expected") else verdicts.money).grade

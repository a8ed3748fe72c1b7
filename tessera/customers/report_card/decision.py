"""What a test needs before it can decide anything, and the kind of model that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from tessera.customers.purchase.fitting import Fitted
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.split import LEAST_CALIBRATION_DAYS, LEAST_HOLDOUT_DAYS

# Fitted on samples of real shops (CDNOW, apparel, grocery) with 100 repeat buyers, a model's total
# differs by 6 to 17 % by chance. With 50 it differs by 12 to 22 %.
LEAST_REPEAT_BUYERS = 100
LEAST_HOLDOUT_ORDERS = 30  # a total of 30 is only known to 18 %. Of fewer, chance decides
PRESENT = 0.95  # a P(alive) that leaves no doubt worth a message
HARDLY_ANYBODY = 0.01
_SAME_LIKELIHOOD = 0.5  # smaller differences in log-likelihood are noise

_TITLES = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD", "pareto_nbd": "Pareto/NBD"}


def title(kind: str) -> str:
    """Return a purchase model's name as the literature writes it."""
    return _TITLES.get(kind, kind)


def likeliest(fits: Sequence[Fitted]) -> Fitted:
    """Return the fit of the highest log-likelihood. Of those within 0.5 of it, the first.

    The likelihood is of the history before any cut-off: figures that judge a model must not
    choose it too.
    """
    highest = max(one.log_likelihood for one in fits)
    return next(one for one in fits if one.log_likelihood >= highest - _SAME_LIKELIHOOD)


def missing(backtest: Backtest) -> tuple[str, ...]:
    """Return what a backtest lacks to decide anything, in sentences. None when it has enough."""
    wanted = (
        (backtest.calibration_days, LEAST_CALIBRATION_DAYS, "days of history before the cut-off"),
        (backtest.holdout_days, LEAST_HOLDOUT_DAYS, "days held out"),
        (backtest.repeat_buyers, LEAST_REPEAT_BUYERS, "repeat buyers before the cut-off"),
        (backtest.held_out_orders, LEAST_HOLDOUT_ORDERS, "purchase days in the holdout"),
    )
    return tuple(
        f"{what}: {have:,.0f}, and a model that can be trusted needs at least {least:,}"
        for have, least, what in wanted
        if have < least
    )


def on_p_alive(share_gone: float) -> str:
    """Return a sentence for a shop that nobody seems to leave."""
    return (
        f"hardly anybody seems ever to leave: P(alive) is below {PRESENT} for "
        f"{100 * share_gone:.1f} % of customers, so it does not distinguish customers and is no "
        "churn score"
    )

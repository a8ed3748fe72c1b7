"""Features of customers: for the learnt factor as logarithms, for trees as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from tessera.customers.forecasting.history.known import WINDOWS, KnownBuyers
from tessera.customers.purchase.pairs import Floats

_MONTH_DAYS = 30.0
_LONG_AGO_DAYS = 365.0  # stands for never: since a view or an e-mail

Column = Callable[[KnownBuyers], Floats]


def _pace(k: KnownBuyers, window: int) -> Floats:
    """Return the log of a window's purchases against the customer's mean, 0 before it is full."""
    history = k.history
    usual = (history.repeats + 1) / (history.age_days + 7) * window
    ratio = np.log((k.recent[window] + 0.5) / (usual + 0.5))
    return np.clip(np.where(history.age_days > window, ratio, 0.0), -3, 3)


def _silence_in_gaps(k: KnownBuyers) -> Floats:
    return np.minimum(np.log((k.silence_days + 1) / (k.gap_days + 1)), 4.0)


def _last_spend(k: KnownBuyers, least: float) -> Floats:
    mean = np.maximum(k.mean_net, least)
    return np.clip(np.log(np.maximum(k.last_net, least) / mean), -2, 2)


def _regularity(k: KnownBuyers) -> Floats:
    spread = np.clip(k.gap_spread_days / (k.gap_days + 1), 0, 3)
    return np.where(k.history.repeats > 2, spread, 1.0)


def _lines(k: KnownBuyers) -> Floats:
    return np.clip(np.log(np.maximum(k.lines / (k.history.repeats + 1), 1.0)), 0, 4)


def _contact_pace(k: KnownBuyers, *, recent: Floats, ever: Floats) -> Floats:
    """Return the log of a month's contacts against the customer's mean. They may begin early."""
    usual = ever / (k.history.age_days + _MONTH_DAYS) * _MONTH_DAYS
    return np.clip(np.log((recent + 0.5) / (usual + 0.5)), -3, 3)


def _since(days: Floats) -> Floats:
    since: Floats = np.log1p(np.where(np.isnan(days), _LONG_AGO_DAYS, days)) - np.log(_MONTH_DAYS)
    return since


PURCHASES = (
    "orders", "forecast", "silence_share", "silence", "silence_in_gaps", "bought_once", "spend",
    "last_spend", "pace_30d", "pace_90d", "pace_180d", "regularity", "basket_lines",
)  # fmt: skip
VIEWS = ("last_view", "views_30d", "views_pace", "sessions_30d", "sessions_pace")
EMAILS = ("last_email", "emails_30d", "emails_pace")
CONTACTS = {"clicks": VIEWS, "emails": EMAILS}  # what must prove itself, by its gate


def available(k: KnownBuyers) -> tuple[str, ...]:
    """Return the names of the features that the data allow: those of views need views."""
    views = VIEWS if not np.isnan(k.last_view_days).all() else ()
    emails = EMAILS if not np.isnan(k.last_email_days).all() else ()
    return (*PURCHASES, *views, *emails)


def without(names: Sequence[str], refused: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the features that read none of some contacts, see ``CONTACTS``."""
    omitted = {name for kind in refused for name in CONTACTS[kind]}
    return tuple(name for name in names if name not in omitted)


def log_features(
    k: KnownBuyers, *, names: Sequence[str], forecast_30d: Floats, middle_spend: float
) -> Floats:
    """Return the features of the factor, shape (n, names), each clipped.

    Parameters
    ----------
    k
        The customers.
    names
        Which ones, see ``available``.
    forecast_30d
        Shape (n,): purchase days that the purchase model expects within 30 days.
    middle_spend
        A typical net money per purchase day, in major units: see ``middle_spend``.
    """
    history, least = k.history, middle_spend / 50
    columns: Mapping[str, Callable[[], Floats]] = {
        "orders": lambda: np.log(history.repeats + 1),
        "forecast": lambda: np.log(np.maximum(forecast_30d, 1e-4)),
        "silence_share": lambda: k.silence_days / (history.age_days + 1),
        "silence": lambda: np.log(k.silence_days + 1) - np.log(_MONTH_DAYS),
        "silence_in_gaps": lambda: _silence_in_gaps(k),
        "bought_once": lambda: (history.repeats == 0).astype(np.float64),
        "spend": lambda: np.clip(np.log(np.maximum(k.mean_net, least) / middle_spend), -3, 3),
        "last_spend": lambda: _last_spend(k, least),
        **{f"pace_{w}d": lambda w=w: _pace(k, w) for w in WINDOWS},  # type: ignore[misc]
        "regularity": lambda: _regularity(k),
        "basket_lines": lambda: _lines(k),
        "last_view": lambda: _since(k.last_view_days),
        "views_30d": lambda: np.minimum(np.log1p(k.views_30d), 6.0),
        "views_pace": lambda: _contact_pace(k, recent=k.views_30d, ever=k.visits),
        "sessions_30d": lambda: np.minimum(np.log1p(k.sessions_30d), 6.0),
        "sessions_pace": lambda: _contact_pace(k, recent=k.sessions_30d, ever=k.sessions),
        "last_email": lambda: _since(k.last_email_days),
        "emails_30d": lambda: np.minimum(np.log1p(k.emails_30d), 6.0),
        "emails_pace": lambda: _contact_pace(k, recent=k.emails_30d, ever=k.emails_read),
    }
    return _side_by_side([columns[name]() for name in names])


def middle_spend(k: KnownBuyers) -> float:
    """Return the median of customers' net money per purchase day, above 0."""
    return max(float(np.median(k.mean_net)) if len(k) else 0.0, 0.0) + 1e-9


def plain_features(k: KnownBuyers, *, names: Sequence[str]) -> Floats:
    """Return the same knowledge in days, counts and money: trees need no scale."""
    history = k.history
    columns = [
        history.repeats, history.age_days, k.silence_days, history.last_day, k.net, k.mean_net,
        k.last_net, k.gap_spread_days, k.lines / (history.repeats + 1),
        *(k.recent[window] for window in WINDOWS),
    ]  # fmt: skip
    if "last_view" in names:
        columns += [_ever(k.last_view_days), k.views_30d, k.visits]
    if "sessions_30d" in names:
        columns += [k.sessions_30d, k.sessions]
    if "last_email" in names:
        columns += [_ever(k.last_email_days), k.emails_30d, k.emails_read]
    return _side_by_side(columns)


def _side_by_side(columns: Sequence[Floats]) -> Floats:
    """Return columns as a matrix, shape (n, k), each in one piece: all read column by column."""
    return np.array(columns).T


def _ever(days: Floats) -> Floats:
    return np.where(np.isnan(days), 1e6, days)

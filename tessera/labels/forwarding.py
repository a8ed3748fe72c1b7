"""A customer's content at a destination after a move: what the last run sent, with the live label.

Everything else in it stays as the last run published it: clusters, forecasts, segment sets, and the
labels of campaigns. So the next run has nothing to send where only the label moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from tessera.customers.units import MINOR
from tessera.destinations.content import FIELDS
from tessera.labels.events import instant
from tessera.labels.rules import LiveLabel
from tessera.labels.state import LiveState

_CENT = Decimal("0.01")
FOLLOWED = (
    "segment", "rfm_score", "r_score", "f_score", "m_score", "frequency", "monetary",
    "first_purchase_at", "last_purchase_at", "recency_days", "as_of",
)  # fmt: skip
_FIELDS = tuple(field for field in FIELDS if field.column in FOLLOWED)
MOVING = tuple(field.name for field in _FIELDS)  # the attributes that a move changes


def moved_content(
    content: Mapping[str, str], *, label: LiveLabel, state: LiveState
) -> dict[str, str]:
    """Return a content with the live label in place of the last run's.

    Parameters
    ----------
    content
        What the last run had for the customer.
    label, state
        The customer's, by the rules of the same run. The label does not wait.
    """
    values = _columns(label, state)
    kept = {name: value for name, value in content.items() if name not in MOVING}
    moved = {field.name: field.text(values[field.column]) for field in _FIELDS}
    return kept | {name: text for name, text in moved.items() if text is not None}


def _columns(label: LiveLabel, state: LiveState) -> dict[str, object]:
    """Return the columns of the PROFILES contract that a run would publish."""
    recency, frequency, monetary = map(int, label.scores or "000")
    last_day = max(state.days, default=None)
    return {
        "segment": label.segment,
        "rfm_score": label.scores or None,
        "r_score": recency or None,
        "f_score": frequency or None,
        "m_score": monetary or None,
        "frequency": len(state.orders),
        "monetary": (Decimal(label.monetary) / MINOR).quantize(_CENT, ROUND_HALF_UP),
        "first_purchase_at": _at(state.first_us),
        "last_purchase_at": _at(state.last_us),
        "recency_days": None if last_day is None else label.as_of.toordinal() - last_day,
        "as_of": label.as_of,
    }


def _at(at_us: int | None) -> dt.datetime | None:
    return None if at_us is None else instant(at_us)

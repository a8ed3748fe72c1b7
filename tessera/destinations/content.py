"""What a destination is told of a customer: the same attributes under the same names everywhere.

Whoever did not change is not sent again. Probabilities move a little every day for everybody, so
they stay out: the labels of the sets say what they mean for a customer, and move only when that
does. Lifetime value goes in whole units, and is a reason to send by steps of a quarter: between two
days without a purchase 4 % of the CDNOW sample's customers are sent, not the 18 % whose whole
value differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from tessera.contracts.customer_profiles import ATTRIBUTES, SETS, set_attribute
from tessera.destinations.port import Customer, Segment

# All follow the day: each alone would resend every customer every day. rfm_last_purchase says
# what rfm_recency_days does without ageing; the next order moves on while none comes.
VOLATILE = frozenset({"rfm_as_of", "rfm_next_order", "rfm_recency_days"})
DRIFTING = frozenset({"rfm_clv_365d"})
INTEGERS = frozenset(
    {"rfm_r", "rfm_f", "rfm_m", "rfm_frequency", "rfm_recency_days", "rfm_clv_365d"}
)
DECIMALS = frozenset({"rfm_monetary"})
NAMES = (*ATTRIBUTES, *map(set_attribute, SETS))  # what we may have told; users' own sets apart
IDENTITY = frozenset({"customer_id", "email", "phone"})
_EMAIL = ("EMAIL",)
_PHONE = ("SMS", "VOICE", "PHONE")  # the first that a customer has
_ATTRIBUTE = {"segment": "rfm_segment", "cluster": "rfm_cluster"}
LABELS = (*_ATTRIBUTE.values(), *map(set_attribute, SETS))


def attributes(customer: Customer) -> dict[str, str]:
    """Return a customer's values, scores and labels; what a customer lacks is left out."""
    profile = customer.profile
    values = {
        "rfm_segment": profile["segment"],
        "rfm_cluster": profile["cluster"],
        "rfm_score": profile["rfm_score"],
        "rfm_r": profile["r_score"],
        "rfm_f": profile["f_score"],
        "rfm_m": profile["m_score"],
        "rfm_frequency": profile["frequency"],
        "rfm_monetary": profile["monetary"],
        "rfm_first_purchase": _day(profile["first_purchase_at"]),
        "rfm_last_purchase": _day(profile["last_purchase_at"]),
        "rfm_recency_days": profile["recency_days"],
        "rfm_clv_365d": _whole(profile["clv_365d"]),
        "rfm_next_order": profile["next_order_at"],
        **{set_attribute(name): label for name, label in customer.labels.items()},
        "rfm_as_of": profile["as_of"],
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def identity(customer: Customer) -> dict[str, str]:
    """Return ``customer_id``, and ``email`` and ``phone`` where the customer has them."""
    values = {
        "customer_id": customer.customer_id,
        "email": _address(customer, _EMAIL),
        "phone": _address(customer, _PHONE),
    }
    return {name: value for name, value in values.items() if value is not None}


def unaddressed(customer: Customer) -> dict[str, str]:
    """Return a customer's id and attributes, for a destination that is told no address."""
    return {"customer_id": customer.customer_id, **attributes(customer)}


def id_alone(customer_id: str) -> dict[str, str]:
    """Return the content of who left, where a vendor takes away whatever a content lacks."""
    return {"customer_id": customer_id}


def attribute(segment: Segment) -> str:
    """Return the attribute that says who is in a segment: it equals the segment's value."""
    return _ATTRIBUTE.get(segment.kind) or set_attribute(segment.set)


def rule(segment: Segment) -> str:
    """Return for people what makes a segment, where they have to make it themselves.

    In a set it also asks for ``rfm_segment``, which whoever left has no more: the names of users'
    own sets are not known when a customer is cleared.
    """
    said = f'{attribute(segment)} equals "{segment.value}"'
    return f"{said} and rfm_segment is set" if segment.kind == "set" else said


def typed(name: str, value: str) -> str | int | float:
    """Return an attribute's value as the number that it is, or as text."""
    if name in INTEGERS:
        return int(value)
    return float(value) if name in DECIMALS else value


def typed_values(values: Mapping[str, str]) -> dict[str, str | int | float]:
    """Return the attributes of a content, typed: what is left beside who the customer is."""
    return {name: typed(name, value) for name, value in values.items() if name not in IDENTITY}


def _address(customer: Customer, channels: tuple[str, ...]) -> str | None:
    by_channel = {contact.channel_type: contact.address for contact in customer.contacts}
    return next((by_channel[channel] for channel in channels if channel in by_channel), None)


def _day(instant: dt.datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(dt.UTC).date().isoformat()


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value.to_integral_value(ROUND_HALF_EVEN))

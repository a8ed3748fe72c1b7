"""What a destination is told of a customer: the same attributes under the same names everywhere.

Whoever did not change is not sent again. Probabilities move a little every day for everybody, so
they stay out: the labels of the sets say what they mean for a customer, and move only when that
does. Lifetime value goes in whole units, and is a reason to send by steps of a quarter: between two
days without a purchase 4 % of the CDNOW sample's customers are sent, not the 18 % whose whole
value differs.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from tessera.contracts.customer_profiles import ATTRIBUTES, SETS, set_attribute
from tessera.destinations.port import Customer, Segment
from tessera.events.contact_points.channels import EMAIL, EMAIL_CHANNELS, PHONE, PHONE_CHANNELS

# All follow the day: each alone would resend every customer every day. rfm_last_purchase says
# what rfm_recency_days does without ageing; the next order moves on while none comes.
VOLATILE = frozenset({"rfm_as_of", "rfm_next_order", "rfm_recency_days"})
DRIFTING = frozenset({"rfm_clv_365d"})
INTEGERS = frozenset(
    {"rfm_r", "rfm_f", "rfm_m", "rfm_frequency", "rfm_recency_days", "rfm_clv_365d"}
)
DECIMALS = frozenset({"rfm_monetary"})
NAMES = (*ATTRIBUTES, *map(set_attribute, SETS))  # what we may have told; users' own sets apart
ADDRESSES = frozenset({EMAIL, PHONE})
IDENTITY = ADDRESSES | {"customer_id"}
Form = Literal["text", "day", "whole"]  # as it is, an instant's day in UTC, money in whole units
_ATTRIBUTE = {"segment": "rfm_segment", "cluster": "rfm_cluster"}
LABELS = (*_ATTRIBUTE.values(), *map(set_attribute, SETS))


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One attribute: the column of the PROFILES contract that it says, and in which form."""

    name: str
    column: str
    form: Form = "text"

    def text(self, value: Any) -> str | None:  # noqa: ANN401 (a column's type is the contract's)
        """Return a value as every destination is told it, None where there is none."""
        return None if value is None else _FORMS[self.form](value)


FIELDS = (
    Field("rfm_segment", "segment"),
    Field("rfm_cluster", "cluster"),
    Field("rfm_score", "rfm_score"),
    Field("rfm_r", "r_score"),
    Field("rfm_f", "f_score"),
    Field("rfm_m", "m_score"),
    Field("rfm_frequency", "frequency"),
    Field("rfm_monetary", "monetary"),
    Field("rfm_first_purchase", "first_purchase_at", "day"),
    Field("rfm_last_purchase", "last_purchase_at", "day"),
    Field("rfm_recency_days", "recency_days"),
    Field("rfm_clv_365d", "clv_365d", "whole"),
    Field("rfm_next_order", "next_order_at"),
    Field("rfm_as_of", "as_of"),
)

_BY_COLUMN = {field.column: field.name for field in FIELDS}


@dataclasses.dataclass(frozen=True)
class Content:
    """A content that says a customer's attributes, and who it is; it renders customers.

    Batches are rendered by columns from the same definition
    (``adapters/destinations/files/contents.py``).

    Parameters
    ----------
    addressed
        Whether it has ``email`` and ``phone`` where the customer has them.
    """

    addressed: bool

    def __call__(self, customer: Customer) -> dict[str, str]:
        """Return the content of a customer; what a customer lacks is left out."""
        if not self.addressed:
            return {"customer_id": customer.customer_id, **attributes(customer)}
        return {**identity(customer), **attributes(customer)}


unaddressed = Content(addressed=False)  # for a destination that is told no address
addressed = Content(addressed=True)


def identity(customer: Customer) -> dict[str, str]:
    """Return ``customer_id``, and ``email`` and ``phone`` where the customer has them."""
    values = {
        "customer_id": customer.customer_id,
        "email": _address(customer, EMAIL_CHANNELS),
        "phone": _address(customer, PHONE_CHANNELS),
    }
    return {name: value for name, value in values.items() if value is not None}


def attributes(customer: Customer) -> dict[str, str]:
    """Return a customer's values, scores and labels; what a customer lacks is left out."""
    values = {field.name: field.text(customer.profile[field.column]) for field in FIELDS}
    values |= {set_attribute(name): label for name, label in customer.labels.items()}
    return {name: value for name, value in values.items() if value is not None}


def id_alone(customer_id: str) -> dict[str, str]:
    """Return the content of who left, where a vendor takes away whatever a content lacks."""
    return {"customer_id": customer_id}


def attribute(segment: Segment) -> str:
    """Return the attribute that says who is in a segment.

    It equals the segment's value, or lies within its bounds.
    """
    if segment.bounds:
        return _BY_COLUMN[segment.bounds.column]
    return _ATTRIBUTE.get(segment.kind) or set_attribute(segment.set)


def rule(segment: Segment) -> str:
    """Return for people what makes a segment, where they have to make it themselves.

    In a set it also asks for ``rfm_segment``, which whoever left has no more: the names of users'
    own sets are not known when a customer is cleared.
    """
    if bounds := segment.bounds:
        tests = {"at least": bounds.at_least, "at most": bounds.at_most}
        asked = [f"{attribute(segment)} is {how} {than}" for how, than in tests.items() if than]
        return " and ".join(asked)
    said = f'{attribute(segment)} equals "{segment.value}"'
    return f"{said} and rfm_segment is set" if segment.kind == "set" else said


def typed(name: str, value: str) -> str | int | float:
    """Return an attribute's value as the number that it is, or as text."""
    if name in INTEGERS:
        return int(value)
    return float(value) if name in DECIMALS else value


def bound(text: str) -> int | float:
    """Return the number of one of a segment's bounds."""
    return float(text) if "." in text else int(text)


def typed_values(values: Mapping[str, str]) -> dict[str, str | int | float]:
    """Return the attributes of a content, typed: what is left beside who the customer is."""
    return {name: typed(name, value) for name, value in values.items() if name not in IDENTITY}


def _address(customer: Customer, channels: tuple[str, ...]) -> str | None:
    by_channel = {contact.channel_type: contact.address for contact in customer.contacts}
    return next((by_channel[channel] for channel in channels if channel in by_channel), None)


def _day(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).date().isoformat()


def _whole(value: Decimal) -> str:
    return str(int(value.to_integral_value(ROUND_HALF_EVEN)))


_FORMS: Mapping[Form, Callable[[Any], str]] = {"text": str, "day": _day, "whole": _whole}

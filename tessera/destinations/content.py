"""Render a customer's content for a destination: the same attributes and names everywhere.

Customers who did not change are not sent again. Probabilities change a little every day for
everybody, so they are omitted. The labels of the sets express them, and change less often. Lifetime
value is sent in whole units, when it has changed by a step of a quarter. Between two days without
a purchase, this sends 4 % of the CDNOW sample's customers, not the 18 % whose whole value changed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from tessera.contracts.customer_profiles import ATTRIBUTES, SETS, is_removed, set_attribute
from tessera.destinations.port import Customer
from tessera.events.contact_points.channels import EMAIL, EMAIL_CHANNELS, PHONE, PHONE_CHANNELS
from tessera.records.loads.segment import Segment

# Each of these changes daily, and would resend every customer every day. rfm_last_purchase holds
# the same as rfm_recency_days, but stays. rfm_next_order moves on as long as no order comes.
# rfm_next_products follows what other customers buy.
VOLATILE = frozenset({"rfm_as_of", "rfm_next_order", "rfm_next_products", "rfm_recency_days"})
DRIFTING = frozenset({"rfm_clv_365d"})
INTEGERS = frozenset(
    {"rfm_r", "rfm_f", "rfm_m", "rfm_frequency", "rfm_recency_days", "rfm_clv_365d"}
)
DECIMALS = frozenset({"rfm_monetary"})
NAMES = (*ATTRIBUTES, *map(set_attribute, SETS))  # all that we may have sent, except own sets
ADDRESSES = frozenset({EMAIL, PHONE})
IDENTITY = ADDRESSES | {"customer_id"}
BAR = "|"  # between the entries of a list: product names often have commas
LIST_CHARACTERS = 255  # Braze cuts a longer value, and Customer Profiles refuses it
# Unchanged, an instant's day in UTC, money in whole units, and a JSON list as text.
Form = Literal["text", "day", "whole", "list"]
_ATTRIBUTE = {"segment": "rfm_segment", "cluster": "rfm_cluster"}
LABELS = (*_ATTRIBUTE.values(), *map(set_attribute, SETS))


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One attribute: its column of the PROFILES contract, and the form of its value."""

    name: str
    column: str
    form: Form = "text"

    def text(self, value: Any) -> str | None:  # noqa: ANN401 (a column's type is the contract's)
        """Return a value in the form that every destination gets, or None."""
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
    Field("rfm_next_products", "next_products", "list"),
    Field("rfm_as_of", "as_of"),
)

_BY_COLUMN = {field.column: field.name for field in FIELDS}


@dataclasses.dataclass(frozen=True)
class Content:
    """Renders a customer's identity and attributes.

    ``adapters/destinations/files/contents.py`` renders batches by columns from the same definition.

    Parameters
    ----------
    addressed
        Whether to include ``email`` and ``phone`` if the customer has them.
    """

    addressed: bool

    def __call__(self, customer: Customer) -> dict[str, str]:
        """Return a customer's content. Missing values are omitted."""
        if not self.addressed:
            return {"customer_id": customer.customer_id, **attributes(customer)}
        return {**identity(customer), **attributes(customer)}


unaddressed = Content(addressed=False)  # for a destination that gets no address
addressed = Content(addressed=True)


def identity(customer: Customer) -> dict[str, str]:
    """Return ``customer_id``, and ``email`` and ``phone`` if the customer has them."""
    values = {
        "customer_id": customer.customer_id,
        "email": _address(customer, EMAIL_CHANNELS),
        "phone": _address(customer, PHONE_CHANNELS),
    }
    return {name: value for name, value in values.items() if value is not None}


def attributes(customer: Customer) -> dict[str, str]:
    """Return a customer's values, scores and labels. Missing ones are omitted."""
    values = {field.name: field.text(customer.profile[field.column]) for field in FIELDS}
    values |= {set_attribute(name): label for name, label in customer.labels.items()}
    return {name: value for name, value in values.items() if value is not None}


def listed(entries: Sequence[str], *, most: int = LIST_CHARACTERS) -> str | None:
    """Return entries as one text: as many of the first as fit, and each of them whole.

    Parameters
    ----------
    entries
        The best first. One that has a bar itself, or does not fit alone, is omitted.
    most
        The maximum number of characters.

    Returns
    -------
    The entries between bars, None without any.
    """
    joined = BAR.join(one for one in entries if BAR not in one and len(one) <= most)
    if len(joined) > most:
        joined, _, _ = joined[: most + 1].rpartition(BAR)
    return joined or None


def id_alone(customer_id: str) -> dict[str, str]:
    """Return the content of a customer who left, for a vendor that removes missing attributes."""
    return {"customer_id": customer_id}


def attribute(segment: Segment) -> str:
    """Return the attribute that decides who is in a segment.

    A member's attribute equals the segment's value, or is within its bounds.
    """
    if segment.bounds:
        return _BY_COLUMN[segment.bounds.column]
    return _ATTRIBUTE.get(segment.kind) or set_attribute(segment.set)


def rule(segment: Segment) -> str:
    """Return a segment's rule, for people who create the segment by hand.

    A set's rule also requires ``rfm_segment``, which is removed when a customer leaves. The names
    of users' own sets are not known when a customer is cleared.
    """
    if bounds := segment.bounds:
        tests = {"at least": bounds.at_least, "at most": bounds.at_most}
        asked = [f"{attribute(segment)} is {how} {than}" for how, than in tests.items() if than]
        return " and ".join(asked)
    condition = f'{attribute(segment)} equals "{segment.value}"'
    return f"{condition} and rfm_segment is set" if segment.kind == "set" else condition


def typed(name: str, value: str) -> str | int | float:
    """Convert an attribute's value to a number if it is numeric."""
    if name in INTEGERS:
        return int(value)
    return float(value) if name in DECIMALS else value


def bound(text: str) -> int | float:
    """Convert one of a segment's bounds to a number."""
    return float(text) if "." in text else int(text)


def typed_values(values: Mapping[str, str]) -> dict[str, str | int | float]:
    """Return a content's attributes as typed values, without identity and what is removed."""
    return {
        name: typed(name, value)
        for name, value in values.items()
        if name not in IDENTITY and not is_removed(name, value)
    }


def removed(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the attributes to remove by name where a destination merges, beside ``NAMES``."""
    return tuple(name for name, value in values.items() if is_removed(name, value))


def _address(customer: Customer, channels: tuple[str, ...]) -> str | None:
    by_channel = {contact.channel_type: contact.address for contact in customer.contacts}
    return next((by_channel[channel] for channel in channels if channel in by_channel), None)


def _day(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).date().isoformat()


def _whole(value: Decimal) -> str:
    return str(int(value.to_integral_value(ROUND_HALF_EVEN)))


def _list(text: str) -> str | None:
    return listed(json.loads(text))


_FORMS: Mapping[Form, Callable[[Any], str | None]] = {
    "text": str,
    "day": _day,
    "whole": _whole,
    "list": _list,
}

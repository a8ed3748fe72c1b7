"""Amazon Connect Customer Profiles: one profile a customer, segments on its attributes.

A profile is upserted by the shop's customer id. Membership of a segment is the label that the
profile carries, so a segment's definition never has to change when customers move.

Whoever did not change is not sent again. Probabilities move a little every day for everybody, so
they stay out: the labels of the sets say what they mean for a customer, and move only when that
does. Lifetime value goes in whole units, and is a reason to send by steps of a quarter: between two
days without a purchase 4 % of the CDNOW sample's customers are sent, not the 18 % whose whole
value differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from tessera.contracts.customer_profiles import set_attribute
from tessera.destinations.port import Capabilities, Customer, Item, Outcome, Refusal, Segment

CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10,
    item_characters=256_000,
    # All follow the day: each alone would resend every customer every day. rfm_last_purchase says
    # what rfm_recency_days does without ageing; the next order moves on while none comes.
    volatile=frozenset({"rfm_as_of", "rfm_next_order", "rfm_recency_days"}),
    drifting=frozenset({"rfm_clv_365d"}),
)
_EMAIL = ("EMAIL",)
_PHONE = ("SMS", "VOICE", "PHONE")  # the first that a customer has
_BUSY = 429
_BROKEN = 500
_ATTRIBUTE = {"segment": "rfm_segment", "cluster": "rfm_cluster"}


def render(customer: Customer) -> dict[str, str]:
    """Return the object of a customer; what a customer lacks is left out.

    A full object replaces the one before it, so what is left out disappears there too.
    """
    profile = customer.profile
    values = {
        "customer_id": customer.customer_id,
        "email": _address(customer, _EMAIL),
        "phone": _address(customer, _PHONE),
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


def _address(customer: Customer, channels: tuple[str, ...]) -> str | None:
    by_channel = {contact.channel_type: contact.address for contact in customer.contacts}
    return next((by_channel[channel] for channel in channels if channel in by_channel), None)


def _day(instant: dt.datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(dt.UTC).date().isoformat()


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value.to_integral_value(ROUND_HALF_EVEN))


def request(items: Sequence[Item]) -> dict[str, Any]:
    """Return BatchPutProfileObject's items; ids are the pseudonyms, so errors can be logged."""
    return {"Items": [{"Id": item.key, "Object": item.text} for item in items]}


def outcome(items: Sequence[Item], response: Mapping[str, Any]) -> Outcome:
    """Sort the items by what the response says; an item it does not mention is sent again."""
    successful = {entry["Id"] for entry in response.get("Successful", [])}
    failed = {entry["Id"]: entry for entry in response.get("Failed", [])}
    acknowledged, again, refused = [], [], []
    for item in items:
        if item.key in failed:
            refusal = _refusal(item, failed[item.key])
            if int(refusal.code) == _BUSY or int(refusal.code) >= _BROKEN:
                again.append((item, refusal))
            else:
                refused.append(refusal)
        elif item.key in successful:
            acknowledged.append(item)
        else:
            again.append((item, _refusal(item, {"Message": "the response did not mention it"})))
    return Outcome(tuple(acknowledged), tuple(again), tuple(refused))


def _refusal(item: Item, entry: Mapping[str, Any]) -> Refusal:
    return Refusal(
        key=item.key,
        customer_id=item.customer_id,
        code=str(entry.get("Code", _BROKEN)),
        message=str(entry.get("Message", "no reason given")),
    )


def definition(segment: Segment) -> dict[str, Any]:
    """Return CreateSegmentDefinition's arguments, apart from the domain."""
    return {
        "SegmentDefinitionName": segment.name,
        "DisplayName": segment.name,
        "Description": f"{segment.label}: {segment.meaning}".strip(": ")[:4000],
        "SegmentGroups": groups(segment),
        "Tags": {"managed-by": "tessera"},
    }


def attribute(segment: Segment) -> str:
    """Return the attribute that a segment asks for."""
    return _ATTRIBUTE.get(segment.kind) or set_attribute(segment.set)


def groups(segment: Segment) -> dict[str, Any]:
    """Return the condition of a segment: the attribute is exactly the label."""
    condition = {"DimensionType": "INCLUSIVE", "Values": [segment.value]}
    dimension = {"ProfileAttributes": {"Attributes": {attribute(segment): condition}}}
    return {"Groups": [{"Dimensions": [dimension], "Type": "ALL"}], "Include": "ALL"}


def same(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Tell whether two conditions say the same.

    What is empty says nothing, and neither does how to combine source segments where there are
    none: the service may add both to what it was given.
    """
    return bool(_pruned(wanted) == _pruned(found))


def _pruned(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, Mapping):
        kept = {name: _pruned(inner) for name, inner in value.items()}
        kept = {name: inner for name, inner in kept.items() if inner not in (None, [], {}, "")}
        if "SourceSegments" not in kept:
            kept.pop("SourceType", None)
        return kept
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value

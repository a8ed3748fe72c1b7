"""Amazon Connect Customer Profiles: one profile per customer, segments on its attributes.

A profile is upserted by the shop's customer id. A profile's label makes it a member of a segment,
so a segment's definition stays the same when customers move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.records.loads.load import Refusal
from tessera.records.loads.segment import Segment

TITLE = DESTINATIONS["customer_profiles"].title
CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10,
    item_characters=256_000,
    thresholds=True,
    merges=True,  # upload jobs do. An object replaces the one before
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
    erases="delete",
)
NO_LABEL = "-"  # in place of a label: no segment has it
_BUSY = 429
_BROKEN = 500


render = content.addressed  # a full object replaces the previous one


def cleared(customer_id: str) -> dict[str, str]:
    """Return the object of a customer who left: its labels belong to no segment.

    It has no address either. We only keep addresses at a destination while a run has them.
    """
    return {"customer_id": customer_id, **dict.fromkeys(content.LABELS, NO_LABEL)}


def request(items: Sequence[Item]) -> dict[str, Any]:
    """Return BatchPutProfileObject's items. Their ids are pseudonyms, so errors can be logged."""
    return {"Items": [{"Id": item.key, "Object": _object(item)} for item in items]}


def _object(item: Item) -> str:
    gone = content.removed(item.content)
    if not gone:
        return item.text
    return compact({name: value for name, value in item.content.items() if name not in gone})


def outcome(items: Sequence[Item], response: Mapping[str, Any]) -> Outcome:
    """Return the items' outcome from the response. An item it does not mention is sent again."""
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


def groups(segment: Segment) -> dict[str, Any]:
    """Return a segment's condition: the attribute equals the label, or is within the bounds.

    Assumed: a numeric condition reads an attribute's text as a number. Bounds are two conditions,
    because it is not documented whether BETWEEN includes its ends. A third one excludes customers
    who left by their label, so their numbers do not matter.
    """
    name = content.attribute(segment)
    if segment.bounds:
        bounds = {
            "GREATER_THAN_OR_EQUAL": segment.bounds.at_least,
            "LESS_THAN_OR_EQUAL": segment.bounds.at_most,
        }
        asked = [_dimension(name, how, than) for how, than in bounds.items() if than]
        asked.append(_dimension(content.LABELS[0], "EXCLUSIVE", NO_LABEL))
    else:
        asked = [_dimension(name, "INCLUSIVE", segment.value)]
    return {"Groups": [{"Dimensions": asked, "Type": "ALL"}], "Include": "ALL"}


def _dimension(name: str, how: str, value: str) -> dict[str, Any]:
    condition = {"DimensionType": how, "Values": [value]}
    return {"ProfileAttributes": {"Attributes": {name: condition}}}


def same(wanted: Mapping[str, Any], existing: Mapping[str, Any]) -> bool:
    """Return whether two conditions are equivalent.

    Empty fields do not count, and neither does ``SourceType`` without source segments. The
    service may add both.
    """
    return bool(_pruned(wanted) == _pruned(existing))


def _pruned(value: Any) -> Any:  # noqa: ANN401 (JSON is anything)
    if isinstance(value, Mapping):
        kept = {name: _pruned(inner) for name, inner in value.items()}
        kept = {name: inner for name, inner in kept.items() if inner not in (None, [], {}, "")}
        if "SourceSegments" not in kept:
            kept.pop("SourceType", None)
        return kept
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value

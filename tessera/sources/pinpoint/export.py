"""An export from Amazon Pinpoint: its endpoints as rows of an upload, and who has objected.

An export job writes endpoints as JSON, one a line (the Pinpoint API's ``EndpointResponse``). It
knows who somebody is, and nothing of what they bought. As an upload, a row only shows that a
customer was reached at an address on a day.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from tessera.errors import InvalidInput
from tessera.events.contact_points.reading import normal_address
from tessera.events.names import VIEWED

HEADER = (
    "CustomerID", "Date", "EventName", "Amount", "EventID", "ChannelType", "Address", "City",
    "State", "Country",
)  # fmt: skip
OPTED_OUT_HEADER = ("ChannelType", "Address", "CustomerID", "OptOut", "EffectiveDate")
_NO_OBJECTION = ("", "NONE")
_INACTIVE = "INACTIVE"
_UNADDRESSED = ("CUSTOM", "IN_APP")  # channels whose addresses nobody can be reached at elsewhere


@dataclasses.dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One address of somebody.

    Parameters
    ----------
    endpoint_id, channel_type, address
        As Pinpoint has them.
    customer_id
        The id of its user, empty for none.
    opt_out
        Pinpoint's value: ``ALL`` for a customer who wants no messages, ``NONE`` or empty otherwise.
    active
        Whether Pinpoint still sent to it.
    seen_at
        When it was last updated, as text.
    city, state, country
        Where it is, empty if unknown.
    """

    endpoint_id: str
    customer_id: str
    channel_type: str
    address: str
    opt_out: str
    active: bool
    seen_at: str
    city: str
    state: str
    country: str

    @property
    def has_opted_out(self) -> bool:
        """Whether somebody objected here: anything but ``NONE`` counts as that."""
        return self.opt_out not in _NO_OBJECTION

    @property
    def place(self) -> tuple[str, str]:
        """Channel and address, as two endpoints have them that reach the same place."""
        same = normal_address(self.channel_type, self.address, country=self.country)
        return self.channel_type, same or self.address.strip()

    def without_address(self) -> str:
        """Say why the address goes into no upload, empty when it does."""
        if not self.customer_id:
            return "no user id"
        if not self.active:
            return "inactive"
        return "no address outside Pinpoint" if self.channel_type in _UNADDRESSED else ""

    def row(self) -> tuple[str, ...]:
        """Return it as a row of an upload with ``HEADER``: seen that day, no money."""
        return (
            self.customer_id, self.seen_at, VIEWED, "", f"pinpoint-{self.endpoint_id}",
            self.channel_type, self.address, self.city, self.state, self.country,
        )  # fmt: skip

    def objection(self) -> tuple[str, ...]:
        """Return it as a row with ``OPTED_OUT_HEADER``."""
        return (
            self.channel_type, self.address, self.customer_id, self.opt_out, self.seen_at,
        )  # fmt: skip


def read_endpoint(line: bytes) -> Endpoint:
    """Read one line of an export.

    Raises
    ------
    InvalidInput
        The line is no endpoint. The message says what was expected, and has no customer's data.
    """
    try:
        endpoint = json.loads(line)  # UTF-8, with or without a mark at its beginning
    except ValueError:
        raise InvalidInput("not valid JSON in UTF-8: expected one endpoint a line") from None
    if not isinstance(endpoint, Mapping):
        raise InvalidInput("no JSON object: expected one endpoint a line")
    user, location = (_object(endpoint, name) for name in ("User", "Location"))
    seen_at = _text(endpoint, "EffectiveDate") or _text(endpoint, "CreationDate")
    needed = {name: _text(endpoint, name) for name in ("Id", "ChannelType", "Address")}
    missing = next((name for name, value in needed.items() if not value), None)
    if missing is not None:
        raise InvalidInput(f"the endpoint has no {missing}")
    if not seen_at:
        raise InvalidInput("the endpoint has neither EffectiveDate nor CreationDate")
    return Endpoint(
        endpoint_id=needed["Id"],
        customer_id=_text(user, "UserId"),
        channel_type=needed["ChannelType"].upper(),
        address=needed["Address"],
        opt_out=_text(endpoint, "OptOut").upper(),
        active=_text(endpoint, "EndpointStatus").upper() != _INACTIVE,
        seen_at=seen_at,
        city=_text(location, "City"),
        state=_text(location, "Region"),
        country=_text(location, "Country"),
    )


def segments_in(document: object) -> list[Mapping[str, Any]] | None:
    """Return the segments of a JSON document, None when it is something else.

    It may be what ``aws pinpoint get-segments`` or ``get-segment`` prints, or a list of segments.
    """
    if isinstance(document, Mapping):
        page = document.get("SegmentsResponse", document)
        if isinstance(page, Mapping) and isinstance(page.get("Item"), list):
            return segments_in(page["Item"])
        one = document.get("SegmentResponse", document)
        return segments_in([one])
    if not isinstance(document, list) or not all(map(_is_segment, document)):
        return None
    return document


def _is_segment(value: object) -> bool:
    return isinstance(value, Mapping) and "SegmentType" in value and "Id" in value


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name) or {}
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{name} is no JSON object")
    return value


def _text(parent: Mapping[str, Any], name: str) -> str:
    value = parent.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is no text")
    return value

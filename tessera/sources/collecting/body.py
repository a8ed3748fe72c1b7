"""The body of a page's request: its key, the visitor's consent, and events not read yet."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NoReturn

from tessera.sources.collecting.refusals import NotCollected, WrongPart

MOST_BYTES = 64 * 1024  # what sendBeacon sends at most
MOST_EVENTS = 100
FIELDS = ("key", "consent", "sent_at", "events")
_NOT_JSON = 'The body is not JSON. Expected {"key": …, "consent": true, "events": […]}.'
_NO_CONSENT = (
    "The visitor has not consented. Send events only after consent, with 'consent' true beside "
    "the key. Nothing was stored."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageBody:
    """A body of the right form, whose events nobody has read yet.

    Parameters
    ----------
    key
        The text that must be a write-only key.
    sent_at
        The page's clock when it sent the body. None where the body does not have it.
    events
        From 1 to 100 objects.
    """

    key: str = dataclasses.field(repr=False)
    sent_at: dt.datetime | None
    events: tuple[Mapping[str, Any], ...] = dataclasses.field(repr=False)


def read_body(body: bytes) -> PageBody:
    """Read the body of a page's request.

    Raises
    ------
    NotCollected
        It is too large, no JSON, without consent, or not of the form that pages send.
    """
    if len(body) > MOST_BYTES:
        raise NotCollected(
            f"The body has more than {MOST_BYTES:,} bytes. Send fewer events at a time.",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    tree = _tree(body)
    if not tree.keys() <= set(FIELDS):
        raise NotCollected(f"The body has another field than {', '.join(FIELDS)}.")
    if tree.get("consent") is not True:
        raise NotCollected(_NO_CONSENT, wrong=(WrongPart("consent", "expected true"),))
    key = tree.get("key")
    return PageBody(
        key=key if isinstance(key, str) else "",
        sent_at=None if tree.get("sent_at") is None else _sent_at(tree["sent_at"]),
        events=_events(tree.get("events")),
    )


def instant_of(value: object) -> dt.datetime | None:
    """Return the instant in UTC that a field means. None unless it is ISO 8601 with an offset."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        instant = dt.datetime.fromisoformat(value)
        return None if instant.tzinfo is None else instant.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _tree(body: bytes) -> dict[str, Any]:
    try:
        tree = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except (ValueError, RecursionError):
        tree = None
    if not isinstance(tree, dict):
        raise NotCollected(_NOT_JSON)
    return tree


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. A name that is there twice could mean either: consent, say."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name is there twice")
    return made


def _no_number(_name: str) -> NoReturn:
    raise ValueError("no JSON")


def _sent_at(value: object) -> dt.datetime:
    instant = instant_of(value)
    if instant is None:
        expected = "expected ISO 8601 with an offset, such as 2026-11-29T20:15:00.000Z, or nothing"
        raise NotCollected(
            "The time of sending is no instant.", wrong=(WrongPart("sent_at", expected),)
        )
    return instant


def _events(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_EVENTS:
        expected = f"expected a list of 1 to {MOST_EVENTS} events"
        raise NotCollected("The events cannot be read.", wrong=(WrongPart("events", expected),))
    wrong = tuple(
        WrongPart(f"events[{number}]", "expected an object")
        for number, event in enumerate(value)
        if not isinstance(event, dict)
    )
    if wrong:
        raise NotCollected("Some events are no objects.", wrong=wrong[:10])
    return tuple(value)

"""Iterable: fields of one user profile a customer; people make the segments as dynamic lists.

A profile is upserted by ``userId``, the shop's customer id. No address is sent: in some projects an
``email`` decides whose profile it is, before the id does.

Static lists are left alone, though there are calls for them: Iterable keeps them among a user's
subscriptions, joining one starts journeys, and leaving one can end a whole channel. A dynamic list
is one condition on a field, made once by people, and never changes.

Documented: form, answers, hosts, 52 characters of an id, merging of fields. Reported by users: that
null takes a value away, 1,000 users and 4 MB a request. Assumed: less than half of the ten requests
a second that an older description allows, and that a refused type of a field refuses the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.calls import Answer, Call, at, hosted, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact

BASE_URL = "https://api.iterable.com"
EU_URL = "https://api.eu.iterable.com"
TITLE = DESTINATIONS["iterable"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key",)
UPDATE = "/api/users/bulkUpdate"
FIELDS = "/api/users/getFields"

_FAILED = "UserIds"  # how the name of a list of failures by our id ends


render, cleared = content.unaddressed, content.id_alone
segment_call, size_call = by_hand.segment_call, by_hand.size_call


# ---- users ---------------------------------------------------------------------------------


def user(values: Mapping[str, str]) -> dict[str, Any]:
    """Return one user of a request from a content; null empties a field."""
    return {
        "userId": values.get("customer_id", ""),
        "preferUserId": True,  # an unknown id makes a new user, in every kind of project
        "dataFields": {**dict.fromkeys(content.NAMES), **content.typed_values(values)},
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=1_000,
    batch_bytes=3_000_000,
    item_overhead_bytes=len(compact(user({}))) + 1,
    item_characters=20_000,
    requests_per_minute=240,
    exchange_seconds=120,
    segments=False,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the server-side API key."""
    return {"Api-Key": secret["api_key"]}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the data centre of the project, the American one where the secret names none.

    Raises
    ------
    InvalidInput
        The secret names none of Iterable's.
    """
    return hosted(secret, (BASE_URL, EU_URL), what="data centre of Iterable")


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Upsert a batch by one call."""
    if answers:
        return None
    body = {"users": [user(item.content) for item in items]}
    return Call("POST", UPDATE, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Sort the items by the lists of failures; whoever these do not explain is sent again."""
    answer = answers[-1]
    if answer.status >= 400:
        return sort_out(items, {}, again=words(answer))
    refused = _failed(items, answer)
    dropped = _dropped(items, answer)
    if dropped:
        said = f"the project takes no new fields, and lacks {', '.join(dropped)}"
        return sort_out(items, refused, again=("filteredOutFields", said))
    if at(answer, "successCount", kind=int) + len(refused) >= len(items):
        return sort_out(items, refused)
    silent = ("unknown", "the update failed for some customers and did not say for whom")
    return sort_out(items, refused, again=silent)


def _failed(items: Sequence[Item], answer: Answer) -> dict[int, tuple[str, str]]:
    """Return why by the items' indices: the name of the list that has the customer's id."""
    by_id = {item.customer_id: index for index, item in enumerate(items)}
    found: dict[int, tuple[str, str]] = {}
    for name, ids in _lists(answer):
        for index in [by_id[one] for one in ids if one in by_id]:
            code = name.removesuffix(_FAILED)
            found.setdefault(index, (code, f"Iterable counts the customer among {name}"))
    return found


def _lists(answer: Answer) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of ids that failed: those of today, then the one of earlier versions."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    for group in (body.get("failedUpdates"), body):
        for name, ids in (group or {}).items():
            if name.endswith(_FAILED) and isinstance(ids, list):
                yield name, [one for one in ids if isinstance(one, str)]


def _dropped(items: Sequence[Item], answer: Answer) -> list[str]:
    """Return the fields that were sent with a value, and that the project did not take."""
    named = answer.body.get("filteredOutFields") if isinstance(answer.body, Mapping) else None
    given = {name for item in items for name in item.content} - content.IDENTITY
    return sorted(given & set(named or []))


def words(answer: Answer) -> tuple[str, str]:
    """Return the code and the message of an answer that is an error."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    return str(body.get("code") or answer.status), str(body.get("msg") or "no reason given")


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Read the names of the project's fields."""
    return None if answers else Call("GET", FIELDS)

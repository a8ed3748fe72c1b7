"""Braze: custom attributes of one user a customer; people make the segments in the dashboard.

A user is upserted by ``external_id``, the shop's customer id. No address is sent: a user whose
``email`` changes is set to subscribed (documented), and we change nobody's consent. Users whom the
shop's own integration knows keep their addresses, and those whom it does not know have none.

No call makes a segment: each is one filter on an attribute in the dashboard, which never changes.
Every attribute that is sent counts as a data point, so each batch has whoever changed and no more.

Documented: form, answers, 75 objects a request and 50 in newer contracts, 3,000 requests in three
seconds, values cut at 255 characters, hosts by instance. Reported by users: ``index`` and
``input_array`` of an error. Assumed: the size of a request, and less than half of the rate, as
newer contracts have limits of their own; a success means that Braze has taken it into a queue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.calls import ENDPOINT, Answer, Call, at, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item, Outcome, compact
from tessera.errors import InvalidInput

BASE_URL = ""  # each instance has its own
TITLE = DESTINATIONS["braze"].title
SECRET_FIELDS: tuple[str, ...] = ("api_key", ENDPOINT)
TRACK = "/users/track"

_HOST = re.compile(r"https://rest\.[a-z]{2,3}-[0-9]{2}\.braze\.(?:com|eu)")
_INVALID = "400"  # Braze gives words alone: the code is what it answers to a lone wrong object


render, cleared = content.unaddressed, content.id_alone
segment_call, size_call = by_hand.segment_call, by_hand.size_call


# ---- users ---------------------------------------------------------------------------------


def attributes(values: Mapping[str, str]) -> dict[str, Any]:
    """Return one attributes object from a content; null takes an attribute away."""
    return {
        "external_id": values.get("customer_id", ""),
        "_update_existing_only": False,
        **dict.fromkeys(content.NAMES),
        **content.typed_values(values),
    }


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=50,
    batch_bytes=1_000_000,
    item_overhead_bytes=len(compact(attributes({}))) + 1,
    item_characters=5_000,
    requests_per_minute=1_500,
    exchange_seconds=60,
    segments=False,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the REST API key, which needs the permission ``users.track`` alone."""
    return {"Authorization": f"Bearer {secret['api_key']}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the REST endpoint of the account's instance; a key goes to no other host.

    Raises
    ------
    InvalidInput
        The secret names none of Braze's.
    """
    named = secret[ENDPOINT].rstrip("/")
    if _HOST.fullmatch(named):
        return named
    raise InvalidInput(
        f"its field '{ENDPOINT}' is no REST endpoint of Braze: expected the one of your instance, "
        "such as https://rest.iad-01.braze.com, with nothing behind it"
    )


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Upsert a batch by one call."""
    if answers:
        return None
    body = {"attributes": [attributes(item.content) for item in items]}
    return Call("POST", TRACK, body, {"Content-Type": "application/json"})


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Sort the items by the errors; where these or the count leave some in doubt, send again."""
    answer = answers[-1]
    blamed = [(_place(error, items), _said(error)) for error in _errors(answer)]
    refused = {place: (_INVALID, said) for place, said in reversed(blamed) if place is not None}
    if answer.status >= 400:
        return sort_out(items, refused, again=words(answer))
    at(answer, "message")
    taken = len(items) - len(refused)
    vague = [said for place, said in blamed if place is None]
    if not vague and answer.body.get("attributes_processed", taken) >= taken:
        return sort_out(items, refused)
    said = vague[0] if vague else "Braze left some customers out and did not say whom"
    return sort_out(items, refused, again=("unknown", said))


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    listed = answer.body.get("errors") if isinstance(answer.body, Mapping) else None
    found = listed if isinstance(listed, list) else []
    return [one if isinstance(one, Mapping) else {"type": one} for one in found]


def _place(error: Mapping[str, Any], items: Sequence[Item]) -> int | None:
    """Return which of the items an error is about, None when it does not say."""
    index = error.get("index")
    if not isinstance(index, int) or error.get("input_array", "attributes") != "attributes":
        return None
    return index if 0 <= index < len(items) else None


def _said(error: Mapping[str, Any]) -> str:
    return str(error.get("type") or error.get("message") or "no reason given")


def words(answer: Answer) -> tuple[str, str]:
    """Return the status and what is said: the first error, or the message."""
    errors = _errors(answer)
    said = errors[0] if errors else answer.body if isinstance(answer.body, Mapping) else {}
    return str(answer.status), _said(said)


def check_call(_answers: Sequence[Answer]) -> None:
    """Ask nothing: no call that the key's one permission allows leaves everything as it is."""

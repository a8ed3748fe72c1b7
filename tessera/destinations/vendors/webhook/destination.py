"""A webhook: customers as signed JSON, to a receiver of the shop's own.

A batch is all that is known of its customers, so a receiver replaces what it has. The signature
covers the time and the body; a batch that is delivered again carries the same id. docs/webhook.md
says it from the receiver's side.

Whose URL it is, nobody here knows: it has to be https and name a host by a public name. What that
name resolves to is for the one who connects to see. Redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import content
from tessera.destinations.calls import Answer, Call, Malformed, at, sort_out
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.ledger import CLEARED
from tessera.destinations.port import Item, Outcome, Segment, compact
from tessera.errors import InvalidInput, Refused

BASE_URL = "https://webhook.invalid"  # the secret says another
TITLE = DESTINATIONS["webhook"].title
SECRET_FIELDS: tuple[str, ...] = ("url", "signing_key")
SIGNATURE = "Tessera-Signature"
DELIVERY = "Tessera-Delivery"

_SHORTEST_KEY = 16
_LONGEST_WORDS = 200  # a receiver's own, which go into our messages
_ACTIONS = ("created", "kept", "recreated")
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})"
# Every letter is accounted for, so that no two readers of a URL take another part for its host.
_URL = re.compile(
    rf"https://{_NAME}(?::\d{{1,5}})?(?:[/?][\w./?&=%~:@!$'()*+,;-]*)?", re.ASCII | re.IGNORECASE
)
_INWARD = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost",
     "private"}
)  # fmt: skip


render = content.addressed


def cleared(customer_id: str) -> dict[str, str]:
    """Return the content for a customer who left: nothing but the id."""
    return {"customer_id": customer_id}


# ---- the secret ----------------------------------------------------------------------------


def auth(_secret: Mapping[str, str]) -> dict[str, str]:
    """Return no headers: the signature is the proof."""
    return {}


def sign(secret: Mapping[str, str], body: bytes, unix_seconds: int) -> dict[str, str]:
    """Return the header with the HMAC-SHA-256 of the time, a point and the body.

    Raises
    ------
    InvalidInput
        The key is too short to prove anything.
    """
    key = secret["signing_key"].encode()
    if len(key) < _SHORTEST_KEY:
        raise InvalidInput(
            f"signing_key has fewer than {_SHORTEST_KEY} characters: generate a longer one, and "
            "give it to the receiver too"
        )
    found = hmac.new(key, b"%d.%b" % (unix_seconds, body), hashlib.sha256).hexdigest()
    return {SIGNATURE: f"t={unix_seconds},v1={found}"}


def base_url(secret: Mapping[str, str]) -> str:
    """Return the receiver's URL.

    Raises
    ------
    InvalidInput
        It is not https, or names its host by an address or by a name inside a network.
    """
    found = _URL.fullmatch(secret["url"])
    if found is None or found[1].lower() in _INWARD:
        raise InvalidInput(
            "url must be of the form https://<public host name>/<path>: no http, no address of "
            "numbers, no name inside a network, no user, no fragment"
        )
    return secret["url"]


# ---- customers -----------------------------------------------------------------------------


def record(item: Item) -> dict[str, Any]:
    """Return one customer of a batch."""
    values = item.content
    identity = {name: value for name, value in values.items() if name in content.IDENTITY}
    attributes = {name: value for name, value in values.items() if name not in content.IDENTITY}
    return {**identity, "attributes": attributes, "left": item.digest == CLEARED}


CAPABILITIES = Capabilities(
    requests=True,
    batch_items=500,
    batch_bytes=999_800,  # of 1 MB, beside the delivery's id
    item_overhead_bytes=len(compact(record(Item("", "", "-", {})))) + 1,
    item_characters=20_000,
    requests_per_minute=120,  # a receiver may be small
    exchange_seconds=120,
    addresses=content.ADDRESSES,
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


def delivery(items: Sequence[Item]) -> str:
    """Return the id of a batch: the same for these customers as they are now.

    The content is in it beside the digests: a change that is taken back later is no repetition.
    """
    return _digest("".join(item.to_line() for item in items))


def next_call(items: Sequence[Item], answers: Sequence[Answer]) -> Call | None:
    """Post the batch."""
    return None if answers else _batch(items)


def outcome(items: Sequence[Item], answers: Sequence[Answer]) -> Outcome:
    """Sort the items by whom the receiver refuses; a success acknowledges all others.

    A success has no body, or a JSON object: a page of some proxy on the way is none.
    """
    answer = answers[-1]
    if answer.status >= 400:
        return sort_out(items, _refused(items, answer), again=words(answer))
    if not answer.empty:
        at(answer, kind=Mapping)
    return sort_out(items, _refused(items, answer))


def _batch(items: Sequence[Item]) -> Call:
    name = delivery(items)
    return _post({"delivery": name, "customers": [record(item) for item in items]}, name)


def _refused(items: Sequence[Item], answer: Answer) -> dict[int, tuple[str, str]]:
    """Return code and message by the item's index."""
    by_id = {item.customer_id: index for index, item in enumerate(items)}
    found: dict[int, tuple[str, str]] = {}
    for one in _listed(answer):
        index = by_id.get(str(one.get("customer_id")))
        if index is None:
            raise Malformed("the answer refuses a customer who was not sent")
        found.setdefault(index, _said_in(one))
    return found


def _listed(answer: Answer) -> Sequence[Mapping[str, Any]]:
    listed = answer.body.get("refused", []) if isinstance(answer.body, Mapping) else []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise Malformed("refused is no list of objects")
    return listed


def _said_in(said: Mapping[str, Any]) -> tuple[str, str]:
    return str(said.get("code") or "refused"), str(said.get("message") or "no reason given")


def words(answer: Answer) -> tuple[str, str]:
    """Return code and message of the first refusal, or else of the answer."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    listed = _listed(answer)
    code, message = _said_in(listed[0] if listed else {"code": answer.status, **body})
    return _plain(code), _plain(message)


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:_LONGEST_WORDS] if letter.isprintable())


# ---- segments ------------------------------------------------------------------------------


def segment_call(segment: Segment, answers: Sequence[Answer]) -> Call | str:
    """Tell what a segment is, once; the receiver may say what that came to."""
    if not answers:
        told = {
            "name": segment.name,
            "label": segment.label,
            "attribute": content.attribute(segment),
            "value": segment.value,
            "meaning": segment.meaning,
            "customers": segment.customers,
        }
        return _post({"segment": told}, _digest(compact(told)))
    answer = _taken(answers[-1])
    said = answer.body.get("segment") if isinstance(answer.body, Mapping) else None
    if said in _ACTIONS:
        return str(said)
    return "created" if answer.status == 201 else "kept"


def retire_call(segment: Segment, answers: Sequence[Answer]) -> Call | None:
    """Tell once that a segment is asked for no more."""
    if not answers:
        told = {"name": segment.name, "label": segment.label}
        return _post({"retired": told}, _digest(compact(told)))
    _taken(answers[-1])
    return None


def _taken(answer: Answer) -> Answer:
    """Return an answer to what is no batch, which a receiver has no reason to refuse."""
    if answer.status < 400:
        return answer
    raise Refused(
        f"the webhook's receiver refused a segment ({answer.status}): let it answer 200 to "
        "what it has no use for"
    )


def size_call(_segment: Segment, _answers: Sequence[Answer]) -> Call | int | None:
    """Return None: a receiver is not asked to count."""
    return None


def check_call(answers: Sequence[Answer]) -> Call | None:
    """Post a batch of nobody: a receiver that verifies signatures verifies this one."""
    return None if answers else _batch(())


# ---- calls ---------------------------------------------------------------------------------


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _post(body: Mapping[str, Any], name: str) -> Call:
    form = "application/json"
    return Call("POST", "", body, {"Accept": form, "Content-Type": form, DELIVERY: name})

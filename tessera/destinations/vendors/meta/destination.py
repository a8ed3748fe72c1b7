"""Meta: a custom audience for each RFM segment, whose members are hashed addresses.

Only customers who have consented to advertising audiences are sent, as the SHA-256 hashes of their
e-mail address and phone number. No customer id is sent. An audience is matched by its name, and
created if it is missing. Members are added and removed by requests of up to 10,000 people.

Sources: Meta's reference of the custom audience and of its users (Graph API v25.0), and its guide
to customer file audiences, for normalising, hashing and the form of the data. Documented: 10,000
people per request, changes within 24 hours, no sizes below 1,000. Errors have the status 400 and
Meta's own codes. Assumed: a JSON body where the examples have forms. The token in a header, as in
other parts of the Graph API. An empty text for an address that a person lacks. Samples of invalid
entries that quote the hashes. 60 requests per minute.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from tessera.contracts.destinations import DESTINATIONS
from tessera.destinations import by_hand, content
from tessera.destinations.audiences import membership as audiences
from tessera.destinations.audiences.membership import Audience, MembershipChange
from tessera.destinations.audiences.platform import Platform, Words
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.requests import ACCOUNT, Malformed, Request, Response, at
from tessera.errors import InvalidInput

BASE_URL = "https://graph.facebook.com"
TITLE = DESTINATIONS["meta"].title
SECRET_FIELDS: tuple[str, ...] = ("access_token", "ad_account_id")
VERSION = "/v25.0"
SCHEMA = ("EMAIL", "PHONE")
PEOPLE_A_CALL = PEOPLE_PER_ERASURE = 10_000

_AUDIENCES = f"{VERSION}/act_{ACCOUNT}/customaudiences"
_JSON = {"Content-Type": "application/json"}
_LISTED = {"fields": "id,name,description,subtype", "limit": "500"}
_KEY_CODES = frozenset({102, 190, 463, 467})
_RIGHT_CODES = frozenset({3, 10, 294})  # and 200 to 299
_BUSY_CODES = frozenset({4, 17, 32, 341, 613})  # and 80000 to 80014
_BROKEN_CODES = frozenset({1, 2})


render = audiences.Rendering(email=audiences.as_it_is, phone=lambda number: number[1:])
cleared = content.id_alone
trace = audiences.trace
size_request = by_hand.size_request  # Meta only reports bounds, and none for a small audience

CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    item_characters=1_000,
    calls_a_batch=25,  # with a dozen audiences: one request to list them, two for each
    requests_per_minute=60,
    exchange_seconds=120,
    lanes=1,  # a person removed from an audience in one batch may be added to it in another
    needs=audiences.NEEDS,
    addresses=content.ADDRESSES,
    consented=True,
    membership="members",
    kinds=audiences.KINDS,
    erases="delete",
)


# ---- the account ---------------------------------------------------------------------------


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the access token."""
    return {"Authorization": f"Bearer {secret['access_token']}"}


def in_account(secret: Mapping[str, str], path: str) -> str:
    """Put the secret's ad account into a path.

    Raises
    ------
    InvalidInput
        The secret's ad account has no valid form.
    """
    account = secret["ad_account_id"].removeprefix("act_")
    if not re.fullmatch(r"[\w-]+", account, re.ASCII):
        raise InvalidInput("its field 'ad_account_id' is no ad account: expected its digits")
    return path.replace(ACCOUNT, account)


def status(response: Response) -> int:
    """Map an error's code to an HTTP status. Meta responds with 400 to nearly all errors."""
    code = _error(response).get("code")
    if response.status < 400 or not isinstance(code, int):
        return response.status
    if code in _KEY_CODES:
        return 401
    if code in _RIGHT_CODES or 200 <= code <= 299:
        return 403
    if code in _BUSY_CODES or 80_000 <= code <= 80_014:
        return 429
    return 500 if code in _BROKEN_CODES else response.status


# ---- audiences -----------------------------------------------------------------------------


def _audiences(response: Response) -> list[Audience]:
    """Return a page's audiences with uploaded members, without rule-based and lookalike ones."""
    return [
        Audience(str(one["id"]), str(one["name"]), str(one.get("description") or ""))
        for one in at(response, "data", kind=list)
        if one.get("subtype") == "CUSTOM"
    ]


def _following(response: Response) -> Request | None:
    paging = response.body.get("paging") or {} if isinstance(response.body, Mapping) else {}
    return _list(str(paging["cursors"]["after"])) if paging.get("next") else None


def _list(after: str = "") -> Request:
    query = {**_LISTED, **({"after": after} if after else {})}
    return Request("GET", f"{_AUDIENCES}?{urlencode(query)}")


def _make(name: str, description: str) -> Request:
    kind = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    return Request("POST", _AUDIENCES, {"name": name, "description": description, **kind}, _JSON)


def _amend(audience: Audience, description: str) -> Request:
    path = f"{VERSION}/{quote(audience.id, safe='')}"
    return Request("POST", path, {"description": description}, _JSON)


# ---- members -------------------------------------------------------------------------------


def _change(step: MembershipChange) -> Request:
    method = "POST" if step.add else "DELETE"
    path = f"{VERSION}/{quote(step.audience.id, safe='')}/users"
    data = [list(person) for person in step.people]
    return Request(method, path, {"payload": {"schema": list(SCHEMA), "data": data}}, _JSON)


def _judge(step: MembershipChange, response: Response) -> dict[str, Words]:
    """Return the hashes that a response calls invalid.

    The response has samples. If they do not cover its count, all hashes of the request are
    refused.
    """
    if at(response, "num_received", kind=int) != len(step.people):
        raise Malformed("Meta received a different number of people than we sent")
    count = at(response, "num_invalid_entries", kind=int)
    if not count:
        return {}
    sent = {one for person in step.people for one in person if one}
    samples = str(response.body.get("invalid_entry_samples") or "")
    named = {one for one in sent if one in samples}
    why = ("invalid", f"Meta reported {count} of the entries as invalid")
    return dict.fromkeys(named if len(named) >= count else sent, why)


def _error(response: Response) -> Mapping[str, Any]:
    body = response.body if isinstance(response.body, Mapping) else {}
    error = body.get("error")
    return error if isinstance(error, Mapping) else {}


def words(response: Response) -> Words:
    """Return the code and the message of an error."""
    error = _error(response)
    message = error.get("error_user_msg") or error.get("message") or "no reason given"
    return str(error.get("code") or response.status), str(message)


_PLATFORM = Platform(
    capabilities=CAPABILITIES,
    render=render,
    removed="Meta removes the person's hashes from the audiences within a day",
    people_per_request=PEOPLE_A_CALL,
    first=_list(),
    following=_following,
    audiences=_audiences,
    change=_change,
    judge=_judge,
    make=_make,
    amend=_amend,
    words=words,
)
next_request, outcome = _PLATFORM.next_request, _PLATFORM.outcome
segment_request, prepare_request = _PLATFORM.segment_request, _PLATFORM.prepare_request
check_request = _PLATFORM.check_request
erase_request, erase_people_request = _PLATFORM.erase_request, _PLATFORM.erase_people_request

"""Meta: a custom audience for each RFM segment, whose members are hashed addresses.

Only customers who said yes to advertising audiences are told, by SHA-256 of the e-mail address and
the phone number; no customer id is told, since the ids are the shop's own affair. An audience is
found by its name, made where there is none, and its members come and go by calls of up to 10,000.

Sources: Meta's reference of the custom audience and of its users (Graph API v25.0), its guide to
customer file audiences for normalising, hashing and the form of the data. Documented: 10,000 people
a call, changes within 24 hours, no sizes below 1,000. Its errors come with the status 400 and codes
of its own. Assumed: a body of JSON where the examples have forms, the token as a header, as other
parts of the Graph API take it, an empty text for what a person lacks, that an answer's samples of
invalid entries quote the hashes, and sixty calls a minute.
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
from tessera.destinations.calls import ACCOUNT, Answer, Call, Malformed, at
from tessera.destinations.capabilities import Capabilities
from tessera.errors import InvalidInput

BASE_URL = "https://graph.facebook.com"
TITLE = DESTINATIONS["meta"].title
SECRET_FIELDS: tuple[str, ...] = ("access_token", "ad_account_id")
VERSION = "/v25.0"
SCHEMA = ("EMAIL", "PHONE")
PEOPLE_A_CALL = 10_000

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
size_call = by_hand.size_call  # Meta tells only bounds, and none of a small audience

CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    item_characters=1_000,
    calls_a_batch=25,  # with a dozen audiences: one to list them, two for each
    requests_per_minute=60,
    exchange_seconds=120,
    lanes=1,  # who leaves an audience in one batch may come into it in another
    needs=audiences.NEEDS,
    addresses=content.ADDRESSES,
    consented=True,
    membership="members",
    kinds=audiences.KINDS,
)


# ---- the account ---------------------------------------------------------------------------


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the access token."""
    return {"Authorization": f"Bearer {secret['access_token']}"}


def in_account(secret: Mapping[str, str], path: str) -> str:
    """Return a path with the ad account that the secret names.

    Raises
    ------
    InvalidInput
        What it names is no account.
    """
    account = secret["ad_account_id"].removeprefix("act_")
    if not re.fullmatch(r"[\w-]+", account, re.ASCII):
        raise InvalidInput("its field 'ad_account_id' is no ad account: expected its digits")
    return path.replace(ACCOUNT, account)


def status(answer: Answer) -> int:
    """Return the status that an error's code means; Meta answers nearly all with 400."""
    code = _error(answer).get("code")
    if answer.status < 400 or not isinstance(code, int):
        return answer.status
    if code in _KEY_CODES:
        return 401
    if code in _RIGHT_CODES or 200 <= code <= 299:
        return 403
    if code in _BUSY_CODES or 80_000 <= code <= 80_014:
        return 429
    return 500 if code in _BROKEN_CODES else answer.status


# ---- audiences -----------------------------------------------------------------------------


def _found(answer: Answer) -> list[Audience]:
    """Return a page's audiences that have members by list, and not by a rule or likeness."""
    return [
        Audience(str(one["id"]), str(one["name"]), str(one.get("description") or ""))
        for one in at(answer, "data", kind=list)
        if one.get("subtype") == "CUSTOM"
    ]


def _following(answer: Answer) -> Call | None:
    paging = answer.body.get("paging") or {} if isinstance(answer.body, Mapping) else {}
    return _list(str(paging["cursors"]["after"])) if paging.get("next") else None


def _list(after: str = "") -> Call:
    query = {**_LISTED, **({"after": after} if after else {})}
    return Call("GET", f"{_AUDIENCES}?{urlencode(query)}")


def _make(name: str, description: str) -> Call:
    kind = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    return Call("POST", _AUDIENCES, {"name": name, "description": description, **kind}, _JSON)


def _amend(audience: Audience, description: str) -> Call:
    path = f"{VERSION}/{quote(audience.id, safe='')}"
    return Call("POST", path, {"description": description}, _JSON)


# ---- members -------------------------------------------------------------------------------


def _change(step: MembershipChange) -> Call:
    method = "POST" if step.add else "DELETE"
    path = f"{VERSION}/{quote(step.audience.id, safe='')}/users"
    data = [list(person) for person in step.people]
    return Call(method, path, {"payload": {"schema": list(SCHEMA), "data": data}}, _JSON)


def _judge(step: MembershipChange, answer: Answer) -> dict[str, Words]:
    """Return whom an answer calls invalid: those of whom it has samples, or else everybody."""
    if at(answer, "num_received", kind=int) != len(step.people):
        raise Malformed("another number of people was received than was sent")
    count = at(answer, "num_invalid_entries", kind=int)
    if not count:
        return {}
    sent = {one for person in step.people for one in person if one}
    samples = str(answer.body.get("invalid_entry_samples") or "")
    named = {one for one in sent if one in samples}
    why = ("invalid", f"Meta calls {count} of the entries invalid")
    return dict.fromkeys(named if len(named) >= count else sent, why)


def _error(answer: Answer) -> Mapping[str, Any]:
    body = answer.body if isinstance(answer.body, Mapping) else {}
    found = body.get("error")
    return found if isinstance(found, Mapping) else {}


def words(answer: Answer) -> Words:
    """Return the code and the message of an error."""
    found = _error(answer)
    said = found.get("error_user_msg") or found.get("message") or "no reason given"
    return str(found.get("code") or answer.status), str(said)


_PLATFORM = Platform(
    capabilities=CAPABILITIES,
    people_a_call=PEOPLE_A_CALL,
    first=_list(),
    following=_following,
    audiences=_found,
    change=_change,
    judge=_judge,
    make=_make,
    amend=_amend,
    words=words,
)
next_call, outcome = _PLATFORM.next_call, _PLATFORM.outcome
segment_call, prepare_call = _PLATFORM.segment_call, _PLATFORM.prepare_call
check_call = _PLATFORM.check_call

"""Google Ads: a Customer Match list for each RFM segment, through the Data Manager API.

Only customers who said yes to advertising audiences are told, by SHA-256 of the e-mail address and
the phone number; no customer id is told. Google asks that whoever uploads says that consent was
granted, and each upload does: that is said of the people in it alone, and changes no choice that
they made anywhere. A list is found by its name and made where there is none.

Sources: Google's descriptions of the Data Manager API (google.ads.datamanager.v1): paths, shapes,
10,000 people a call and paging; its guides for normalising and hashing, for 300 requests a minute,
and for the terms of Customer Match, which each upload has to accept; its guide to OAuth 2.0 for the
exchange of a refresh token. Its answer means that a call was accepted, and it is worked on later.
Documented for Customer Match: at most 540 days in a list. Assumed: that taking away somebody who is
not in a list is no error, and that a list's description may be changed alone.
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
from tessera.destinations.calls import ACCOUNT, EXCHANGED, Answer, Call, Malformed, at
from tessera.destinations.capabilities import Capabilities
from tessera.errors import InvalidInput

BASE_URL = "https://datamanager.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 (a place, no secret)
TITLE = DESTINATIONS["google_ads"].title
SECRET_FIELDS: tuple[str, ...] = ("client_id", "client_secret", "refresh_token", "customer_id")
PEOPLE_A_CALL = 10_000
CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
TERMS = {"customerMatchTermsOfServiceStatus": "ACCEPTED"}

_ACCOUNT_TYPE = "GOOGLE_ADS"
_LISTS = f"/v1/accountTypes/{_ACCOUNT_TYPE}/accounts/{ACCOUNT}/userLists"
_JSON = {"Content-Type": "application/json"}
_UPLOADED = "CONTACT_ID"
_NAME = re.compile(rf"accountTypes/{_ACCOUNT_TYPE}/accounts/([\w-]+)/userLists/([\w-]+)")
_LONGEST = f"{540 * 86_400}s"
_GMAIL = ("gmail.com", "googlemail.com")


def email(address: str) -> str:
    """Return an e-mail address as Google hashes it; two of Gmail may be one."""
    local, _, domain = address.rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}"


render = audiences.Rendering(email=email, phone=audiences.as_it_is)
cleared = content.id_alone
trace = audiences.trace
size_call = by_hand.size_call  # Google tells estimates by network, and none of a small list

CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    item_characters=1_000,
    calls_a_batch=25,  # with a dozen lists: one to see them, two for each
    requests_per_minute=240,
    exchange_seconds=120,
    lanes=1,  # who leaves a list in one batch may come into it in another
    needs=audiences.NEEDS,
    addresses=content.ADDRESSES,
    consented=True,
    membership="members",
    kinds=audiences.KINDS,
)


# ---- the account ---------------------------------------------------------------------------


def grant(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the form that asks for an access token."""
    fields = ("client_id", "client_secret", "refresh_token")
    return {"grant_type": "refresh_token", **{name: secret[name] for name in fields}}


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the access token."""
    return {"Authorization": f"Bearer {secret[EXCHANGED]}"}


def in_account(secret: Mapping[str, str], path: str) -> str:
    """Return a path with the account that the secret names.

    Raises
    ------
    InvalidInput
        What it names is no account.
    """
    account = secret["customer_id"].replace("-", "")  # people write 123-456-7890
    if not re.fullmatch(r"\w+", account, re.ASCII):
        raise InvalidInput("its field 'customer_id' is no Google Ads account: expected its digits")
    return path.replace(ACCOUNT, account)


# ---- lists ---------------------------------------------------------------------------------


def _found(answer: Answer) -> list[Audience]:
    """Return a page's lists that take hashed addresses and are ours to change."""
    page = answer.body if isinstance(answer.body, Mapping) else None
    if page is None:
        raise Malformed("a page of lists is no object")
    return [
        Audience(str(one["name"]), str(one["displayName"]), str(one.get("description") or ""))
        for one in page.get("userLists", ())
        if _UPLOADED in one.get("ingestedUserListInfo", {}).get("uploadKeyTypes", ())
        and not one.get("readOnly")
    ]


def _following(answer: Answer) -> Call | None:
    token = answer.body.get("nextPageToken")
    return _list(str(token)) if token else None


def _list(token: str = "") -> Call:
    query = {"pageSize": "1000", **({"pageToken": token} if token else {})}
    return Call("GET", f"{_LISTS}?{urlencode(query)}")


def _make(name: str, description: str) -> Call:
    source = {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"}
    info = {"uploadKeyTypes": [_UPLOADED], "contactIdInfo": source}
    told = {"displayName": name, "description": description, "membershipDuration": _LONGEST}
    return Call("POST", _LISTS, {**told, "ingestedUserListInfo": info}, _JSON)


def _amend(audience: Audience, description: str) -> Call:
    path = f"/v1/{quote(audience.id)}?updateMask=description"
    return Call("PATCH", path, {"name": audience.id, "description": description}, _JSON)


# ---- members -------------------------------------------------------------------------------


def _change(step: MembershipChange) -> Call:
    found = _NAME.fullmatch(step.audience.id)
    if found is None:
        raise Malformed("a list has no name that says where it is")
    account = {"accountType": _ACCOUNT_TYPE, "accountId": found[1]}
    body: dict[str, Any] = {
        "destinations": [{"operatingAccount": account, "productDestinationId": found[2]}],
        "audienceMembers": [_member(person) for person in step.people],
        "encoding": "HEX",
    }
    if not step.add:
        return Call("POST", "/v1/audienceMembers:remove", body, _JSON)
    return Call(
        "POST", "/v1/audienceMembers:ingest", {**body, "consent": CONSENT, "termsOfService": TERMS},
        _JSON,
    )  # fmt: skip


def _member(person: audiences.Person) -> dict[str, Any]:
    named = zip(("emailAddress", "phoneNumber"), person, strict=True)
    return {"userData": {"userIdentifiers": [{name: one} for name, one in named if one]}}


def _judge(_step: MembershipChange, answer: Answer) -> dict[str, Words]:
    """See that the call was accepted: nobody is refused at once."""
    at(answer, "requestId")
    return {}


def words(answer: Answer) -> Words:
    """Return the status and the message of an error."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    found = body.get("error")
    error = found if isinstance(found, Mapping) else {}
    return str(error.get("status") or answer.status), str(error.get("message") or "no reason given")


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

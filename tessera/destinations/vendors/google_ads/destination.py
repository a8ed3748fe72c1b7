"""Google Ads: a Customer Match list for each RFM segment, through the Data Manager API.

Only customers who have consented to advertising audiences are sent, as the SHA-256 hashes of their
e-mail address and phone number. No customer id is sent. Google requires each upload to state that
consent was granted. The statement covers only the people in the upload, and changes no choice that
they made elsewhere. A list is matched by its name, and created if it is missing.

Sources: Google's descriptions of the Data Manager API (google.ads.datamanager.v1), for paths,
shapes, 10,000 people per request and paging. Its guides, for normalising and hashing, for 300
requests per minute, and for the terms of Customer Match, which each upload has to accept. Its guide
to OAuth 2.0, for the exchange of a refresh token. A response means that a request was accepted: it
is processed later. Documented for Customer Match: at most 540 days in a list. Assumed: removing
somebody who is not in a list is no error, and a list's description can be changed on its own.
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
from tessera.destinations.requests import ACCOUNT, EXCHANGED, Malformed, Request, Response, at
from tessera.errors import InvalidInput

BASE_URL = "https://datamanager.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 (a place, no secret)
TITLE = DESTINATIONS["google_ads"].title
SECRET_FIELDS: tuple[str, ...] = ("client_id", "client_secret", "refresh_token", "customer_id")
PEOPLE_A_CALL = PEOPLE_PER_ERASURE = 10_000
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
    """Return an e-mail address as Google hashes it: Gmail ignores dots and what follows a plus."""
    local, _, domain = address.rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    return f"{local}@{domain}"


render = audiences.Rendering(email=email, phone=audiences.as_it_is)
cleared = content.id_alone
trace = audiences.trace
size_request = (
    by_hand.size_request
)  # Google only estimates sizes, by network, and not of a small list

CAPABILITIES = Capabilities(
    requests=True,
    name_characters="A-Za-z0-9_-",
    name_limit=64,
    batch_items=10_000,
    item_characters=1_000,
    calls_a_batch=25,  # with a dozen lists: one request to list them, two for each
    requests_per_minute=240,
    exchange_seconds=120,
    lanes=1,  # a person removed from a list in one batch may be added to it in another
    needs=audiences.NEEDS,
    addresses=content.ADDRESSES,
    consented=True,
    membership="members",
    kinds=audiences.KINDS,
    erases="delete",
)


# ---- the account ---------------------------------------------------------------------------


def grant(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the form fields that request an access token."""
    fields = ("client_id", "client_secret", "refresh_token")
    return {"grant_type": "refresh_token", **{name: secret[name] for name in fields}}


def auth(secret: Mapping[str, str]) -> dict[str, str]:
    """Return the header with the access token."""
    return {"Authorization": f"Bearer {secret[EXCHANGED]}"}


def in_account(secret: Mapping[str, str], path: str) -> str:
    """Put the secret's account into a path.

    Raises
    ------
    InvalidInput
        The secret's account has no valid form.
    """
    account = secret["customer_id"].replace("-", "")  # people write 123-456-7890
    if not re.fullmatch(r"\w+", account, re.ASCII):
        raise InvalidInput("its field 'customer_id' is no Google Ads account: expected its digits")
    return path.replace(ACCOUNT, account)


# ---- lists ---------------------------------------------------------------------------------


def _audiences(response: Response) -> list[Audience]:
    """Return a page's lists that accept hashed addresses and that we may change."""
    page = response.body if isinstance(response.body, Mapping) else None
    if page is None:
        raise Malformed("a page of lists is no JSON object")
    return [
        Audience(str(one["name"]), str(one["displayName"]), str(one.get("description") or ""))
        for one in page.get("userLists", ())
        if _UPLOADED in one.get("ingestedUserListInfo", {}).get("uploadKeyTypes", ())
        and not one.get("readOnly")
    ]


def _following(response: Response) -> Request | None:
    token = response.body.get("nextPageToken")
    return _list(str(token)) if token else None


def _list(token: str = "") -> Request:
    query = {"pageSize": "1000", **({"pageToken": token} if token else {})}
    return Request("GET", f"{_LISTS}?{urlencode(query)}")


def _make(name: str, description: str) -> Request:
    source = {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"}
    info = {"uploadKeyTypes": [_UPLOADED], "contactIdInfo": source}
    fields = {"displayName": name, "description": description, "membershipDuration": _LONGEST}
    return Request("POST", _LISTS, {**fields, "ingestedUserListInfo": info}, _JSON)


def _amend(audience: Audience, description: str) -> Request:
    path = f"/v1/{quote(audience.id)}?updateMask=description"
    return Request("PATCH", path, {"name": audience.id, "description": description}, _JSON)


# ---- members -------------------------------------------------------------------------------


def _change(step: MembershipChange) -> Request:
    match = _NAME.fullmatch(step.audience.id)
    if match is None:
        raise Malformed("a list's resource name does not have the expected form")
    account = {"accountType": _ACCOUNT_TYPE, "accountId": match[1]}
    body: dict[str, Any] = {
        "destinations": [{"operatingAccount": account, "productDestinationId": match[2]}],
        "audienceMembers": [_member(person) for person in step.people],
        "encoding": "HEX",
    }
    if not step.add:
        return Request("POST", "/v1/audienceMembers:remove", body, _JSON)
    return Request(
        "POST", "/v1/audienceMembers:ingest", {**body, "consent": CONSENT, "termsOfService": TERMS},
        _JSON,
    )  # fmt: skip


def _member(person: audiences.Person) -> dict[str, Any]:
    named = zip(("emailAddress", "phoneNumber"), person, strict=True)
    return {"userData": {"userIdentifiers": [{name: one} for name, one in named if one]}}


def _judge(_step: MembershipChange, response: Response) -> dict[str, Words]:
    """Check that the request was accepted. Google refuses nobody in the response."""
    at(response, "requestId")
    return {}


def words(response: Response) -> Words:
    """Return the status and the message of an error."""
    body = response.body if isinstance(response.body, Mapping) else {}
    error = body.get("error")
    fields = error if isinstance(error, Mapping) else {}
    message = str(fields.get("message") or "no reason given")
    return str(fields.get("status") or response.status), message


_PLATFORM = Platform(
    capabilities=CAPABILITIES,
    render=render,
    removed="Google removes the person's hashes from the lists within two days",
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

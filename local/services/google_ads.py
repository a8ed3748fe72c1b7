"""Google's Data Manager API on the loopback interface, and its exchange of refresh tokens.

Strict about what Google's description says of user lists and of their members. It takes no plain
address and no customer id, as we send none. Any other request gets 404.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from local.services.audiences import AudienceService, HeldAudience, is_hash
from local.services.frame.http_service import HttpServer, ReceivedRequest, Rejected

TOKEN = "made-up-access-token"  # noqa: S105 (made up)
_MOST = 10_000
_LISTS = re.compile(r"/v1/(accountTypes/GOOGLE_ADS/accounts/\w+)/userLists")
_ONE = re.compile(r"/v1/(accountTypes/GOOGLE_ADS/accounts/\w+)/userLists/(\d+)")
_MEMBERS = re.compile(r"/v1/audienceMembers:(ingest|remove)")
_FORM = {"grant_type", "client_id", "client_secret", "refresh_token"}
_MADE = {"displayName", "description", "membershipDuration", "ingestedUserListInfo"}
_SOURCE = {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"}
_INFO = {"uploadKeyTypes": ["CONTACT_ID"], "contactIdInfo": _SOURCE}
_CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
_TERMS = {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
_REMOVED = {"destinations", "audienceMembers", "encoding"}
_INGESTED = _REMOVED | {"consent", "termsOfService"}
_STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
}  # fmt: skip


class GoogleAds(AudienceService):
    """A Google Ads account.

    Attributes
    ----------
    exchanges
        How often a token was asked for.
    """

    DESTINATION = "google_ads"

    def __init__(self) -> None:
        super().__init__()
        self.exchanges = 0

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error. A pointer takes the place of the status."""
        named = pointer or _STATUSES.get(status, "UNKNOWN")
        return {"error": {"code": status, "message": words, "status": named}}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Exchange a token, or list, make, change or fill user lists."""
        if (request.method, request.path) == ("POST", "/token"):
            return 200, self._exchange(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Rejected(401, "the access token is none of ours")
        if request.method != "GET" and request.headers.get("content-type") != "application/json":
            raise Rejected(400, "expected the content type application/json")
        if (matched := _LISTS.fullmatch(request.path)) and request.method in ("GET", "POST"):
            listed = request.method == "GET"
            return 200, (self._list if listed else self._make)(request, matched[1])
        if (matched := _ONE.fullmatch(request.path)) and request.method == "PATCH":
            return 200, self._amend(self.audience_of(matched[2]), request, matched[1])
        if (matched := _MEMBERS.fullmatch(request.path)) and request.method == "POST":
            self._change(request.body, add=matched[1] == "ingest")
            return 200, {"requestId": "made-up-request"}
        raise Rejected(404, f"no such request: {request.method} {request.path}")

    def _exchange(self, request: ReceivedRequest) -> dict[str, Any]:
        form = dict(parse_qsl(request.text.decode()))
        kind = request.headers.get("content-type")
        if kind != "application/x-www-form-urlencoded" or set(form) != _FORM:
            raise Rejected(400, f"expected a form of {', '.join(sorted(_FORM))}")
        if form["grant_type"] != "refresh_token":
            raise Rejected(400, "expected the grant type refresh_token")
        self.exchanges += 1
        return {"access_token": TOKEN, "expires_in": 3_599, "token_type": "Bearer"}

    def _list(self, request: ReceivedRequest, parent: str) -> dict[str, Any]:
        query = request.query
        start = int(query.get("pageToken", "0"))
        end = start + min(self.page, int(query.get("pageSize", "50")))
        listed = list(self.audiences.values())
        shown = {"userLists": [_shown(one, parent) for one in listed[start:end]]}
        more = {"nextPageToken": str(end)} if end < len(listed) else {}
        return {name: value for name, value in {**shown, **more}.items() if value}

    def _make(self, request: ReceivedRequest, parent: str) -> dict[str, Any]:
        body = request.body
        if not isinstance(body, dict) or set(body) != _MADE or not body["displayName"]:
            raise Rejected(400, f"expected {', '.join(sorted(_MADE))}")
        if body["ingestedUserListInfo"] != _INFO:
            raise Rejected(400, "expected a list that takes hashed addresses")
        days = re.fullmatch(r"(\d+)s", body["membershipDuration"])
        if days is None or int(days[1]) % 86_400 or int(days[1]) > 540 * 86_400:
            raise Rejected(400, "expected whole days, 540 at most")
        return _shown(self.make(body["displayName"], body["description"]), parent)

    @staticmethod
    def _amend(audience: HeldAudience, request: ReceivedRequest, parent: str) -> dict[str, Any]:
        body = request.body
        if request.query.get("updateMask") != "description" or set(body) != {"name", "description"}:
            raise Rejected(400, "expected a description and its mask")
        audience.description = body["description"]
        return _shown(audience, parent)

    def _change(self, body: Any, *, add: bool) -> None:
        if not isinstance(body, dict) or set(body) != (_INGESTED if add else _REMOVED):
            raise Rejected(400, "expected the fields of the request and no others")
        if add and (body["consent"] != _CONSENT or body["termsOfService"] != _TERMS):
            raise Rejected(400, "expected that consent was granted and the terms were accepted")
        if body["encoding"] != "HEX":
            raise Rejected(400, "expected the encoding HEX")
        people = _people(body["audienceMembers"])
        self.change(self.audience_of(_destination(body["destinations"])), people, add=add)


def _shown(audience: HeldAudience, parent: str) -> dict[str, Any]:
    return {
        "name": f"{parent}/userLists/{audience.id}",
        "id": audience.id,
        "displayName": audience.name,
        "description": audience.description,
        "membershipStatus": "OPEN",
        "accessReason": "OWNED",
        "ingestedUserListInfo": _INFO,
    }


def _destination(destinations: Any) -> str:
    if not isinstance(destinations, list) or len(destinations) != 1:
        raise Rejected(400, "expected one destination")
    (one,) = destinations
    if set(one) != {"operatingAccount", "productDestinationId"}:
        raise Rejected(400, "expected the account and the list")
    account = one["operatingAccount"]
    if set(account) != {"accountType", "accountId"} or account["accountType"] != "GOOGLE_ADS":
        raise Rejected(400, "expected a Google Ads account")
    return str(one["productDestinationId"])


def _people(members: Any) -> list[frozenset[str]]:
    if not isinstance(members, list) or not 1 <= len(members) <= _MOST:
        raise Rejected(400, f"expected 1 to {_MOST} members")
    people = []
    for member in members:
        listed = member["userData"]["userIdentifiers"] if set(member) == {"userData"} else []
        named = [(name, one) for identifier in listed for name, one in identifier.items()]
        names = {name for name, _ in named}
        if not named or not names <= {"emailAddress", "phoneNumber"} or len(named) != len(listed):
            raise Rejected(400, "expected members by e-mail address and phone number")
        if not all(is_hash(one) for _, one in named):
            raise Rejected(400, "expected hashes in hex digits")
        people.append(frozenset(one for _, one in named))
    return people


class GoogleAdsServer(HttpServer):
    """Serves an account, an empty one by default."""

    def __init__(self, state: GoogleAds | None = None) -> None:
        super().__init__(state or GoogleAds())

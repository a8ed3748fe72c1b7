"""Shopify as a connector: start a bulk operation, wait for it, read its file in parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.requests import EXCHANGED, Malformed, Request, Response
from tessera.errors import InvalidInput, Refused
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.json_values import Json, objects, text
from tessera.sources.connectors.port import BulkFile, PulledPage
from tessera.sources.connectors.shopify import history, queries, replies
from tessera.sources.connectors.shopify.lines import records_of
from tessera.sources.orders.money import Included

_LINES_A_PART = 60_000  # of a result: a part is in memory at once
_OVERLAP = dt.timedelta(hours=1)
_WAITS_SECONDS = (1, 2, 4, 8, 15, 30)  # between two looks at an operation, the last for ever
_BUSY_SECONDS, _MOST_BUSY, _MOST_FAILED = 30, 20, 1
_UNDER_WAY = ("CREATED", "RUNNING", "CANCELING")
_SUFFIX = ".myshopify.com"


class ShopifyConnector:
    """One shop.

    Parameters
    ----------
    account
        Its own name: ``my-shop.myshopify.com``, or ``my-shop``.
    included
        What counts as a customer's money beside goods.

    Raises
    ------
    InvalidInput
        The account is no such name.
    """

    NAME = "shopify"
    SECRET_FIELDS: tuple[str, ...] = ("shop", "token")
    CAPABILITIES = Capabilities(requests=True, requests_per_minute=120)

    def __init__(self, account: str, *, included: Included = Included()) -> None:  # noqa: B008 (frozen)
        name = account.strip().removeprefix("https://").rstrip("/").lower()
        name = name if "." in name else name + _SUFFIX
        label = name.removesuffix(_SUFFIX)
        if not name.endswith(_SUFFIX) or not label.replace("-", "").isalnum():
            raise InvalidInput(
                f"{account!r} is no shop of Shopify: expected its own name, such as "
                "my-shop.myshopify.com (Settings → Domains shows it)"
            )
        self.account = name
        self.TITLE = f"Shopify ({name})"
        self.BASE_URL = f"https://{name}"
        self._included = included

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the header that authorizes a request."""
        token = secret.get("token") or secret.get(EXCHANGED, "")
        if not token:
            raise InvalidInput("it has no field 'token': expected the Admin API access token")
        return {"X-Shopify-Access-Token": token}

    def status(self, response: Response) -> int:
        """Return the HTTP status that a response means: 429 where the points are used up."""
        return 429 if replies.is_throttled(response) else response.status

    def next_request(
        self, cursor: PullCursor, responses: Sequence[Response]
    ) -> Request | BulkFile | None:
        """Return the next request of the page at a cursor, None when the page is complete."""
        if "operation" not in cursor.place:
            return self._starting(cursor, responses)
        if not responses:
            return self._look(cursor)
        if "part" not in cursor.place or len(responses) > 1:
            return None
        operation = self._operation(responses[0])
        url = text(operation.get("url"))
        if not url:
            return None
        return BulkFile(
            url,
            name=text(operation.get("id")),
            size_bytes=int(operation.get("fileSize") or 0),
            part=int(cursor.place["part"]),
            parts=int(cursor.place["parts"]),
        )

    def read(self, cursor: PullCursor, responses: Sequence[Response]) -> PulledPage:
        """Return what the responses of a page come to."""
        if "operation" not in cursor.place:
            return self._started(cursor, responses)
        operation = self._operation(responses[0])
        if "part" in cursor.place and len(responses) > 1:
            return self._part(cursor, responses[1].body)
        return self._looked(cursor, operation)

    def conclude(self, cursor: PullCursor) -> tuple[str, ...]:
        """Return what people should know at the end of a pull, in sentences."""
        return history.notes(cursor, title=self.TITLE)

    # ---- starting ------------------------------------------------------------------------------

    def _starting(self, cursor: PullCursor, done: Sequence[Response]) -> Request | None:
        if not done:
            wait = _BUSY_SECONDS if cursor.place else 0
            return _graphql(queries.ABOUT, wait_seconds=wait)
        if len(done) == 1:
            about = replies.data_of(done[0], title=self.TITLE)
            replies.check_scopes(about, title=self.TITLE)
            return _graphql(queries.RUN, {"query": queries.orders(cursor.since)})
        return None

    def _started(self, cursor: PullCursor, done: Sequence[Response]) -> PulledPage:
        about = replies.data_of(done[0], title=self.TITLE)
        answer = replies.inner(replies.data_of(done[1], title=self.TITLE), "bulkOperationRunQuery")
        errors = objects(answer.get("userErrors"))
        if errors:
            return self._not_started(cursor, errors[0])
        operation = replies.inner(answer, "bulkOperation")
        today = dt.datetime.fromisoformat(cursor.started_at).date()
        return PulledPage(
            place={
                **history.begun(about, failed=int(cursor.place.get("failed", 0))),
                "operation": _named(operation),
            },
            next_since=self._next_since(operation),
            notes=(
                *replies.check_scopes(about, title=self.TITLE),
                *replies.version_notes(done[0], today=today, title=self.TITLE),
            ),
        )

    def _not_started(self, cursor: PullCursor, error: Json) -> PulledPage:
        """Return a page that waits for other operations to end."""
        code, words = text(error.get("code")), text(error.get("message"))
        if code != "OPERATION_IN_PROGRESS":
            raise Refused(f"{self.TITLE} did not start an export of its orders: {words[:300]}")
        busy = int(cursor.place.get("busy", 0)) + 1
        if busy <= _MOST_BUSY:
            return PulledPage(place={"busy": busy})
        return PulledPage(
            trouble=f"{self.TITLE} is busy with other exports of this app, and only so many may "
            "run at a time: pull again when they have ended"
        )

    # ---- waiting -------------------------------------------------------------------------------

    def _look(self, cursor: PullCursor) -> Request:
        looks = 0 if "part" in cursor.place else int(cursor.place.get("looks", 0))
        wait = 0 if "part" in cursor.place else _WAITS_SECONDS[min(looks, len(_WAITS_SECONDS) - 1)]
        return _graphql(queries.STATUS, {"id": cursor.place["operation"]}, wait_seconds=wait)

    def _operation(self, response: Response) -> Json:
        """Return the bulk operation of a response. Empty where Shopify no longer knows it."""
        data = replies.data_of(response, title=self.TITLE)
        if "node" not in data:
            raise Malformed("a response has no node")
        return data["node"] if isinstance(data["node"], Mapping) else {}

    def _looked(self, cursor: PullCursor, operation: Json) -> PulledPage:
        status, lines = text(operation.get("status")), int(operation.get("objectCount") or 0)
        if status in _UNDER_WAY:
            return PulledPage(
                place={**cursor.place, "looks": int(cursor.place.get("looks", 0)) + 1}
            )
        if status == "COMPLETED" and not lines:
            return PulledPage(place=cursor.place, done=True)
        if status == "COMPLETED" and operation.get("url"):
            return PulledPage(
                place={**cursor.place, "part": 0, "parts": -(-lines // _LINES_A_PART)}
            )
        if status in ("", "EXPIRED", "COMPLETED"):
            # A result is kept for seven days. A new operation gives all its parts again.
            return PulledPage(restart=True)
        failed = int(cursor.place.get("failed", 0)) + 1
        words = replies.failure(operation, title=self.TITLE)
        if failed <= _MOST_FAILED:
            return PulledPage(place={"failed": failed}, restart=True)
        return PulledPage(restart=True, trouble=words)

    def _next_since(self, operation: Json) -> str:
        """Return what the next pull asks for: an hour before this operation, by Shopify's clock."""
        try:
            created = dt.datetime.fromisoformat(text(operation.get("createdAt")))
        except ValueError:
            raise Malformed("a bulk operation has no createdAt") from None
        return (created.astimezone(dt.UTC) - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")

    # ---- reading -------------------------------------------------------------------------------

    def _part(self, cursor: PullCursor, lines: Any) -> PulledPage:  # noqa: ANN401 (a JSON value)
        if not isinstance(lines, list):
            raise Malformed("a file of orders has no lines")
        records, oldest, counts = records_of(
            lines, changed_at=cursor.started_at, included=self._included
        )
        part, parts = int(cursor.place["part"]) + 1, int(cursor.place["parts"])
        place = {**cursor.place, "part": part}
        if oldest:
            place["oldest"] = min(oldest, text(place.get("oldest")) or oldest)
        return PulledPage(records=records, place=place, done=part >= parts, counts=counts)


class ShopifyAppConnector(ShopifyConnector):
    """One shop, asked by an app of the Dev Dashboard, whose tokens end after a day.

    The client's id and secret are exchanged for a token (RFC 6749, 4.4).
    """

    SECRET_FIELDS: tuple[str, ...] = ("shop", "client_id", "client_secret")

    def __init__(self, account: str, *, included: Included = Included()) -> None:  # noqa: B008 (frozen)
        super().__init__(account, included=included)
        self.TOKEN_URL = f"{self.BASE_URL}/admin/oauth/access_token"

    def grant(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the form fields that request a token."""
        return {
            "grant_type": "client_credentials",
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
        }


def _graphql(
    query: str, variables: Mapping[str, Any] | None = None, *, wait_seconds: float = 0
) -> Request:
    body = {"query": query} if variables is None else {"query": query, "variables": variables}
    return Request(
        "POST",
        f"/admin/api/{queries.VERSION}/graphql.json",
        body=body,
        headers={"Content-Type": "application/json"},
        wait_seconds=wait_seconds,
    )


def _named(operation: Json) -> str:
    name = text(operation.get("id"))
    if not name:
        raise Malformed("a bulk operation has no id")
    return name

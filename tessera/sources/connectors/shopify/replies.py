"""Shopify's responses: their values, and what their errors mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NoReturn

from tessera.destinations.requests import Malformed, Response
from tessera.errors import InvalidInput, Refused
from tessera.sources.connectors.json_values import Json, objects, text
from tessera.sources.connectors.shopify.queries import VERSION, VERSION_ENDS

_THROTTLED = "THROTTLED"
_WARN_DAYS = 90
_RIGHTS = (
    "give the app in Shopify's Dev Dashboard the scopes read_orders, read_all_orders and "
    "read_customers, install it again, and use its new key if it got one"
)


def is_throttled(response: Response) -> bool:
    """Return whether the app has used up its points: a response 200 that says so in its errors."""
    return any(code == _THROTTLED for code, _ in _errors(response))


def data_of(response: Response, *, title: str) -> Json:
    """Return the data of a response.

    Raises
    ------
    InvalidInput, Refused
        The response shows why there is none.
    Malformed
        It lacks what GraphQL promises.
    """
    if response.status >= 400:
        _refused(response.status, title=title)
    for code, words in _errors(response):
        if code == "ACCESS_DENIED":
            raise Refused(f"{title} denied access to a field that the pull needs: {_RIGHTS}")
        raise Refused(
            f"{title} refused the request ({code or 'error'}: {words[:200]}): it may have left "
            f"version {VERSION} of its API, so use a newer version of Tessera"
        )
    data = response.body.get("data") if isinstance(response.body, Mapping) else None
    if not isinstance(data, Mapping):
        raise Malformed(f"a response {response.status} has no data")
    return data


def inner(data: Json, *path: str) -> Json:
    """Return the object at a path.

    Raises
    ------
    Malformed
        There is none.
    """
    value: Any = data
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping):
        raise Malformed(f"a response has no {'.'.join(path)}")
    return value


def check_scopes(about: Json, *, title: str) -> tuple[str, ...]:
    """Check what the key may do. Return what is missing for a whole history, in sentences.

    Raises
    ------
    Refused
        It may not read orders.
    """
    scopes = objects(inner(about, "currentAppInstallation").get("accessScopes"))
    granted = {text(scope.get("handle")) for scope in scopes}
    if not granted & {"read_orders", "write_orders"}:
        raise Refused(f"{title} does not let this key read orders: {_RIGHTS}")
    notes = []
    if "read_all_orders" not in granted:
        notes.append(
            f"{title} gives this key only the orders of the last 60 days, because the right "
            "read_all_orders is missing. So history is cut, and regular customers look new. Ask "
            "for that right, then pull again with --reload."
        )
    if not granted & {"read_customers", "write_customers"}:
        notes.append(
            f"{title} does not let this key read customers, so consent to e-mail is not known: "
            "grant read_customers."
        )
    return tuple(notes)


def version_notes(response: Response, *, today: dt.date, title: str) -> tuple[str, ...]:
    """Return what people should know of the version of the API, in sentences."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    served = headers.get("x-shopify-api-version", VERSION)
    if served != VERSION:
        return (
            f"{title} answered with version {served} of its API instead of {VERSION}: use a newer "
            "version of Tessera.",
        )
    if (VERSION_ENDS - today).days <= _WARN_DAYS:
        return (
            f"Shopify supports version {VERSION} of its API until {VERSION_ENDS}: use a newer "
            "version of Tessera by then.",
        )
    return ()


def failure(operation: Json, *, title: str) -> str:
    """Return why a bulk operation gave nothing.

    Raises
    ------
    Refused
        A permission is missing, so a new operation can't help.
    """
    status, code = text(operation.get("status")), text(operation.get("errorCode"))
    if code == "ACCESS_DENIED":
        raise Refused(f"{title} denied access to the orders' fields (ACCESS_DENIED): {_RIGHTS}")
    partial = " Its partial data is not used." if operation.get("partialDataUrl") else ""
    why = f"{status}, {code}" if code else status
    return (
        f"{title} did not finish the export of its orders ({why}), twice.{partial} Pull again: "
        "that starts a new one"
    )


def _refused(status: int, *, title: str) -> NoReturn:
    if status == 404:
        raise InvalidInput(
            f"{title} does not exist, or has no version {VERSION} of the API: expected the shop's "
            "own name, such as my-shop.myshopify.com"
        )
    if status in (402, 423):
        raise Refused(f"{title} is frozen or locked ({status}): its owner must open it at Shopify")
    raise Refused(f"{title} refused the request ({status}): look in Shopify's admin at the app")


def _errors(response: Response) -> list[tuple[str, str]]:
    """Return the code and words of each error."""
    listed = response.body.get("errors") if isinstance(response.body, Mapping) else None
    if isinstance(listed, str):
        return [("", listed)]
    errors = []
    for error in objects(listed):
        extensions = error.get("extensions")
        code = text(extensions.get("code")) if isinstance(extensions, Mapping) else ""
        errors.append((code, text(error.get("message"))))
    return errors

"""The parameters of WooCommerce's lists, as its controllers describe and validate them.

WordPress ignores parameters that it does not know. Here they are refused, since each would be a
mistake of ours.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from local.services.frame.http_service import Rejected
from local.services.woocommerce.book import second_of

SITE_OFFSET_SECONDS = 7_200  # of the site's zone: dates without dates_are_gmt are in it
STATUSES = frozenset({
    "any", "trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded",
    "failed", "checkout-draft", "auto-draft", "packed",
})  # fmt: skip
_ORDERS_BY = ("date", "id", "include", "title", "slug", "modified")
_FIELD = re.compile(r"[a-z_]+")


def _between(name: str, low: int, high: int | None) -> Callable[[str], int]:
    def read(text: str) -> int:
        words = f"{name} must be between {low} (inclusive) and {high} (inclusive)"
        if not text.isdecimal() or int(text) < low or (high is not None and int(text) > high):
            raise ValueError(words)
        return int(text)

    return read


def _one_of(name: str, *allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"{name} is not one of {', '.join(allowed)}.")
        return text

    return read


def _second(text: str) -> int:
    moment = dt.datetime.fromisoformat(text)
    if "T" not in text or moment.microsecond or moment.tzinfo:
        raise ValueError("Invalid date.")
    return second_of(text)


def _boolean(text: str) -> bool:
    return _one_of("dates_are_gmt", "true", "false")(text) == "true"


def _fields(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if not all(map(_FIELD.fullmatch, names)):
        raise ValueError("nested fields of lists are not selected by WordPress")
    return names


def _unknown(_text: str) -> Any:
    raise ValueError("the stand-in does not know it")


_READERS: Mapping[str, Callable[[str], Any]] = {
    "page": _between("page", 1, None),
    "per_page": _between("per_page", 1, 100),
    "order": _one_of("order", "asc", "desc"),
    "orderby": _one_of("orderby", *_ORDERS_BY),
    "status": _one_of("status", *sorted(STATUSES)),
    "modified_after": _second,
    "modified_before": _second,
    "dates_are_gmt": _boolean,
    "_fields": _fields,
}
_DEFAULTS = {
    "page": 1, "per_page": 10, "order": "desc", "orderby": "date", "status": "any",
    "modified_after": None, "modified_before": None, "dates_are_gmt": False, "_fields": (),
}  # fmt: skip


def parameters_of(query: Mapping[str, str]) -> dict[str, Any]:
    """Return a list's parameters, or refuse the request as WordPress does."""
    parameters: dict[str, Any] = dict(_DEFAULTS)
    wrong: dict[str, str] = {}
    for name, text in query.items():
        try:
            parameters[name] = _READERS.get(name, _unknown)(text)
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise Rejected(400, f"Invalid parameter(s): {', '.join(wrong)}", pointer=str(wrong))
    if not parameters["dates_are_gmt"]:
        for name in ("modified_after", "modified_before"):
            if parameters[name] is not None:
                parameters[name] -= SITE_OFFSET_SECONDS
    return parameters

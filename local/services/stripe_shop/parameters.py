"""The parameters of Stripe's lists, as its OpenAPI description has them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from local.services.frame.http_service import Rejected

_MOST = 100
_DEEPEST = 4
# What of each list can be expanded here, with what of that.
EXPANDABLE: Mapping[str, frozenset[str]] = {
    "charges": frozenset({"customer", "balance_transaction"}),
    "refunds": frozenset(
        {"charge", "charge.customer", "charge.balance_transaction", "balance_transaction"}
    ),
    "disputes": frozenset({"charge", "charge.customer", "charge.balance_transaction"}),
}
_ONCE = ("limit", "created[gte]", "created[lte]", "starting_after")
_EXPAND = "expand[]"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list is asked for."""

    limit: int
    since: int | None
    until: int | None
    after: str
    expand: tuple[tuple[str, ...], ...]


def asked_for(name: str, query: Sequence[tuple[str, str]]) -> Asked:
    """Return what a request asks of a list, or refuse it as Stripe does."""
    for parameter, _ in query:
        if parameter not in (*_ONCE, _EXPAND):
            raise Rejected(400, f"Received unknown parameter: {parameter}", pointer=parameter)
    once = {parameter: text for parameter, text in query if parameter != _EXPAND}
    limit = _whole(once, "limit")
    if limit is not None and not 1 <= limit <= _MOST:
        raise Rejected(400, f"This value must be between 1 and {_MOST}.", pointer="limit")
    return Asked(
        limit=10 if limit is None else limit,
        since=_whole(once, "created[gte]"),
        until=_whole(once, "created[lte]"),
        after=once.get("starting_after", ""),
        expand=tuple(_path(name, text) for parameter, text in query if parameter == _EXPAND),
    )


def _whole(once: Mapping[str, str], parameter: str) -> int | None:
    text = once.get(parameter)
    if text is not None and not text.isdecimal():
        raise Rejected(400, f"Invalid integer: {text}", pointer=parameter)
    return None if text is None else int(text)


def _path(name: str, text: str) -> tuple[str, ...]:
    begin, *path = text.split(".")
    if len(path) >= _DEEPEST:
        raise Rejected(400, f"You cannot expand more than {_DEEPEST} levels", pointer=_EXPAND)
    if begin != "data" or ".".join(path) not in EXPANDABLE[name]:
        raise Rejected(400, f"This property cannot be expanded ({text}).", pointer=_EXPAND)
    return tuple(path)

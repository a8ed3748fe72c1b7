"""The result of a bulk operation: one JSON line an object, children after their parents."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from local.services.shopify.documents import Selected

_SINCE = re.compile(r"updated_at:>='([^']+)'")
_WINDOW = 50  # orders whose children stand anywhere after them


def since_of(orders: Selected) -> str:
    """Return the instant that a search asks for, empty for none."""
    search = orders.arguments.get("query", "")
    match = _SINCE.search(search)
    if search.strip('"') and not match:
        raise ValueError(f"the search {search} is not understood")
    return match[1] if match else ""


def lines(orders: Iterable[Mapping[str, Any]], node: Selected) -> Iterator[bytes]:
    """Yield the lines of orders.

    Parameters
    ----------
    orders
        As the API has them, each with its ``lineItems`` as a list.
    node
        What is selected of an order.
    """
    dice = random.Random(7)  # noqa: S311 (an order of lines, no secret)
    items = node.field("lineItems")
    of_item = items.fields[0].fields[0] if items else None
    children: list[bytes] = []
    for number, order in enumerate(orders):
        yield _line(_selected(order, node))
        for item in order["lineItems"] if of_item else ():
            assert of_item is not None  # noqa: S101 (or there is nothing to do)
            children.append(_line({**_selected(item, of_item), "__parentId": order["id"]}))
        if number % _WINDOW == _WINDOW - 1:
            dice.shuffle(children)
            yield from children
            children.clear()
    dice.shuffle(children)
    yield from children


def _selected(value: Mapping[str, Any], selected: Selected) -> dict[str, Any]:
    return {
        field.name: _inner(value.get(field.name), field)
        for field in selected.fields
        if field.name != "lineItems"
    }


def _inner(value: Any, field: Selected) -> Any:
    if isinstance(value, list):
        return [_selected(each, field) for each in value]
    if isinstance(value, Mapping):
        return _selected(value, field)
    return value


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

"""A file's header, matched to our columns."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.events.products import CATEGORY
from tessera.sources.mappings import HeaderMapping
from tessera.sources.orders.layout import ROLES, money_headers
from tessera.sources.recognition.contract import (
    BY_NAME,
    COLUMNS,
    CONTACTS,
    MONEY,
    REQUIRED,
    SourceColumn,
)

_MONEY_OF_ROWS = ("unit_price", "quantity", "amount", "refunded_amount")


def match(header: Sequence[str], *, mapping: HeaderMapping, name: str) -> dict[str, int]:
    """Return our columns' positions in a header, in any order, case and spelling.

    Parameters
    ----------
    header
        The file's own column names.
    mapping
        Its headers come first. With one, our aliases stay out: the ``Total`` of another tool's
        export means what the mapping says it means.
    name
        The file, for messages.

    Raises
    ------
    InvalidInput
        The export can't be read at all. A required column is missing, or one that the tenant
        named. Or two columns mean the same. The message lists the headers that we know and the
        closest one.
    """
    if mapping.refused:
        raise InvalidInput(f"{name} is {mapping.title}: {mapping.refused}")
    places = _places(header, name)
    positions: dict[str, int] = {}
    for column in COLUMNS:
        for candidate in _candidates(column, mapping):
            if candidate in places:
                positions[column.name] = places[candidate]
                break
    _check_own(positions, mapping=mapping, name=name)
    if mapping.export is not None:
        positions = _of_orders(positions, places, mapping=mapping)
    _settle_contacts(positions, header=header, mapping=mapping)
    _check_complete(positions, header=header, mapping=mapping, name=name)
    return positions


def _of_orders(
    positions: Mapping[str, int], places: Mapping[str, int], *, mapping: HeaderMapping
) -> dict[str, int]:
    """Return the columns of an export whose orders' money is worked out: ``amount`` stands for it.

    It is the first column with money that the file has.
    """
    assert mapping.export is not None  # noqa: S101 (the caller asked)
    money = money_headers(mapping, mapping.export)
    headers = (normalised(text) for role in ROLES for text in money.get(role, ()))
    kept = {name: at for name, at in positions.items() if name not in _MONEY_OF_ROWS}
    first = next((places[key] for key in headers if key in places), None)
    return kept if first is None else {**kept, "amount": first}


def _settle_contacts(
    positions: dict[str, int], *, header: Sequence[str], mapping: HeaderMapping
) -> None:
    """Let addresses have their channel, and be the customers' ids where a file has no other."""
    contacts = [positions[name] for name in CONTACTS if name in positions]
    if "other_id" in positions and "customer_id" not in positions:
        positions["customer_id"] = positions.pop("other_id")
    if contacts:
        positions.setdefault("customer_id", contacts[0])
    channel = "channel_type" in positions or "channel_type" in mapping.constants
    if channel and contacts and "address" not in positions:
        positions["address"] = contacts[0]  # the column beside it says which kind
    elif "address" in positions and not channel:
        own = normalised(header[positions["address"]])
        kind = next((name for name in CONTACTS if own in BY_NAME[name].accepted), None)
        if kind is not None:
            positions[kind] = positions.pop("address")
    for name in CONTACTS:
        if name in positions and positions.get("address") == positions[name]:
            del positions[name]  # it is that column already


def recognised(header: Sequence[str], *, mapping: HeaderMapping) -> int:
    """Return how many headers we know. ``header`` may also be a row of data."""
    keys = {normalised(text) for text in header}
    ours = [_candidates(column, mapping) for column in COLUMNS]
    return sum(any(key in keys for key in each) for each in (*mapping.required, *ours))


def resembling(header: Sequence[str], *, mapping: HeaderMapping) -> list[str]:
    """Return the cells that are nearly one of our headers, and so no customer's data."""
    known = [candidate for column in COLUMNS for candidate in _candidates(column, mapping)]
    return [
        cell
        for cell in header
        if normalised(cell).isalpha()
        and difflib.get_close_matches(normalised(cell), known, n=1, cutoff=0.85)
    ]


def _places(header: Sequence[str], name: str) -> dict[str, int]:
    places: dict[str, int] = {}
    # Two columns may be called "Category", of which the first counts: it changes no figure.
    doubtful = (column for column in COLUMNS if column.name != CATEGORY)
    known = {key for column in doubtful for key in column.accepted}
    for place, text in enumerate(header):
        key = normalised(text)
        if key in places and key in known:
            raise InvalidInput(
                f"{name} has two columns called {text!r} (columns {places[key] + 1} and "
                f"{place + 1}): rename one of them"
            )
        places.setdefault(key, place)
    return places


def _candidates(column: SourceColumn, mapping: HeaderMapping) -> list[str]:
    own = [normalised(text) for text in mapping.columns.get(column.name, ())]
    if column.name in mapping.unread:
        return []
    if own or (mapping.shipped and column.name in (*CONTACTS, "other_id")):
        return own
    return list(column.accepted[:2] if mapping.shipped else column.accepted)


def _check_own(positions: Mapping[str, int], *, mapping: HeaderMapping, name: str) -> None:
    for column in sorted(mapping.own):
        if column not in positions:
            raise InvalidInput(
                f"{name}: setting 'columns' names {mapping.columns[column][0]!r} for {column}, "
                "which the file lacks. Correct the setting, or rename the file's column"
            )


def _check_complete(
    positions: Mapping[str, int], *, header: Sequence[str], mapping: HeaderMapping, name: str
) -> None:
    missing = [wanted for wanted in REQUIRED if wanted not in positions]
    if not any(money in positions for money in MONEY):
        missing.append(MONEY[0])
    if not missing:
        return
    first = missing[0]
    wanted = [BY_NAME[first].header, *mapping.columns.get(first, ()), *BY_NAME[first].aliases]
    close = _closest(wanted, header)
    hint = f"; is it {close!r}?" if close else "."
    # Only what is surely a column's name: without a header the other cells are a customer's.
    close_ones = resembling(header, mapping=mapping)
    hint_of_export = f". {mapping.hint}" if mapping.hint else ""
    also = " (or Amount)" if first == MONEY[0] else ""
    raise InvalidInput(
        f"{name} lacks {' and '.join(BY_NAME[column].header for column in missing)}{also}{hint} "
        f"Of its {len(header)} columns we know: {', '.join(map(repr, close_ones)) or 'none'}. "
        "Rename the column, or name it in the setting 'columns', as in "
        f'{first} = "the header in your file". '
        f"`tessera validate --propose my.toml` proposes them{hint_of_export}"
    )


def _closest(wanted: Sequence[str], header: Sequence[str]) -> str:
    by_key = {normalised(text): text for text in header if text.strip()}
    for text in wanted:
        close = difflib.get_close_matches(normalised(text), by_key, n=1, cutoff=0.6)
        if close:
            return by_key[close[0]]
    return ""

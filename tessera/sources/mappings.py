"""What a file's headers and words mean: a tenant's own columns, or a known tool's export.

The known ones are TOML files in the folder beside this module, one an export.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from tessera.events.names import normalised
from tessera.events.reasons import NO_EVENT
from tessera.shipped_files import read_toml

# Where two exports match as well, the earlier one counts: Squarespace copies Shopify's headers.
NAMES = (
    "squarespace", "shopify", "woocommerce", "woocommerce-words", "woocommerce-analytics", "stripe",
    "stripe-balance", "magento", "bigcommerce", "square", "paypal", "paypal-german",
    "paypal-statement", "paypal-languages", "etsy", "amazon", "online-retail",
)  # fmt: skip
# What an order's rows are given as their event when they are none: words that mean themselves.
REASONS = {reason.code: reason.code for reason in NO_EVENT}


@dataclasses.dataclass(frozen=True, kw_only=True)
class CellCondition:
    """What a cell of an export must be.

    Parameters
    ----------
    column
        The export's header.
    kind
        ``filled``. ``is``, ``has`` or ``lacks`` one of ``words``. ``zero`` or ``negative`` as a
        number. ``not filled``, ``not zero`` and ``not negative`` are their opposites.
    words
        Normalised.
    """

    column: str
    kind: str
    words: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowRule:
    """What is so when all conditions hold: a reason's code, or empty where the rule's name says it.

    Parameters
    ----------
    when
        All of them must hold.
    reason
        Why such a row is no event.
    """

    when: tuple[CellCondition, ...]
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderExport:
    """How an export says what an order is worth.

    Parameters
    ----------
    money
        The roles of ``tessera.sources.orders.money`` to the headers that hold them.
    lines
        Whether an order has several rows.
    uncounted, refunded, lost
        When a row is no event, when an order was refunded as a whole, and when a disputed payment
        was lost.
    returns
        Our columns to headers, for rows with negative money.
    keys
        Our columns that an order's rows share.
    time, zone
        Headers of the time of day and its zone, where the date has none.
    """

    money: Mapping[str, tuple[str, ...]]
    lines: bool = False
    keys: tuple[str, ...] = ("order_id",)
    uncounted: tuple[RowRule, ...] = ()
    refunded: tuple[RowRule, ...] = ()
    lost: tuple[RowRule, ...] = ()
    returns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    time: str = ""
    zone: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HeaderMapping:
    """What a file's headers and words mean.

    Parameters
    ----------
    name, title, source
        Of a known export: for settings, for people, and where its headers are documented. Empty
        for a plain file.
    required
        The headers that distinguish the export from others, each with its alternatives, normalised.
    refused
        Why such an export can't be read, and which one to use. Empty when it can.
    hint
        What to do when a required column is missing.
    why
        Why this mapping was taken, for people.
    columns
        Our column to the headers that hold it, the preferred first.
    events
        The file's words for events to ours, or to the code of the reason why a row is none. An
        empty text is a row that is no event.
    time_zone
        What a date without an offset means. Empty for the tenant's setting.
    dates
        Which comes first in dates such as 03/04/2026 where the file does not show it: ``dmy`` or
        ``mdy``. Empty to refuse such a file.
    blank_event
        What a blank event cell means. Empty to refuse it.
    constants
        Our column to a value for every row that the file does not give.
    own
        Our columns whose headers the tenant named itself.
    unread
        Our columns that are not read, though the file has them.
    notes
        What the file's owner should know about how it is read, a sentence each.
    export
        How orders are made of rows. None where each row is an event.
    """

    name: str = ""
    title: str = ""
    source: str = ""
    required: tuple[tuple[str, ...], ...] = ()
    refused: str = ""
    hint: str = ""
    why: str = ""
    columns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    events: Mapping[str, str] = dataclasses.field(default_factory=dict)
    time_zone: str = ""
    dates: str = ""
    blank_event: str = ""
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)
    own: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    export: OrderExport | None = None

    @property
    def shipped(self) -> bool:
        """Whether it describes a known tool's whole export."""
        return bool(self.name)

    @property
    def in_words(self) -> str:
        """As what a file is read, and why, for people."""
        title = self.title or "a plain file"
        return f"{title}: {self.why}" if self.why else title


@functools.cache
def shipped() -> Mapping[str, HeaderMapping]:
    """Return the known exports by name, in the order in which they are tried."""
    return {name: _read(name) for name in NAMES}


def _read(name: str) -> HeaderMapping:
    values = read_toml("tessera.sources", f"shipped/{name}.toml")
    export = _export(values) if "money" in values else None
    return HeaderMapping(
        name=name,
        title=values["title"],
        source=values["source"],
        required=tuple(map(_alternatives, values["required"])),
        refused=values.get("refused", ""),
        hint=values.get("hint", ""),
        columns=_headers(values.get("columns", {})),
        events={**values.get("events", {}), **(REASONS if export else {})},
        time_zone=values.get("time_zone", ""),
        dates=values.get("dates", ""),
        blank_event=values.get("blank_event", ""),
        constants=values.get("constants", {}),
        export=export,
    )


def _export(values: Mapping[str, Any]) -> OrderExport:
    return OrderExport(
        money=_headers(values["money"]),
        lines=values.get("lines", False),
        uncounted=tuple(map(_rule, values.get("uncounted", ()))),
        refunded=tuple(map(_rule, values.get("refunded", ()))),
        lost=tuple(map(_rule, values.get("lost", ()))),
        returns=_headers(values.get("returns", {})),
        time=values.get("time", ""),
        zone=values.get("zone", ""),
    )


def _headers(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(headers) for name, headers in table.items()}


def _rule(values: Mapping[str, Any]) -> RowRule:
    return RowRule(when=tuple(map(_condition, values["when"])), reason=values.get("reason", ""))


def _condition(values: Mapping[str, Any]) -> CellCondition:
    column = values["column"]
    (kind, value), *_ = ((name, value) for name, value in values.items() if name != "column")
    if kind in ("is", "has", "lacks"):
        return CellCondition(column=column, kind=kind, words=tuple(map(normalised, value)))
    return CellCondition(column=column, kind=kind if value else f"not {kind}")


def _alternatives(headers: Any) -> tuple[str, ...]:  # noqa: ANN401 (TOML)
    return tuple(map(normalised, [headers] if isinstance(headers, str) else headers))

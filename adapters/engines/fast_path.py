"""What DuckDB reads at once: the usual spellings, straight from the file.

A row that it does not understand is marked ``odd``, and nothing is guessed here. Everything
accepted here means exactly what tessera.sources makes of it.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Iterable, Mapping

from adapters.engines.session import text
from tessera.events.names import (
    NOT_COUNTED,
    PURCHASED,
    REFUNDED,
    RETURNS,
    WITHOUT_MONEY,
    event_of,
)
from tessera.sources.amounts import Mark
from tessera.sources.dates import EARLIEST, LATEST
from tessera.sources.mappings import HeaderMapping

TEXTS = (
    "date_text", "event_text", "price_text", "quantity_text", "amount_text", "refunded_text",
)  # fmt: skip
ORDER = ("order_id", "event_id")
IDENTITY = ("username", "channel_type", "address", "city", "state", "country")
PLAIN = (*ORDER, *IDENTITY)
_RFC_2822 = "%a, %d %b %Y %H:%M:%S %z"
_SHAPES = {
    "rfc_2822": re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}"),
    "iso_8601": re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?.*)?"),
    "epoch": re.compile(r"\d{9,10}|\d{12,13}"),
}
_WORTH_TRYING = 50  # one date in so many is of a kind: the others leave it to the slow path


@dataclasses.dataclass(frozen=True, kw_only=True)
class Source:
    """One part as a relation of texts.

    Parameters
    ----------
    relation
        A table function, or a query in brackets; its columns are all VARCHAR.
    columns
        Our column to the SQL name of the relation's.
    sample
        Cells of our columns from the part's start: what the fast path prepares for.
    """

    relation: str
    columns: Mapping[str, str]
    sample: Mapping[str, Iterable[str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """How cells are read: decimal mark, time zone and the mapping's own words."""

    mark: Mark
    time_zone: str
    mapping: HeaderMapping


def read_rows(source: Source, *, reading: Reading) -> str:
    """Return the query that reads a part's rows, in their order where the session keeps it.

    Its columns: customer_id, event, occurred_at, amount (NULL where odd), currency, ``PLAIN``, odd,
    ``TEXTS``. Only those that a query over it names cost anything. Under it the session's time
    zone must be ``reading.time_zone``.
    """
    cell = _Cells(source, reading)
    odd = f"""(event IS NULL OR event <> '{NOT_COUNTED}' AND (
        customer_id IS NULL OR trim(customer_id) = '' OR occurred_at IS NULL
        OR event NOT IN {WITHOUT_MONEY} AND (money IS NULL OR refunded IS NULL)))"""
    in_range = f"""CASE WHEN occurred_at >= TIMESTAMPTZ '{EARLIEST.isoformat(" ")}'
        AND occurred_at < TIMESTAMPTZ '{LATEST.isoformat(" ")}' THEN occurred_at END"""
    return f"""
    SELECT customer_id, {event_meant()} AS event, occurred_at, {amount_meant()} AS amount,
        currency, {", ".join(PLAIN)}, {odd} AS odd, {", ".join(TEXTS)}
    FROM (
        SELECT * REPLACE ({in_range} AS occurred_at) FROM (SELECT
            {cell.raw("customer_id")} AS customer_id,
            {cell.event()} AS event,
            {cell.instant()} AS occurred_at,
            {cell.money()} AS money,
            {cell.returned()} AS returned,
            {cell.refunded()} AS refunded,
            upper(trim({cell.raw("currency")})) AS currency,
            {", ".join(f"{cell.raw(name)} AS {name}" for name in PLAIN)},
            {cell.raw("date")} AS date_text,
            {cell.event_text()} AS event_text,
            {cell.raw("unit_price")} AS price_text,
            {cell.raw("quantity")} AS quantity_text,
            {cell.raw("amount")} AS amount_text,
            {cell.raw("refunded_amount")} AS refunded_text
        FROM {source.relation}
    ) AS parsed) AS dated"""  # noqa: S608 (our own names)


def event_meant() -> str:
    """Return SQL for what a row's event is once its sign is known: a purchase sent back is none."""
    return f"CASE WHEN event = '{PURCHASED}' AND returned THEN '{REFUNDED}' ELSE event END"


def amount_meant() -> str:
    """Return SQL for the signed money of a row, before any rate."""
    return f"""CAST(CASE WHEN event IN {WITHOUT_MONEY} THEN 0
        WHEN event IN {RETURNS} OR returned THEN -abs(money) ELSE money - refunded END
        AS DECIMAL(18, 4))"""


class _Cells:
    """SQL for each cell of a row; NULL where the slow path must look."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self._source = source
        self._reading = reading

    def raw(self, column: str) -> str:
        """Return the text as it came, NULL for a column that the part lacks."""
        constant = self._reading.mapping.constants.get(column)
        missing = text(constant) if constant is not None else "NULL::VARCHAR"
        return self._source.columns.get(column, missing)

    def event_text(self) -> str:
        return self.raw("event_name") if "event_name" in self._source.columns else text(PURCHASED)

    def event(self) -> str:
        if "event_name" not in self._source.columns:
            return text(PURCHASED)
        words = {PURCHASED, *self._source.sample["event_name"]}
        cases = []
        for word in sorted(words):
            event = event_of(word, own=self._reading.mapping.events) if word.strip() else None
            if event is not None:
                cases.append(f"WHEN {text(word)} THEN {text(event)}")
        cell, blank = self.raw("event_name"), self._reading.mapping.blank_event
        if blank:
            cases.append(f"WHEN '' THEN {text(blank)}")
            cell = f"COALESCE({cell}, '')"
        return f"CASE {cell} {' '.join(cases)} END"

    def instant(self) -> str:
        cell = self.raw("date")
        kinds = _kinds(self._source.sample["date"])
        attempts = {
            "rfc_2822": f"try_strptime({cell}, '{_RFC_2822}')",
            "iso_8601": (
                f"CASE WHEN right({cell}, 1) BETWEEN '0' AND '9' OR right({cell}, 1) = 'Z' "
                f"THEN try_cast({cell} AS TIMESTAMPTZ) END"
            ),
            "epoch": (
                f"make_timestamptz(try_cast({cell} AS BIGINT) * CASE "
                f"WHEN length({cell}) = 10 AND left({cell}, 2) IN ('19', '20') THEN NULL "
                f"WHEN length({cell}) IN (9, 10) THEN 1000000 "
                f"WHEN length({cell}) IN (12, 13) THEN 1000 END)"
            ),
        }
        tried = ", ".join(attempts[kind] for kind in kinds)
        return f"COALESCE({tried})" if len(kinds) > 1 else tried

    def money(self) -> str:
        product = f"try_cast({self._price()} * {self._quantity()} AS DECIMAL(18, 4))"
        if "amount" not in self._source.columns:
            return product
        amount = self.raw("amount")
        return f"CASE WHEN {amount} IS NULL THEN {product} ELSE {self._number('amount')} END"

    def returned(self) -> str:
        signs = []
        if "amount" in self._source.columns:
            signs.append(f"COALESCE({self._number('amount')} < 0, false)")
        if "unit_price" in self._source.columns:
            given = "amount" in self._source.columns
            price = f"COALESCE({self._price()} < 0, false)"
            signs.append(f"({self.raw('amount')} IS NULL AND {price})" if given else price)
        if "quantity" in self._source.columns:
            signs.append(f"COALESCE({self._quantity()} < 0, false)")
        return " OR ".join(signs)

    def refunded(self) -> str:
        if "refunded_amount" not in self._source.columns:
            return "0::DECIMAL(18, 4)"
        cell = self.raw("refunded_amount")
        return f"CASE WHEN {cell} IS NULL THEN 0 ELSE abs({self._number('refunded_amount')}) END"

    def _price(self) -> str:
        return self._number("unit_price")

    def _number(self, column: str) -> str:
        cell = self.raw(column)
        if self._reading.mark == "comma":
            return (
                f"CASE WHEN NOT contains({cell}, '.') AND {_at_most_4_places(cell, ',')} "
                f"THEN try_cast(replace({cell}, ',', '.') AS DECIMAL(18, 4)) END"
            )
        return (
            f"CASE WHEN {_at_most_4_places(cell, '.')} THEN try_cast({cell} AS DECIMAL(18, 4)) END"
        )

    def _quantity(self) -> str:
        if "quantity" not in self._source.columns:
            return "1::DECIMAL(9, 0)"
        cell = self.raw("quantity")
        return (
            f"CASE WHEN {cell} IS NULL THEN 1 "
            f"WHEN NOT contains({cell}, '.') AND length({cell}) < 9 THEN "
            f"try_cast({cell} AS DECIMAL(9, 0)) END::DECIMAL(9, 0)"
        )


def _at_most_4_places(cell: str, mark: str) -> str:
    return f"(instr({cell}, '{mark}') = 0 OR length({cell}) - instr({cell}, '{mark}') <= 4)"


def _kinds(dates: Iterable[str]) -> list[str]:
    counts: collections.Counter[str] = collections.Counter()
    for cell in dates:
        kind = next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(cell)), None)
        if kind:
            counts[kind] += 1
    worth = counts.total() / _WORTH_TRYING
    return [kind for kind, count in counts.most_common() if count >= worth] or ["iso_8601"]

"""What DuckDB reads at once: the usual spellings, straight from the file.

A row that it does not understand is marked ``odd``, and nothing is guessed here. Everything
accepted here means exactly what tessera.sources makes of it.
"""

from __future__ import annotations

import collections
import dataclasses
import re
from collections.abc import Iterable, Mapping

from adapters.engines.duckdb.session import Connection, text
from tessera.events.consent import CONSENTS, SPELLINGS
from tessera.events.currency_names import WITHOUT_DECIMALS, currency_of
from tessera.events.names import (
    EVENTS,
    PURCHASED,
    REFUNDED,
    RETURNS,
    SALES,
    UNCOUNTED,
    VOIDS,
    WITHOUT_MONEY,
    event_of,
)
from tessera.events.products import PRODUCT, PRODUCT_CELLS, product_sql
from tessera.sources.dates.instants import EARLIEST
from tessera.sources.dates.order import LATEST, Dates
from tessera.sources.dates.strptime_forms import is_portable, usual_form
from tessera.sources.rows import Reading

ORDER = ("order_id", "event_id")
IDENTITY = ("username", "channel_type", "address", "city", "state", "country")
CONTACTS = ("other_id", "email", "phone")
BESIDE = (*ORDER, *PRODUCT)  # what an event has beside its facts
PLAIN = (*BESIDE, *IDENTITY, *CONTACTS)
PEOPLE = (*IDENTITY, *CONSENTS, *CONTACTS[1:])
EVENT = "event_name"  # the engine's type of an event: one byte a row in place of sixteen
_TEXT_OF = {
    "date_text": "date",
    "event_text": "event_name",
    **{f"{consent}_text": consent for consent in CONSENTS},
    "price_text": "unit_price",
    "quantity_text": "quantity",
    "amount_text": "amount",
    "refunded_text": "refunded_amount",
}
TEXTS = tuple(_TEXT_OF)
CONSENT_TEXTS = TEXTS[2:4]
MONEY_TEXTS = TEXTS[4:]
_COLUMN_OF = {
    "price": "unit_price",
    "quantity": "quantity",
    "given": "amount",
    "refunded": "refunded_amount",
}
# No text from "!" on begins with a space, so that few ids must be trimmed to be known.
_BLANK_ID = """CASE WHEN customer_id >= '!' THEN false
    ELSE COALESCE(trim(customer_id) = '', true) END"""
_RFC_2822 = "%a, %d %b %Y %H:%M:%S %z"
_SHAPES = {
    "rfc_2822": re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}"),
    "iso_8601": re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?.*)?"),
    "epoch": re.compile(r"\d{9,10}|\d{12,13}"),
}
_SHORT_YEAR = r"^\s*\d+[./-]\d+[./-]\d\d(\D|$)"  # the engine's %y would take one digit
_NO_INSTANT = "NULL::TIMESTAMPTZ"
_WORTH_TRYING = 50  # one date in so many is of a kind: the others leave it to the slow path


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileSource:
    """One part as a relation of texts.

    Parameters
    ----------
    relation
        A table function, or a query in brackets. Its columns are all VARCHAR.
    columns
        Our column to the SQL name of the relation's.
    sample
        Cells of our columns from the part's start: what the fast path prepares for.
    skipped
        SQL for why a row is nobody's event, empty for a row to read.
    """

    relation: str
    columns: Mapping[str, str]
    sample: Mapping[str, Iterable[str]]
    skipped: str = "''"


def read_rows(source: FileSource, *, reading: Reading) -> str:
    """Return the query that reads a part's rows, in their order where the session keeps it.

    Its columns: customer_id, event, occurred_at, amount (NULL where odd), currency, ``PLAIN``,
    ``CONSENTS``, odd, ``TEXTS``. Only those that a query over it names cost anything. Under it the
    session's time zone must be ``reading.time_zone``, and it must know the type ``EVENT``.
    """
    cell = _Cells(source, reading)
    texts = ", ".join(f"{name} AS {column}" for column, name in cell.texts().items())
    # Numbers are read only where money counts: most rows of a shop are views.
    unread = " OR ".join(map(cell.odd_consent, CONSENTS))
    unknown = f"{_BLANK_ID} OR occurred_at IS NULL OR NOT ({_in_range(reading)})"
    odd = f"""(event IS NULL OR event IN {VOIDS} AND ({unknown}) OR event NOT IN {UNCOUNTED} AND (
        {unknown} OR {unread}
        OR event NOT IN {WITHOUT_MONEY} AND (money IS NULL OR refunded IS NULL
            OR {cell.lacks_quantity()})))"""
    return f"""
    SELECT customer_id, {event_meant()} AS event, occurred_at, {amount_meant()} AS amount,
        {cell.currency()} AS currency, {", ".join(map(_as_stored, PLAIN))},
        {", ".join(CONSENTS)}, {odd} AS odd,
        {", ".join(TEXTS)}, skipped
    FROM (
        SELECT *, {cell.money()} AS money, {cell.returned()} AS returned FROM (
            SELECT *, {", ".join(cell.numbers())} FROM (
                SELECT {texts}, {cell.event()} AS event, {cell.instant()} AS occurred_at,
                    {", ".join(f"{cell.consent(one)} AS {one}" for one in CONSENTS)},
                    {source.skipped} AS skipped
                FROM {source.relation}
            ) AS dated
        ) AS numbered
    ) AS parsed"""  # noqa: S608 (our own names)


def create_event_type(connection: Connection) -> None:
    """Make the type ``EVENT`` known."""
    words = ", ".join(text(event) for event in (*EVENTS, *UNCOUNTED))
    connection.execute(f"CREATE TYPE {EVENT} AS ENUM ({words})")


def absent(source: FileSource, *, reading: Reading) -> dict[str, str]:
    """Return, of the columns that an event has beside its facts, SQL for those the part lacks."""
    cell = _Cells(source, reading)
    values = {"currency": cell.constant_currency()} | {name: cell.constant(name) for name in BESIDE}
    return {name: value for name, value in values.items() if name not in source.columns}


def product_meant(column: str, *, event: str = "event") -> str:
    """Return SQL for a column of a row's product, which only rows with money keep."""
    return f"CASE WHEN {event} IN {WITHOUT_MONEY} THEN NULL ELSE {column} END"


def _as_stored(column: str) -> str:
    if column not in PRODUCT:
        return column
    cell = product_sql(column) if column in PRODUCT_CELLS else column
    return f"{product_meant(cell)} AS {column}"


def event_meant() -> str:
    """Return SQL for what a row's event is once its sign is known: a sale sent back is none."""
    return f"CASE WHEN event IN {SALES} AND returned THEN '{REFUNDED}'::{EVENT} ELSE event END"


def amount_meant() -> str:
    """Return SQL for the signed money of a row, before any rate."""
    return f"""CAST(CASE WHEN event IN {WITHOUT_MONEY} THEN 0
        WHEN event IN {RETURNS} OR returned THEN -abs(money) ELSE money - refunded END
        AS DECIMAL(18, 4))"""


class _Cells:
    """SQL for each cell of a row. NULL where the slow path must look."""

    def __init__(self, source: FileSource, reading: Reading) -> None:
        self._source = source
        self._reading = reading

    def texts(self) -> dict[str, str]:
        """Return what is taken as it came: our name for a cell, and the cell."""
        named = {name: self._raw(column) for name, column in _TEXT_OF.items()}
        if not self._has("event_name"):
            named["event_text"] = text(PURCHASED)
        plain = ("customer_id", "currency", *PLAIN)
        return {name: self._raw(name) for name in plain} | named

    def constant(self, column: str) -> str:
        """Return what a column holds that the part lacks."""
        value = self._reading.mapping.constants.get(column)
        return "NULL::VARCHAR" if value is None else text(value)

    def currency(self) -> str:
        return "upper(trim(currency))"

    def constant_currency(self) -> str:
        return f"upper(trim({self.constant('currency')}))"

    def event(self) -> str:
        if not self._has("event_name"):
            return f"{text(PURCHASED)}::{EVENT}"
        words = {PURCHASED, *self._source.sample["event_name"]}
        cases = []
        for word in sorted(words):
            event = event_of(word, own=self._reading.mapping.events) if word.strip() else None
            if event is not None:
                cases.append(f"WHEN {text(word)} THEN {text(event)}::{EVENT}")
        cell, blank = self._raw("event_name"), self._reading.mapping.blank_event
        if blank:
            cases.append(f"WHEN '' THEN {text(blank)}::{EVENT}")
            cell = f"COALESCE({cell}, '')"
        return f"CASE {cell} {' '.join(cases)} END"

    def instant(self) -> str:
        cell = self._raw("date")
        dates = self._reading.dates
        if dates.pattern:
            return _strptime(cell, dates.pattern) if is_portable(dates.pattern) else _NO_INSTANT
        kinds = _kinds(self._source.sample["date"], dates)
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
        tried = ", ".join(attempts.get(kind) or _strptime(cell, kind) for kind in kinds)
        return f"COALESCE({tried})" if len(kinds) > 1 else tried

    def consent(self, column: str) -> str:
        if not self._has(column):
            return self.constant(column)
        cases = (
            f"WHEN {text(spelling)} THEN {text(meant)}" for spelling, meant in SPELLINGS.items()
        )
        return f"CASE {self._raw(column)} {' '.join(cases)} END"

    def odd_consent(self, column: str) -> str:
        """Return whether the cell has an unusual spelling, over ``texts``."""
        odd = f"{column}_text IS NOT NULL AND {column} IS NULL"
        return odd if self._has(column) else "false"

    def lacks_quantity(self) -> str:
        """Return whether a price has no quantity, over ``texts``. The slow path counts them."""
        if not (self._has("quantity") and self._has("unit_price")):
            return "false"
        return "quantity_text IS NULL AND amount_text IS NULL"

    def numbers(self) -> list[str]:
        """Return the numbers of rows whose money counts, as columns over ``texts``."""
        read = {
            "price": self._number("price_text"),
            "quantity": "CASE WHEN quantity_text IS NULL THEN 1 "
            "WHEN NOT contains(quantity_text, '.') AND length(quantity_text) < 9 "
            "THEN try_cast(quantity_text AS DECIMAL(9, 0)) END::DECIMAL(9, 0)",
            "given": self._number("amount_text"),
            "refunded": "CASE WHEN refunded_text IS NULL THEN 0 "
            f"ELSE abs({self._number('refunded_text')}) END",
        }
        constants = {"quantity": "1::DECIMAL(9, 0)", "refunded": "0::DECIMAL(18, 4)"}
        return [
            f"CASE WHEN event NOT IN {WITHOUT_MONEY} THEN {number} END AS {name}"
            if self._has(_COLUMN_OF[name])
            else f"{constants.get(name, 'NULL::DECIMAL(18, 4)')} AS {name}"
            for name, number in read.items()
        ]

    def money(self) -> str:
        """Return the row's money over ``numbers``, without its sign's meaning."""
        product = "try_cast(price * quantity AS DECIMAL(18, 4))"
        if not self._has("amount"):
            return product
        return f"CASE WHEN amount_text IS NULL THEN {product} ELSE given END"

    def returned(self) -> str:
        """Return whether what was bought went back, over ``numbers``."""
        price = "amount_text IS NULL AND price < 0" if self._has("amount") else "price < 0"
        return f"COALESCE(given < 0, false) OR COALESCE({price}, false) OR quantity < 0 IS TRUE"

    def _may_lack_decimals(self) -> bool:
        named = self._source.sample.get("currency", ())
        return any(currency_of(cell) in WITHOUT_DECIMALS for cell in named)

    def _has(self, column: str) -> bool:
        return column in self._source.columns

    def _raw(self, column: str) -> str:
        return self._source.columns.get(column, self.constant(column))

    def _number(self, cell: str) -> str:
        """Return a number of at most 4 places. The engine would round more, and reads 1_000."""
        plain, mark = cell, "."
        if self._reading.mark == "comma":
            plain, mark = f"replace({cell}, ',', '.')", ","
        also = f"NOT contains({cell}, '.') AND " if mark == "," else ""
        if self._may_lack_decimals():  # where they do, three places are a thousand
            places = f"length({cell}) - instr({cell}, '{mark}')"
            also += f"(instr({cell}, '{mark}') = 0 OR {places} <> 3) AND "
        return (
            f"CASE WHEN {also}NOT contains({cell}, '_') AND (instr({cell}, '{mark}') = 0 "
            f"OR length({cell}) - instr({cell}, '{mark}') <= 4) "
            f"THEN try_cast({plain} AS DECIMAL(18, 4)) END"
        )


def _in_range(reading: Reading) -> str:
    latest = min(LATEST, reading.dates.latest)
    return f"""occurred_at >= TIMESTAMPTZ '{EARLIEST.isoformat(" ")}'
        AND occurred_at < TIMESTAMPTZ '{latest.isoformat(" ")}'"""


def _strptime(cell: str, form: str) -> str:
    instant = f"try_strptime({cell}, {text(form)})::TIMESTAMPTZ"
    if "%y" not in form:
        return instant
    return f"CASE WHEN regexp_matches({cell}, {text(_SHORT_YEAR)}) THEN {instant} END"


def _kinds(cells: Iterable[str], dates: Dates) -> list[str]:
    """Return the usual kinds of dates: the names of shapes, and formats of numbers."""
    counts: collections.Counter[str] = collections.Counter()
    for cell in cells:
        known = next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(cell)), "")
        kind = known or usual_form(cell, dates=dates)
        if kind:
            counts[kind] += 1
    worth = counts.total() / _WORTH_TRYING
    return [kind for kind, count in counts.most_common() if count >= worth] or ["iso_8601"]

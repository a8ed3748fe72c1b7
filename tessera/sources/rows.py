"""A row's texts read into an event, or into the code of its fault: one place for what a row means.

Each distinct text is read once, by the functions beside this module. The rest costs little.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, NamedTuple

from tessera.events.consent import CONSENTS, parse_consent
from tessera.events.countable import LIMIT
from tessera.events.currency_names import WITHOUT_DECIMALS, among, currency_of, merge
from tessera.events.names import (
    REFUNDED,
    RETURNS,
    SALES,
    UNCOUNTED,
    VOIDS,
    WITHOUT_MONEY,
    event_of,
    may_lack_money,
)
from tessera.events.persons.reading import DEFAULT_RULES, STAND_INS, IdRules, KnownId, is_refused
from tessera.events.reasons import (
    AMOUNT_OUT_OF_RANGE,
    BAD_AMOUNT,
    CURRENCY_CONFLICT,
    DOUBTFUL_ID,
    MISSING_AMOUNT,
    OTHER_CURRENCY,
    UNKNOWN_EVENT,
    Unreadable,
)
from tessera.sources.amounts import Mark, Money, parse_money
from tessera.sources.dates.instants import UNSPECIFIED, parse_instant, zone_of
from tessera.sources.dates.order import Dates
from tessera.sources.mappings import HeaderMapping
from tessera.sources.memory import Memory
from tessera.sources.skipped_rows import CODES

Cell = str | None  # None: the file's cell is blank
Cells = Mapping[str, Sequence[Cell]]  # our column to its cells, all of one length
FACTS = (
    "customer_id", "date", "event_name", "unit_price", "quantity", "amount", "refunded_amount",
    "currency", "order_id", "ad_consent", "email_consent",
)  # fmt: skip
_MONEY = ("unit_price", "quantity", "amount", "refunded_amount")
_MONEYS = 100_000  # of texts of money that are remembered apart from what else a row says
_CENT_OF_CENT = Decimal("0.0001")
_NOTHING = Decimal(0)
_EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """How cells are read: decimal mark, dates, time zone, the mapping's own words, and ids."""

    mark: Mark
    time_zone: str
    mapping: HeaderMapping
    dates: Dates = UNSPECIFIED
    ids: IdRules = DEFAULT_RULES


@dataclasses.dataclass(frozen=True, kw_only=True)
class Currency:
    """The tenant's currency, and what others are worth in it. Empty when it is not known."""

    code: str
    rates: Mapping[str, str]


class ReadRow(NamedTuple):  # made in a sixth of a frozen dataclass's time, for every row
    """What a row means. ``code`` names its fault, and then nothing else counts.

    ``event`` is one of UNCOUNTED for a row that is no event, which has an instant only where it is
    one of VOIDS. An event without ``customer_id`` is of the customer that ``stand_in`` names, and
    without both it is anonymous. Whose a row is, and the ``doubt`` about its id, hold for rows
    with a fault too.
    """

    code: str | None
    event: str | None = None
    occurred_at: dt.datetime | None = None
    amount: Decimal | None = None
    ad_consent: str | None = None
    email_consent: str | None = None
    customer_id: str | None = None
    stand_in: str | None = None
    doubt: str = ""
    one_assumed: bool = False


@dataclasses.dataclass(frozen=True)
class Consent:
    """A cell's answer on consent, or the code of its fault."""

    answer: str | None = None
    code: str | None = None


class _What(NamedTuple):
    """What a row says beside whose it is and when, or the code of its first fault."""

    code: str | None
    event: str | None = None
    amount: Decimal | None = None
    ad_consent: str | None = None
    email_consent: str | None = None
    one_assumed: bool = False


class TextReader:
    """Reads the texts of single cells. What cannot be read gives the code of its fault.

    Parameters
    ----------
    reading
        How cells are read.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._zone = zone_of(reading.time_zone)

    def instant(self, text: Cell) -> dt.datetime | str:
        """Return when something happened."""
        try:
            return parse_instant(text or "", zone=self._zone, dates=self._reading.dates)
        except Unreadable as error:
            return error.reason.code

    def event(self, text: Cell) -> str | None:
        """Return what happened, or None when the text names no event."""
        mapping = self._reading.mapping
        if not (text or "").strip():
            return mapping.blank_event or None
        if text in CODES:
            return text
        return event_of(text or "", own=mapping.events)

    def money(self, texts: tuple[Cell, ...]) -> Money | str:
        """Return what unit price, quantity, amount and refunded amount say together."""
        price, quantity, amount, refunded = texts
        try:
            return parse_money(
                unit_price=price,
                quantity=quantity,
                amount=amount,
                refunded=refunded,
                mark=self._reading.mark,
            )
        except Unreadable as error:
            return error.reason.code

    def consent(self, text: Cell) -> Consent:
        """Return the answer on consent."""
        try:
            return Consent(parse_consent(text))
        except Unreadable as error:
            return Consent(code=error.reason.code)


class RowReader:
    """Reads rows, and remembers the texts that it has read.

    Parameters
    ----------
    reading
        How cells are read.
    currency
        What money is worth.
    """

    def __init__(self, reading: Reading, *, currency: Currency) -> None:
        self._currency = currency
        self._known = frozenset((currency.code, *currency.rates))
        self._rates = {
            code: Decimal(rate) for code, rate in currency.rates.items() if code != currency.code
        }
        texts = TextReader(reading)
        self._instants = Memory(texts.instant)
        self._events = Memory(texts.event)
        self._moneys = Memory(texts.money, most=_MONEYS)
        self._consents = Memory(texts.consent)
        self._currencies = Memory(self._named)
        self._whats = Memory(self._what)
        self._ids = Memory(reading.ids.read)
        self._stand_ins = Memory(reading.ids.stand_in)

    def read(self, cells: Cells) -> Iterator[ReadRow]:
        """Yield what each row says.

        Parameters
        ----------
        cells
            At least ``FACTS``, and ``STAND_INS``.
        """
        has_order = [bool(cell and cell.strip()) for cell in cells["order_id"]]
        columns = [cells[name] for name in ("event_name", *_MONEY, "currency", *CONSENTS)]
        return map(
            self._row,
            map(self._ids.__getitem__, cells["customer_id"]),
            zip(*(cells[name] for name in STAND_INS), strict=True),
            map(self._instants.__getitem__, cells["date"]),
            map(self._whats.__getitem__, zip(*columns, has_order, strict=True)),
        )

    def currencies(self, cells: Cells) -> Iterator[str]:
        """Yield which currency each sound row names, in its column or beside its amounts."""
        for row, cell, money in zip(
            self.read(cells), cells["currency"], self._read_moneys(cells), strict=True
        ):
            beside = "" if isinstance(money, str) or row.event in WITHOUT_MONEY else money.currency
            sound = row.code in (None, OTHER_CURRENCY.code) and row.event not in UNCOUNTED
            yield (merge(currency_of(cell or ""), beside) or "") if sound else ""

    def _read_moneys(self, cells: Cells) -> Iterator[Money | str]:
        return map(self._moneys.__getitem__, zip(*(cells[name] for name in _MONEY), strict=True))

    def _row(
        self,
        known: KnownId,
        contacts: tuple[Cell, ...],
        instant: dt.datetime | str,
        what: _What,
    ) -> ReadRow:
        stand_in = None if known.person is not None else self._stand_ins[contacts]
        who = (known.person, stand_in, known.doubt)
        code, event, amount, ad_consent, email_consent, one_assumed = what
        if event in UNCOUNTED:
            # The date of a void order distinguishes it from another order of its number.
            of_order = instant if event in VOIDS and not isinstance(instant, str) else None
            return ReadRow(None, event, of_order, None, None, None, *who)
        if is_refused(known, stand_in=stand_in):
            return ReadRow(DOUBTFUL_ID.code, doubt=known.doubt)
        if isinstance(instant, str):
            return ReadRow(instant, None, None, None, None, None, *who)
        if code is not None:
            return ReadRow(code, None, None, None, None, None, *who)
        return ReadRow(None, event, instant, amount, ad_consent, email_consent, *who, one_assumed)

    def _what(self, texts: tuple[Any, ...]) -> _What:
        """Read all that a row says beside whose it is and when."""
        event_name, *amounts, currency, ad_cell, email_cell, has_order = texts
        event = self._events[event_name]
        if event in UNCOUNTED:
            return _What(None, event)
        money = self._moneys[tuple(amounts)]
        consents = [self._consents[cell] for cell in (ad_cell, email_cell)]
        unread = next((one.code for one in consents if one.code), None)
        code = _fault(event, money, has_order=has_order) or unread
        if code is not None or event is None:
            return _What(code or UNKNOWN_EVENT.code)
        ad_consent, email_consent = (one.answer for one in consents)  # in the order of CONSENTS
        if event in WITHOUT_MONEY or isinstance(money, str):
            fault, _ = self._currencies[currency, ""]
            if fault:
                return _What(fault)
            return _What(None, event, _NOTHING, ad_consent, email_consent)
        what = self._moved(event, money, currency)
        return what._replace(ad_consent=ad_consent, email_consent=email_consent)

    def _moved(self, event: str, money: Money, currency: Cell) -> _What:
        """Return what a row with money says, without its consents."""
        fault, own = self._currencies[currency, money.currency]
        if fault:
            return _What(fault)
        if money.three_places and own in WITHOUT_DECIMALS:
            return _What(BAD_AMOUNT.code)
        amount = self._converted(_signed(event, money), own)
        if amount is None:
            return _What(AMOUNT_OUT_OF_RANGE.code)
        meant = REFUNDED if event in SALES and money.returned else event
        return _What(None, meant, amount, one_assumed=money.one_assumed)

    def _named(self, names: tuple[Cell, str]) -> tuple[str, str]:
        """Return the fault of a row's currency, or the currency that it counts in."""
        cell, beside = names
        currency = merge(currency_of(cell or ""), beside)
        if currency is None:
            return CURRENCY_CONFLICT.code, ""
        own = among(currency, self._known, own=self._currency.code)
        return (OTHER_CURRENCY.code, "") if own is None else ("", own)

    def _converted(self, amount: Decimal, currency: str) -> Decimal | None:
        rate = self._rates.get(currency)
        if rate is None:
            return amount
        converted = _EXACT.quantize(_EXACT.multiply(amount, rate), _CENT_OF_CENT)
        return None if abs(converted) >= LIMIT else converted


def _fault(event: str | None, money: Money | str, *, has_order: bool) -> str | None:
    """Return the code of the first fault after that of the date, in the order of judging."""
    if event is None:
        return UNKNOWN_EVENT.code
    if isinstance(money, Money) or event in WITHOUT_MONEY:
        return None
    lacks = money == MISSING_AMOUNT.code
    return None if lacks and may_lack_money(event, has_order=has_order) else money


def _signed(event: str, money: Money) -> Decimal:
    if event in RETURNS or money.returned:
        return -abs(money.amount)
    return money.amount - money.refunded

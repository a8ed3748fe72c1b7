"""What a column of texts holds: numbers, flags, dates, categories, or a person's details."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from tessera.customers.subscriptions.attributes import Attribute, Bools, Floats, Ints, Kind
from tessera.events.names import normalised
from tessera.events.reasons import Unreadable
from tessera.sources.amounts import Mark, parse_number
from tessera.sources.dates.instants import parse_instant
from tessera.sources.recognition.contract import BY_NAME

MOST_LEVELS = 64  # distinct texts of a category
UNKNOWN = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-"))
YES = frozenset(("yes", "y", "true", "t", "on", "1", "1.0"))
NO = frozenset(("no", "n", "false", "f", "off", "0", "0.0"))

_FEW = 3  # texts that may each stand once
_CLEAR = 0.95  # of the customers with a value: the others' are slips, and count as unknown
_PERSONAL = frozenset(
    (
        "name", "firstname", "lastname", "surname", "givenname", "familyname", "fullname", "mail",
        "emailaddress", "phone", "phonenumber", "mobile", "mobilephone", "mobilenumber", "tel",
        "telephone", "fax", "street", "streetaddress", "address1", "addressline1", "address2",
        "addressline2", "billingaddress", "shippingaddress", "iban", "ssn", "passport", "ip",
        "ipaddress", "deviceid", "dateofbirth", "birthdate",
        *BY_NAME["username"].accepted, *BY_NAME["address"].accepted,
        *BY_NAME["email"].accepted, *BY_NAME["phone"].accepted,
    )
)  # fmt: skip
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(
    r"\+\d[\d\s()./-]{6,}"
    r"|(?!\d{1,3}(?: \d{3})+$)\(?\d{2,5}\)?[\s/-]\d[\d\s()/-]{4,}\d"  # 12 345 678 is a number
)
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_NUMBERISH = re.compile(r"[-+(]?\s*[^\w\s.,]?\s?\d[\d.,\s'’]*[^\w\s]?\)?-?")
_DATEISH = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ T].*)?")
_FIRST_DATES = 20  # if none of so many texts is a date, the column has no dates
_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, eq=False)
class Texts:
    """One column of a file, each distinct text once.

    Parameters
    ----------
    header
        The file's own.
    codes : shape (n,)
        Each row's place in ``distinct``.
    distinct
        The texts, stripped, in order of first appearance.
    """

    header: str
    codes: Ints
    distinct: Sequence[str]

    @property
    def unknown(self) -> Bools:
        """Which of the distinct texts say nothing."""
        return np.array([text.casefold() in UNKNOWN for text in self.distinct], np.bool_)

    def rows(self) -> Ints:
        """Return how many rows have each of the distinct texts."""
        return np.bincount(self.codes, minlength=len(self.distinct)).astype(np.int64)


def numbers_of(columns: Iterable[Texts]) -> set[str]:
    """Return the amounts with a mark in columns of numbers: they show decimal point or comma."""
    amounts: set[str] = set()
    for column in columns:
        texts = [t for t in column.distinct if t.casefold() not in UNKNOWN]
        alike = [t for t in texts if _NUMBERISH.fullmatch(t) and not _DATEISH.fullmatch(t)]
        if len(alike) >= _CLEAR * len(texts):
            amounts.update(text for text in alike if "." in text or "," in text)
    return amounts


def typed(column: Texts, *, mark: Mark, zone: dt.tzinfo) -> tuple[Attribute | None, str]:
    """Return a column with its type, and a note. The column is None when it is omitted.

    Personal details are omitted by header and by look. A column of numbers or dates may have
    slips: up to a twentieth of its customers count as unknown.
    """
    if normalised(column.header) in _PERSONAL:
        return None, "personal details do not belong in a model"
    unknown = column.unknown
    texts = [text for text, absent in zip(column.distinct, unknown, strict=True) if not absent]
    if not texts:
        return None, "it is empty"
    rows = column.rows()[~unknown]
    for pattern, what in ((_EMAIL, "e-mail addresses"), (_PHONE, "phone numbers")):
        if _share(pattern, texts, rows) > 0.5 and not _all_dates(texts):
            return None, f"it looks like {what}"
    for kind, needed, values in _readings(texts, mark=mark, zone=zone):
        read = ~np.isnan(values)
        if rows[read].sum() >= needed * rows.sum():
            slips = int(rows[~read].sum())
            note = f"{slips:,} values are no {kind} and count as unknown" if slips else ""
            return Attribute(column.header, kind, _spread(values, column)), note
    return _category(column, texts)


def as_flag(text: str) -> float:
    """Return 1 or 0 for a word that means yes or no, NaN for any other."""
    word = text.casefold()
    return 1.0 if word in YES else 0.0 if word in NO else float("nan")


def as_days(text: str, zone: dt.tzinfo) -> float:
    """Return a date's local day as days since 1970-01-01, NaN for any other text."""
    try:
        day = parse_instant(text, zone=zone).astimezone(zone).date()
    except Unreadable:
        return float("nan")
    return float((day - _EPOCH).days)


def _readings(
    texts: Sequence[str], *, mark: Mark, zone: dt.tzinfo
) -> Iterator[tuple[Kind, float, Floats]]:
    """Yield each kind, the share of customers that must be of it, and the values as that kind."""
    yield "flag", 1.0, np.array([as_flag(text) for text in texts])
    yield "number", _CLEAR, np.array([_number(text, mark) for text in texts])
    yield "date", _CLEAR, _dates(texts, zone)


def _dates(texts: Sequence[str], zone: dt.tzinfo) -> Floats:
    first = [as_days(text, zone) for text in texts[:_FIRST_DATES]]
    if np.isnan(first).all():
        return np.full(len(texts), np.nan)
    return np.array([*first, *(as_days(text, zone) for text in texts[_FIRST_DATES:])])


def _number(text: str, mark: Mark) -> float:
    plain = text.removesuffix("%").rstrip()
    if mark == "dot" and _PLAIN.fullmatch(plain):
        return float(plain)
    try:
        return float(parse_number(plain, mark=mark))
    except Unreadable:
        return float("nan")


def _category(column: Texts, texts: Sequence[str]) -> tuple[Attribute | None, str]:
    levels = sorted(set(texts))
    given = int(column.rows()[~column.unknown].sum())
    if len(levels) > MOST_LEVELS:
        return None, (
            f"it has {len(levels):,} different texts; a category may have {MOST_LEVELS}. Group "
            "them, if they predict anything"
        )
    if len(levels) > max(_FEW, given / 2):
        return None, "its texts hardly repeat"
    place = {text: float(index) for index, text in enumerate(levels)}
    values = np.array([place[text] for text in texts])
    return Attribute(column.header, "category", _spread(values, column), tuple(levels)), ""


def _spread(values: Floats, column: Texts) -> Floats:
    """Return the known texts' values as one value a row."""
    table = np.full(len(column.distinct), np.nan)
    table[~column.unknown] = values
    return np.asarray(table[column.codes], np.float64)


def _share(pattern: re.Pattern[str], texts: Sequence[str], rows: Ints) -> float:
    alike = np.array([pattern.fullmatch(text) is not None for text in texts])
    return float(rows[alike].sum() / rows.sum())


def _all_dates(texts: Sequence[str]) -> bool:
    return all(_DATEISH.fullmatch(text) for text in texts)

"""A mapping proposed for a file that we don't know, by its headers and what is in its first rows.

It is a proposal that a person reads before anything is counted: nothing applies it on its own.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Sequence

from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.events.reasons import Unreadable
from tessera.settings import RunSettings
from tessera.sources.amounts import parse_number
from tessera.sources.recognition.contract import BY_NAME
from tessera.sources.recognition.decision import mapping_of
from tessera.sources.recognition.headers import match
from tessera.sources.toml_text import to_toml

Row = Sequence[str | None]
_MOSTLY = 0.8
_CLOSE = 0.75
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ,]+\d{1,4}.*|\d{4}-?\d{2}-?\d{2}.*")
_ORDER = re.compile(r"#?[A-Za-z]{0,6}[-_#]?\d[\w-]*")
_PERSON = re.compile(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+)+\.?")
_PLACES = re.compile(r"\d[.,]\d{2}(?!\d)")


@dataclasses.dataclass(frozen=True)
class Guess:
    """A header that may hold one of our columns, and why."""

    column: str
    header: str
    why: str


@dataclasses.dataclass(frozen=True)
class Proposal:
    """What a file's columns may mean, and what could not be proposed."""

    guesses: tuple[Guess, ...]
    missing: tuple[str, ...]

    def to_toml(self) -> str:
        """Return the settings that apply it."""
        reasons = "".join(f"# {each.column}: {each.why}.\n" for each in self.guesses)
        missing = "".join(f'# {name} = "…"  # no column looks like it\n' for name in self.missing)
        head = "# A proposal: check every line against your file before you use it.\n"
        table = to_toml({"columns": {each.column: each.header for each in self.guesses}})
        return f"{head}{reasons}\n{table}{missing}"


def propose(header: Sequence[str], sample: Sequence[Row]) -> Proposal:
    """Return what a file's columns may mean.

    Parameters
    ----------
    header, sample
        The file's column names and its first rows.
    """
    columns = [_Column(name, _cells(sample, place)) for place, name in enumerate(header) if name]
    taken: list[Guess] = []
    for name, by_content in _BY_CONTENT.items():
        free = [column for column in columns if column.name not in {g.header for g in taken}]
        if name == "customer_id":  # a name is no key: several people can share it
            free = [column for column in free if not column.mostly(_is_persons_name)]
        guess = _by_name(name, free) or (by_content(name, free) if by_content else None)
        if guess is not None:
            taken.append(guess)
    named = {guess.column for guess in taken}
    if "unit_price" in named and "quantity" not in named and "amount" in named:
        taken = [guess for guess in taken if guess.column != "unit_price"]
    required = ("customer_id", "date", "amount")
    missing = tuple(name for name in required if name not in {g.column for g in taken})
    return Proposal(tuple(taken), missing)


def check_unknown(header: Sequence[str], *, settings: RunSettings, name: str) -> None:
    """Refuse a known export, whose own mapping is right where a proposal is a guess.

    An export that lacks a required column may have it by another name, so it is let through.

    Raises
    ------
    InvalidInput
        The file is a known export, which needs no proposal or can't be read at all.
    """
    mapping = mapping_of(header, settings=settings)
    if not mapping.shipped:
        return
    try:
        match(header, mapping=mapping, name=name)
    except InvalidInput:
        if mapping.refused:
            raise
        return
    raise InvalidInput(
        f"{name} is {mapping.title}, which is read without a proposal: run `tessera validate`. To "
        'name its columns on your own, set mapping = "none"'
    )


@dataclasses.dataclass(frozen=True)
class _Column:
    name: str
    cells: Sequence[str]

    def mostly(self, holds: Callable[[str], bool]) -> bool:
        """Return whether most of its cells are so."""
        return bool(self.cells) and sum(map(holds, self.cells)) >= _MOSTLY * len(self.cells)

    @property
    def share_of_different(self) -> float:
        return len(set(self.cells)) / len(self.cells) if self.cells else 0.0


def _by_name(name: str, columns: Sequence[_Column]) -> Guess | None:
    known = list(BY_NAME[name].accepted)
    for column in columns:
        if normalised(column.name) in known:
            return Guess(name, column.name, f"{column.name!r} is one of its names")
    for column in columns:
        if difflib.get_close_matches(normalised(column.name), known, n=1, cutoff=_CLOSE):
            return Guess(name, column.name, f"{column.name!r} is close to one of its names")
    return None


def _customer(name: str, columns: Sequence[_Column]) -> Guess | None:
    for column in columns:
        if column.mostly(lambda cell: bool(_EMAIL.fullmatch(cell))):
            return Guess(name, column.name, f"{column.name!r} holds e-mail addresses")
    return None


def _date(name: str, columns: Sequence[_Column]) -> Guess | None:
    for column in columns:
        if column.mostly(lambda cell: bool(_DATE.fullmatch(cell))):
            return Guess(name, column.name, f"{column.name!r} holds dates")
    return None


def _amount(name: str, columns: Sequence[_Column]) -> Guess | None:
    """Propose the only column of amounts. Of several, propose none: a guess may be wrong."""
    money = [column for column in columns if column.mostly(_is_money)]
    if len(money) != 1:
        return None
    return Guess(name, money[0].name, f"{money[0].name!r} is the only column of amounts")


def _order(name: str, columns: Sequence[_Column]) -> Guess | None:
    for column in columns:
        words = re.split(r"[\W_]+", column.name.casefold())
        numbered = any(word in ("no", "nr", "id", "number", "num", "ref") for word in words)
        if numbered and column.share_of_different > 1 - _MOSTLY and column.mostly(_is_number_of):
            return Guess(name, column.name, f"{column.name!r} holds different numbers")
    return None


_BY_CONTENT: dict[str, Callable[[str, Sequence[_Column]], Guess | None] | None] = {
    "customer_id": _customer,
    "date": _date,
    "event_name": None,
    "unit_price": None,
    "quantity": None,
    "amount": _amount,
    "currency": None,
    "order_id": _order,
}


def _is_persons_name(cell: str) -> bool:
    return bool(_PERSON.fullmatch(cell))


def _is_money(cell: str) -> bool:
    if not _PLACES.search(cell):
        return False
    return any(_is_number(cell, mark) for mark in ("dot", "comma"))


def _is_number(cell: str, mark: str) -> bool:
    try:
        parse_number(cell, mark="comma" if mark == "comma" else "dot")
    except Unreadable:
        return False
    return True


def _is_number_of(cell: str) -> bool:
    return bool(_ORDER.fullmatch(cell))


def _cells(sample: Sequence[Row], place: int) -> list[str]:
    cells = ((row[place] or "").strip() for row in sample if place < len(row))
    return [cell for cell in cells if cell]

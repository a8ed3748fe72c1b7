"""What a customer can be searched by, as marks that name nobody: the keys of the search index.

A mark is a hash of the shop's id, of an address in its normal form, or of a phone number. With an
index alone, a term can be checked, and no id or address can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

MARK_BYTES = 8  # of ten million customers no two share a mark, by chance
_PHONE = re.compile(r"\+?[0-9 ()./-]{5,}")
_DIGITS = re.compile(r"\+?[0-9]+")
SIGNS = " ()./-"  # what people put between digits
_WITHOUT_SIGNS = str.maketrans("", "", SIGNS)


class SearchMarks:
    """Makes the marks of one tenant. Equal texts of two tenants, or of two kinds, differ.

    Parameters
    ----------
    tenant
        The customers' shop.
    """

    def __init__(self, tenant: str) -> None:
        self._kinds = {kind: f"{tenant}\0{kind}\0".encode() for kind in ("id", "address", "number")}

    @property
    def kinds(self) -> dict[str, bytes]:
        """What is hashed before a text, by its kind: for an engine that makes marks itself."""
        return dict(self._kinds)

    def of_ids(self, ids: Iterable[str]) -> bytes:
        """Return the marks of ids, one after the other."""
        return self._marks("id", ids)

    def of_addresses(self, addresses: Iterable[str]) -> bytes:
        """Return the marks of addresses."""
        return self._marks("address", (each.lower() for each in addresses))

    def of_numbers(self, numbers: Iterable[str]) -> bytes:
        """Return the marks of phone numbers, as ``digits_of`` gives them."""
        return self._marks("number", numbers)

    def of_term(self, term: str) -> tuple[tuple[int, ...], ...]:
        """Return the marks of a searched term, in groups: the first group that hits counts.

        Ids are compared as they are. E-mail addresses may differ in capitals, and phone numbers
        in blanks and signs between their digits. A number that is an id is no phone number.
        """
        wanted = term.strip()
        named = _numbers(self.of_ids([wanted]) + self.of_addresses([wanted]))
        if _PHONE.fullmatch(wanted) is None:
            return (named,)
        return named, _numbers(self.of_numbers([wanted.translate(_WITHOUT_SIGNS)]))

    def _marks(self, kind: str, texts: Iterable[str]) -> bytes:
        begin = self._kinds[kind]
        return b"".join([sha256(begin + text.encode()).digest()[:MARK_BYTES] for text in texts])


def digits_of(address: str) -> str:
    """Return the digits of an address that is a phone number, ``""`` for another."""
    digits = "" if "@" in address else address.translate(_WITHOUT_SIGNS)
    return digits if _DIGITS.fullmatch(digits) else ""


def _numbers(marks: bytes) -> tuple[int, ...]:
    """Return marks as the signed numbers that a table has."""
    return tuple(
        int.from_bytes(marks[at : at + MARK_BYTES], "big", signed=True)
        for at in range(0, len(marks), MARK_BYTES)
    )

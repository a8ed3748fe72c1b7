"""Ids that name nobody, and ids that a spreadsheet has changed."""

from __future__ import annotations

import dataclasses
import re

from tessera.events.persons.ids import normal_id

NOBODY, DAMAGED, FRACTION, ZEROS, CROWD = KINDS = (
    "nobody", "damaged", "fraction", "zeros", "crowd",
)  # fmt: skip
CROWDED = 20  # different addresses of one kind beyond which an id can't be one person
_WORDS = frozenset(
    """
    guest|guests|guest user|guest customer|guest checkout|null|none|nil|nan|n/a|n.a.|#n/a|#na|#ref!
    |#name?|#value!|#null!|#num!|#div/0!|undefined|unknown|anonymous|anon|(null)|(none)|(blank)
    |(not set)|not set|<null>|no customer|walk-in|walk in|walk-in customer|walk in customer|-1
    |00000000-0000-0000-0000-000000000000
    """.replace("\n", "").replace("    ", "").split("|")
)  # fmt: skip
_EMPTY = re.compile(r"[-\u2010-\u2015\u2212_.?*/\\'\"\s]*|0+(?:[.,]0+)?")
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,3}", re.ASCII)
_FRACTION = re.compile(r"(\d+)[.,]0+", re.ASCII)
_ENTIRE_DIGITS = 15  # all that a spreadsheet keeps

# For RE2: every id in doubt matches, and few others do.
SUSPECT = r"(?i).{0,3}|[0.,-]+|\d[0-9.,]*e\+\d+|\d+[.,]0+|[#(<].*|gu.*|n.*|un.*|anon.*|walk.*"


@dataclasses.dataclass(frozen=True)
class ReadId:
    """An id as it was read.

    Parameters
    ----------
    text
        The normal form, empty where the cell names nobody.
    doubt
        One of ``KINDS``, empty for an id like any other and for a blank cell.
    repaired
        For ``FRACTION``: the id without it.
    """

    text: str
    doubt: str = ""
    repaired: str = ""


def read_id(cell: str | None) -> ReadId:
    """Return what a cell says of who the customer is.

    Examples
    --------
    >>> read_id("Guest").doubt, read_id("17850.0").repaired, read_id(" ").text
    ('nobody', '17850', '')
    """
    text = normal_id(cell or "")
    if not text:
        return ReadId("")
    if _EMPTY.fullmatch(text) or text.casefold() in _WORDS:
        return ReadId(text, NOBODY)
    if _SHORTENED.fullmatch(text):
        return ReadId(text, DAMAGED)
    whole = _FRACTION.fullmatch(text)
    if whole is None:
        return ReadId(text)
    if len(whole[1]) > _ENTIRE_DIGITS:
        return ReadId(text, DAMAGED)
    return ReadId(text, FRACTION, whole[1])

"""The normal form of a customer's id, from which its pseudonym is made.

Two spellings of one id are one person: spaces around it, invisible characters and the two Unicode
forms of a letter (NFC and NFD) make no difference. In an id that is an e-mail address, neither does
letter case.
"""

from __future__ import annotations

import re
import unicodedata

from tessera.events.contact_points.characters import visible

# Ids that are normal already, and most are. Both patterns are for RE2 too.
USUAL = r"[!-?A-~](?:[ -?A-~]*[!-?A-~])?"
USUAL_EMAIL = r"[A-Za-z0-9._%+-]*[A-Za-z0-9_%+-]@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

_USUAL = re.compile(USUAL)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SCHEME = "mailto:"
_NUMBER = re.compile(r"\+?[\d\s()./-]+", re.ASCII)
_FLOAT = re.compile(r"(\+?\d{6,})\.0{1,2}", re.ASCII)  # a spreadsheet took it for a number
_TRUNK = re.compile(r"\(\s*0\s*\)")
_FEWEST, _MOST = 6, 17  # digits of a phone number, with 00 before it


def normal_id(text: str) -> str:
    """Return an id in its normal form, empty where nothing of it is visible.

    Examples
    --------
    >>> [normal_id(text) for text in ("A-17 ", " Ann@Mail.example", "mailto:ann@mail.example.")]
    ['A-17', 'ann@mail.example', 'ann@mail.example']
    """
    if _USUAL.fullmatch(text):
        return text
    shown = visible(text)
    if not shown.isascii():
        shown = visible(unicodedata.normalize("NFC", shown))
    return email_id(shown) or shown


def email_id(text: str) -> str:
    """Return a visible text as the id of its mailbox, empty where it is no e-mail address."""
    address = text.removeprefix("<").removesuffix(">")
    if address[: len(_SCHEME)].casefold() == _SCHEME:
        address = address[len(_SCHEME) :]
    address = address.rstrip(".")
    if not _EMAIL.fullmatch(address):
        return ""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).lower())


def phone_id(text: str) -> str:
    """Return a visible text as the id of its phone number, empty where it is none.

    Only what stands between digits is dropped: nothing is known here of countries' plans, so a
    number in national form stays another id than its international form.

    Examples
    --------
    >>> [phone_id(text) for text in ("+49 (0)30 901820", "0049 30/901820", "030 901820", "call me")]
    ['+4930901820', '+4930901820', '030901820', '']
    """
    whole = _FLOAT.fullmatch(text)
    shown = whole[1] if whole else text
    if not _NUMBER.fullmatch(shown):
        return ""
    if shown.startswith("+"):
        shown = _TRUNK.sub("", shown)
    digits = re.sub(r"\D", "", shown)
    if not _FEWEST <= len(digits) <= _MOST:
        return ""
    if shown.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits

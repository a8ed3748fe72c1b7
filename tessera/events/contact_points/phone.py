"""The normal form of a phone number: E.164, a plus, the calling code, the number.

A number that begins with a plus says its country. One in national form is read in a country that
is known from elsewhere, and only if it is a valid number there: a guess would send to, or hash, a
number of somebody else. Letters, a second number or an extension make a text unreadable.
"""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, ValidationResult

from tessera.events.contact_points.characters import visible

_E_164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
# What people put between digits: spaces, parentheses, points, hyphens and dashes, slashes.
_DASHES = r"\-\u2010-\u2015\u2043\u2212\u30fc\uff0d"
_BETWEEN = rf"\s()./\u00b7\u2022\u30fb\uff08\uff09\uff0e\uff0f{_DASHES}"
_NUMBER = re.compile(rf"[\s(\uff08]*[+\uff0b]?[\d{_BETWEEN}]+")
_LONGEST = 40
_FLOAT = re.compile(r"(\+?\d{6,})\.0{1,2}", re.ASCII)  # a spreadsheet took it for a number
_ALTERNATIVE = re.compile(r"/\D*(?:\d\D*){1,4}$")  # "901820/21" is two numbers
_TRUNK_IN_PARENTHESES = re.compile(r"\(\s*0\s*\)")
_TEXT_MARKS = "'\u2019"  # by which a spreadsheet, or our own export, says that a cell is text


def normal_phone(text: str, *, region: str = "") -> str:
    """Return a number as E.164 writes it, empty where it can't be read.

    Parameters
    ----------
    region
        The country of numbers in national form, by its two letters. Empty where it isn't known.

    Examples
    --------
    >>> [normal_phone(text) for text in ("+49 (0)30 901820", "0049 30 901820", "030 901820")]
    ['+4930901820', '+4930901820', '']
    >>> normal_phone("030 901820", region="DE")
    '+4930901820'
    """
    shown = visible(text)
    shown = shown[1:].lstrip() if shown[:1] in _TEXT_MARKS else shown
    if whole := _FLOAT.fullmatch(shown):
        shown = whole[1]
    if len(shown) > _LONGEST or not _NUMBER.fullmatch(shown) or _ALTERNATIVE.search(shown):
        return ""
    digits = _digits(shown)
    if "+" in shown or "\uff0b" in shown:
        return _international(digits) or _without_trunk(shown)
    national = _national(digits, region) if region else ""
    return national or (_valid(f"+{digits[2:]}", "") if digits.startswith("00") else "")


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(one)) for one in text if one.isdecimal())


def _international(digits: str) -> str:
    """Return a number with its calling code, if its length is one of that country's.

    Lengths alone, as numbering plans grow faster than a library's list of ranges.
    """
    number = _parsed(f"+{digits}", "")
    if number is None:
        return ""
    length = phonenumbers.is_possible_number_with_reason(number)
    written = _written(number) if length == ValidationResult.IS_POSSIBLE else ""
    # A prefix went, "(0)" for instance: of two in a row, either reading would be a guess.
    return (
        written if written in ("", f"+{digits}") or _international(written[1:]) == written else ""
    )


def _without_trunk(text: str) -> str:
    """Read "+34 (0)612 …" too: no 0 belongs there, and people put it there all the same."""
    shorter, replaced = _TRUNK_IN_PARENTHESES.subn("", text, count=1)
    return _valid(f"+{_digits(shorter)}", "") if replaced else ""


def _national(digits: str, region: str) -> str:
    """Return a number by the plan of a country, or with its calling code and the plus lost.

    Where numbers begin with a 0 to be dialled, those without it begin with the calling code
    rather than with an area: "491701234567" is +49 170, not an area 0491.
    """
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None:
        return ""
    code = str(metadata.country_code)
    if metadata.national_prefix and digits.startswith(code):
        return _valid(f"+{digits}", "") or _valid(digits, region)
    return _valid(digits, region)


def _valid(text: str, region: str) -> str:
    number = _parsed(text, region)
    return _written(number) if number is not None and phonenumbers.is_valid_number(number) else ""


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None


def _written(number: PhoneNumber) -> str:
    text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text if _E_164.fullmatch(text) else ""

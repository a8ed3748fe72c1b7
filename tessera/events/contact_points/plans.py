"""Numbers that are normal, or become so at once, as patterns by which whole columns are matched.

Each pattern is for RE2 too. It is narrower than ``normal_phone``: what it leaves is read one by
one, and what it matches would be read in the same way.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import defaultdict

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc

_DIGITS = "0123456789"
Pattern = tuple[str, frozenset[int]]


@functools.cache
def usual() -> str:
    """Return a pattern of numbers in E.164 that ``normal_phone`` returns as they are.

    By calling code it has the possible lengths, and the first digits with which no prefix of
    that country's plan begins.
    """
    codes: dict[str, list[str]] = defaultdict(list)
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        metadata = PhoneMetadata.metadata_for_region(regions[0], None)
        if metadata is not None:
            codes[_rest(metadata, len(str(code)))].append(str(code))
    choices = [f"(?:{'|'.join(alike)}){rest}" for rest, alike in codes.items() if rest]
    return rf"^\+(?:{'|'.join(choices)})$"


def _rest(metadata: PhoneMetadata, taken: int) -> str:
    prefix = metadata.national_prefix_for_parsing or ""
    first = "".join(sorted(set(_DIGITS) - begins_of(prefix)))
    lengths = _lengths(metadata.general_desc, taken=taken)
    if not first or not lengths:
        return ""
    return rf"[{first}](?:{'|'.join(rf'[0-9]{{{length - 1}}}' for length in lengths)})"


@dataclasses.dataclass(frozen=True)
class NationalPlan:
    """How numbers in national form become E.164 in a country where that is simple.

    Parameters
    ----------
    code
        The calling code.
    trunk
        The digit that national form may have before the number, empty for none. Digits without
        it that begin with ``code`` may be a number whose plus is lost: they are left.
    given
        A pattern of the digits as given: no call abroad, and no two prefixes.
    general, kinds
        Patterns of the number without its trunk digit, and its lengths: it is valid if it meets
        the general one and one of the others.
    """

    code: str
    trunk: str
    given: str
    general: Pattern
    kinds: tuple[Pattern, ...]


@functools.cache
def national_plan(region: str) -> NationalPlan | None:
    """Return the plan of a country, None where only ``normal_phone`` can read it."""
    metadata = PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.leading_digits or not _is_main(metadata, region):
        return None
    trunk, prefix = metadata.national_prefix or "", metadata.national_prefix_for_parsing or ""
    abroad = metadata.international_prefix or ""
    if prefix not in ("", trunk) or abroad not in ("00", "011"):
        return None
    kinds = (metadata.general_desc, metadata.mobile, metadata.fixed_line)
    code = str(metadata.country_code)
    patterns = [
        (rf"^(?:{one.national_number_pattern})$", frozenset(_lengths(one, taken=len(code))))
        for one in kinds
        if one is not None and one.national_number_pattern
    ]
    first = "".join(sorted(set(_DIGITS) - {"0", trunk}))
    return NationalPlan(
        code=code,
        trunk=trunk,
        given=rf"^{trunk}?[{first}][0-9]*$" if trunk else "^0?[1-9][0-9]*$",
        general=patterns[0],
        kinds=tuple(patterns[1:]),
    )


def _is_main(metadata: PhoneMetadata, region: str) -> bool:
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[metadata.country_code or 0]
    return bool(regions[0] == region)


def _lengths(desc: PhoneNumberDesc | None, *, taken: int) -> list[int]:
    """Return the lengths of numbers that E.164 has room for, beside the calling code's digits."""
    known = desc.possible_length if desc else ()
    return [length for length in known if length > 0 and 7 <= length + taken <= 15]


def begins_of(prefix: str) -> frozenset[str]:
    """Return the digits with which a text that a pattern matches may begin, or more than these."""
    ranges = re.sub(r"(\d)-(\d)", lambda ends: _spelled_out(*map(int, ends.groups())), prefix)
    anything = r"(?:^|[(|:])(?:\\d|\.|\[\^)"
    return frozenset(_DIGITS if re.search(anything, ranges) else re.sub(r"\D", "", ranges))


def _spelled_out(first: int, last: int) -> str:
    return "".join(map(str, range(first, last + 1)))

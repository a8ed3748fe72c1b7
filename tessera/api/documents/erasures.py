"""Erasures: who is asked for, how far each case is, and its signed receipt."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from tessera.erasure.case import ErasureCase
from tessera.erasure.receipt import Signature
from tessera.erasure.request import CASE
from tessera.errors import InvalidInput

MOST_CUSTOMERS = 1_000
_LONGEST = 320  # characters of an address
_NO_TEXT = r"\x00-\x1f\x7f"
# Blanks by number: JSON Schema and Python don't mean the same by ``\s``.
_BLANK = r"\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TERM = rf"[^{_NO_TEXT}{_BLANK}][^{_NO_TEXT}]{{0,{_LONGEST - 1}}}"
_NUMBER = rf"(?:{CASE})?"


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureOrder:
    """A wish to erase people from everything that is stored, and at the destinations.

    Parameters
    ----------
    customers
        Ids of the shop, or addresses. The repr does not show them.
    case
        The case number, without personal data: it is in logs and in the receipt. Without one, a
        number is made.
    """

    customers: tuple[str, ...] = dataclasses.field(
        repr=False,
        metadata={
            "schema": {
                "minItems": 1,
                "maxItems": MOST_CUSTOMERS,
                "items": {"type": "string", "pattern": f"^{_TERM}$"},
            }
        },
    )
    case: str = dataclasses.field(
        default="", metadata={"schema": {"pattern": f"^{_NUMBER}$", "maxLength": 64}}
    )

    def __post_init__(self) -> None:
        """Refuse what nobody could be erased by. The messages name nobody."""
        if not 1 <= len(self.customers) <= MOST_CUSTOMERS:
            raise InvalidInput(f"customers: expected from 1 to {MOST_CUSTOMERS:,}")
        if not all(re.fullmatch(_TERM, each) for each in self.customers):
            raise InvalidInput(
                f"customers: expected ids or addresses of 1 to {_LONGEST} characters"
            )
        if re.fullmatch(_NUMBER, self.case) is None:
            raise InvalidInput("case: expected 1 to 64 lower-case letters, digits and hyphens")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureList:
    """The erasures of a tenant, by case number, the last one first.

    Parameters
    ----------
    items
        The cases.
    next
        The ``cursor`` of the next page. None on the last one.
    """

    items: tuple[ErasureCase, ...]
    next: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SignedReceipt:
    """A receipt as it was signed. Keep the answer as a file: ``tessera erase --verify`` checks it.

    Parameters
    ----------
    receipt
        What was done, what was not, and what ages out. It names nobody.
    signature
        Over the receipt's canonical JSON: sorted members, no blanks, UTF-8.
    """

    receipt: Mapping[str, Any]
    signature: Signature


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureDetail(ErasureCase):
    """One case, with its receipt.

    Parameters
    ----------
    receipt
        The receipt of the last attempt that ended. None before there is one. Only that of a case
        that is ``complete`` is final.
    """

    receipt: SignedReceipt | None

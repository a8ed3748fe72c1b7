"""A request to erase people, and its case number."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from tessera.errors import InvalidInput
from tessera.naming import check_tenant

MOST_TERMS = 10_000
CLI = "cli"
CASE = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_CASE = re.compile(CASE)


class CaseTakenError(InvalidInput):
    """A case number is another erasure's."""


class NotErasableError(InvalidInput):
    """Nobody can be erased by what was given, now and later. The message names nobody."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureRequest:
    """Who is to be erased.

    Parameters
    ----------
    case
        The number that people know the erasure by. It is in the receipt and in keys of objects.
    tenant
        The customers' shop. Another shop's customer with the same id is another person.
    terms
        Ids of the shop, or addresses. The repr does not show them.
    requested_at, requested_by
        When it was requested, in UTC, and who did it: ``user:<id>``, ``key:<id>`` or ``cli``.
    """

    case: str
    tenant: str
    terms: tuple[str, ...] = dataclasses.field(repr=False)
    requested_at: dt.datetime
    requested_by: str = CLI

    def __post_init__(self) -> None:
        """Refuse what cannot be carried out.

        Raises
        ------
        InvalidInput
            The case or the tenant has no valid name, or there is nobody to erase.
        """
        check_case(self.case)
        check_tenant(self.tenant)
        if not self.terms or not all(term.strip() for term in self.terms):
            raise InvalidInput("nobody to erase: give a customer's id or address")
        if len(self.terms) > MOST_TERMS:
            raise InvalidInput(
                f"{len(self.terms)} people at once are too many: give at most {MOST_TERMS}"
            )


def check_case(case: str) -> str:
    """Return a case number, or raise InvalidInput that says what it may be."""
    if _CASE.fullmatch(case) is None:
        raise InvalidInput(
            f"the case number {case!r} is not valid: use 1 to 64 lower-case letters, digits and "
            "hyphens, and no personal data"
        )
    return case

"""People who were erased: the marks by which later data of them is recognised."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from tessera.events.pseudonym import erased_marks


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasedPeople:
    """The erased people of a tenant, as marks that name nobody.

    Parameters
    ----------
    tenant
        Whose customers they were.
    secret
        Makes keys and marks.
    marks
        Of every erased person.
    """

    tenant: str
    secret: bytes = dataclasses.field(repr=False)
    marks: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.marks)

    def test(self) -> Callable[[str], bool]:
        """Return the function from a customer_key to whether it is an erased person's."""
        mark_of = erased_marks(self.secret, tenant=self.tenant)
        return lambda customer_key: mark_of(customer_key) in self.marks

"""The port by which destinations erase a person: who, by which request, and with what answer.

Most vendors erase one person per request, or count a batch without naming anybody. Where a batch
names everybody and saves much time, a vendor or a transport can take several people at once.
``erase_people`` hides the difference.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, Protocol, runtime_checkable

from tessera.destinations.port import Contact
from tessera.destinations.requests import Request, Response

ErasureStatus = Literal["deleted", "requested", "cleared", "absent", "by hand"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePerson:
    """A person to erase at a destination. The repr shows nothing of them.

    Parameters
    ----------
    customer_key
        The pseudonym.
    customer_id
        The id under which the destination knows the customer.
    contacts
        Every address that was ever known of the person. In its normal form if it has one, because
        destinations know no other. Otherwise as given.
    traces
        What the ledger has for a destination that knows no ids, such as hashed addresses.
    """

    customer_key: str = dataclasses.field(repr=False)
    customer_id: str = dataclasses.field(repr=False)
    contacts: tuple[Contact, ...] = dataclasses.field(default=(), repr=False)
    traces: tuple[str, ...] = dataclasses.field(default=(), repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class ErasureAnswer:
    """What a destination did with a person.

    Parameters
    ----------
    status
        ``deleted`` when the person is gone there. ``requested`` when the destination has accepted
        the request, and deletes later. ``cleared`` when only our fields are gone. ``absent`` when
        the destination does not know the person. ``by hand`` when people must do it.
    detail
        What else people should know, in our own words and without personal data, such as the days
        that the vendor takes. For ``by hand``, what to do.
    """

    status: ErasureStatus
    detail: str = ""


@runtime_checkable
class ErasingVendor(Protocol):
    """A vendor with an HTTP interface that erases a person by requests."""

    def erase_request(
        self, person: ErasurePerson, responses: Sequence[Response]
    ) -> Request | ErasureAnswer:
        """Return the next request that erases a person, or the answer once it is known.

        After an error the exchange starts again, so each request can be repeated. Responses may
        have the status 404 or 409, and those that their request names.
        """
        ...


@runtime_checkable
class BatchErasingVendor(ErasingVendor, Protocol):
    """A vendor that erases up to ``PEOPLE_PER_ERASURE`` people by one exchange."""

    PEOPLE_PER_ERASURE: int

    def erase_people_request(
        self, people: Sequence[ErasurePerson], responses: Sequence[Response]
    ) -> Request | tuple[ErasureAnswer, ...]:
        """Return the next request, or each person's answer in the people's order."""
        ...


@runtime_checkable
class ErasingTransport(Protocol):
    """A transport that erases a person. It raises as the other methods of transports do."""

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Erase a person. An interrupted call can be repeated."""
        ...


@runtime_checkable
class BatchErasingTransport(ErasingTransport, Protocol):
    """A transport that erases up to ``people_per_erasure`` people at once."""

    @property
    def people_per_erasure(self) -> int:
        """Return how many people ``erase_batch`` takes. 1 if only ``erase`` can be called."""
        ...

    def erase_batch(self, people: Sequence[ErasurePerson]) -> Sequence[ErasureAnswer]:
        """Erase several people. An error leaves all of them to be erased again."""
        ...


def erase_people(
    transport: ErasingTransport, people: Iterable[ErasurePerson]
) -> Iterator[tuple[ErasurePerson, ErasureAnswer]]:
    """Erase people in as few requests as the destination needs. Yield each with the answer.

    It raises as the transport does. Who was yielded before is done, and the others are not.
    """
    if not isinstance(transport, BatchErasingTransport) or transport.people_per_erasure == 1:
        yield from ((person, transport.erase(person)) for person in people)
        return
    rest = iter(people)
    while batch := list(itertools.islice(rest, transport.people_per_erasure)):
        yield from zip(batch, transport.erase_batch(batch), strict=True)


def by_hand(title: str) -> ErasureAnswer:
    """Return the answer for a destination that Tessera cannot erase anybody at.

    Parameters
    ----------
    title
        The destination's name for people.
    """
    return ErasureAnswer(
        "by hand",
        f"not supported, do this by hand: delete the customer in {title}, by the id or address",
    )

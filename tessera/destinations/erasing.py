"""The port by which destinations erase a person: who, by which request, and with what answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from tessera.destinations.port import Contact
from tessera.destinations.requests import Request, Response

ErasureStatus = Literal["deleted", "cleared", "absent", "by hand"]


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
        Every address that was ever known of the person, as given.
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
        ``deleted`` when the person is gone there, ``cleared`` when our fields are, ``absent`` when
        the destination does not know the person, ``by hand`` when people must do it.
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
        have the status 404 or 409.
        """
        ...


@runtime_checkable
class ErasingTransport(Protocol):
    """A transport that erases a person. It raises as the other methods of transports do."""

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Erase a person. An interrupted call can be repeated."""
        ...


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

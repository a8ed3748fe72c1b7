"""The people of an erasure: all by which rows of theirs are recognised."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

from tessera.destinations.port import Contact
from tessera.events.persons.ids import normal_id

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EMAIL = re.compile(r"[^\s@,;:<>\"'(){}\[\]=|\\]+@[^\s@,;:<>\"'(){}\[\]=|\\/]+")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """A person, as the identities bucket knows them. The repr shows nothing.

    Parameters
    ----------
    customer_key
        The pseudonym.
    ids
        Every spelling of the shop's id.
    contacts
        Every address that was ever known.
    shared
        Addresses that other customers have too, who keep them.
    order_keys
        Keys of the person's orders and events. What these are called goes with them.
    """

    customer_key: str = dataclasses.field(repr=False)
    ids: tuple[str, ...] = dataclasses.field(repr=False)
    contacts: tuple[Contact, ...] = dataclasses.field(default=(), repr=False)
    shared: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    order_keys: tuple[str, ...] = dataclasses.field(default=(), repr=False)

    @property
    def own_addresses(self) -> frozenset[str]:
        """The addresses that nobody else has, in small letters."""
        shared = {_small(each) for each in self.shared}
        return frozenset(_small(each.address) for each in self.contacts) - shared


@dataclasses.dataclass(frozen=True, kw_only=True)
class Needles:
    """What is searched for.

    Parameters
    ----------
    keys
        Customer keys.
    ids
        The shop's ids in their normal form. They count in columns that identify a customer only:
        an id such as 12 is also a quantity.
    addresses
        In small letters. They count in any column.
    hashes
        Keys of orders and events, and recipients of campaigns.
    """

    keys: frozenset[str]
    ids: frozenset[str]
    addresses: frozenset[str]
    hashes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[KnownPerson], *, recipients: Iterable[str] = ()) -> Needles:
        """Return what people are recognised by."""
        known = list(people)
        hashes = {each for one in known for each in one.order_keys}
        return cls(
            keys=frozenset(one.customer_key for one in known),
            ids=frozenset(normal_id(each) for one in known for each in one.ids),
            addresses=frozenset().union(*(one.own_addresses for one in known)),
            hashes=frozenset(hashes | {*recipients}),
        )

    def is_id(self, cell: str) -> bool:
        """Return whether a cell of a column that identifies a customer is one of the ids."""
        return cell in self.ids or normal_id(cell) in self.ids

    def is_exact(self, cell: str) -> bool:
        """Return whether a cell is a key, an address or a hash, and nothing else."""
        small = _small(cell)
        return small in self.keys or small in self.addresses or small in self.hashes

    def is_in(self, text: str) -> bool:
        """Return whether a text has a key or an e-mail address anywhere, or is one of all."""
        if self.is_exact(text):
            return True
        if any(match in self.keys for match in _UUID.findall(text)):
            return True
        return any(address in self.addresses for address in addresses_in(text))


def addresses_in(text: str) -> Iterator[str]:
    """Yield the e-mail addresses of a text, in small letters."""
    plain = _ESCAPED.sub(_letter, text) if "\\u" in text else text
    if "@" in plain:
        yield from (_small(match).rstrip(".") for match in _EMAIL.findall(plain))


def _letter(match: re.Match[str]) -> str:
    return chr(int(match[0][2:], 16))


def _small(text: str) -> str:
    return text.strip().lower()

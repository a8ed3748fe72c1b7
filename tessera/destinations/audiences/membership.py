"""Advertising audiences: who may be in one, by what a platform knows people, and who goes where.

Only customers who said yes are told (``Customer.ad_consent``); whoever did not, or has no address
that can be told, is as if they had left. People are known by hashes of their addresses, made where
a content is rendered, so that neither files nor requests have an address. A hash stands for one
person all the same: it is a pseudonym, and what is made of it stays personal data.

Each label of the RFM set has an audience, named as segments are. Whoever is in one is taken out of
all others of ours, and so is a hash that is a customer's no more, so that a batch may come again.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import WAS, Customer, Item
from tessera.errors import InvalidInput
from tessera.naming import SEGMENT_PREFIX, segment_name

EMAIL, PHONE, LABEL = "email_sha256", "phone_sha256", "rfm_segment"
NEEDS = "a yes to advertising audiences (column AdConsent) or an address"
KINDS = frozenset({"segment"})  # the clusters and other sets would multiply what is sent

Person = tuple[str, str]  # hashes of the e-mail address and the phone number, empty for none


@dataclasses.dataclass(frozen=True)
class Audience:
    """One that the platform has: its id and name there, and what it is said to be."""

    id: str
    name: str
    description: str


@dataclasses.dataclass(frozen=True)
class MembershipChange:
    """Some people that come into an audience, or go out of it."""

    audience: Audience
    people: tuple[Person, ...]
    add: bool


# ---- who is told ---------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Rendering:
    """Renders customers for a platform.

    Parameters
    ----------
    email, phone
        Write an address as the platform hashes it, from its normal form.
    """

    email: Callable[[str], str]
    phone: Callable[[str], str]

    def __call__(self, customer: Customer) -> dict[str, str]:
        """Return label and hashes of who said yes, and of all others the id alone."""
        alone = content.id_alone(customer.customer_id)
        if customer.ad_consent is not True:
            return alone
        told = content.identity(customer)
        known = {EMAIL: hashed(self.email(told["email"]))} if "email" in told else {}
        known |= {PHONE: hashed(self.phone(told["phone"]))} if "phone" in told else {}
        return {**alone, LABEL: str(customer.profile["segment"]), **known} if known else alone


def as_it_is(address: str) -> str:
    """Return an address that a platform hashes in its normal form."""
    return address


def hashed(text: str) -> str:
    """Return SHA-256 of a text as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def trace(values: Mapping[str, str]) -> str:
    """Return both hashes of a content, empty where it has none."""
    email, phone = values.get(EMAIL, ""), values.get(PHONE, "")
    return f"{email}:{phone}" if email or phone else ""


# ---- who goes where ------------------------------------------------------------------------


def name_of(label: str, *, capabilities: Capabilities) -> str:
    """Return the name of a label's audience, empty where the label can have none."""
    try:
        return segment_name(
            label, allowed=capabilities.name_characters, limit=capabilities.name_limit
        )
    except InvalidInput:
        return ""


def ours(audiences: Sequence[Audience]) -> list[Audience]:
    """Return the audiences that have a segment's name, the oldest of equal names first."""
    found = [one for one in audiences if one.name.startswith(SEGMENT_PREFIX)]
    return sorted(found, key=lambda one: (one.name, len(one.id), one.id))


def by_name(audiences: Sequence[Audience]) -> dict[str, Audience]:
    """Return the audience of each name; of several the oldest."""
    return {one.name: one for one in reversed(ours(audiences))}


def steps(
    items: Sequence[Item],
    audiences: Sequence[Audience],
    *,
    capabilities: Capabilities,
    most: int,
) -> list[MembershipChange]:
    """Return what a batch asks for: people come into their audience and go out of all others.

    Whoever two customers share is taken out of no audience that one of them is in.

    Parameters
    ----------
    most
        How many people a call may name.
    """
    known = by_name(audiences)
    wanted: dict[str, list[Person]] = {}
    for item in items:
        audience = known.get(name_of(item.content.get(LABEL, ""), capabilities=capabilities))
        if audience is not None:
            wanted.setdefault(audience.id, []).append(_person(item.content))
    everybody = [person for item in items for person in (_person(item.content), *_gone(item))]
    found: list[MembershipChange] = []
    for audience in ours(audiences):
        inside = wanted.get(audience.id, [])
        kept = {one for person in inside for one in person}
        outside = [_without(person, kept) for person in everybody]
        found += _cut(audience, [person for person in outside if any(person)], most, add=False)
        found += _cut(audience, inside, most, add=True)
    return found


def _cut(
    audience: Audience, people: Sequence[Person], most: int, *, add: bool
) -> Iterator[MembershipChange]:
    distinct = tuple(dict.fromkeys(people))
    for start in range(0, len(distinct), most):
        yield MembershipChange(audience, distinct[start : start + most], add)


def _person(values: Mapping[str, str]) -> Person:
    return values.get(EMAIL, ""), values.get(PHONE, "")


def _gone(item: Item) -> Iterator[Person]:
    """Yield what a customer was known by and is no more."""
    email, _, phone = item.content.get(WAS, "").partition(":")
    now = _person(item.content)
    if email not in ("", now[0]):
        yield email, ""
    if phone not in ("", now[1]):
        yield "", phone


def _without(person: Person, kept: set[str]) -> Person:
    email, phone = person
    return ("" if email in kept else email), ("" if phone in kept else phone)


def hashes_of(item: Item) -> set[str]:
    """Return all that a customer is known by, or was before."""
    people = (_person(item.content), *_gone(item))
    return {one for person in people for one in person if one}


def homeless(
    items: Sequence[Item], audiences: Sequence[Audience], *, capabilities: Capabilities
) -> dict[int, tuple[str, str]]:
    """Return why, by the index of whoever's label has no audience."""
    known = by_name(audiences)
    why = ("no-audience", "there is no audience for the customer's segment: run again")
    return {
        index: why
        for index, item in enumerate(items)
        if LABEL in item.content
        and name_of(item.content[LABEL], capabilities=capabilities) not in known
    }

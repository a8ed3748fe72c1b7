"""Advertising audiences: who may be a member, how a platform identifies people, and what to change.

Only customers who have consented to advertising are sent (``Customer.ad_consent``). A customer
without consent or without a usable address is treated as one who left. A platform identifies
people by hashes of their addresses. We hash when we render a content, so neither files nor
requests have an address. A hash still identifies one person: it is a pseudonym and personal data.

Each label of the RFM set has an audience, named like its segment. A batch adds each customer to
one audience and removes them from all our others. It also removes hashes that a customer no longer
has. So a batch can be sent again safely.
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
NEEDS = "consent to advertising audiences (column AdConsent) or an address"
KINDS = frozenset({"segment"})  # clusters and other sets would multiply the requests

Person = tuple[str, str]  # hashes of the e-mail address and the phone number, empty for none


@dataclasses.dataclass(frozen=True)
class Audience:
    """An audience on the platform: its id, name and description there."""

    id: str
    name: str
    description: str


@dataclasses.dataclass(frozen=True)
class MembershipChange:
    """Some people to add to an audience, or to remove from it."""

    audience: Audience
    people: tuple[Person, ...]
    add: bool


# ---- who is sent ---------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Rendering:
    """Renders customers for a platform.

    Parameters
    ----------
    email, phone
        Convert an address from its normal form to the form that the platform hashes.
    """

    email: Callable[[str], str]
    phone: Callable[[str], str]

    def __call__(self, customer: Customer) -> dict[str, str]:
        """Return the label and hashes of a customer who has consented, otherwise only the id."""
        only_id = content.id_alone(customer.customer_id)
        if customer.ad_consent is not True:
            return only_id
        identity = content.identity(customer)
        hashes = {EMAIL: hashed(self.email(identity["email"]))} if "email" in identity else {}
        hashes |= {PHONE: hashed(self.phone(identity["phone"]))} if "phone" in identity else {}
        if not hashes:
            return only_id
        return {**only_id, LABEL: str(customer.profile["segment"]), **hashes}


def as_it_is(address: str) -> str:
    """Return an address unchanged, for a platform that hashes the normal form."""
    return address


def hashed(text: str) -> str:
    """Return the SHA-256 hash of a text as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def trace(values: Mapping[str, str]) -> str:
    """Return both hashes of a content, or an empty string if it has none."""
    email, phone = values.get(EMAIL, ""), values.get(PHONE, "")
    return f"{email}:{phone}" if email or phone else ""


# ---- changes to audiences ------------------------------------------------------------------


def name_of(label: str, *, capabilities: Capabilities) -> str:
    """Return the name of a label's audience, or an empty string if the label has no valid name."""
    try:
        return segment_name(
            label, allowed=capabilities.name_characters, limit=capabilities.name_limit
        )
    except InvalidInput:
        return ""


def ours(audiences: Sequence[Audience]) -> list[Audience]:
    """Return the audiences with a segment's name, sorted by name, the oldest first."""
    owned = [one for one in audiences if one.name.startswith(SEGMENT_PREFIX)]
    return sorted(owned, key=lambda one: (one.name, len(one.id), one.id))


def by_name(audiences: Sequence[Audience]) -> dict[str, Audience]:
    """Map each name to its audience, to the oldest if several share the name."""
    return {one.name: one for one in reversed(ours(audiences))}


def steps(
    items: Sequence[Item],
    audiences: Sequence[Audience],
    *,
    capabilities: Capabilities,
    most: int,
) -> list[MembershipChange]:
    """Return a batch's changes: add people to their audience, remove them from all others.

    If two customers share a hash, it stays in the audiences of both.

    Parameters
    ----------
    most
        The maximum number of people in one request.
    """
    known = by_name(audiences)
    wanted: dict[str, list[Person]] = {}
    for item in items:
        audience = known.get(name_of(item.content.get(LABEL, ""), capabilities=capabilities))
        if audience is not None:
            wanted.setdefault(audience.id, []).append(_person(item.content))
    everybody = [person for item in items for person in (_person(item.content), *_gone(item))]
    changes: list[MembershipChange] = []
    for audience in ours(audiences):
        inside = wanted.get(audience.id, [])
        kept = {one for person in inside for one in person}
        outside = [_without(person, kept) for person in everybody]
        changes += cut(audience, [person for person in outside if any(person)], most, add=False)
        changes += cut(audience, inside, most, add=True)
    return changes


def cut(
    audience: Audience, people: Sequence[Person], most: int, *, add: bool
) -> Iterator[MembershipChange]:
    """Yield the changes of some people in an audience, each person once."""
    distinct = tuple(dict.fromkeys(people))
    for start in range(0, len(distinct), most):
        yield MembershipChange(audience, distinct[start : start + most], add)


def _person(values: Mapping[str, str]) -> Person:
    return values.get(EMAIL, ""), values.get(PHONE, "")


def _gone(item: Item) -> Iterator[Person]:
    """Yield the hashes that a customer had before and no longer has."""
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
    """Return all hashes that a customer has, or had before."""
    people = (_person(item.content), *_gone(item))
    return {one for person in people for one in person if one}


def homeless(
    items: Sequence[Item], audiences: Sequence[Audience], *, capabilities: Capabilities
) -> dict[int, tuple[str, str]]:
    """Return a code and a message for each item whose label has no audience, by index."""
    known = by_name(audiences)
    why = ("no-audience", "the customer's segment has no audience: run again to create it")
    return {
        index: why
        for index, item in enumerate(items)
        if LABEL in item.content
        and name_of(item.content[LABEL], capabilities=capabilities) not in known
    }

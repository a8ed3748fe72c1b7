"""Removing people who are to be erased from all audiences, by every hash of theirs."""

from __future__ import annotations

from collections.abc import Sequence, Set

from tessera.destinations.audiences.membership import (
    Audience,
    MembershipChange,
    Person,
    Rendering,
    cut,
    hashed,
    ours,
)
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.events.contact_points.channels import EMAIL_CHANNELS, PHONE_CHANNELS

_UNREADABLE = "the platform calls a hash of the person invalid: ask it about the person"


def hashed_people(person: ErasurePerson, *, render: Rendering) -> tuple[Person, ...]:
    """Return all hashes under which a platform may know a person.

    The ledger's traces are what was sent. The addresses are hashed too, for what was sent and
    never acknowledged. A phone number that is not in E.164 form was never sent.
    """
    traces = (one.partition(":") for one in person.traces)
    sent = [(email, phone) for email, _, phone in traces if email or phone]
    known = {hash_ for pair in sent for hash_ in pair}
    emails = [
        hashed(render.email(one.address))
        for one in person.contacts
        if one.channel_type in EMAIL_CHANNELS and "@" in one.address
    ]
    phones = [
        hashed(render.phone(one.address))
        for one in person.contacts
        if one.channel_type in PHONE_CHANNELS and one.address.startswith("+")
    ]
    more = [(one, "") for one in emails if one not in known]
    more += [("", one) for one in phones if one not in known]
    return tuple(dict.fromkeys((*sent, *more)))


def removals(
    hashed: Sequence[Sequence[Person]], audiences: Sequence[Audience], *, most: int
) -> list[MembershipChange]:
    """Return the changes that remove people from each of our audiences."""
    people = [one for hashes in hashed for one in hashes]
    return [
        change for audience in ours(audiences) for change in cut(audience, people, most, add=False)
    ]


def answers(
    hashed: Sequence[Sequence[Person]], *, refused: Set[str], removed: str
) -> tuple[ErasureAnswer, ...]:
    """Return each person's answer, once all removals were accepted.

    Parameters
    ----------
    refused
        The hashes that the platform called invalid.
    removed
        What people should know about a removal. Empty if there was no audience to remove from.
    """
    return tuple(_answer(one, refused=refused, removed=removed) for one in hashed)


def _answer(hashes: Sequence[Person], *, refused: Set[str], removed: str) -> ErasureAnswer:
    if not hashes or not removed:
        return ErasureAnswer("absent")
    if any(one in refused for pair in hashes for one in pair):
        return ErasureAnswer("by hand", _UNREADABLE)
    return ErasureAnswer("requested", removed)

"""Erase people at one destination, and keep what it answered."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from adapters.destinations import transports
from adapters.erasure.cases import CaseFiles, PeopleOfCase
from adapters.erasure.versions import VersionedObjects
from tessera.destinations import catalog
from tessera.destinations.erasing import (
    ErasingTransport,
    ErasurePerson,
    by_hand,
    erase_people,
)
from tessera.destinations.port import Contact, Destination
from tessera.environments.activate import ActivateEnvironment
from tessera.environments.erasing import EraseAtDestinationEnvironment
from tessera.erasure.receipt import ErasedThere
from tessera.erasure.request import check_case
from tessera.errors import InvalidInput, TesseraError
from tessera.naming import check_tenant, endpoint_variable
from tessera.records.codec import encode

_HOPELESS = 3  # people who fail one after another: it isn't the people


class Unreached(Exception):  # noqa: N818 (what the destination is)
    """There is no way to a destination, so that nobody was erased there."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureAtDestination:
    """The part of an erasure that one destination has.

    Parameters
    ----------
    tenant, case
        Which erasure.
    destination
        The destination's name.
    """

    tenant: str
    case: str
    destination: str

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read a function's input.

        Raises
        ------
        InvalidInput
            A field is missing or wrong, or the destination does not exist.
        """
        try:
            names = {field.name: str(event[field.name]) for field in dataclasses.fields(cls)}
        except KeyError as missing:
            raise InvalidInput(f"the event lacks {missing}") from missing
        check_tenant(names["tenant"])
        check_case(names["case"])
        catalog.check([names["destination"]])
        return cls(**names)

    def carry_out(self, env: Mapping[str, str]) -> ErasedThere | None:
        """Erase the people there, and keep the answer with the erasure's files.

        Return it, or None for an erasure that was refused or is done.
        """
        environment = EraseAtDestinationEnvironment.from_env(env)
        files = CaseFiles(
            VersionedObjects(environment.data_bucket),
            VersionedObjects(environment.identities_bucket),
            tenant=self.tenant,
            case=self.case,
        )
        if files.known().has_ended:
            return None
        vendor = catalog.CATALOG[self.destination]
        if self.destination not in environment.destinations.split(","):
            return self._gone(files, vendor)
        try:
            transport = self._transport(vendor, environment, env)
            answer = erase_there(files, name=self.destination, vendor=vendor, transport=transport)
        except Unreached as error:
            answer = _unreached(self.destination, vendor, reason=str(error))
        files.write_answer(self.destination, encode(answer))
        return answer

    def _gone(self, files: CaseFiles, vendor: Destination) -> ErasedThere:
        """Leave to people a destination that the stage had once: its key may be revoked."""
        answer = erase_there(files, name=self.destination, vendor=vendor, transport=None)
        gone = f"the stage no longer has it: delete the customer in {vendor.TITLE} by hand"
        answer = dataclasses.replace(answer, by_hand=gone)
        files.write_answer(self.destination, encode(answer))
        return answer

    def _transport(
        self, vendor: Destination, environment: ActivateEnvironment, env: Mapping[str, str]
    ) -> object | None:
        if vendor.CAPABILITIES.erases == "none":
            return None
        try:
            return transports.connect(
                self.destination,
                environment=environment,
                tenant=self.tenant,
                endpoint=env.get(endpoint_variable(self.destination), ""),
            )
        except TesseraError as error:
            raise Unreached(f"{type(error).__name__}: {error}") from error


def _unreached(name: str, vendor: Destination, *, reason: str) -> ErasedThere:
    """Return the answer of a destination that there is no way to, such as one without its key."""
    return ErasedThere(
        destination=name,
        title=vendor.TITLE,
        erases=vendor.CAPABILITIES.erases,
        answers={},
        failed=reason,
    )


def erase_there(
    files: CaseFiles, *, name: str, vendor: Destination, transport: object | None
) -> ErasedThere:
    """Erase the people of a case at a destination, and return its answer.

    A part that fails is in the answer, and is tried again with the erasure.

    Parameters
    ----------
    name, vendor
        The destination.
    transport
        The way there. None where people do it by hand.

    Raises
    ------
    InvalidInput
        The erasure has not begun, or is done.
    """
    known = files.people()
    if known is None:
        raise InvalidInput(f"the erasure {files.case!r} has nobody to erase at {name}")
    people = list(_people(known, name))
    answers: collections.Counter[str] = collections.Counter()
    details: set[str] = set()
    failed = ""
    if not isinstance(transport, ErasingTransport):
        answers["by hand"] = len(people)
    else:
        failed = _erase_all(transport, people, answers=answers, details=details)
    hand = by_hand(vendor.TITLE).detail if answers["by hand"] else ""
    return ErasedThere(
        destination=name,
        title=vendor.TITLE,
        erases=vendor.CAPABILITIES.erases,
        answers=dict(sorted(answers.items())),
        by_hand=hand,
        failed=failed,
        details=tuple(sorted(details - {hand})),
    )


def _erase_all(
    transport: ErasingTransport,
    people: Sequence[ErasurePerson],
    *,
    answers: collections.Counter[str],
    details: set[str],
) -> str:
    """Erase people. Return why some are left, empty for none.

    Who is refused holds up no other. A destination that is away fails the next ones too.
    """
    size = getattr(transport, "people_per_erasure", 1)
    left, reason, in_a_row = list(people), "", 0
    while left and in_a_row < _HOPELESS:
        done, error = _erase(transport, left, answers=answers, details=details)
        if not error:
            return reason
        reason, in_a_row = error, 1 if done else in_a_row + 1
        answers["failed"] += len(left[done : done + size])
        left = left[done + size :]
    answers["failed"] += len(left)
    return reason


def _erase(
    transport: ErasingTransport,
    people: Sequence[ErasurePerson],
    *,
    answers: collections.Counter[str],
    details: set[str],
) -> tuple[int, str]:
    """Erase people until one fails. Return how many are done, and why it failed."""
    done = 0
    try:
        for _, answer in erase_people(transport, people):
            answers[answer.status] += 1
            details |= {answer.detail} - {""}
            done += 1
    except TesseraError as error:
        return done, f"{type(error).__name__}: {error}"
    return done, ""


def _people(known: PeopleOfCase, destination: str) -> Iterator[ErasurePerson]:
    """Yield the people under each id by which the destination may know them."""
    traces = known.traces.get(destination, {})
    for person in known.people:
        entries = traces.get(person.customer_key, [])
        contacts = tuple(Contact(*each) for each in known.contacts[person.customer_key])
        ids = dict.fromkeys([*(entry[0] for entry in entries), *person.ids])
        for customer_id in ids:
            yield ErasurePerson(
                customer_key=person.customer_key,
                customer_id=customer_id,
                contacts=contacts,
                traces=tuple(entry[1] for entry in entries if entry[1]),
            )

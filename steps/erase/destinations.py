"""Erase people at one destination, and keep what it answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self

from adapters.destinations import transports
from adapters.erasure.cases import CaseFiles, PeopleOfCase
from adapters.erasure.versions import VersionedObjects
from steps.erase.asking import AskedPeople, ask
from tessera.destinations import catalog
from tessera.destinations.erasing import ErasingTransport, ErasurePerson, by_hand
from tessera.destinations.port import Contact, Destination
from tessera.environments.activate import ActivateEnvironment
from tessera.environments.erasing import EraseAtDestinationEnvironment
from tessera.erasure.receipt import ErasedThere
from tessera.erasure.request import check_case
from tessera.errors import InvalidInput, TesseraError
from tessera.naming import check_tenant, endpoint_variable
from tessera.records.codec import decode, encode


def always() -> bool:
    """Return True: there is time."""
    return True


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

    def carry_out(
        self, env: Mapping[str, str], *, goes_on: Callable[[], bool] = always
    ) -> ErasedThere | None:
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
            answer = erase_there(
                files, name=self.destination, vendor=vendor, transport=transport, goes_on=goes_on
            )
        except Unreached as error:
            answer = _answer(self.destination, vendor, answers={}, failed=str(error))
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


def erase_there(
    files: CaseFiles, *, name: str, vendor: Destination, transport: object | None,
    goes_on: Callable[[], bool] = always,
) -> ErasedThere:  # fmt: skip
    """Erase the people of a case at a destination, and return its answer.

    A part that fails, or for which there is no time, is in the answer, and is tried again.

    Parameters
    ----------
    name, vendor
        The destination.
    transport
        The way there. None where people do it by hand.
    goes_on
        Whether there is time for another request.

    Raises
    ------
    InvalidInput
        The erasure has not begun, or is done.
    """
    known = files.people()
    if known is None:
        raise InvalidInput(f"the erasure {files.case!r} has nobody to erase at {name}")
    people = list(_people(known, name))
    if not isinstance(transport, ErasingTransport):
        hand = by_hand(vendor.TITLE).detail if people else ""
        return _answer(name, vendor, answers={"by hand": len(people)}, by_hand=hand)

    def note(asked: AskedPeople) -> None:
        files.write_asked(name, encode(asked))

    kept = files.asked(name)
    before = decode(AskedPeople, kept, document=f"how far {name} is") if kept else None
    if before is None or not before.left:
        before = AskedPeople(left=tuple(range(len(people))))
    asked = ask(transport, people, before, goes_on=goes_on, note=note)
    note(asked)
    left = {"failed": len(asked.left)} if asked.left else {}
    late = f"there was no time for {len(asked.left)} of them yet"
    return _answer(
        name,
        vendor,
        answers={**asked.answers, **left},
        failed=(asked.failed if asked.in_time else late) if left else "",
        details=asked.details,
        left=0 if asked.in_time or asked.left == before.left else len(asked.left),
    )


def _answer(
    name: str, vendor: Destination, *, answers: Mapping[str, int], **more: Any,  # noqa: ANN401
) -> ErasedThere:  # fmt: skip
    counts = {status: count for status, count in sorted(answers.items()) if count}
    return ErasedThere(
        destination=name,
        title=vendor.TITLE,
        erases=vendor.CAPABILITIES.erases,
        answers=counts,
        **more,
    )


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

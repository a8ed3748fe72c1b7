"""The files of an erasure: who, what was done to which object, how far it is, and the receipt."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from adapters.erasure.versions import FileVersion, VersionedObjects
from tessera.destinations.port import Contact
from tessera.erasure.case import EXECUTION, REFUSED, ErasureCase, case_of
from tessera.erasure.objects import TouchedVersion
from tessera.erasure.people import KnownPerson
from tessera.erasure.places import Bucket, erasure_key, kind_of
from tessera.erasure.request import CaseTakenError, ErasureRequest
from tessera.errors import InvalidInput
from tessera.naming import ERASURE_RECEIPT, ERASURE_REQUEST, ERASURE_STATE
from tessera.records.codec import decode, encode

_PEOPLE, _JOURNAL, _ANSWERS, _ASKED = "people.json", "journal/", "answers/", "asked/"
_AT_ONCE = 16  # small documents that are read in parallel


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeopleOfCase:
    """Who is erased, as long as something of them is left to do. The repr shows nobody.

    Parameters
    ----------
    people
        The people.
    unknown
        How many terms named nobody.
    recipients
        Keyed hashes of their addresses, by which campaigns know them.
    traces
        By destination, what its ledger has of each customer key.
    contacts
        By customer key, channel and address in the form that destinations know, those that nobody
        else has.
    """

    people: tuple[KnownPerson, ...] = dataclasses.field(repr=False)
    unknown: int = 0
    recipients: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    traces: dict[str, dict[str, list[list[str]]]] = dataclasses.field(
        default_factory=dict, repr=False
    )
    contacts: dict[str, list[list[str]]] = dataclasses.field(default_factory=dict, repr=False)


class CaseFiles:
    """The files of one erasure. Only the identities bucket has who it is about.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, case
        Which erasure.
    """

    def __init__(
        self, data: VersionedObjects, identities: VersionedObjects, *, tenant: str, case: str
    ) -> None:
        self._data, self._identities = data, identities
        self.tenant, self.case = tenant, case

    def open(self, request: ErasureRequest) -> None:
        """Keep a request. A case is about the same people for good.

        Of two at the same time with one case number, the second is refused.

        Raises
        ------
        CaseTakenError
            The case number is another erasure's.
        """
        begun = {
            "requested_at": request.requested_at.isoformat(),
            "requested_by": request.requested_by,
            "customers": len(request.terms),
        }
        is_new = self._data.create_json(self._key(ERASURE_STATE), begun)
        # After a crash in between there is a state of nobody: then the number is still free.
        if not (is_new or self._is_untouched()) or not self._identities.create_json(
            self._key(ERASURE_REQUEST), encode(request)
        ):
            raise CaseTakenError(f"the case number {self.case!r} is taken: choose another one")

    def _is_untouched(self) -> bool:
        """Return whether nobody has begun with the case."""
        return not {"steps", EXECUTION, REFUSED} & {*self.state()}

    def refuse(self, why: str) -> None:
        """Forget who the case is about, and end it without an erasure, for good.

        A case without a request is refused too, so after a crash in between nobody stays in it.
        """
        self.forget_people()
        self.write_state({**self.state(), REFUSED: why})

    def request(self) -> ErasureRequest | None:
        """Return the request, as long as something is left to do."""
        key = self._key(ERASURE_REQUEST)
        if not self._identities.exists(key):
            return None
        value = self._identities.read_json(key)
        return decode(ErasureRequest, value, document=key)

    def people(self) -> PeopleOfCase | None:
        """Return who is erased, once they are known and until nothing is left to do."""
        key = self._key(_PEOPLE)
        if not self._identities.exists(key):
            return None
        return _people(self._identities.read_json(key))

    def write_people(self, people: PeopleOfCase) -> None:
        """Keep who is erased: what is rewritten later no longer says so."""
        self._identities.write_json(self._key(_PEOPLE), dataclasses.asdict(people))

    def forget_people(self) -> None:
        """Delete who is erased for good, with all versions."""
        self._identities.forget(self._key(""))

    def state(self) -> dict[str, Any]:
        """Return how far the erasure is, empty before it began."""
        return self._document(ERASURE_STATE)

    def summary(self) -> ErasureCase | None:
        """Return the case for people, None where there is none."""
        state = self.state()
        return case_of(self.case, state) if "requested_at" in state else None

    def known(self) -> ErasureCase:
        """Return the case for people, or raise InvalidInput where there is none."""
        case = self.summary()
        if case is None:
            raise InvalidInput(f"tenant {self.tenant!r} has no erasure {self.case!r}")
        return case

    def write_state(self, state: dict[str, Any]) -> None:
        """Keep how far the erasure is."""
        self._data.write_json(self._key(ERASURE_STATE), state)

    def tagged_state(self) -> tuple[dict[str, Any], str]:
        """Return the state, and the ETag by which ``replace_state`` knows it."""
        value, etag = self._data.tagged_json(self._key(ERASURE_STATE))
        return dict(value), etag

    def replace_state(self, state: dict[str, Any], *, etag: str) -> bool:
        """Keep how far the erasure is, unless somebody has since. Return whether it is kept."""
        return self._data.replace_json(self._key(ERASURE_STATE), state, etag=etag)

    def write_answer(self, destination: str, answer: dict[str, Any]) -> None:
        """Keep what a destination answered, in place of what it answered before."""
        self._data.write_json(self._key(f"{_ANSWERS}{destination}.json"), answer)

    def forget_answer(self, destination: str) -> None:
        """Forget what a destination answered, so that it is asked again about everybody."""
        names = (f"{folder}{destination}.json" for folder in (_ASKED, _ANSWERS))
        self._data.delete([self._key(name) for name in names])

    def write_asked(self, destination: str, asked: dict[str, Any]) -> None:
        """Keep how far a destination is with the people."""
        self._data.write_json(self._key(f"{_ASKED}{destination}.json"), asked)

    def asked(self, destination: str) -> dict[str, Any]:
        """Return how far a destination is, empty before it was asked."""
        return self._document(f"{_ASKED}{destination}.json")

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return what destinations answered, by their names."""
        prefix = self._key(_ANSWERS)
        return {
            key.removeprefix(prefix).removesuffix(".json"): dict(self._data.read_json(key))
            for key in self._data.keys(prefix)
        }

    def touch(
        self, bucket: Bucket, version: FileVersion, *, action: str, rows: int, bytes_: int
    ) -> None:
        """Note what is about to be done to a version, before it is done. The first note stays."""
        touched = TouchedVersion(
            bucket=bucket,
            key=version.key,
            version_id=version.version_id,
            kind=kind_of(bucket, version.key),
            action=action,
            rows=rows,
            bytes=bytes_,
        )
        which = f"{bucket} {version.key} {version.version_id or version.etag}"
        mark = hashlib.sha256(which.encode())
        key = self._key(f"{_JOURNAL}{mark.hexdigest()[:32]}.json")
        if not self._data.exists(key):  # else an interrupted attempt has noted it
            self._data.write_json(key, encode(touched))

    def touched(self) -> Iterator[TouchedVersion]:
        """Yield what was done to each version."""
        keys = list(self._data.keys(self._key(_JOURNAL)))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for key, value in zip(keys, pool.map(self._data.read_json, keys), strict=True):
                yield decode(TouchedVersion, value, document=key)

    def write_receipt(self, envelope: dict[str, Any]) -> None:
        """Keep the signed receipt."""
        self._data.write_json(self._key(ERASURE_RECEIPT), envelope)

    def receipt(self) -> dict[str, Any] | None:
        """Return the signed receipt, None before there is one."""
        return self._document(ERASURE_RECEIPT) or None

    def _document(self, name: str) -> dict[str, Any]:
        """Return a document in the data bucket, empty where there is none."""
        key = self._key(name)
        return dict(self._data.read_json(key)) if self._data.exists(key) else {}

    def _key(self, name: str) -> str:
        """Return where a file of the case is, in either bucket."""
        return erasure_key(self.tenant, self.case, name)


def _people(value: dict[str, Any]) -> PeopleOfCase:
    people = tuple(
        KnownPerson(
            customer_key=one["customer_key"],
            ids=tuple(one["ids"]),
            contacts=tuple(Contact(**each) for each in one["contacts"]),
            shared=tuple(one["shared"]),
            order_keys=tuple(one["order_keys"]),
        )
        for one in value["people"]
    )
    return PeopleOfCase(
        people=people,
        unknown=value["unknown"],
        recipients=tuple(value["recipients"]),
        traces=value["traces"],
        contacts=value["contacts"],
    )

"""The way to Amazon SES: contacts by import jobs where the stage says so, and recipient files."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from adapters.aws.objects import Objects
from adapters.destinations.aws.ses_contacts import Contacts, SesCalls
from adapters.destinations.aws.ses_erasing import ContactErasure
from adapters.destinations.aws.ses_imports import ImportJobs
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.planning.marks import Marks
from tessera.destinations.port import BY_HAND, DELETED, WRITTEN, Item, Outcome
from tessera.destinations.requests import Malformed, sort_out
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.destinations.vendors.ses import destination as vendor
from tessera.destinations.vendors.ses import imports as vendor_imports
from tessera.errors import InvalidInput, Refused
from tessera.naming import OWNED, RECIPIENTS
from tessera.records.codec import decode_members
from tessera.records.loads.segment import Segment

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_LOOKED_AT = 3  # unsubscribed contacts of a batch, after it
_NO_LIST = (
    "this stage no longer imports contacts to SES: delete the contact there, by the address, or "
    "set 'ses.import_contacts' and 'ses.contact_list', deploy, and erase the person again"
)
_UNREADABLE = "SES sent a response that its API does not promise"


class SesTransport:
    """One tenant's contact list and recipient files, for one run.

    Parameters
    ----------
    contact_list
        The list's name. Empty where no contacts are imported.
    identities, prefix
        The bucket, and the folder there that is this run's for SES.
    client, clock, pause
        For tests: the SDK's client, the seconds, and how to wait some.
    """

    def __init__(
        self,
        *,
        contact_list: str,
        identities: Objects,
        prefix: str,
        client: SESV2Client | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._list = contact_list
        self._objects = identities
        self._prefix = prefix
        self._lock = threading.Lock()
        self._clock = clock
        if contact_list:
            ses = SesCalls(contact_list, client=client, clock=clock, pause=pause)
            self._contacts = Contacts(ses, name=contact_list)
            self._erasure = ContactErasure(ses, contacts=self._contacts, name=contact_list)
            self._jobs = ImportJobs(
                ses, contact_list=contact_list, objects=identities, prefix=prefix
            )

    def check(self, _segments: Sequence[Segment]) -> None:
        """Make sure that there is a list whose contacts have nobody else's data."""
        if self._list:
            try:
                self._contacts.check()
            except Malformed:
                raise Refused(_UNREADABLE) from None

    def identity(self) -> str:
        """Return the list's name and creation time. Empty where no contacts are imported."""
        return self._contacts.identity if self._list else ""

    def send(self, items: Sequence[Item]) -> Outcome:
        """Import a batch's contacts, each with the preferences that the list has of it now."""
        if not self._list:
            raise InvalidInput(
                "this stage imports no contacts to SES: set 'ses.import_contacts' and "
                "'ses.contact_list' and deploy again, or start the run again"
            )
        with self._lock:
            try:
                return self._send(items)
            except Malformed:
                return sort_out(items, {}, again=("malformed", _UNREADABLE))

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete the person's contacts, and clear those that have opted out."""
        if not self._list:
            imported = any(person.traces)
            return ErasureAnswer("by hand", _NO_LIST) if imported else ErasureAnswer("absent")
        try:
            return self._erasure.erase(person)
        except Malformed:
            raise Refused(_UNREADABLE) from None

    def ensure(self, segment: Segment) -> str:
        """Say that a segment's recipients are in its file. Without one, people choose them."""
        return WRITTEN if segment.name in self._recipients else BY_HAND

    def retire(self, _segment: Segment) -> str:
        """Say that there is nothing left of it: each run has its own files."""
        return DELETED

    def size(self, segment: Segment) -> int | None:
        """Return how many recipients a segment's file has."""
        return self._recipients.get(segment.name)

    def _send(self, items: Sequence[Item]) -> Outcome:
        if not any(map(vendor.has_contact, items)):
            return Outcome(acknowledged=tuple(items))
        job_id = self._jobs.find(items)
        if not job_id:
            known = vendor_contacts.by_mark(self._contacts.read())
            text = "".join(vendor_imports.lines(items, known=known, owned=self._owned))
            if not text:
                return Outcome(acknowledged=tuple(items))
            job_id = self._jobs.create(items, text)
        job = self._jobs.ended(job_id, until=self._clock() + vendor.CAPABILITIES.exchange_seconds)
        if job["JobStatus"] != vendor_imports.COMPLETED:
            self._jobs.finish(items, again=True)
            raise Refused(vendor_imports.failure(job))
        asked = vendor_imports.unsubscribed(self._jobs.file(items), most=_LOOKED_AT)
        self._contacts.check_unsubscribed(asked)
        done = vendor_imports.outcome(items, job, self._jobs.failed_records(job))
        self._jobs.finish(items)
        return done

    @functools.cached_property
    def _owned(self) -> Marks:
        key = self._prefix + OWNED
        return Marks(self._objects.read(key) if self._objects.exists(key) else b"")

    @functools.cached_property
    def _recipients(self) -> Mapping[str, int]:
        key = self._prefix + RECIPIENTS
        if not self._objects.exists(key):
            return {}
        return decode_members(int, self._objects.read_json(key), document=key)

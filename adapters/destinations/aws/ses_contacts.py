"""The contacts of a list in Amazon SES, as they are now: read back before anything is imported."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from adapters.aws import clients
from adapters.aws.errors import translated
from adapters.http.pace import Pace
from tessera.destinations.requests import Malformed
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.destinations.vendors.ses import destination as vendor
from tessera.errors import InvalidInput, Refused

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_PAGES_OF = (1000, 100)  # the largest page is not documented: the second where the first is none
_READING_SECONDS = 360
_LOOKED_INTO = 5
_WRONG = "BadRequestException"


class SesCalls:
    """Requests to SES at its rate, one a second unless they send, with its errors translated.

    Parameters
    ----------
    contact_list
        For messages.
    client, clock, pause
        For tests: the SDK's client, the seconds, and how to wait some.
    """

    def __init__(
        self,
        contact_list: str,
        *,
        client: SESV2Client | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.clock = clock
        self.pause = pause
        self._pace = Pace(vendor.CAPABILITIES.requests_per_minute, clock=clock, pause=pause)
        self._client = client or clients.ses()
        self._once = client or clients.ses(attempts=1)
        self.endpoint = str(self._client.meta.endpoint_url)
        self._missing = (
            f"SES has no contact list {contact_list!r}: make it, or correct the stage's setting "
            "'ses.contact_list'"
        )

    def call(
        self,
        operation: str,
        *,
        repeated: bool = True,
        personal: bool = True,
        **parameters: Any,  # noqa: ANN401 (the operation's)
    ) -> Mapping[str, Any]:
        """Send one request. If it creates something, let the SDK not repeat it."""
        self._pace.wait()
        client = self._client if repeated else self._once
        with translated("SES", missing=self._missing, personal=personal):
            response: Mapping[str, Any] = getattr(client, operation)(**parameters)
        return response


class Contacts:
    """One contact list's contacts.

    Parameters
    ----------
    ses
        Sends the requests.
    name
        The list's.
    """

    def __init__(self, ses: SesCalls, *, name: str) -> None:
        self._ses = ses
        self._name = name
        self._sizes = list(_PAGES_OF)
        self.identity = ""  # the list's name and creation time, once it was checked

    def check(self) -> None:
        """Make sure that there is a list, and nobody else's data in a few of its contacts.

        Raises
        ------
        InvalidInput
            There is none, or a contact has ``attributesData`` that an import would replace.
        """
        described = self._ses.call("get_contact_list", personal=False, ContactListName=self._name)
        if created_at := described.get("CreatedTimestamp"):
            self.identity = f"{self._name} of {created_at.astimezone(dt.UTC).isoformat()}"
        first = self._page(PageSize=_LOOKED_INTO)
        for contact in self._contacts(one["EmailAddress"] for one in first["Contacts"]):
            if not vendor_contacts.is_ours(contact.get("AttributesData")):
                raise InvalidInput(
                    f"the contact list {self._name!r} has contacts with attributesData that "
                    "Tessera did not write, and an import would overwrite it: remove "
                    "'ses.import_contacts' from the stage, or clear the attributesData if unused"
                )

    def read(self) -> Iterator[vendor_contacts.ListContact]:
        """Yield all contacts, a page a second.

        Raises
        ------
        InvalidInput
            There are so many that the first ones would be old before the last ones come.
        Malformed
            A contact lacks its preferences.
        """
        began, count = self._ses.clock(), 0
        token: dict[str, str] = {}
        while True:
            page = self._sized_page(**token)
            yield from map(vendor_contacts.ListContact.parse, page["Contacts"])
            count += len(page["Contacts"])
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}
            if self._ses.clock() - began > _READING_SECONDS:
                raise InvalidInput(
                    f"the contact list {self._name!r} has more than {count:,} contacts: their "
                    "preferences cannot be read in time before an import. Remove "
                    "'ses.import_contacts' from the stage, and send with the segments' files"
                )

    def check_unsubscribed(self, addresses: Sequence[str]) -> None:
        """Make sure that an import has left these contacts unsubscribed.

        Raises
        ------
        Refused
            Not one of them is.
        """
        contacts = list(map(vendor_contacts.ListContact.parse, self._contacts(addresses)))
        if contacts and not any(one.unsubscribed for one in contacts):
            raise Refused(
                f"contacts of the list {self._name!r} had unsubscribed and are subscribed after an "
                "import, which should have kept them unsubscribed: the import stops here. Restore "
                "their previous preferences from the run's import files, and remove "
                "'ses.import_contacts' from the stage"
            )

    def _sized_page(self, **token: str) -> Mapping[str, Any]:
        try:
            return self._page(PageSize=self._sizes[0], **token)
        except Refused as error:
            if _WRONG not in str(error) or len(self._sizes) == 1:
                raise
            self._sizes.pop(0)
            return self._page(PageSize=self._sizes[0], **token)

    def _page(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 (the operation's)
        page = self._ses.call("list_contacts", ContactListName=self._name, **parameters)
        if not isinstance(page.get("Contacts"), list):
            raise Malformed("a page has no contacts")
        return page

    def _contacts(self, addresses: Iterable[str]) -> Iterator[Mapping[str, Any]]:
        """Yield contacts with all their data, without those just removed from the list."""
        for address in addresses:
            with contextlib.suppress(InvalidInput):
                yield self._ses.call(
                    "get_contact", ContactListName=self._name, EmailAddress=address
                )

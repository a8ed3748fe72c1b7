"""A person who is to be erased at Amazon SES: the contact is deleted, unless it has opted out.

Deleting a contact deletes its preferences: who imports the address again subscribes it by the
list's defaults. So a contact with an opt-out stays, without our attributes. An update replaces all
preferences (documented), so it repeats them as they were read just before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.destinations.aws.ses_contacts import Contacts, SesCalls
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.vendors.ses import contacts as vendor_contacts
from tessera.destinations.vendors.ses.contacts import ListContact
from tessera.errors import InvalidInput
from tessera.events.contact_points.channels import EMAIL_CHANNELS

_NOTHING = "{}"
_OPTED_OUT = "OPT_OUT"
_KEPT = (
    "the contact has opted out, which a deletion would lose, so it stays without our attributes: "
    "delete it in SES if the person wants that too"
)
_DELETED = "SES keeps an address in the account's suppression list after a bounce or complaint"


class ContactErasure:
    """Erases people from one contact list, a call per second.

    Parameters
    ----------
    ses
        Sends the requests.
    contacts, name
        The list, and what it is called.
    """

    def __init__(self, ses: SesCalls, *, contacts: Contacts, name: str) -> None:
        self._ses = ses
        self._contacts = contacts
        self._list: dict[str, Any] = {"ContactListName": name}
        self._exists = False

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete a person's contacts, and clear those that have opted out.

        Raises
        ------
        InvalidInput
            There is no such list.
        """
        if not self._exists:  # a missing contact and a missing list get the same response
            self._ses.call("get_contact_list", personal=False, **self._list)
            self._exists = True
        kept = [self._erase(one) for one in list(self._known(person))]
        if any(kept):
            return ErasureAnswer("cleared", _KEPT)
        return ErasureAnswer("deleted", _DELETED) if kept else ErasureAnswer("absent")

    def _known(self, person: ErasurePerson) -> Iterator[ListContact]:
        """Yield a person's contacts: those of known addresses, then those that the ledger marks."""
        addresses = {one.address for one in person.contacts if one.channel_type in EMAIL_CHANNELS}
        marks = {one for one in person.traces if one}
        for address in sorted(addresses):
            if contact := self._contact(address):
                marks.discard(vendor_contacts.mark(address))
                yield ListContact.parse(contact)
        if marks:
            listed = vendor_contacts.by_mark(self._contacts.read())
            for mark in sorted(marks):
                yield from listed.get(mark, ())

    def _contact(self, address: str) -> Mapping[str, Any]:
        with contextlib.suppress(InvalidInput):
            return self._ses.call("get_contact", EmailAddress=address, **self._list)
        return {}

    def _erase(self, contact: ListContact) -> bool:
        """Delete a contact, or clear it. Return whether it stays."""
        named: dict[str, Any] = {**self._list, "EmailAddress": contact.address}
        stays = contact.unsubscribed or any(status == _OPTED_OUT for _, status in contact.topics)
        with contextlib.suppress(InvalidInput):  # somebody has just deleted it
            if not stays:
                self._ses.call("delete_contact", **named)
                return False
            preferences = [
                {"TopicName": topic, "SubscriptionStatus": status}
                for topic, status in contact.topics
            ]
            self._ses.call(
                "update_contact",
                **named,
                UnsubscribeAll=contact.unsubscribed,
                TopicPreferences=preferences,
                AttributesData=_NOTHING,
            )
        return stays

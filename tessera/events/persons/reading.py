"""Whose a row is: the person that its id names, or that its other ids and addresses name."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from tessera.events.contact_points.channels import EMAIL, KINDS, PHONE, channel_of
from tessera.events.persons.doubts import CROWD, DAMAGED, ZEROS, ReadId, read_id
from tessera.events.persons.ids import email_id, normal_id, phone_id
from tessera.settings import FOLD, KEEP, REJECT

STAND_INS = ("other_id", "email", "phone", "channel_type", "address")


@dataclasses.dataclass(frozen=True)
class KnownId:
    """What an id comes to under the setting ``doubtful_ids``.

    Parameters
    ----------
    person
        The id that counts. None where the row's other ids and addresses must name the person.
    doubt
        One of ``doubts.KINDS``, or empty.
    refused
        Whether the row is rejected for its id.
    """

    person: str | None
    doubt: str = ""
    refused: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class IdRules:
    """How ids are read.

    Parameters
    ----------
    doubtful_ids
        The setting.
    zeros
        Ids of the file that lost their zeros, to the ids that still have them.
    crowds
        Ids of the file that have many people's addresses.
    """

    doubtful_ids: str = FOLD
    zeros: Mapping[str, str] = dataclasses.field(default_factory=dict)
    crowds: Collection[str] = frozenset()

    def read(self, cell: str | None) -> KnownId:
        """Return what a cell of customer_id comes to."""
        one = self._in_file(read_id(cell))
        if not one.doubt:
            return KnownId(one.text or None)
        if self.doubtful_ids == KEEP:
            return KnownId(one.text, one.doubt)
        if self.doubtful_ids == REJECT:
            return KnownId(None, one.doubt, refused=True)
        return KnownId(one.repaired or None, one.doubt)

    def _in_file(self, one: ReadId) -> ReadId:
        """Return an id with the doubt that only the rest of its file shows."""
        text = one.repaired or one.text
        if text in self.crowds:
            return ReadId(one.text, CROWD)
        if text in self.zeros:
            return ReadId(one.text, ZEROS, self.zeros[text])
        return one

    def stand_in(self, cells: tuple[str | None, ...]) -> str | None:
        """Return the id that a row has instead, from its ``STAND_INS``, or None without any."""
        other, email, phone, channel, address = cells
        kind = KINDS.get(channel_of(channel or "")) or ("" if channel else EMAIL)
        return (
            self._other(other)
            or _mailbox(email)
            or _number(phone)
            or (_mailbox(address) if kind == EMAIL else "")
            or (_number(address) if kind == PHONE else "")
            or None
        )

    def _other(self, cell: str | None) -> str:
        one = read_id(cell)
        return one.repaired if one.doubt else one.text


DEFAULT_RULES = IdRules()


def is_refused(known: KnownId, *, stand_in: str | None) -> bool:
    """Return whether a row is rejected for its id: by the setting, or as it can't be repaired."""
    lost = known.person is None and known.doubt == DAMAGED and stand_in is None
    return known.refused or lost


def _mailbox(cell: str | None) -> str:
    return email_id(normal_id(cell)) if cell else ""


def _number(cell: str | None) -> str:
    return phone_id(normal_id(cell)) if cell else ""

"""Consents and lists of receivers: where to send a file, and what is known."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.campaigns.consent.counting import ConsentTotals
from tessera.errors import InvalidInput

MOST_LIST_BYTES = 512 * 1024**2


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileSize:
    """The size of a CSV file that is to be sent.

    Parameters
    ----------
    bytes
        Its size. The signature admits no other.
    """

    bytes: int = dataclasses.field(metadata={"schema": {"minimum": 1, "maximum": MOST_LIST_BYTES}})

    def __post_init__(self) -> None:
        """Refuse a file that nobody could send or read."""
        if not 1 <= self.bytes <= MOST_LIST_BYTES:
            raise InvalidInput(f"bytes: expected from 1 to {MOST_LIST_BYTES}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileTarget:
    """Where to send a file.

    Parameters
    ----------
    name
        The list, or the import's id.
    expires_at
        Until when the address works.
    url
        Where to PUT it.
    """

    name: str
    expires_at: dt.datetime
    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReceiverList:
    """An uploaded list of receivers.

    Parameters
    ----------
    name
        What a campaign's audience calls it.
    bytes
        The size of its file.
    uploaded_at
        When it arrived.
    """

    name: str
    bytes: int
    uploaded_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReceiverLists:
    """The uploaded lists of receivers, by name."""

    items: tuple[ReceiverList, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentCounts(ConsentTotals):
    """What the rows of consent of a tenant come to. The shop's own uploads are not in it.

    States are ``granted``, ``expired``, ``withdrawn``, ``suppressed`` (the address bounced, or its
    owner complained) and ``none``.

    Parameters
    ----------
    legal_basis
        What the tenant declares for people without a known consent, by country.
    """

    legal_basis: Mapping[str, str]

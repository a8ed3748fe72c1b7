"""load.json: what MapSchema planned for one destination, and the results of sending it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.loads.segment import Segment


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanCounts:
    """The customers of a plan, by what the destination needs.

    Parameters
    ----------
    desired
        Customers of this run.
    changes
        Customers to send: the sum of ``adds``, ``updates`` and ``exits``.
    adds, updates, exits
        Customers who are new there, who changed, and who left.
    unchanged
        Customers who are already up to date there.
    untold
        Customers who lack what the destination needs, and are not there.
    left
        Customers who left and keep their labels.
    known
        Customers who had labels there before.
    """

    desired: int = 0
    changes: int = 0
    adds: int = 0
    updates: int = 0
    exits: int = 0
    unchanged: int = 0
    untold: int = 0
    left: int = 0
    known: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class AddressCounts:
    """Customers whose addresses were omitted, by the reason. 0 where a version did not count.

    Parameters
    ----------
    shared_addresses
        Addresses that several customers share. One of the customers keeps it.
    without_address
        Customers without any address.
    unreadable_email, unreadable_phone
        Customers with an e-mail address or phone number that cannot be used.
    """

    shared_addresses: int = 0
    without_address: int = 0
    unreadable_email: int = 0
    unreadable_phone: int = 0


@dataclasses.dataclass(frozen=True)
class ImportFile:
    """One file of a load.

    Parameters
    ----------
    key
        Its key in the identities bucket.
    rows, bytes
        Its size.
    sha256
        The hash of its content, in hexadecimal.
    """

    key: str
    rows: int
    bytes: int
    sha256: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FilesAtOnce:
    """Import files that a destination fetched itself, or did not take, at the last attempt.

    Parameters
    ----------
    first, end
        From which file on, to before which, counted from 0.
    reason
        The code of why it took none of them. Empty if it has them all.
    failed
        How many attempts in a row it took nothing of.
    """

    first: int
    end: int
    reason: str
    failed: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentReach:
    """The customers of a segment, by how they can be contacted.

    Parameters
    ----------
    customers
        All of them.
    email, phone
        Customers with a usable address of that kind that no other customer uses.
    email_granted, email_denied
        Of those with an e-mail address, customers who agreed to marketing by e-mail, and who
        declined. The others gave no answer.
    ad_consent
        Customers who have consented to advertising.
    """

    customers: int
    email: int
    phone: int
    ad_consent: int
    email_granted: int = 0
    email_denied: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadRecord(PlanCounts, AddressCounts):
    """What MapSchema planned for one destination.

    Parameters
    ----------
    destination
        Its name.
    as_of
        The day that the run describes.
    held
        The reason to send nothing, for people. Empty if the load is to be sent.
    needs
        What a customer needs to be sent. Empty for nothing.
    parts
        The import files, in the order in which they are sent.
    without_identity
        Customers of the run whose identity is not stored.
    segments
        The segments that the destination is to have.
    reach
        By segment of the definition, the customers that the shop can contact by any destination.
        Empty where a version did not count.
    recreated
        Whether the destination was created again since the run before. StartLoad sets it.
    """

    destination: str
    as_of: dt.date
    held: str
    needs: str
    parts: tuple[ImportFile, ...]
    without_identity: int
    segments: tuple[Segment, ...]
    reach: Mapping[str, SegmentReach] = dataclasses.field(default_factory=dict)
    recreated: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """A customer that the destination refused.

    Parameters
    ----------
    key, customer_id
        The customer.
    code, message
        The destination's own words.
    """

    key: str
    customer_id: str
    code: str
    message: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SliceResult:
    """What sending one slice of a part came to.

    Parameters
    ----------
    rows
        Rows of the slice.
    sent, requests
        Customers acknowledged, and requests made.
    refused
        The customers that the destination refused.
    """

    rows: int
    sent: int
    requests: int
    refused: tuple[Refusal, ...]

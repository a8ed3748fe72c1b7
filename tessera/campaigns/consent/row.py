"""A row of consent: what a person, a file or a mailbox provider stated, and when.

Rows are only ever added. What they come to is in ``consent.standing``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
from typing import Literal

from tessera.countries import is_region
from tessera.errors import InvalidInput
from tessera.records.codec import encode

ConsentPurpose = Literal["marketing", "tracking"]
AskedPurpose = Literal["marketing", "tracking", "transactional"]  # the last one needs no consent
ConsentChannel = Literal["email", "webhook"]
ConsentEvent = Literal["granted", "withdrawn", "complained", "bounced"]
ConsentBasis = Literal["express", "soft_opt_in", "implied_purchase", "implied_inquiry"]
ConsentSource = Literal[
    "form", "preference_page", "unsubscribe_link", "provider", "staff", "upload", "import"
]

MARKETING, TRACKING = "marketing", "tracking"
GRANTED = "granted"
EXPRESS, SOFT_OPT_IN = "express", "soft_opt_in"
IMPLIED_PURCHASE, IMPLIED_INQUIRY = "implied_purchase", "implied_inquiry"
IMPLIED = (IMPLIED_PURCHASE, IMPLIED_INQUIRY)
BY_PERSON = ("form", "preference_page")  # the sources in which the person itself acts
_END = "an instant after 'at' for a grant that ends, as implied ones always do, otherwise null"
_RECIPIENT = re.compile(r"[0-9a-f]{32}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """One statement about one address.

    Parameters
    ----------
    recipient
        Keyed hash of the address (``Recipient.recipient``).
    channel, purpose
        What it is about. ``tracking`` is the measuring of who opens a mail, which needs a consent
        apart from ``marketing``.
    state
        ``granted`` or ``withdrawn``. A provider reports ``complained`` and ``bounced``, which are
        about the address, whatever the purpose.
    basis
        Of a grant: ``express`` by the person, ``soft_opt_in`` of a customer for similar products,
        ``implied_purchase`` or ``implied_inquiry``. None otherwise.
    source
        How it came: a ``form`` or the ``preference_page``, where the person acts, the
        ``unsubscribe_link``, the mailbox ``provider``, ``staff``, an ``upload`` of the shop's
        data, or an ``import`` of consents.
    at
        When it was stated.
    text_version
        Which wording the person saw.
    proof
        Where the evidence is, such as a form entry's id.
    country
        The person's country by its two letters, empty where unknown.
    expires_at
        From then on a grant is none. None for no end.
    """

    recipient: str
    channel: ConsentChannel = "email"
    purpose: ConsentPurpose = "marketing"
    state: ConsentEvent
    basis: ConsentBasis | None = None
    source: ConsentSource
    at: dt.datetime
    text_version: str = ""
    proof: str = ""
    country: str = ""
    expires_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a row that states nothing usable."""
        granted = self.state == GRANTED
        for name, (good, expected) in {
            "recipient": (bool(_RECIPIENT.fullmatch(self.recipient)), "32 hexadecimal digits"),
            "basis": (
                (self.basis is not None) == granted,
                "a basis for 'granted'" if granted else f"null for {self.state!r}",
            ),
            "country": (not self.country or is_region(self.country), "such as 'DE', or empty"),
            "expires_at": (self._end_is_good(), _END),
            "purpose": (
                self.purpose != TRACKING or self.basis in (None, EXPRESS),
                "'marketing': only an express consent covers tracking",
            ),
        }.items():
            if not good:
                raise InvalidInput(f"{name} is {getattr(self, name)!r}: expected {expected}")

    def _end_is_good(self) -> bool:
        if self.expires_at is None:
            return self.basis not in IMPLIED
        return self.state == GRANTED and self.expires_at > self.at

    @property
    def is_own_opt_in(self) -> bool:
        """Whether the person itself opted in, with proof: only that beats an earlier opt-out."""
        return (
            self.state == GRANTED
            and self.basis == EXPRESS
            and self.source in BY_PERSON
            and bool(self.proof)
        )

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of the row's content: the same row twice is one row."""
        text = json.dumps(encode(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

"""The receipt of an erasure: what was done, what could not be, and what ages out when.

It is signed, and so is the receipt of a tenant's removal.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from tessera.erasure.objects import ErasedObjects
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.removal import REMOVAL, RemovalReceipt

VERSION = 1
ECDSA: Literal["ECDSA_SHA_256"] = "ECDSA_SHA_256"
ED25519 = "Ed25519"
Status = Literal["complete", "open"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasedThere:
    """What one destination answered.

    Parameters
    ----------
    destination, title
        Its name, also for people.
    erases
        What it can do: ``delete``, ``clear`` or ``none``.
    answers
        How many people it deleted, cleared or did not know.
    by_hand
        What people must do there. Empty for nothing.
    failed
        Why it is not done yet. Empty when it is. It is tried again.
    details
        What else people should know, such as the days that the vendor takes.
    left
        How many there was no time for yet. The same execution goes on with them.
    """

    destination: str
    title: str
    erases: str
    answers: Mapping[str, int]
    by_hand: str = ""
    failed: str = ""
    details: tuple[str, ...] = ()
    left: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class AgesOut:
    """What was not touched, and when it is gone by itself.

    Parameters
    ----------
    what, why
        What it is, and why it stays so long.
    days
        How long it is kept. 0 for ever.
    until
        The day on which it is gone, where that is known.
    """

    what: str
    days: int
    why: str
    until: dt.date | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Search:
    """The search after everything else.

    Parameters
    ----------
    versions
        Versions of objects that were read.
    hits
        Those that had one of the people in them.
    """

    versions: int
    hits: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt:
    """What an erasure did. It names nobody.

    Parameters
    ----------
    version
        Of the receipt's form.
    tessera
        The version that did it.
    case, tenant
        Which erasure.
    subjects
        Keyed hashes of the people, by which the shop can show who the receipt is for: only the
        stage's secret makes them.
    unknown
        How many of the requested ids and addresses named nobody.
    repeated_of
        Earlier erasures of some of these people.
    shared_addresses
        Addresses that other customers have too. They stay theirs.
    requested_at, finished_at
        When.
    status
        ``open`` while a part is left to do, which is tried again.
    open_until
        When everything is searched again, because what began before this search may write until
        then. None after a search that began late enough.
    objects
        By kind.
    tables
        Items of DynamoDB that were deleted, by table. ``opt-outs kept`` stay as hashed addresses.
    destinations
        Each with its answer.
    search
        What was searched afterwards.
    not_done
        What could not be done, a sentence each.
    ages_out
        What goes by itself.
    """

    version: int = VERSION
    tessera: str
    case: str
    tenant: str
    subjects: tuple[str, ...]
    unknown: int
    repeated_of: tuple[str, ...]
    shared_addresses: int
    requested_at: dt.datetime
    finished_at: dt.datetime
    status: Status
    open_until: dt.datetime | None = None
    objects: tuple[ErasedObjects, ...]
    tables: Mapping[str, int]
    destinations: tuple[ErasedThere, ...]
    search: Search
    not_done: tuple[str, ...]
    ages_out: tuple[AgesOut, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature, and the public key that verifies it.

    Parameters
    ----------
    algorithm
        ``ECDSA_SHA_256`` over P-256, or ``Ed25519``.
    key
        What the key is called.
    public_key
        SubjectPublicKeyInfo in DER, base64.
    value
        The signature, base64.
    """

    algorithm: str
    key: str
    public_key: str
    value: str


class Signer(Protocol):
    """Signs receipts."""

    def sign(self, content: bytes) -> Signature:
        """Return the signature of some bytes."""
        ...


def canonical(receipt: Mapping[str, Any]) -> bytes:
    """Return a receipt's JSON as the bytes that are signed: sorted, without blanks, in UTF-8."""
    text = json.dumps(receipt, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def signed(receipt: Receipt | RemovalReceipt, signer: Signer) -> dict[str, Any]:
    """Return the document that people get: the receipt and its signature."""
    value = encode(receipt)
    return {"receipt": value, "signature": encode(signer.sign(canonical(value)))}


def parse(document: object) -> tuple[Receipt, bytes, Signature]:
    """Return the receipt of an erasure, the bytes that were signed, and the signature.

    Raises
    ------
    InvalidInput
        It is no receipt of an erasure.
    """
    receipt, content, signature = parse_any(document)
    if not isinstance(receipt, Receipt):
        raise InvalidInput("the file is the receipt of a tenant's removal, and not of an erasure")
    return receipt, content, signature


def parse_any(document: object) -> tuple[Receipt | RemovalReceipt, bytes, Signature]:
    """Return a receipt of any kind, the bytes that were signed, and the signature.

    Raises
    ------
    InvalidInput
        It is no receipt.
    """
    if not isinstance(document, Mapping) or {*document} != {"receipt", "signature"}:
        raise InvalidInput("the file is no receipt: expected JSON with 'receipt' and 'signature'")
    value = document["receipt"]
    if not isinstance(value, Mapping):
        raise InvalidInput("the file is no receipt: 'receipt' is no object")
    kind: type[Receipt | RemovalReceipt] = Receipt
    if value.get("kind") == REMOVAL:
        kind = RemovalReceipt
    receipt = decode(kind, value, document="the receipt", tolerant=True)
    signature = decode(Signature, document["signature"], document="the receipt's signature")
    return receipt, canonical(value), signature

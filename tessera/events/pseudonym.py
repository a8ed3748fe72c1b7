"""Pseudonyms of customers, orders and events: nobody can turn them back without the secret."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Callable

from tessera.events.persons.ids import normal_id

_CONTEXT_END = b"\0"  # a tenant's name cannot contain it, so no two pairs give the same text
_FINGERPRINT = b"which secret is this?"
_BLOCK_BYTES = 64
ID_DIGITS = 24  # 96 bits: of a thousand million orders no two share a key, by chance
ADDRESS_DIGITS = 32
_ADDRESS = "ADDRESS"  # tenants' names have no capitals, so no two contexts are equal
_ERASED = "ERASED"
MARK_DIGITS = 32
ID_KINDS = {"order_id": "ORDER", "event_id": "EVENT"}
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))
VARIANTS = "89ab"


@dataclasses.dataclass(frozen=True)
class Blocks:
    """What all of a tenant's keyed hashes begin with: as secret as the secret itself."""

    inner: bytes
    outer: bytes


def hmac_blocks(secret: bytes, *, tenant: str) -> Blocks:
    """Return the blocks of HMAC's definition: the hash is H(outer + H(inner + customer_id)).

    References
    ----------
    RFC 2104.
    """
    if len(secret) > _BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK_BYTES, b"\0")
    return Blocks(
        inner=block.translate(_INNER) + tenant.encode() + _CONTEXT_END,
        outer=block.translate(_OUTER),
    )


def id_blocks(secret: bytes, *, tenant: str, column: str) -> Blocks:
    """Return the blocks for a tenant's order ids or event ids, unrelated to its customers'."""
    return _kind_blocks(secret, tenant=tenant, kind=ID_KINDS[column])


def _kind_blocks(secret: bytes, *, tenant: str, kind: str) -> Blocks:
    blocks = hmac_blocks(secret, tenant=tenant)
    tail = tenant.encode() + _CONTEXT_END
    inner = blocks.inner.removesuffix(tail) + kind.encode() + _CONTEXT_END + tail
    return Blocks(inner=inner, outer=blocks.outer)


def id_keys(secret: bytes, *, tenant: str, column: str) -> Callable[[str], str]:
    """Return the function from an order id or event id to its key, 24 hexadecimal digits."""
    hashed = _hmac(id_blocks(secret, tenant=tenant, column=column))
    return lambda text: hashed(text)[:ID_DIGITS]


def address_keys(secret: bytes, *, tenant: str) -> Callable[[str], str]:
    """Return the function from an address to its key, 32 hexadecimal digits.

    The address comes in its normal form (``contact_points``), so that its spellings share a key.
    """
    hashed = _hmac(_kind_blocks(secret, tenant=tenant, kind=_ADDRESS))
    return lambda address: hashed(address)[:ADDRESS_DIGITS]


def erased_blocks(secret: bytes, *, tenant: str) -> Blocks:
    """Return the blocks for the marks of erased people, unrelated to their keys."""
    return _kind_blocks(secret, tenant=tenant, kind=_ERASED)


def erased_marks(secret: bytes, *, tenant: str) -> Callable[[str], str]:
    """Return the function from a customer_key to the mark of an erased person, 32 digits.

    A mark stays when a person is erased, so that nobody comes back. It is another hash than the
    key. So the key itself is nowhere any more, and nobody can look for it in old copies.
    """
    hashed = _hmac(erased_blocks(secret, tenant=tenant))
    return lambda customer_key: hashed(customer_key)[:MARK_DIGITS]


def customer_keys(secret: bytes, *, tenant: str) -> Callable[[str], str]:
    """Return the function from customer_id to customer_key for one tenant.

    The key is HMAC-SHA-256(secret, tenant, NUL, customer_id), its first 128 bits laid out as a
    version 8 UUID (RFC 9562). Equal ids have equal keys. Another secret or tenant has unrelated
    keys. The id counts in its normal form: two spellings of one e-mail address are one person.
    """
    hashed = _hmac(hmac_blocks(secret, tenant=tenant))
    return lambda customer_id: _uuid8(hashed(normal_id(customer_id)))


def _hmac(blocks: Blocks) -> Callable[[str], str]:
    # The hmac module's own objects take twice as long to copy.
    inner, outer = hashlib.sha256(blocks.inner), hashlib.sha256(blocks.outer)

    def hashed(text: str) -> str:
        message, mac = inner.copy(), outer.copy()
        message.update(text.encode())
        mac.update(message.digest())
        return mac.hexdigest()

    return hashed


def fingerprint(secret: bytes) -> str:
    """Return 16 hex digits that distinguish secrets and reveal none."""
    return hmac.new(secret, _FINGERPRINT, hashlib.sha256).hexdigest()[:16]


def _uuid8(h: str) -> str:
    variant = VARIANTS[int(h[16], 16) & 3]
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{variant}{h[17:20]}-{h[20:32]}"

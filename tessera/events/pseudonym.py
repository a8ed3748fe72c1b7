"""The pseudonym of a customer: a UUID that nobody can turn back without the tenant's secret."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from collections.abc import Callable

_CONTEXT_END = b"\0"  # a tenant's name cannot contain it, so no two pairs give the same text
_FINGERPRINT = b"which secret is this?"
_BLOCK_BYTES = 64
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


def customer_keys(secret: bytes, *, tenant: str) -> Callable[[str], str]:
    """Return the function from customer_id to customer_key for one tenant.

    The key is HMAC-SHA-256(secret, tenant, NUL, customer_id), its first 128 bits laid out as a
    version 8 UUID (RFC 9562): equal ids, equal keys; another secret or tenant, unrelated keys.
    """
    # The hmac module's own objects take twice as long to copy.
    blocks = hmac_blocks(secret, tenant=tenant)
    inner, outer = hashlib.sha256(blocks.inner), hashlib.sha256(blocks.outer)

    def key(customer_id: str) -> str:
        text, mac = inner.copy(), outer.copy()
        text.update(customer_id.encode())
        mac.update(text.digest())
        return _uuid8(mac.hexdigest())

    return key


def fingerprint(secret: bytes) -> str:
    """Return 16 hex digits that distinguish secrets and reveal none."""
    return hmac.new(secret, _FINGERPRINT, hashlib.sha256).hexdigest()[:16]


def _uuid8(h: str) -> str:
    variant = VARIANTS[int(h[16], 16) & 3]
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{variant}{h[17:20]}-{h[20:32]}"

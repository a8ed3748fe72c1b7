"""The pseudonym of a customer: a UUID that nobody can turn back without the tenant's secret."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

_CONTEXT_END = b"\0"  # a tenant's name cannot contain it, so no two pairs give the same text
_FINGERPRINT = b"which secret is this?"
_VARIANTS = "89ab"


def customer_keys(secret: bytes, *, tenant: str) -> Callable[[str], str]:
    """Return the function from customer_id to customer_key for one tenant.

    The key is HMAC-SHA-256(secret, tenant, NUL, customer_id), its first 128 bits laid out as a
    version 8 UUID (RFC 9562): equal ids, equal keys; another secret or tenant, unrelated keys.
    """
    start = hmac.new(secret, tenant.encode() + _CONTEXT_END, hashlib.sha256)

    def key(customer_id: str) -> str:
        mac = start.copy()
        mac.update(customer_id.encode())
        return _uuid8(mac.digest())

    return key


def fingerprint(secret: bytes) -> str:
    """Return 16 hex digits that tell one secret from another and reveal neither."""
    return hmac.new(secret, _FINGERPRINT, hashlib.sha256).hexdigest()[:16]


def _uuid8(digest: bytes) -> str:
    h = digest.hex()
    variant = _VARIANTS[int(h[16], 16) & 3]
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{variant}{h[17:20]}-{h[20:32]}"

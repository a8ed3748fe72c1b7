"""The token of a key pair: a JSON web token signed by RS256, valid for less than an hour.

References
----------
docs.snowflake.com: developer-guide/sql-api/authenticating. ``iss`` is the subject followed by the
fingerprint of the public key. ``exp`` is at most one hour after ``iat``. RFC 7515, 7519.
"""

from __future__ import annotations

import base64
import hashlib

from tessera.destinations.port import compact

VALID_SECONDS = 3_540  # a minute less than the longest
_EARLIER_SECONDS = 30  # for clocks that differ a little


def fingerprint(public_key: bytes) -> str:
    """Return a public key's fingerprint, as ``DESCRIBE USER`` prints ``RSA_PUBLIC_KEY_FP``.

    Parameters
    ----------
    public_key
        The key as DER (SubjectPublicKeyInfo).
    """
    return "SHA256:" + base64.b64encode(hashlib.sha256(public_key).digest()).decode()


def unsigned(subject: str, public_key: bytes, *, unix_seconds: int) -> str:
    """Return the first two parts of a token: what its signature is of."""
    begin = unix_seconds - _EARLIER_SECONDS
    claims = {
        "iss": f"{subject}.{fingerprint(public_key)}",
        "sub": subject,
        "iat": begin,
        "exp": begin + VALID_SECONDS,
    }
    header = {"alg": "RS256", "typ": "JWT"}
    return ".".join(encoded(compact(part).encode()) for part in (header, claims))


def encoded(value: bytes) -> str:
    """Return bytes as a part of a token: base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")

"""What the stand-in verifies of a token, by the user's public key."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local.services.frame.embedded_aws import embedded_client
from tessera.destinations.vendors.snowflake.tokens import fingerprint

_LONGEST_SECONDS = 3_600


def problem(token: str, *, public_key: bytes, subject: str, unix_seconds: float) -> str:
    """Return what is wrong with a token, empty if nothing is.

    Parameters
    ----------
    public_key
        The user's key as DER.
    subject
        The account and the user.
    unix_seconds
        The time now.
    """
    signed, _, signature = token.rpartition(".")
    key = load_der_public_key(public_key)
    try:
        header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
        assert isinstance(key, rsa.RSAPublicKey)  # noqa: S101 (the only kind that Snowflake takes)
        key.verify(_decoded(signature), signed.encode(), padding.PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return "JWT_TOKEN_INVALID_SIGNATURE"
    if header != {"alg": "RS256", "typ": "JWT"}:
        return "JWT_TOKEN_INVALID_ALGORITHM"
    if claims.get("sub") != subject:
        return "JWT_TOKEN_INVALID_USER_IN_SUBJECT"
    if claims.get("iss") != f"{subject}.{fingerprint(public_key)}":
        return "JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH"
    return _time_problem(claims, unix_seconds)


def _time_problem(claims: dict[str, Any], now: float) -> str:
    begin, end = claims.get("iat", 0), claims.get("exp", 0)
    if begin > now:
        return "JWT_TOKEN_INVALID_ISSUE_TIME"
    if end <= now or end - begin > _LONGEST_SECONDS:
        return "JWT_TOKEN_INVALID_EXPIRATION_TIME"
    return ""


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def embedded_public_key(alias: str) -> bytes:
    """Return the public half of a key of the embedded AWS, as DER."""
    client = embedded_client("kms")
    assert client is not None  # noqa: S101 (it runs while stand-ins do)
    return bytes(client.get_public_key(KeyId=alias)["PublicKey"])

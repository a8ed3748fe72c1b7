"""Signatures by an asymmetric key of KMS, whose private half never leaves it."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import Any

from adapters.aws import clients
from adapters.aws.errors import translated

_ALGORITHM = "RSASSA_PKCS1_V1_5_SHA_256"


class KmsSigner:
    """Signs by RS256 with one key.

    Parameters
    ----------
    key
        Its id, ARN, or alias with ``alias/``. It is of the kind RSA, for signatures.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    @functools.cached_property
    def public_key(self) -> bytes:
        """The public half as DER (SubjectPublicKeyInfo)."""
        with self._translated():
            answer = self._client.get_public_key(KeyId=self._key)
        return bytes(answer["PublicKey"])

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message of at most 4,096 bytes."""
        with self._translated():
            answer = self._client.sign(
                KeyId=self._key,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm=_ALGORITHM,
            )
        return bytes(answer["Signature"])

    @functools.cached_property
    def _client(self) -> Any:  # noqa: ANN401 (its types are not installed)
        return clients.kms()

    def _translated(self) -> AbstractContextManager[None]:
        return translated(
            "KMS",
            what=f"the signing key {self._key}",
            missing=f"there is no signing key {self._key}: deploy the stage again, or name a key "
            "of the kind RSA_2048 for signatures",
        )

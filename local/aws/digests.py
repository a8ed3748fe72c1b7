"""KMS signs a digest as it is. moto takes it for a message, and hashes it once more."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from moto.kms.responses import KmsResponse
from moto.kms.utils import ECDSAPrivateKey

_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512(),
}  # fmt: skip
_sign_request, _sign = KmsResponse.sign, ECDSAPrivateKey.sign
_asked = threading.local()  # a thread answers one request


def _sign_request_of_its_kind(response: Any) -> str:
    _asked.is_digest = response._get_param("MessageType") == "DIGEST"
    try:
        return str(_sign_request(response))
    finally:
        _asked.is_digest = False


def _sign_of_its_kind(key: Any, message: bytes, signing_algorithm: str) -> bytes:
    if not getattr(_asked, "is_digest", False):
        return bytes(_sign(key, message, signing_algorithm))
    made = _HASHES[signing_algorithm.rpartition("_")[2]]
    return bytes(key.private_key.sign(message, ec.ECDSA(utils.Prehashed(made))))


def install() -> None:
    """Let moto's keys of elliptic curves sign digests."""
    KmsResponse.sign, ECDSAPrivateKey.sign = _sign_request_of_its_kind, _sign_of_its_kind

"""Whether the signature of a receipt is right, and by which key."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA as EC_SIGNATURE
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tessera.erasure.receipt import ECDSA, ED25519, Receipt, Signature, parse_any
from tessera.errors import InvalidInput
from tessera.records.removal import RemovalReceipt


@dataclasses.dataclass(frozen=True, kw_only=True)
class VerifiedReceipt:
    """A receipt whose signature is right.

    Parameters
    ----------
    receipt
        What was done.
    signature
        Of it.
    fingerprint
        The SHA-256 of the public key. Compare it with that of the stage's key: anybody can sign by
        another key.
    """

    receipt: Receipt | RemovalReceipt
    signature: Signature
    fingerprint: str


def verified(path: Path) -> VerifiedReceipt:
    """Return the receipt in a file.

    Raises
    ------
    InvalidInput
        There is no receipt, or it was changed after it was signed.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InvalidInput(f"{path} is no receipt: it is no JSON") from error
    receipt, content, signature = parse_any(document)
    try:
        public = base64.b64decode(signature.public_key, validate=True)
        _verify(public, content, signature)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
        raise InvalidInput(
            f"{path}: the signature is wrong. The receipt was changed, or another key signed it"
        ) from error
    return VerifiedReceipt(
        receipt=receipt, signature=signature, fingerprint=hashlib.sha256(public).hexdigest()
    )


def _verify(public: bytes, content: bytes, signature: Signature) -> None:
    key, value = load_der_public_key(public), base64.b64decode(signature.value, validate=True)
    if signature.algorithm == ED25519 and isinstance(key, Ed25519PublicKey):
        key.verify(value, content)
    elif signature.algorithm == ECDSA and isinstance(key, EllipticCurvePublicKey):
        key.verify(value, content, EC_SIGNATURE(SHA256()))
    else:
        raise ValueError(signature.algorithm)

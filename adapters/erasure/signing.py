"""The signature of a receipt by an asymmetric key of KMS."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from adapters.aws import clients
from adapters.aws.errors import translated
from tessera.erasure.receipt import ECDSA, Signature


class ReceiptSigner:
    """Signs by a key of the kind ECC_NIST_P256, which never leaves KMS.

    Parameters
    ----------
    key_id
        The key's ARN.
    client
        A KMS client. By default for the environment's credentials and region.
    """

    def __init__(self, key_id: str, *, client: Any = None) -> None:  # noqa: ANN401 (as above)
        self._key, self._given = key_id, client

    def sign(self, content: bytes) -> Signature:
        """Return the signature of some bytes, with the public key to verify it by."""
        kms = self._given or clients.kms()
        with translated("KMS", what="the key of receipts", missing="deploy the stage again"):
            signed = kms.sign(
                KeyId=self._key,
                Message=hashlib.sha256(content).digest(),
                MessageType="DIGEST",
                SigningAlgorithm=ECDSA,
            )
            public = kms.get_public_key(KeyId=self._key)
        return Signature(
            algorithm=ECDSA,
            key=self._key,
            public_key=base64.b64encode(public["PublicKey"]).decode(),
            value=base64.b64encode(signed["Signature"]).decode(),
        )

"""The key that signs receipts on this machine: Ed25519, kept beside the state's secret."""

from __future__ import annotations

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from local.app.secret import KEPT
from tessera.erasure.receipt import ED25519, Signature

_KEY = KEPT.with_name("receipt-key")
_NAME = "this machine"


class LocalSigner:
    """Signs by a key in a file that only its owner may read, made at random on first use."""

    def __init__(self, path: Path = _KEY) -> None:
        self._path = path

    def sign(self, content: bytes) -> Signature:
        """Return the signature of some bytes, with the public key to verify it by."""
        return Signature(
            algorithm=ED25519,
            key=_NAME,
            public_key=base64.b64encode(self.public_key).decode(),
            value=base64.b64encode(self._key().sign(content)).decode(),
        )

    @property
    def public_key(self) -> bytes:
        """The public half, as SubjectPublicKeyInfo in DER."""
        public = self._key().public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _key(self) -> Ed25519PrivateKey:
        if self._path.exists():
            return Ed25519PrivateKey.from_private_bytes(self._path.read_bytes())
        self._path.parent.mkdir(parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        self._path.touch(mode=0o600)
        self._path.write_bytes(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))
        return key

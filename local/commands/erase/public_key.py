"""``tessera erase --public-key``: the key by which anybody can verify receipts."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from local.app.elsewhere.account import DATA, reaching
from local.app.inputs.settings_file import stage_settings
from local.app.receipt_key import LocalSigner
from local.terminal import Terminal


def public_key_of(stage: str) -> bytes:
    """Return the public key that receipts of a stage verify by, without a stage this machine's.

    Returns
    -------
    bytes
        SubjectPublicKeyInfo in DER.

    Raises
    ------
    InvalidInput
        The stage is not deployed, or the shell has no credentials.
    """
    if not stage:
        return LocalSigner().public_key
    with reaching(stage_settings(stage=stage), capabilities=[DATA]) as (aws, outputs):
        [data] = outputs.values()
        return bytes(aws.client("kms").get_public_key(KeyId=data["ReceiptKeyArn"])["PublicKey"])


def show_public_key(stage: str, *, terminal: Terminal) -> None:
    """Print the key as PEM, and its SHA-256."""
    public = public_key_of(stage)
    loaded = load_der_public_key(public)
    pem = loaded.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    terminal.say(pem.rstrip())
    terminal.say(f"  SHA-256 of the public key: {hashlib.sha256(public).hexdigest()}")

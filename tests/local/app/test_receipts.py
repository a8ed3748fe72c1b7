"""A receipt is signed, and any change of it shows."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import hashlib
import json
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.erasure.signing import ReceiptSigner
from local.app.receipt_key import LocalSigner
from local.app.receipts import verified
from tessera.erasure.receipt import ErasedObjects, Receipt, Search, parse, signed
from tessera.errors import InvalidInput
from tessera.records.removal import RemovalReceipt, RemovedPart

NOW = dt.datetime(2026, 12, 5, tzinfo=dt.UTC)
RECEIPT = Receipt(
    tessera="1", case="dsr-1", tenant="default", subjects=("ab",), unknown=0, repeated_of=(),
    shared_addresses=0, requested_at=NOW, finished_at=NOW, status="complete",
    objects=(ErasedObjects(kind="events", rewritten=1, rows=2),), tables={}, destinations=(),
    search=Search(versions=9, hits=0), not_done=(), ages_out=(),
)  # fmt: skip


class Kms:
    """Signs digests, as KMS does."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, **asked):
        named = (asked["KeyId"], asked["MessageType"], asked["SigningAlgorithm"])
        assert named == ("arn", "DIGEST", "ECDSA_SHA_256")
        way = ec.ECDSA(utils.Prehashed(SHA256()))
        return {"Signature": self.key.sign(asked["Message"], way)}

    def get_public_key(self, **_asked):
        public = self.key.public_key()
        return {"PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)}


@pytest.fixture(params=["kms", "laptop"])
def signer(request, tmp_path):
    if request.param == "kms":
        return ReceiptSigner("arn", client=Kms())
    return LocalSigner(tmp_path / "key")


@pytest.fixture
def written(tmp_path):
    def write(document):
        path = tmp_path / "receipt.json"
        path.write_text(json.dumps(document, indent=3), encoding="utf-8")
        return path

    return write


def test_a_receipt_is_verified_in_any_layout(signer, written):
    document = signed(RECEIPT, signer)
    known = verified(written(document))
    assert known.receipt == RECEIPT
    public = base64.b64decode(document["signature"]["public_key"])
    assert known.fingerprint == hashlib.sha256(public).hexdigest()


def test_the_receipt_of_a_removal_is_signed_likewise_and_is_none_of_an_erasure(signer, written):
    removal = RemovalReceipt(
        case="acme-1", tenant="acme", tessera="1", asked_at=NOW, asked_by="user:1", reason="left",
        finished_at=None, parts=(RemovedPart(what="objects", had=2, left=1),), by_hand=(),
        ages_out=(),
    )  # fmt: skip
    document = signed(removal, signer)
    assert verified(written(document)).receipt == removal
    with pytest.raises(InvalidInput, match="tenant's removal, and not of an erasure"):
        parse(document)


def test_any_change_shows(signer, written):
    document = signed(RECEIPT, signer)
    for path, value in ((("status",), "open"), (("search", "hits"), 1), (("case",), "dsr-2")):
        forged = copy.deepcopy(document)
        place = forged["receipt"]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        with pytest.raises(InvalidInput, match="signature is wrong"):
            verified(written(forged))


@pytest.mark.parametrize("body", [{}, [], {"receipt": 1, "signature": {}}])
def test_other_files_are_no_receipts(written, body):
    with pytest.raises(InvalidInput, match="receipt"):
        verified(written(body))


def test_the_laptops_key_stays_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "kept" / "key"
    first, second = LocalSigner(path).sign(b"x"), LocalSigner(path).sign(b"x")
    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

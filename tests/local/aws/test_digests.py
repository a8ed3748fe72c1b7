"""KMS signs a digest as the service does: anybody can verify it by the public key."""

from __future__ import annotations

import json

from adapters.erasure.signing import ReceiptSigner
from local.app.receipts import verified
from tessera.erasure.receipt import signed
from tests.local.app.test_receipts import RECEIPT


def test_a_receipt_of_a_key_in_kms_is_verified(aws, tmp_path):
    kms = aws.client("kms")
    key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(signed(RECEIPT, ReceiptSigner(key, client=kms))), encoding="utf-8")
    assert verified(path).receipt == RECEIPT

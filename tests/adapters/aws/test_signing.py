"""Signatures of a key that stays in KMS."""

from __future__ import annotations

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from moto import mock_aws

from adapters.aws.signing import KmsSigner
from tessera.errors import InvalidInput


def test_a_key_signs_by_its_alias_and_one_that_is_missing_is_named(aws_environment):
    with mock_aws():
        client = boto3.client("kms")
        made = client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        client.create_alias(AliasName="alias/loading", TargetKeyId=made["KeyId"])
        signer = KmsSigner("alias/loading")
        key = load_der_public_key(signer.public_key)
        key.verify(signer.sign(b"text"), b"text", padding.PKCS1v15(), SHA256())
        with pytest.raises(InvalidInput, match=r"no signing key alias/other.*RSA_2048"):
            KmsSigner("alias/other").sign(b"text")

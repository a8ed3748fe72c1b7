"""Documents of a deployment: read once, named where they are missing."""

from __future__ import annotations

import boto3
import pytest
from moto import mock_aws

from adapters.aws import documents
from adapters.aws.documents import read_document
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput


@pytest.fixture
def assets(aws_environment):
    documents._text.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="assets")
        yield Objects("assets")


def test_a_document_is_read_once_and_nobody_shares_its_value(assets):
    assets.write_json("a.json", {"clusters": 3})
    first = read_document("s3://assets/a.json")
    first["clusters"] = 9
    assets.write_json("a.json", {"clusters": 4})
    assert read_document("s3://assets/a.json") == {"clusters": 3}


@pytest.mark.parametrize("uri", ["{}", "s3://assets", "https://assets/a.json"])
def test_what_is_no_address_is_refused_with_what_was_expected(uri):
    with pytest.raises(InvalidInput, match="expected s3://bucket/key"):
        read_document(uri)


def test_a_missing_document_is_named(assets):
    with pytest.raises(InvalidInput, match=r"s3://assets/gone\.json does not exist"):
        read_document("s3://assets/gone.json")

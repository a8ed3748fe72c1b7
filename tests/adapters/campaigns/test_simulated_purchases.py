"""Simulated purchases in S3."""

from __future__ import annotations

import datetime as dt
import io

import boto3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.campaigns.simulated_purchases import SimulatedPurchases
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.errors import InvalidInput

AS_OF = dt.date(2027, 1, 3)
KEY = "tenants/shop/campaigns/news/simulated_purchases.parquet"


def rows(*keys):
    return PurchaseRows(
        customer_key=np.array(keys, "S36"), day=np.arange(len(keys), dtype=np.int64) + 20_800,
        amount=np.full(len(keys), 12.5), is_order=np.ones(len(keys), np.bool_),
    )  # fmt: skip


@pytest.fixture
def data(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="data")
        yield Objects("data")


@pytest.mark.parametrize("keys", [(), ("a" * 36, "b")])
def test_purchases_are_read_back(data, keys):
    stored = SimulatedPurchases(data, tenant="shop", campaign="news")
    assert stored.read() is None
    stored.write(rows(*keys), as_of=AS_OF)
    read, as_of = stored.read()
    assert as_of == AS_OF
    for name, column in vars(rows(*keys)).items():
        assert getattr(read, name).tolist() == column.tolist()
    assert SimulatedPurchases(data, tenant="other", campaign="news").read() is None


def test_another_file_is_refused(data):
    content = io.BytesIO()
    pq.write_table(pa.table({"customer_key": ["a"]}), content)
    data.write(KEY, content.getvalue())
    with pytest.raises(InvalidInput, match="Simulate again"):
        SimulatedPurchases(data, tenant="shop", campaign="news").read()

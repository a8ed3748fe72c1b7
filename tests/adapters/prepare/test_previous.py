"""The run before this one, and what becomes of a run whose files have expired."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.prepare import previous
from tessera import naming
from tessera.customers.summary import Period
from tessera.settings import RunSettings

TODAY = Period(as_of=dt.date(2026, 12, 1), window_months=0, time_zone="UTC")


@pytest.fixture
def data(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="data")
        objects = Objects("data")
        objects.write_json(naming.latest_key("acme"), {"run_id": "before", "as_of": "2025-10-01"})
        ticket = {"settings": RunSettings().to_dict()}
        objects.write_json(naming.run_key("acme", "before", naming.TICKET), ticket)
        score = {"thresholds": {}}
        objects.write_json(naming.run_key("acme", "before", naming.SCORE_RECORD), score)
        yield objects


def find(data):
    return previous._find(data, tenant="acme", run_id="now", period=TODAY)


def test_the_last_successful_run_is_found(data):
    assert find(data).record["run_id"] == "before"


@pytest.mark.parametrize("name", [naming.TICKET, naming.SCORE_RECORD])
def test_a_run_whose_files_have_expired_is_none_before_this_one(data, name):
    data.delete_prefix(naming.run_key("acme", "before", name))
    assert find(data) is None

"""The table of live labels: only the version that was read is replaced."""

from __future__ import annotations

import dataclasses

import boto3
import pytest
from moto import mock_aws

from adapters.stores.label_states import NOTHING_KEPT, KeptLabel, LabelStates

KEPT = KeptLabel(
    base=b"\x00base", recent=b"r", segment="New", announced="", waits=True, label="{}", version=0
)


@pytest.fixture
def states(aws_environment):
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="labels",
            KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "customer", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield LabelStates("labels")


def test_only_the_version_that_was_read_is_replaced(states):
    assert states.read("acme", "k") == NOTHING_KEPT
    assert states.write("acme", "k", KEPT, expires=5)
    assert not states.write("acme", "k", KEPT)
    kept = states.read("acme", "k")
    assert kept == dataclasses.replace(KEPT, version=1)
    assert states.write("acme", "k", kept)
    assert not states.write("acme", "k", kept)
    assert states.read("other", "k") == NOTHING_KEPT

"""A producer sends every event, and again those alone that the stream refused."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from adapters.streams.producer import MOST_RECORDS, StreamProducer
from tessera.errors import InvalidInput, Retryable


class Stream:
    """A stream that refuses each record the first few times it sees it."""

    def __init__(self, *, refusals=0):
        self.records, self.requests = [], []
        self._refusals = refusals
        self._seen = {}

    def put_records(self, *, StreamName, Records):  # noqa: N803 (boto3's names)
        self.requests.append(len(Records))
        return {"Records": [self._answer(record) for record in Records]}

    def _answer(self, record):
        seen = self._seen[record["Data"]] = self._seen.get(record["Data"], 0) + 1
        if seen <= self._refusals and b'"odd":1' in record["Data"]:
            return {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow"}
        self.records.append(record)
        return {"SequenceNumber": str(len(self.records)), "ShardId": "shardId-000000000000"}


def producer(stream, waits=None, **settings):
    sleep = [].append if waits is None else waits.append
    return StreamProducer("tessera-dev-events", client=stream, sleep=sleep, **settings)


def events(count):
    return [{"EventID": f"e{n}", "CustomerID": f"C{n % 7}", "odd": n % 2} for n in range(count)]


def test_events_go_in_requests_that_the_stream_accepts():
    stream = Stream()
    assert producer(stream).put(events(1_201)) == 1_201
    assert stream.requests == [MOST_RECORDS, MOST_RECORDS, 201]
    assert [json.loads(record["Data"])["EventID"] for record in stream.records] == [
        f"e{n}" for n in range(1_201)
    ]


def test_the_customer_decides_the_shard():
    stream = Stream()
    sent = [{"CustomerID": "C1"}, {"EventID": "e"}, {"CustomerID": "ü" * 300}, {}]
    producer(stream).put(sent)
    assert [record["PartitionKey"] for record in stream.records] == ["C1", "e", "ü" * 256, "none"]


def test_refused_records_are_sent_again_alone_and_later():
    stream, waits = Stream(refusals=3), []
    assert producer(stream, waits).put(events(10)) == 10
    assert stream.requests == [10, 5, 5, 5]
    assert len(stream.records) == 10
    assert waits == sorted(waits)
    assert len(set(waits)) == 3


def test_what_is_refused_for_good_is_counted():
    with pytest.raises(Retryable, match="refused 5 records 2 times"):
        producer(Stream(refusals=9), attempts=2).put(events(10))


def test_a_large_request_is_cut_by_its_bytes():
    stream = Stream()
    producer(stream).put({"CustomerID": "C", "Username": "x" * 60_000} for _ in range(100))
    assert len(stream.requests) == 2
    assert len(stream.records) == 100


def test_an_event_that_no_record_takes_is_refused():
    with pytest.raises(InvalidInput, match="more than the 65536"):
        producer(Stream()).put([{"Username": "x" * 70_000}])


def test_a_stream_that_does_not_exist_is_named(aws_environment):
    with mock_aws(), pytest.raises(InvalidInput, match="stream nowhere does not exist"):
        StreamProducer("nowhere", client=boto3.client("kinesis")).put([{}])

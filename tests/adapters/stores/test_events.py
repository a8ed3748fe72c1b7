"""Records of uploads are read in parallel, in the order of their runs."""

from __future__ import annotations

import dataclasses
import json
import threading
from typing import Any

from adapters.stores.events import EventStore, UploadRecord, has_events
from tests.bucket_in_memory import BucketInMemory

AT_ONCE = 16


class MeetingBucket(BucketInMemory):
    """Answers a read once as many as ``AT_ONCE`` others wait for one, as a slow network would."""

    def __init__(self) -> None:
        super().__init__()
        self._meeting = threading.Barrier(AT_ONCE, timeout=30)

    def read(self, key: str, **how: Any) -> bytes:
        self._meeting.wait()
        return super().read(key, **how)


def stored(objects: BucketInMemory, number: int, **fields: Any) -> None:
    record = UploadRecord(
        id=f"{number:03}", name=f"uploads/{number}.csv", content="x", since=f"{999 - number:03}",
        events=1, event_ids=0, first_event_at=None, last_event_at=None, currency="",
    )  # fmt: skip
    key = f"tenants/t/events/upload={record.id}/_upload.json"
    objects.write_json(key, dataclasses.asdict(dataclasses.replace(record, **fields)))


def test_many_records_are_read_at_once_and_the_oldest_comes_first():
    objects = MeetingBucket()
    for number in range(4 * AT_ONCE):
        stored(objects, number)
    records = EventStore(objects, tenant="t").uploads()
    assert [record.since for record in records] == sorted(record.since for record in records)
    assert len(records) == 4 * AT_ONCE


def test_only_what_was_written_since_is_read_again():
    read: list[str] = []

    class Bucket(BucketInMemory):
        def read(self, key: str, **more: object) -> bytes:
            read.append(key)
            return super().read(key, **more)

    objects = Bucket()
    for number in range(3):
        stored(objects, number)
    store = EventStore(objects, tenant="t")
    first = store.uploads()
    assert store.uploads() == first
    assert len(read) == 3
    stored(objects, 1, events=7)
    stored(objects, 2, withdrawn=True)
    assert [(each.id, each.events) for each in store.uploads()] == [("001", 7), ("000", 1)]
    assert len(read) == 5


def test_a_withdrawn_upload_is_none_of_them():
    objects = BucketInMemory()
    stored(objects, 1)
    stored(objects, 2, withdrawn=True)
    store = EventStore(objects, tenant="t")
    assert [record.id for record in store.uploads()] == ["001"]
    assert store.find("002") is None
    withdrawal = store.settled("002")
    assert withdrawal is not None
    assert withdrawal.withdrawn


def test_records_alone_are_no_events():
    objects = BucketInMemory()
    stored(objects, 1, withdrawn=True)
    assert not has_events(objects, tenant="t")
    objects.write("tenants/t/events/upload=001/content=x/part-00000.parquet", b"")
    assert has_events(objects, tenant="t")
    assert not has_events(objects, tenant="other")


def test_a_record_of_an_earlier_version_counts():
    objects = BucketInMemory()
    stored(objects, 1)
    key = "tenants/t/events/upload=001/_upload.json"
    old = json.loads(objects.read(key))
    del old["withdrawn"]
    objects.write_json(key, old)
    assert [record.id for record in EventStore(objects, tenant="t").uploads()] == ["001"]

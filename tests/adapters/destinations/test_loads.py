"""The files of a load, as MapSchema wrote them."""

from __future__ import annotations

import datetime as dt

from adapters.destinations.loads import Position, RunLoad
from tessera.destinations.port import Item
from tessera.naming import destination_prefix
from tessera.records.codec import encode
from tessera.records.loads.load import ImportFile, LoadRecord
from tests.bucket_in_memory import BucketInMemory


def test_a_line_may_have_characters_at_which_python_ends_one():
    bucket = BucketInMemory("identities")
    items = [Item(f"key-{n}", f"C\u2028 {n}\x85", "d" * 32, {"a": "\x1c"}) for n in range(3)]
    prefix = destination_prefix("default", "r1", "redshift")
    key = f"{prefix}part-00000.jsonl"
    bucket.write(key, "".join(one.to_line() for one in items).encode())
    record = LoadRecord(
        destination="redshift", as_of=dt.date(2026, 5, 1), held="", needs="", without_identity=0,
        parts=(ImportFile(key, len(items), 0, ""),), segments=(),
    )  # fmt: skip
    bucket.write_json(f"{prefix}load.json", encode(record))
    load = RunLoad(
        data=bucket, identities=bucket, tenant="default", run_id="r1", destination="redshift"
    )
    assert load.items(Position(0, 0), most=10) == items
    assert load.items(Position(0, 1), most=1) == items[1:2]

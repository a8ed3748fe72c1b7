"""Each customer's content of a run is read again, and nobody else's."""

from __future__ import annotations

import pytest

from adapters.destinations.files import sent_contents
from adapters.destinations.files.import_files import ImportFolder
from adapters.destinations.files.sent_contents import KeptContents, SentContents
from tessera.destinations.port import Item
from tests.bucket_in_memory import BucketInMemory


def item(number):
    return Item(f"key-{number:05}", f"C\n{number}", "0" * 32, {"customer_id": f"C\n{number}"})


@pytest.fixture
def written(tmp_path, monkeypatch):
    def write(count):
        monkeypatch.setattr(sent_contents, "BLOCK", 10)
        bucket = BucketInMemory()
        contents = SentContents(ImportFolder(tmp_path / "klaviyo", objects=bucket, prefix="x/"))
        for start in range(0, count, 7):
            items = [item(number) for number in range(start, min(start + 7, count))]
            contents.add([one.key for one in items], [one.to_line() for one in items])
        contents.finish()
        assert set(bucket.bodies) == {"x/contents/blocks.gz", "x/contents/index.json"}
        return KeptContents(bucket, prefix="x/")

    return write


@pytest.mark.parametrize("count", [1, 10, 25, 40])
def test_every_customer_is_found_and_no_other(written, count):
    contents = written(count)
    wanted = [item(number) for number in range(count)]
    assert contents.of(one.key for one in wanted) == {one.key: one for one in wanted}
    assert contents.of([item(count - 1).key]) == {item(count - 1).key: item(count - 1)}
    assert contents.of(["a", "key-00000x", "zzz"]) == {}


def test_a_run_without_customers_has_none(written):
    assert written(0).of(["key-00001"]) == {}

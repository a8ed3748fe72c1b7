"""A source's folder counts as it was, or as it is to be, whenever its writer dies."""

from __future__ import annotations

import contextlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.stores.upload_folder import UploadFolder
from tessera.errors import InvalidInput
from tests.bucket_in_memory import BucketInMemory, WriterDied

NAMES = ("part-0.csv", "part-1.csv.gz", "part-2.parquet")
FOLDER = "uploads/acme/database-orders/"
END = FOLDER + "_SUCCESS"
_MARK = re.compile(r"-[0-9a-f]{16}(?=\.)")


@pytest.fixture
def bucket():
    return BucketInMemory()


@pytest.fixture
def folder(bucket):
    return UploadFolder(bucket, tenant="acme", name="database-orders")


def counted(bucket):
    """Return what the folder's end makes count: contents by name. None before the first end."""
    if END not in bucket.bodies:
        return None
    if bucket.metadata[END].get("withdraw") == "yes":
        return "withdrawn"
    parts = json.loads(bucket.bodies[END])["parts"]
    for part in parts:
        listed = bucket.listed[FOLDER + part["name"]]
        assert (listed.bytes, listed.etag) == (part["bytes"], part["etag"])
    return {_MARK.sub("", part["name"]): bucket.bodies[FOLDER + part["name"]] for part in parts}


def data_keys(bucket):
    return {key for key in bucket.bodies if key != END}


def test_a_part_counts_once_the_folder_is_closed(bucket, folder):
    folder.put("part-0.csv", b"a")
    assert counted(bucket) is None
    assert folder.close()
    folder.put("part-1.csv", b"b")
    assert counted(bucket) == {"part-0.csv": b"a"}
    assert folder.close()
    assert counted(bucket) == {"part-0.csv": b"a", "part-1.csv": b"b"}


def test_a_folder_with_the_same_parts_is_not_closed_again(bucket, folder):
    folder.put("part-0.csv", b"a")
    assert folder.close()
    before = dict(bucket.listed)
    assert not folder.close()
    assert bucket.listed == before


def test_an_empty_folder_cannot_be_closed(folder):
    with pytest.raises(InvalidInput, match="uploads/acme/database-orders/ has no parts to close"):
        folder.close()


@pytest.mark.parametrize("name", ["_part.csv", ".part.csv", "part.json", "part"])
def test_a_part_has_the_name_of_a_file_of_data(folder, name):
    with pytest.raises(InvalidInput, match="cannot be a part: end it"):
        folder.put(name, b"a")


def test_a_folder_that_is_replaced_loses_the_parts_it_no_longer_has(bucket, folder, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(b"b")
    assert folder.replace({"part-0.csv": b"a", "part-1.csv": large})
    assert folder.replace({"part-0.csv": b"c"})
    assert counted(bucket) == {"part-0.csv": b"c"}
    assert len(data_keys(bucket)) == 1


def test_the_same_parts_again_change_nothing(bucket, folder):
    folder.replace({"part-0.csv": b"a", "part-1.csv": b"b"})
    before = dict(bucket.listed)
    assert not folder.replace({"part-1.csv": b"b", "part-0.csv": b"a"})
    assert bucket.listed == before


def test_the_same_content_under_another_name_is_another_folder(bucket, folder):
    folder.replace({"part-0.csv": b"a"})
    assert folder.replace({"part-1.csv": b"a"})
    assert counted(bucket) == {"part-1.csv": b"a"}


def test_a_part_that_is_equal_is_not_written_again(bucket, folder):
    folder.replace({"part-0.csv": b"a", "part-1.csv": b"b"})
    [kept] = [bucket.listed[key] for key in data_keys(bucket) if "part-0" in key]
    folder.replace({"part-0.csv": b"a", "part-1.csv": b"c"})
    assert bucket.listed[kept.key] == kept


def test_nothing_does_not_replace_a_folder(folder):
    with pytest.raises(InvalidInput, match="withdraw it"):
        folder.replace({})


def test_a_withdrawal_removes_the_parts_and_is_recorded_once(bucket, folder):
    folder.replace({"part-0.csv": b"a"})
    assert folder.withdraw()
    assert counted(bucket) == "withdrawn"
    assert not data_keys(bucket)
    assert not folder.withdraw()


def test_a_folder_counts_again_after_its_withdrawal(bucket, folder):
    for write in (lambda: folder.replace({"part-0.csv": b"a"}), folder.withdraw):
        assert write()
        assert write.__call__() is False
    assert folder.replace({"part-0.csv": b"a"})
    assert counted(bucket) == {"part-0.csv": b"a"}


def test_a_withdrawal_by_hand_takes_the_parts_that_were_there(bucket, folder):
    folder.put("part-0.csv", b"a")
    folder.close()
    bucket.write(END, b"", metadata={"withdraw": "yes"})
    assert not folder.close()
    assert counted(bucket) == "withdrawn"
    folder.put("part-1.csv", b"b")
    assert folder.close()
    assert counted(bucket) == {"part-1.csv": b"b"}
    assert not folder.close()


def test_an_end_that_lists_nothing_gets_its_list(bucket, folder):
    folder.put("part-0.csv", b"a")
    bucket.write(END, b"")
    assert folder.close()
    assert counted(bucket) == {"part-0.csv": b"a"}


@pytest.mark.parametrize("name", ["", "attributes", "a/b", "_hidden", "line\nbreak"])
def test_a_folder_has_a_name_that_an_upload_can_have(bucket, name):
    with pytest.raises(InvalidInput, match="upload folder"):
        UploadFolder(bucket, tenant="acme", name=name)


CONTENT = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([b"a", b"b", b"cc"]))


@given(states=st.lists(st.tuples(CONTENT, st.integers(-1, 9)), min_size=1, max_size=6))
def test_a_writer_that_dies_leaves_the_old_folder_or_the_new_one(states):
    bucket = BucketInMemory()
    folder = UploadFolder(bucket, tenant="acme", name="database-orders")
    for parts, changes in states:
        before, wanted = counted(bucket), parts or "withdrawn"
        bucket.changes = changes
        with contextlib.suppress(WriterDied):
            _bring(folder, parts)
        bucket.changes = -1
        assert counted(bucket) in (before, wanted)
        _bring(folder, parts)  # the writer begins again
        assert counted(bucket) == wanted
        assert len(data_keys(bucket)) == len(parts)
        assert not _bring(folder, parts)


def _bring(folder, parts):
    return folder.replace(parts) if parts else folder.withdraw()

"""A day's many parts become few. What counts stays the same rows, wherever a process ends."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest

from adapters.stores.upload_folder import UploadFolder
from steps.ingest.merge import Merging, merge_parts
from tessera import naming
from tessera.sources.stream import HEADER, StreamPart, StreamRecord, parts_of
from tests.bucket_in_memory import BucketInMemory, WriterDied

NOON = 1_795_867_200.0  # 2026-11-28, noon UTC
FOLDER = "uploads/default/stream-2026-11-28/"
BAD = b'no JSON, with "quotes",\r\nand two lines'


def part(first: int, rows: int, *, shard: int = 0) -> StreamPart:
    """Return a part with rows of some records, one of which is no event."""
    records = [
        StreamRecord(
            f"shardId-{shard:012d}",
            f"{number:056d}",
            NOON,
            json.dumps({"CustomerID": f"C{number}", "EventName": "VIEWED", "Date": "2026-11-28",
                        "ProductName": 'a "quoted"\nname'}).encode(),
        )
        for number in range(first, first + rows)
    ]  # fmt: skip
    records[-1] = StreamRecord(records[-1].shard, records[-1].sequence, NOON, BAD)
    [made], _ = parts_of(records)
    return made


class Day:
    """A day's folder."""

    def __init__(self) -> None:
        self.bucket = BucketInMemory()
        self.rows: list[list[str]] = []

    @property
    def folder(self) -> UploadFolder:
        return UploadFolder(self.bucket, tenant="default", name="stream-2026-11-28")

    def store(self, *parts: StreamPart) -> None:
        for each in parts:
            if not self.bucket.exists(FOLDER + each.name):
                self.bucket.write(FOLDER + each.name, each.body)

    def close(self, *, has_time: bool = True) -> Merging:
        done = merge_parts(self.folder, data=self.bucket, has_time=lambda: has_time, least=2)
        self.folder.close(without=done.outdated)
        return done

    def listed(self) -> list[str]:
        end = json.loads(self.bucket.bodies[FOLDER + naming.FOLDER_COMPLETE])
        return [each["name"] for each in end["parts"]]

    def counted(self) -> list[list[str]]:
        """Return the rows that count, as Prepare would read them."""
        rows: list[list[str]] = []
        for name in self.listed():
            text = gzip.decompress(self.bucket.bodies[FOLDER + name]).decode()
            header, *some = csv.reader(io.StringIO(text, newline=""))
            assert tuple(header) == HEADER
            assert len(some) == int(name.split("-")[-1].removesuffix(".csv.gz"))
            rows += some
        return sorted(rows)

    def parts(self) -> list[str]:
        return [key.removeprefix(FOLDER) for key in self.bucket.bodies if "csv.gz" in key]


def rows_of(*parts: StreamPart) -> list[list[str]]:
    texts = [io.StringIO(gzip.decompress(each.body).decode(), newline="") for each in parts]
    return sorted(row for text in texts for row in [*csv.reader(text)][1:])


PARTS = tuple(part(10 * number, 3, shard=number % 2) for number in range(5))


def test_many_parts_become_one_with_the_same_rows_and_bad_rows_keep_their_text() -> None:
    day = Day()
    day.store(*PARTS)

    assert day.close() == Merging(outdated=frozenset(p.name for p in PARTS), merged=5)

    assert day.counted() == rows_of(*PARTS)
    [name] = day.parts()
    assert name.startswith("merged-")
    assert name.endswith("-15.csv.gz")
    assert sum("no JSON" in row[0] for row in day.counted()) == 5


def test_late_parts_join_and_parts_that_come_again_do_not_count_again() -> None:
    day = Day()
    day.store(*PARTS[:3])
    day.close()
    end = day.bucket.listed[FOLDER + naming.FOLDER_COMPLETE]
    day.store(*PARTS[:2])  # a batch that Lambda delivered again, after its part was merged
    assert day.close().outdated == {p.name for p in PARTS[:2]}
    assert day.bucket.listed[FOLDER + naming.FOLDER_COMPLETE] == end
    day.store(*PARTS[2:])
    day.close()
    day.store(*PARTS)
    day.close()

    assert day.counted() == rows_of(*PARTS)
    assert len(day.parts()) == 1


@pytest.mark.parametrize("earlier", [0, 3])
def test_the_same_rows_count_wherever_the_process_ends(earlier: int) -> None:
    for changes in range(12 + len(PARTS)):
        day = Day()
        if earlier:
            day.store(*PARTS[:earlier])
            day.close()
        day.store(*PARTS)
        day.bucket.changes = changes
        try:
            day.close()
            ended = True
        except WriterDied:
            ended = False
        day.bucket.changes = -1
        if FOLDER + naming.FOLDER_COMPLETE in day.bucket.bodies:  # never half of them
            assert day.counted() in (rows_of(*PARTS[:earlier]), rows_of(*PARTS))
        day.store(PARTS[0])
        day.close()
        assert day.counted() == rows_of(*PARTS)
        assert sorted(day.parts()) == sorted(day.listed())
    assert ended


def test_a_damaged_part_and_other_files_stay_as_they_are() -> None:
    day = Day()
    wrong = part(100, 2)
    day.store(*PARTS[:2])
    damaged = {
        PARTS[2].name: PARTS[2].body[:-20],
        wrong.name.replace("-2.csv.gz", "-3.csv.gz"): wrong.body,
        PARTS[3].name: gzip.compress(b"another header\r\na\r\nb\r\nc\r\n"),
        "mine.csv": b"CustomerID,Date\r\nC1,2026-11-28\r\n",
    }
    for name, body in damaged.items():
        day.bucket.write(FOLDER + name, body)

    assert day.close().merged == 2

    assert {*damaged} < {*day.listed()}
    assert all(day.bucket.bodies[FOLDER + name] == body for name, body in damaged.items())


def test_what_there_was_no_time_for_is_closed_as_it_is_and_merged_next() -> None:
    day = Day()
    day.store(*PARTS)

    assert not day.close(has_time=False).is_complete
    assert day.counted() == rows_of(*PARTS)
    assert day.close().is_complete
    assert len(day.parts()) == 1


def test_a_withdrawn_day_brings_nothing_back() -> None:
    day = Day()
    day.store(*PARTS[:3])
    day.close()
    day.bucket.write(FOLDER + naming.FOLDER_COMPLETE, b"", metadata={"withdraw": "yes"})
    day.store(*PARTS[3:])
    day.close()

    assert day.counted() == rows_of(*PARTS[3:])


def test_a_list_that_a_person_emptied_loses_no_merged_part() -> None:
    day = Day()
    day.store(*PARTS[:3])
    day.close()
    day.bucket.write(FOLDER + naming.FOLDER_COMPLETE, b"")
    del day.bucket.bodies[FOLDER + naming.MERGED_PARTS]
    day.store(*PARTS[3:])
    day.close()

    assert day.counted() == rows_of(*PARTS)

"""A run's load of a Redshift that fetches files: its SQL runs on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import pytest

from adapters.destinations.loads import RunLoad
from adapters.stores.ledger import Ledger
from steps.activate.send import advance
from tessera.destinations.port import Item
from tessera.destinations.vendors.redshift import destination as redshift
from tessera.naming import AT_ONCE, destination_prefix, import_part, run_key
from tessera.records.codec import encode
from tessera.records.loads.load import ImportFile, LoadRecord
from tests.destinations.redshift_place import CopyingCursor, RedshiftPlace
from tests.destinations.warehouse_place import AS_OF
from tests.tickets import ticket_json

PREFIX = destination_prefix("default", "r1", "redshift")
STATEMENTS = 15  # of one transaction, however many files it loads
LONG = "☂" * 1_400  # more bytes than a column has


@pytest.fixture
def place(postgres) -> RedshiftPlace:
    return RedshiftPlace(postgres)


def item(number: int, label: str = "Lost") -> Item:
    content = {"customer_id": f"C {number}", "rfm_segment": label}
    return Item(f"key-{number:05d}", f"C {number}", "d" * 32, content)


def write(place: RedshiftPlace, files: Sequence[Sequence[Item]]) -> RunLoad:
    """Write a run's files as MapSchema does, and return the load."""
    parts = []
    for number, items in enumerate(files):
        text = "".join(one.to_line() for one in items).encode()
        key = PREFIX + import_part(number)
        place.bucket.write(key, text)
        parts.append(ImportFile(key, len(items), len(text), ""))
    changes = sum(len(items) for items in files)
    record = LoadRecord(
        destination="redshift", as_of=AS_OF, held="", needs="", parts=tuple(parts),
        without_identity=0, segments=(), desired=changes, changes=changes, adds=changes,
    )  # fmt: skip
    place.bucket.write_json(f"{PREFIX}load.json", encode(record))
    started_at = dt.datetime(2026, 5, 1, 3, tzinfo=dt.UTC)
    place.bucket.write_json(
        run_key("default", "r1", "ticket.json"), ticket_json(started_at=started_at)
    )
    return opened(place)


def opened(place: RedshiftPlace) -> RunLoad:
    return RunLoad(
        data=place.bucket, identities=place.bucket, tenant="default", run_id="r1",
        destination="redshift",
    )  # fmt: skip


def go(place: RedshiftPlace) -> bool:
    way = place.connect(place.driver)  # as each call of a function makes one
    return advance(
        opened(place), vendor=redshift, transport=way, go_on=lambda: True, pause=lambda _: None
    )


def acknowledged(place: RedshiftPlace) -> set[str]:
    with Ledger(place.bucket, tenant="default", destination="redshift").folded() as entries:
        return {entry.customer_id for entry in entries}


def test_one_wrong_customer_is_listed_and_all_others_are_there(place):
    files = [[item(3 * number + one) for one in range(3)] for number in range(6)]
    files[2][1] = item(7, LONG)
    load = write(place, files)
    assert go(place)
    everybody = {f"C {number}" for number in range(18)}
    assert set(place.customers()) == acknowledged(place) == everybody - {"C 7"}
    load.write_refused()
    assert b"C 7,too-long," in place.bucket.read(f"{PREFIX}refused.csv")
    assert load.totals().rows == 18
    assert not [key for key in place.bucket.bodies if "/staging/" in key]


def test_nobody_is_acknowledged_who_is_not_there_whichever_statement_is_the_last(
    place, monkeypatch
):
    write(place, [[item(1), item(2)], [item(3)], [item(4), item(5)]])
    execute, left = CopyingCursor.execute, [0]

    def dying(self: CopyingCursor, text: str, values: Sequence[object] = ()) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return execute(self, text, values)

    monkeypatch.setattr(CopyingCursor, "execute", dying)
    for died in itertools.count():
        left[0] = died
        try:
            assert go(place)
        except KeyboardInterrupt:
            assert acknowledged(place) == set(place.customers()) == set()
            place.bucket.delete([PREFIX + AT_ONCE])  # or fewer files would be tried
        else:
            break
    assert died == STATEMENTS
    assert acknowledged(place) == set(place.customers()) == {f"C {n}" for n in range(1, 6)}
    assert place.rows("transitions", "*", order="1") == []
    assert place.query(f"SELECT COUNT(*) FROM pg_tables WHERE schemaname = '{place.schema}'") == [
        [3]
    ]

"""Customers of a large upload are cut into slices, which give what one query gives."""

from __future__ import annotations

import hashlib
import random

import pytest

from adapters.engines.duckdb import slices
from adapters.engines.duckdb.reading import people
from adapters.engines.duckdb.session import connect

HEADER = (
    "EventName,CustomerID,Date,Amount,Username,ChannelType,Address,Email,Phone,City,Country,"
    "EmailConsent"
)
ODD = [
    ",,2026-01-01,1,,,,nobody@mail.example,,,,",  # no id: an address stands in
    "PURCHASED,C7,not a date,1,,,,,,,,",
    'PURCHASED, C8 ,"Thu, 01 Jan 2026 10:00:00 +0000",1,eight,EMAIL, C8@Mail.example ,,,Y,FR,Yes',
    "GIFT,C9,2026-01-01,1,,,,,,,,",
]


def upload(seed):
    """Return a file in which customers move, answer, and come back with other addresses."""
    draw = random.Random(seed)  # noqa: S311 (no secret)
    rows = [_row(draw) for _ in range(400)] + ODD
    draw.shuffle(rows)
    return "\n".join([HEADER, *rows]) + "\n"


def _row(draw):
    customer = draw.choice(["É", "C"]) + str(draw.randrange(60))
    address = draw.choice(["", f"{customer}@mail.example", f" {customer}-2@Mail.example"])
    email = draw.choice(["", f"{customer}@mail.example"])
    cells = [
        draw.choice(["PURCHASED", "VIEWED", "UNSUBSCRIBED"]), customer,
        f"2026-01-{draw.randint(1, 9):02d}T10:00:00Z", "1.50", draw.choice(["", "ann", "ben"]),
        draw.choice(["", "EMAIL", "email"]) if address else "", address, email,
        draw.choice(["", "+12025550123"]), draw.choice(["", "X", "Y"]), draw.choice(["", "FR"]),
        draw.choice(["", "yes", "no", "Yes"]),
    ]  # fmt: skip
    return ",".join(cells)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("parts", [1, 3])
def test_slices_give_what_one_query_gives(fold, tmp_path, monkeypatch, seed, parts):
    files = [upload(100 * seed + number) for number in range(parts)]
    asked = []

    def identities(people_, *, answers):
        asked.append(people_)
        return of_one_query(people_, answers=answers)

    of_one_query = people.identities
    monkeypatch.setattr(people, "identities", identities)
    once = fold(*files, max_bad_share=1)
    assert len(asked) == 1
    bytes_needed = 512_000_000 / (404 * parts)  # for a row, so that all take the limit once
    monkeypatch.setattr(people, "_ROW_BYTES", bytes_needed)
    monkeypatch.setattr(slices, "_WITHIN", 0.1)
    asked.clear()
    sliced = fold(*files, max_bad_share=1)
    assert len(asked) > 2
    assert sliced.identities == once.identities
    assert len(once.identities) > 60
    written = [path.read_bytes() for path in sorted(tmp_path.glob("fold-*/identities.parquet"))]
    assert len(written) == 2
    assert hashlib.sha256(written[0]).digest() == hashlib.sha256(written[1]).digest()


def test_more_rows_or_contacts_or_less_memory_make_more_slices(tmp_path):
    def cut(rows, *, memory_mb, kinds=1):
        with connect(tmp_path, memory_limit_mb=memory_mb) as db:
            db.execute(f"CREATE VIEW staged_rows AS SELECT 1 FROM range({rows})")
            return people._slices(db, kinds=kinds)

    assert cut(30_000_000, memory_mb=1024) == 1
    assert 1 < cut(10_000_000, memory_mb=256) < cut(10_000_000, memory_mb=256, kinds=3)
    assert cut(100_000_000, memory_mb=1024) > 10
    assert cut(100_000_000, memory_mb=8000) == 1

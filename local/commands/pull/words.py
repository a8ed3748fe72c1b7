"""What a pull came to, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from steps.pull.pull import PullRecord
from tessera.events.reasons import CANCELLED_ORDER, GIFT_CARD, TEST_ORDER, UNPAID_ORDER
from tessera.plurals import plural
from tessera.records.curated import CurateRecord

_LEFT_OUT = "left_out:"
_REASONS = {
    CANCELLED_ORDER.code: "cancelled",
    GIFT_CARD.code: "of gift cards alone",
    TEST_ORDER.code: "tests",
    UNPAID_ORDER.code: "voided or unpaid",
}


def lines(record: PullRecord, curated: CurateRecord) -> Iterator[str]:
    """Yield the lines that a person reads."""
    counts, cursor = record.cursor.counts, record.cursor
    orders, rows = counts.get("records", 0), counts.get("rows", 0)
    asked = f"changed since {cursor.since}" if cursor.since else "in all"
    yield f"  {plural(orders, 'order')} {asked}, {plural(rows, 'row')} of sales and refunds."
    left_out = [
        f"{number:,} {_REASONS.get(name.removeprefix(_LEFT_OUT), name)}"
        for name, number in sorted(counts.items())
        if name.startswith(_LEFT_OUT)
    ]
    if left_out:
        yield f"  Not counted: {', '.join(left_out)}."
    standing, written = plural(curated.standing, "order"), plural(curated.written, "row")
    yield f"  Kept: {standing} with {written}."
    for note in cursor.notes:
        yield f"  Note: {note}"

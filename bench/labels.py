"""Live labels: how fast events are read and folded beside the table, in one process.

Each batch is what Lambda gets. Every customer's state goes through its bytes and back, as the table
keeps it, and every label is computed. The table itself is a dictionary.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import time
from collections.abc import Callable, Iterator

from adapters.stores.label_states import NOTHING_KEPT, KeptLabel
from bench.report import Ratio, Section
from steps.label.label import labelled, state_of
from tessera.labels.packing import pack_state
from tessera.labels.reading import Keys, LiveEventReader, by_tenant
from tessera.labels.rules import Rules
from tessera.records.label_rules import LabelRules, PurchaseRule
from tessera.segments.definition import load_preset
from tessera.sources.stream import StreamRecord

EVENTS = 200_000
_CUSTOMERS, _BATCH, _RATE = 20_000, 1_000, 20_000
_FIRST = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def measure(events: int = EVENTS, *, say: Callable[[str], None]) -> Section:
    """Fold orders among clicks, then the same again."""
    say(f"folding {events:,} events")
    rules = Rules(_rules())
    reader = LiveEventReader(rules.record, keys=Keys.of(b"s" * 64, tenant="default"))
    batches = [
        [
            StreamRecord("shard-0", f"{number:020d}", at.timestamp(), json.dumps(body).encode())
            for number, at, body in _events(start, min(_BATCH, events - start))
        ]
        for start in range(0, events, _BATCH)
    ]
    seconds, written = [], []
    kept: dict[str, KeptLabel] = {}
    for _ in range(2):
        began, count = time.process_time(), 0
        for batch in batches:
            [rows] = by_tenant(batch).values()
            for key, some in reader.read(rows).events.items():
                before = kept.get(key, NOTHING_KEPT)
                state = state_of(before, rules=rules)
                new = rules.fold(state, some)
                if new:
                    kept[key] = labelled(before, rules.label(state), new=new, rules=rules)
                    count += 1
        seconds.append(time.process_time() - began)
        written.append(count)
    sizes = [len(pack_state(state_of(one, rules=rules))) for one in kept.values()]
    rate = events / seconds[0]
    lines = (
        f"{events:,} events of {_CUSTOMERS:,} customers, one in five an order: "
        f"{written[0]:,} writes, and {written[1]:,} when all came again",
        f"{rate:,.0f} events per processor second, {events / seconds[1]:,.0f} of those that came "
        f"again. A state has {sum(sizes) / len(sizes):,.0f} bytes",
    )
    return Section(
        "Live labels",
        lines,
        (
            Ratio("Live labels: events per processor second", rate, _RATE, least=True),
            Ratio("Live labels: writes of events that came again", written[1], 0),
        ),
    )


def _rules() -> LabelRules:
    definition = load_preset("classic-11")
    return LabelRules(
        run_id="r1",
        as_of=_FIRST.date(),
        preset=definition.name,
        measures=definition.measures,
        scale=definition.scale,
        floors={
            "recency": (7, 30, 90, 180),
            "frequency": (1, 2, 3, 5),
            "monetary": (200_000, 500_000, 1_000_000, 3_000_000),
        },
        cells={cell: one.label for one in definition.segments for cell in one.cells},
        prospect="Prospect",
        model=PurchaseRule(name="mbg_nbd", parameters={"r": 0.4, "alpha": 37, "a": 0.8, "b": 2.9}),
        last_event_at=_FIRST,
        currency="EUR",
    )


def _events(start: int, count: int) -> Iterator[tuple[int, dt.datetime, dict[str, str]]]:
    chance = random.Random(start)  # noqa: S311 (no secret)
    for number in range(start, start + count):
        at = _FIRST + dt.timedelta(seconds=10 * number)
        name = chance.choices(("VIEWED", "PURCHASED"), (4, 1))[0]
        body = {
            "EventID": f"e{number}", "CustomerID": f"C{chance.randrange(_CUSTOMERS)}",
            "Date": at.isoformat(), "EventName": name,
        }  # fmt: skip
        if name == "PURCHASED":
            amount = f"{chance.randrange(500, 20_000) / 100:.2f}"
            body |= {"Amount": amount, "OrderID": f"o{number}"}
        yield number, at, body

"""What sending a million customers takes at each destination: requests, bytes, minutes.

Customers are made up, the destinations are the local stand-ins, and the clock is virtual: it moves
where the client waits, so the minutes are those of the rate that each vendor allows, and none of
this machine's.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from adapters.destinations.http_transport import HttpTransport
from adapters.http.client import HttpClient
from bench.report import Ratio, Section, table
from local.app.stand_ins import every_stand_in
from local.services.webhook import SIGNING_KEY
from tessera.contracts.tables import PROFILES
from tessera.destinations import catalog
from tessera.destinations.planning.estimate import estimate
from tessera.destinations.planning.ledger import Entry
from tessera.destinations.planning.load import Account, Load
from tessera.destinations.planning.plan import Plan
from tessera.destinations.port import Contact, Customer, Item
from tessera.naming import segment_name
from tessera.records.loads.segment import Segment

MILLION = 1_000_000
_LEAST = 100_000  # customers in a sample, or two batches
_CHANGED = 0.01
_MOST_OF_A_CHANGE = 0.011
_SEGMENTS = ("Champions", "Loyal", "At Risk", "Hibernating", "Lost")
_OTHER = "Need Attention"  # into which those move who change


def measure(*, say: Callable[[str], None]) -> Section:
    """Plan and load every vendor with an HTTP API, once more, and with 1 % changed."""
    rows: list[list[str]] = []
    ratios: list[Ratio] = []
    for name in sorted(catalog.HTTP):
        count = max(_LEAST, 2 * catalog.HTTP[name].CAPABILITIES.batch_items)
        say(f"{name}: {count:,} customers")
        measured = _One(name).run(list(_people(count)))
        rows.append(measured.row())
        ratios += measured.ratios()
    head = [
        "destination", "requests", "GB sent", "minutes by its rate", "minutes planned",
        "planned and rendered, customers/s",
    ]  # fmt: skip
    title = "1 M customers at each destination, from a sample at its stand-in"
    return Section(title, tuple(table(head, rows)), tuple(ratios))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Measured:
    name: str
    customers: int
    calls: int
    sent_bytes: int
    minutes: float
    again: int
    changed_calls: int
    planned_a_second: float

    def row(self) -> list[str]:
        times = MILLION / self.customers
        planned = estimate(MILLION, capabilities=catalog.HTTP[self.name].CAPABILITIES).minutes
        return [
            self.name,
            f"{self.calls * times:,.0f}",
            f"{self.sent_bytes * times / 1e9:.2f}",
            f"{self.minutes * times:,.0f}",
            "–" if planned is None else f"{planned:,.0f}",
            f"{self.planned_a_second:,.0f}",
        ]

    def ratios(self) -> Iterator[Ratio]:
        yield Ratio(f"{self.name}: customers sent again, nothing having changed", self.again, 0)
        # Rounded up to whole batches: a sample has few of them, a million customers many.
        batch = catalog.HTTP[self.name].CAPABILITIES.batch_items
        whole = -(-int(self.customers * _CHANGED) // batch) / -(-self.customers // batch)
        most = max(_MOST_OF_A_CHANGE, whole)
        what = f"{self.name}: requests when 1 % changed, of a full load's"
        yield Ratio(what, self.changed_calls / self.calls, most)


class _One:
    """One vendor beside its stand-in."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._vendor = catalog.HTTP[name]

    def run(self, people: list[Customer]) -> _Measured:
        began = time.process_time()
        items = self._plan(people, [])
        took = time.process_time() - began
        server, clock = every_stand_in()[self._name](), _Clock()
        server.start()
        server.state.limit = None  # it counts real seconds
        try:
            client = HttpClient(
                self._vendor,
                base_url=server.url,
                read_secret=lambda: dict.fromkeys(self._vendor.SECRET_FIELDS, SIGNING_KEY),
                secret_name="made up",  # noqa: S106 (a name)
                clock=clock,
                pause=clock.pause,
            )
            transport = HttpTransport(self._vendor, client=client)
            transport.check([_segment(label) for label in (*_SEGMENTS, _OTHER)])
            before, clock.now = sum(server.state.calls.values()), 0.0
            full = self._send(items, transport)
            calls, minutes = sum(server.state.calls.values()) - before, clock.now / 60
            ledger = [Entry(one.key, one.digest, one.customer_id) for one in full.acknowledged]
            again = self._plan(people, ledger)
            moved = self._plan(list(_moved(people)), ledger)
            before = sum(server.state.calls.values())
            self._send(moved, transport)
            changed_calls = sum(server.state.calls.values()) - before
        finally:
            server.stop()
        if len(full.acknowledged) != len(people):
            raise AssertionError(f"{self._name} acknowledged {len(full.acknowledged)}")
        return _Measured(
            name=self._name,
            customers=len(people),
            calls=calls,
            sent_bytes=sum(len(one.text.encode()) for one in items),
            minutes=minutes,
            again=len(again),
            changed_calls=changed_calls,
            planned_a_second=len(people) / took,
        )

    def _plan(self, people: list[Customer], ledger: list[Entry]) -> list[Item]:
        plan = Plan(self._vendor, ledger=ledger)
        return [item for one in people for item in plan.offer(one)] + list(plan.finish())

    def _send(self, items: list[Item], transport: HttpTransport) -> Account:
        load = Load(
            vendor=self._vendor, transport=transport, go_on=lambda: True, pause=lambda _: None
        )
        return load.send(items)


class _Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def _segment(label: str) -> Segment:
    return Segment(label, segment_name(label), "segment", label, "made up", 1, set="rfm")


def _people(count: int) -> Iterator[Customer]:
    """Yield made-up customers by key, a mail address each."""
    chance = random.Random(7)  # noqa: S311 (made-up customers)
    as_of = dt.date(2026, 5, 1)
    for number in range(count):
        last = dt.datetime(2026, 4, 30, tzinfo=dt.UTC) - dt.timedelta(days=chance.randrange(700))
        spend = Decimal(chance.randrange(100, 900_000)) / 100
        profile: dict[str, Any] = dict.fromkeys(PROFILES.names) | {
            "customer_key": f"{number:012d}",
            "first_purchase_at": last,
            "last_purchase_at": last,
            "recency_days": (as_of - last.date()).days,
            "frequency": chance.randrange(1, 40),
            "monetary": spend,
            "rfm_score": "543",
            "r_score": 5,
            "f_score": 4,
            "m_score": 3,
            "cluster": chance.randrange(1, 6),
            "segment": chance.choice(_SEGMENTS),
            "clv_365d": spend,
            "as_of": as_of,
        }
        mail = Contact("EMAIL", f"nobody-{number}@example.com")
        yield Customer(f"{number:012d}", f"C{number:08d}", profile, (mail,), ad_consent=True)


def _moved(people: list[Customer]) -> Iterator[Customer]:
    """Yield the same customers, one in a hundred with another segment."""
    every = round(1 / _CHANGED)
    for number, one in enumerate(people):
        if number % every:
            yield one
        else:
            yield dataclasses.replace(one, profile={**one.profile, "segment": _OTHER})

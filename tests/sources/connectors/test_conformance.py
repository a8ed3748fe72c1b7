"""What holds for every connector: nothing lost, nothing doubled, whatever happens in between."""

from __future__ import annotations

import dataclasses
import itertools
import re

import pytest

from steps.pull.pull import Clock, PullRecord, pull
from tessera.destinations.requests import Response
from tessera.errors import InvalidInput, Retryable
from tests.sources.connectors.doubles import DOUBLES, ShopDouble
from tests.sources.connectors.journals import Killed, KilledJournal, Kills, MemoryJournal

ORDERS = {f"{number:03d}": 1000 + number for number in range(1, 8)}


def at(minute: int, *, day: int = 1) -> str:
    return f"2026-11-{day:02d}T10:{minute:02d}:00+00:00"


class Watch:
    """A clock whose pauses take no time."""

    def __init__(self) -> None:
        self.day = 2
        self.seconds = 0.0

    def clock(self) -> Clock:
        return Clock(now=lambda: at(0, day=self.day), seconds=self.tick, pause=self.pause)

    def tick(self) -> float:
        self.seconds += 0.001
        return self.seconds

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(params=sorted(DOUBLES))
def shop(request: pytest.FixtureRequest) -> ShopDouble:
    made = DOUBLES[request.param]()
    for minute, (key, cents) in enumerate(ORDERS.items()):
        made.put(key, changed_at=at(minute), cents=cents)
    return made


def run(shop: ShopDouble, journal, *, watch: Watch | None = None, **more) -> PullRecord:
    transport = more.pop("transport", shop)
    clock = (watch or Watch()).clock()
    return pull(shop.connector, transport=transport, journal=journal, clock=clock, **more)


def money(journal: MemoryJournal) -> list[float]:
    """Return the money of each record that stands."""
    return sorted(
        round(sum(float(row["Amount"] or 0) for row in record.rows), 2)
        for record in journal.current().values()
    )


def all_money(**changed: int) -> list[float]:
    return sorted(cents / 100 for cents in (ORDERS | changed).values())


def test_a_first_pull_has_each_order_once(shop):
    journal = MemoryJournal()
    record = run(shop, journal)
    assert not record.more
    assert money(journal) == all_money()
    assert record.cursor.load


def test_the_next_pull_has_only_what_changed(shop):
    journal, watch = MemoryJournal(), Watch()
    run(shop, journal, watch=watch)
    watch.day = 4
    shop.put("003", changed_at=at(0, day=3), cents=1)
    record = run(shop, journal, watch=watch)
    assert money(journal) == all_money(**{"003": 1})
    assert not record.cursor.load
    assert record.cursor.counts["records"] < len(ORDERS)


def test_a_pull_without_changes_keeps_what_there_is(shop):
    journal, watch = MemoryJournal(), Watch()
    run(shop, journal, watch=watch)
    for day in (20, 21):
        watch.day = day
        run(shop, journal, watch=watch)
    assert money(journal) == all_money()


def test_a_reload_forgets_what_the_shop_no_longer_has(shop):
    journal, watch = MemoryJournal(), Watch()
    run(shop, journal, watch=watch)
    shop.remove("005")
    watch.day = 20
    run(shop, journal, watch=watch)
    assert len(money(journal)) == len(ORDERS)
    run(shop, journal, watch=watch, reload=True)
    assert len(money(journal)) == len(ORDERS) - 1


def test_a_kill_at_any_request_or_write_loses_and_doubles_nothing(shop):
    whole = MemoryJournal()
    run(shop, whole)
    for moment in itertools.count(1):
        journal, kill = MemoryJournal(), Kills(moment)

        class Dying:
            def send(self, request, kill=kill):
                kill()
                response = shop.send(request)
                kill()
                return response

        try:
            run(shop, KilledJournal(journal, kill), transport=Dying())
        except Killed:
            run(shop, journal)
            assert journal.current() == whole.current()
        else:
            assert moment > 5
            return


def test_an_order_that_changes_between_two_pages_is_there_once_as_it_is_now(shop):
    journal, sent = MemoryJournal(), []

    class Changing:
        def send(self, request):
            response = shop.send(request)
            sent.append(request)
            if len(sent) == 1:
                shop.put("002", changed_at=at(30), cents=77)
            return response

    watch = Watch()
    run(shop, journal, watch=watch, transport=Changing())
    watch.day = 3
    run(shop, journal, watch=watch)
    assert money(journal) == all_money(**{"002": 77})


def test_a_response_that_was_cut_short_is_asked_for_again(shop):
    journal, broken = MemoryJournal(), [True]

    class Cutting:
        def send(self, request):
            response = shop.send(request)
            return Response(200, {}) if broken and broken.pop() else response

    run(shop, journal, transport=Cutting())
    assert money(journal) == all_money()


def test_responses_that_stay_broken_end_the_pull_with_the_shop_named(shop):
    class Broken:
        def send(self, request):
            return Response(200, {"odd": True})

    with pytest.raises(Retryable, match=re.escape(shop.connector.TITLE)):
        run(shop, MemoryJournal(), transport=Broken())


def test_a_pull_whose_time_is_over_goes_on_in_the_next_call(shop):
    journal = MemoryJournal()
    calls = 0
    more = True
    while more:
        calls += 1
        more = run(shop, journal, budget_seconds=0.0025).more
        assert calls < 100
    assert calls > 1
    assert money(journal) == all_money()


def test_a_cursor_of_another_version_is_refused_with_what_to_do(shop):
    class Older(MemoryJournal):
        def keep(self, cursor):
            super().keep(cursor)
            self._text = self._text.replace('"version": 1', '"version": 0')

    journal = Older()
    run(shop, journal)
    with pytest.raises(InvalidInput, match="--reload"):
        run(shop, journal)
    run(shop, journal, reload=True)
    assert money(journal) == all_money()


def test_another_shop_into_the_same_place_is_refused(shop):
    journal = MemoryJournal()
    run(shop, journal)
    journal.keep(dataclasses.replace(journal.cursor(), account="other.example.com"))
    with pytest.raises(InvalidInput, match=r"other\.example\.com"):
        run(shop, journal)


def test_rows_have_stable_ids_and_name_their_order(shop):
    first, second = MemoryJournal(), MemoryJournal()
    run(shop, first)
    run(shop, second)
    assert first.current() == second.current()
    ids = [row["EventID"] for record in first.current().values() for row in record.rows]
    assert len(ids) == len(set(ids))
    assert all(ids)

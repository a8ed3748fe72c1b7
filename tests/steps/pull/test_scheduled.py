"""A pull that goes on from call to call, and begins again when settings change what money is."""

from __future__ import annotations

from steps.pull.pull import Clock
from steps.pull.scheduled import pull_scheduled
from tessera.sources.orders.money import Included
from tests.sources.connectors.doubles import PlainShop
from tests.sources.connectors.journals import MemoryJournal

NET = Included()


class Notes:
    def __init__(self):
        self.texts = {}

    def exists(self, key):
        return key in self.texts

    def read(self, key):
        return self.texts[key]

    def write(self, key, body):
        self.texts[key] = body


class Ticks:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        self.seconds += 1
        return self.seconds


def pulled(shop, journal, notes, *, included=NET, reload=False, budget_seconds=1000.0):
    return pull_scheduled(
        shop.connector,
        transport=shop,
        journal=journal,
        clock=Clock(
            now=lambda: "2026-11-02T10:00:00+00:00", seconds=Ticks(), pause=lambda _seconds: None
        ),
        notes=notes,
        raw="raw/",
        included=included,
        reload=reload,
        budget_seconds=budget_seconds,
    )


def shop():
    made = PlainShop()
    for number in range(1, 8):
        made.put(f"{number}", changed_at=f"2026-11-01T10:0{number}:00+00:00", cents=100)
    return made


def test_calls_go_on_until_nothing_is_left():
    made, journal, notes = shop(), MemoryJournal(), Notes()
    calls = 1
    while pulled(made, journal, notes, budget_seconds=0.5).more:
        assert not notes.texts, "amounts are known to be complete only at the end"
        calls += 1
    assert calls > 2
    assert len(journal.current()) == 7
    assert notes.texts == {"raw/money.txt": b"net sales, without tax and shipping"}


def test_after_a_change_of_what_money_is_everything_is_pulled_again():
    made, journal, notes = shop(), MemoryJournal(), Notes()
    first = pulled(made, journal, notes)
    assert not pulled(made, journal, notes).cursor.load
    again = pulled(made, journal, notes, included=Included(tax=True))
    assert again.cursor.load
    assert again.cursor.pull == first.cursor.pull + 2
    assert not pulled(made, journal, notes, included=Included(tax=True)).cursor.load


def test_a_reload_forgets_what_the_shop_has_deleted():
    made, journal, notes = shop(), MemoryJournal(), Notes()
    pulled(made, journal, notes)
    made.remove("3")
    pulled(made, journal, notes)
    assert len(journal.current()) == 7
    pulled(made, journal, notes, reload=True)
    assert len(journal.current()) == 6

"""A load is killed at every request that it makes, and continues: no customer is omitted."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import runpy
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.stores.ledger import Ledger
from local.services.frame.http_service import HttpServer
from tessera.destinations.port import Item
from tessera.naming import LOAD_RECORD, TICKET, destination_prefix, run_key
from tessera.records.codec import encode
from tessera.records.loads.load import ImportFile, LoadRecord
from tests.adapters import crashing
from tests.adapters.crashing import NEVER, ROWS_PER_SAVE, FolderObjects, Steps
from tests.destinations.places import SERVERS, STATES
from tests.tickets import ticket_json

PARTS = (10, 5)  # customers in each import file
CUSTOMERS = [f"C {number}" for number in range(sum(PARTS))]
VENDORS = ("braze", "hubspot", "klaviyo")  # one call a batch, two calls, and a slow job


class Crashing:
    """A load at one vendor's stand-in, begun again for each death."""

    def __init__(self, name: str, server: HttpServer, folder: Path) -> None:
        self._name, self._server, self._folder = name, server, folder
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(
            [
                "steps.activate.send",
                "adapters.destinations.http_transport",
                "tessera.destinations.catalog",
            ]
        )

    def begin(self) -> None:
        self._server.state = STATES[self._name]()
        self._folder = self._folder.with_name(f"{self._folder.name}-")
        self._objects: Any = FolderObjects(self._folder, Steps(NEVER))
        prefix, first, parts = destination_prefix("default", "r1", self._name), 0, []
        for number, rows in enumerate(PARTS):
            items = [self._item(who) for who in CUSTOMERS[first : first + rows]]
            key = f"{prefix}part-{number:05d}.jsonl"
            self._objects.write(key, "".join(item.to_line() for item in items).encode())
            parts.append(ImportFile(key, rows, 0, ""))
            first += rows
        record = LoadRecord(
            destination=self._name, as_of=dt.date(2026, 5, 1), held="", needs="",
            parts=tuple(parts), without_identity=0, segments=(),
        )  # fmt: skip
        self._objects.write_json(prefix + LOAD_RECORD, encode(record))
        ticket = ticket_json()
        self._objects.write_json(run_key("default", "r1", TICKET), ticket)

    def advance(self, *, last: int = NEVER) -> bool:
        """Load until the end, or until killed at a moment. Return whether it came to the end."""
        arguments = {"ARGUMENTS": (self._folder, self._name, self._server.url, last)}
        run = (crashing.__file__, arguments, crashing.RUN_NAME)
        process = self._processes.Process(target=runpy.run_path, args=run)
        process.start()
        process.join(60)
        assert process.exitcode in (0, -signal.SIGKILL)
        return process.exitcode == 0

    def requests(self) -> Counter[str]:
        """Return how often each customer was part of a request that changes something."""
        texts = [one.text.decode() for one in self._server.state.requests if "read" not in one.path]
        return Counter({who: sum(f'"{who}"' in text for text in texts) for who in CUSTOMERS})

    def held(self) -> set[str]:
        return set(self._server.state.customers())

    def acknowledged(self) -> list[str]:
        with Ledger(self._objects, tenant="default", destination=self._name).folded() as entries:
            return [entry.customer_id for entry in entries]

    def _item(self, who: str) -> Item:
        content = {"customer_id": who, "rfm_segment": "Lost"}
        return Item(f"key-{CUSTOMERS.index(who):03}", who, "d" * 32, content)


@pytest.fixture(params=VENDORS)
def load(request, tmp_path: Path) -> Iterator[Crashing]:
    server = SERVERS[request.param]()
    server.start()
    yield Crashing(request.param, server, tmp_path / "run")
    server.stop()


@pytest.mark.slow
def test_a_load_killed_at_any_request_omits_nobody_and_repeats_only_what_was_in_flight(
    load,
):
    deaths = 0
    while True:
        load.begin()
        ended = load.advance(last=deaths)
        if ended:
            break
        deaths += 1
        assert load.advance(), "the second process goes on to the end"
        assert load.held() == set(CUSTOMERS)
        assert load.acknowledged() == CUSTOMERS
        sent = load.requests()
        assert max(sent.values()) <= 2, f"death {deaths}: {sent}"
        assert sum(count > 1 for count in sent.values()) <= ROWS_PER_SAVE
    assert load.requests() == Counter(dict.fromkeys(CUSTOMERS, 1))
    assert deaths > 4 * len(CUSTOMERS) // ROWS_PER_SAVE

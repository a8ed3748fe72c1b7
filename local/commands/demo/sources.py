"""``tessera demo sources``: a database's rows, a CRM's deals and clicks become customers.

It compares what the runs count with what the database itself counts, and fails where they differ.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.aws.objects import Objects
from adapters.engines.choice import choose
from adapters.stores.upload_folder import UploadFolder
from local.app import outputs
from local.app.approval import Here
from local.app.events import send_events
from local.app.progress import show
from local.app.started import started
from local.app.system import System
from local.commands.demo import made_up
from local.commands.demo.shop import MAPPING, SLOT, ExampleShop, ShopFigures
from local.commands.run.database import DatabaseOptions
from local.commands.run.failure import failure_of
from local.commands.run.request import RunOptions
from local.commands.run.tables import opened_database
from local.terminal import Terminal, table
from steps.curate.curate import curate
from steps.curate.described import CRM, described
from steps.curate.exported import copy_object
from tessera import naming
from tessera.contracts.destinations import EXPORT

_TENANT = naming.DEFAULT_TENANT


@dataclasses.dataclass(frozen=True)
class Done:
    """A run of the demonstration.

    Parameters
    ----------
    source
        Whose upload it counted.
    run_id, prepared, summary
        Its id, and two of its documents.
    """

    source: str
    run_id: str
    prepared: Mapping[str, Any]
    summary: Mapping[str, Any]


def demo_sources(out: Path, *, terminal: Terminal, most_orders: int | None = None) -> None:
    """Show all sources, and leave the last run's results in ``out``.

    Parameters
    ----------
    most_orders
        How many of the example's orders the database gets. None for all.

    Raises
    ------
    RunFailed
        A run failed.
    AssertionError
        A run counts something else than the database has, beside the CRM's deals.
    """
    began = time.monotonic()
    outputs.check_target(out)
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tessera-demo-")))
        shop = ExampleShop(most=most_orders)
        stack.callback(shop.stop)
        with terminal.step("Start a PostgreSQL") as step:
            step.note(f"{shop.start():,} orders of the example, one row each")
        system, _ = stack.enter_context(
            started(tenant=_TENANT, terminal=terminal, destinations=(EXPORT,), stream=True)
        )
        demonstration = _Demonstration(system, shop, work=work, out=out, terminal=terminal)
        done = demonstration.run()
        outputs.write_results(system, out, tenant=_TENANT, run_id=done[-1].run_id, holders=system)
    for line in _lines(done):
        terminal.say(line)
    terminal.say()
    terminal.say(
        f"  {time.monotonic() - began:.0f} s. The report: {out / naming.REPORT}. "
        "Deals and clicks were made up."
    )


class _Demonstration:
    """The four runs, one after another, in one app."""

    def __init__(
        self, system: System, shop: ExampleShop, *, work: Path, out: Path, terminal: Terminal
    ) -> None:
        self._system, self._shop, self._work = system, shop, work
        self._terminal = terminal
        self._request = RunOptions(source=None, out=out, state=work / "state", approve=True)
        self._identities = Objects(system.identities_bucket, client=system.client("s3"))
        self._data = Objects(system.data_bucket, client=system.client("s3"))

    def run(self) -> list[Done]:
        """Run each source. Return the runs in their order."""
        (first,) = self._database()
        _check(first, self._shop.figures())
        deals = self._deals()
        sold = _difference(deals, first)
        (clicks,) = self._clicks()
        _check(clicks, _sum(self._shop.figures(), sold))
        for words in self._shop.change():
            self._terminal.say(f"  In the database: {words}.")
        (changed,) = self._database()
        _check(changed, _sum(self._shop.figures(), sold))
        self._terminal.say("  Orders, buyers and money are the database's own, to the cent.")
        return [first, deals, clicks, changed]

    def _database(self) -> list[Done]:
        mapping = self._work / "shop.toml"
        mapping.write_text(MAPPING, encoding="utf-8")
        options = DatabaseOptions(
            address=self._shop.address, mapping=mapping, slot=SLOT, reload=False
        )
        with opened_database(options, self._request, terminal=self._terminal) as tables:
            before = frozenset(self._system.executions())
            keys = tables.upload(self._system)
            done = [self._followed(key, before=before) for key in keys]
            tables.forget()
        return done

    def _deals(self) -> Done:
        exports = self._work / "exports"
        exports.mkdir()
        with self._terminal.step("Drop a CRM's exports") as step:
            step.note(f"{made_up.write_deals(exports):,} deals in Salesforce's form")
            for path in exports.iterdir():
                prefix = naming.crm_exports_prefix(_TENANT, path.stem)
                self._identities.upload(path, f"{prefix}2011-12-10/{path.name}")
        source = described(_TENANT, f"{CRM}-{made_up.DEALS}", data=self._data)
        before = frozenset(self._system.executions())
        with self._terminal.step(f"Curate {made_up.DEALS}") as step:
            copy_object(source, identities=self._identities, data=self._data)
            record = curate(
                source,
                identities=self._identities,
                uploads=UploadFolder(self._data, tenant=_TENANT, name=source.name),
                engine=choose("duckdb"),
                folder=self._work / "curated",
            )
            step.note(f"{record.written:,} won deals, {record.omitted:,} others omitted")
        return self._followed(
            naming.source_folder(_TENANT, source.name) + naming.FOLDER_COMPLETE, before=before
        )

    def _clicks(self) -> list[Done]:
        path = self._work / "clicks.jsonl"
        buyers = self._shop.server.query(
            "SELECT DISTINCT customer_id FROM orders ORDER BY 1 OFFSET 20 LIMIT 300"
        )
        before = frozenset(self._system.executions())
        with self._terminal.step("Put clicks on the stream") as step:
            count = made_up.write_clicks(path, customers=[row[0] for row in buyers])
            keys = send_events(self._system, path, tenant=_TENANT)
            step.note(f"{count:,} records, {len(made_up.NONSENSE)} of them nonsense")
        return [self._followed(key, before=before) for key in keys]

    def _followed(self, key: str, *, before: frozenset[str]) -> Done:
        """Follow the run that an upload starts, to its end."""
        source = naming.upload_source(key.removesuffix(naming.FOLDER_COMPLETE))
        with self._terminal.step(f"Run {source}") as step:
            execution = self._system.execution_of(key, after=before)
            quiet = Terminal(quiet=True)
            decide = Here(approve=True, terminal=quiet, ask=None)
            show(self._system, execution, quiet, decide=decide)
            if self._system.wait(execution)["status"] != "SUCCEEDED":
                raise failure_of(self._system, execution, self._request, names={})
            ours = self._system.run_of(execution)
            assert ours is not None  # noqa: S101 (an execution that succeeded has named its run)
            prepared, summary = (
                self._data.read_json(naming.run_key(_TENANT, ours[1], name))
                for name in (naming.PREPARE_RECORD, naming.SUMMARY)
            )
            step.note(f"{summary['customers']:,} customers")
        return Done(source, ours[1], prepared, summary)


def _figures(done: Done) -> ShopFigures:
    summary = done.summary
    return ShopFigures(summary["orders"], summary["buyers"], Decimal(summary["monetary"]))


def _difference(later: Done, earlier: Done) -> ShopFigures:
    one, other = _figures(later), _figures(earlier)
    return ShopFigures(
        one.orders - other.orders, one.buyers - other.buyers, one.monetary - other.monetary
    )


def _sum(one: ShopFigures, other: ShopFigures) -> ShopFigures:
    return ShopFigures(
        one.orders + other.orders, one.buyers + other.buyers, one.monetary + other.monetary
    )


def _check(done: Done, expected: ShopFigures) -> None:
    if _figures(done) != expected:
        raise AssertionError(f"{done.source}: the run counts {_figures(done)}, not {expected}")


def _lines(done: Sequence[Done]) -> Iterator[str]:
    """Yield what went in and what came out of each run, as a table."""
    header = ("Source", "Rows", "Counted", "Ignored", "Refused", "Orders", "Buyers", "Money")
    rows = []
    for one in done:
        counts, figures = one.prepared["rows"], _figures(one)
        numbers = (
            counts["read"],
            counts["accepted"],
            sum(counts["ignored"].values()),
            sum(counts["rejected"].values()),
            figures.orders,
            figures.buyers,
        )
        if counts["read"] != sum(numbers[1:4]):
            raise AssertionError(f"{one.source}: {counts} do not add up")
        rows.append((one.source, *(f"{n:,}" for n in numbers), f"{figures.monetary:,}"))
    yield ""
    yield from table(header, rows)

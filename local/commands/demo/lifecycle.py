"""``tessera demo lifecycle``: clicks and orders move labels at once, and the next run agrees.

It measures the time from an event on the stream to the label in the table. Each move is forwarded
to the stand-in for a destination. Then the day is closed
and counted by a run with the same thresholds, whose labels must be the live ones. The warehouse's
views and every visual of the dashboard are then asked for that run.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.stores.label_states import LabelStates
from adapters.streams.producer import StreamProducer
from local.app import outputs
from local.app.approval import Here
from local.app.events import close_days
from local.app.progress import show
from local.app.secret import kept_secret
from local.app.started import started
from local.app.state.remembered import opened
from local.app.system import System
from local.commands.demo.forwarded import DESTINATION, ForwardedMoves
from local.commands.demo.made_up import live_event
from local.commands.demo.shop import write_lines
from local.commands.label import LabelPlace, facts_of, lines_of
from local.commands.run.failure import failure_of
from local.commands.run.request import RunOptions
from local.commands.sql.command import warehouse
from local.commands.sql.dashboard import dashboard_data
from local.terminal import Terminal, table
from tessera import naming
from tessera.contracts.destinations import EXPORT, title
from tessera.events.names import PURCHASED, VIEWED
from tessera.events.pseudonym import customer_keys

_TENANT = naming.DEFAULT_TENANT
_EVENTS, _SHOWN = 40, 8
_ONE_IN = 7  # of the example's customers
_WORDS = {VIEWED: "a click", PURCHASED: "an order"}
# The definition that measures clicks.
_SETTINGS = b'preset = "aws-guidance"\nfreeze_thresholds = true\n'
_ASLEEP = ("Dormant", "Volatile")  # of the lower half in recency: any event wakes them
_WAITS_S, _LOOK_S = 60.0, 0.005
_QUERY = """
SELECT segment, count(*) AS customers, sum(orders) AS orders, sum(revenue) AS revenue
FROM customer_360 GROUP BY segment ORDER BY revenue DESC
"""


@dataclasses.dataclass(frozen=True)
class Moved:
    """A customer whose label moved: by which event, before and after, and how long that took."""

    customer: str
    event: str
    before: str
    after: str
    seconds: float


def demo_lifecycle(out: Path, *, terminal: Terminal, most_events: int | None = None) -> None:
    """Show live labels, and leave the last run's results in ``out``.

    Parameters
    ----------
    most_events
        How many clicks and orders are put on the stream, the first a click. None for 40.

    Raises
    ------
    RunFailed
        A run failed.
    AssertionError
        The run labels a customer otherwise than the event did, or the warehouse counts other
        customers than the run.
    """
    began = time.monotonic()
    outputs.check_target(out)
    with (
        tempfile.TemporaryDirectory(prefix="tessera-demo-") as scratch,
        opened(Path(scratch) / "state", terminal=Terminal(quiet=True), keep_days={}) as state,
        started(
            tenant=_TENANT,
            terminal=terminal,
            destinations=(EXPORT, DESTINATION),
            stream=True,
            labels=True,
        ) as (system, place),
    ):
        demonstration = _Lifecycle(system, work=Path(scratch), out=out, terminal=terminal)
        moved, customers, left = demonstration.run(most_events or _EVENTS)
        assert state is not None  # noqa: S101 (a folder was named)
        state.save(place, now=dt.datetime.now(dt.UTC))
        asked = _ask(state.path, customers=customers)
    for line in [*_shown(moved), *left, "", *asked]:
        terminal.say(line)
    terminal.say(f"  {time.monotonic() - began:.0f} s. The report: {out / naming.REPORT}.")


def _shown(moved: Sequence[Moved]) -> Iterator[str]:
    """Yield what moved, and how long that took."""
    yield from table(
        ("Customer", "Label before", "What came", "Label now", "Seconds"),
        [
            (one.customer, one.before, _WORDS[one.event], one.after, f"{one.seconds:.2f}")
            for one in moved[:_SHOWN]
        ],
    )
    yield ""
    for event, words in _WORDS.items():
        waits = [one.seconds for one in moved if one.event == event]
        if waits:
            yield (
                f"  From {words} to the label: median {statistics.median(waits):.2f} s, worst of "
                f"{len(waits)} {max(waits):.2f} s."
            )
    yield f"  The run that counted them gave all {len(moved)} customers the same labels."


class _Lifecycle:
    """A run, events one by one, and a run that counts them."""

    def __init__(self, system: System, *, work: Path, out: Path, terminal: Terminal) -> None:
        self._system, self._work, self._out, self._terminal = system, work, out, terminal
        self._request = RunOptions(source=None, out=out, state=work / "state", approve=True)
        self._states = LabelStates(system.labels_table, dynamodb=system.client("dynamodb"))
        self._stream = StreamProducer(system.event_stream, client=system.client("kinesis"))
        self._key_of = customer_keys(kept_secret().encode(), tenant=_TENANT)
        self._forwarded = ForwardedMoves(system, tenant=_TENANT)

    def run(self, most_events: int) -> tuple[list[Moved], int, list[str]]:
        """Move the labels of some customers, and compare them with a run.

        Return them, how many customers the run has, and what of the moves it had left to send.
        """
        self._system.put_settings(_TENANT, _SETTINGS)
        orders = self._work / "orders.csv"
        write_lines(orders, one_in=_ONE_IN)
        before = self._labels(self._counted(self._system.upload(orders, tenant=_TENANT)))
        with self._terminal.step("Wait for live labels"):
            self._wait_for_rules()
        asleep = [customer for customer, label in before.items() if label in _ASLEEP][:most_events]
        with self._terminal.step(f"A click of {asleep[0]}") as step:
            first = self._moved(asleep[0], 0, before=before)
            step.note(f"{first.before} → {first.after}, after {first.seconds:.2f} s")
        for line in self._explained(asleep[0]):
            self._terminal.say(f"    {line}")
        with self._terminal.step(f"Forward it to {title(DESTINATION)}") as step:
            step.note(f"{self._forwarded.wait(first.customer, label=first.after):.2f} s later")
        moved = [first]
        with self._terminal.step("Clicks and orders") as step:
            for number, customer in enumerate(asleep[1:], start=1):
                moved.append(self._moved(customer, number, before=before))
            step.note(f"{len(moved) - 1} more customers")
        with self._terminal.step("Forward the others"):
            for one in moved:
                self._forwarded.wait(one.customer, label=one.after)
        [end] = close_days(self._system, tenant=_TENANT, count=len(moved))
        run_id = self._counted(end)
        after = self._labels(run_id)
        for one in moved:
            if after[one.customer] != one.after:
                raise AssertionError(
                    f"customer {one.customer}: the run says {after[one.customer]}, not {one.after}"
                )
        events = {one.customer: _WORDS[one.event] for one in moved}
        return moved, len(after), [*self._forwarded.left(events, run_id=run_id)]

    def _explained(self, customer: str) -> Iterator[str]:
        """Yield what ``tessera label`` says of a customer."""
        s3 = self._system.client("s3")
        place = LabelPlace(
            data=Objects(self._system.data_bucket, client=s3),
            identities=Objects(self._system.identities_bucket, client=s3),
            states=self._states,
        )
        return lines_of(facts_of(place, customer, tenant=_TENANT), customer)

    def _moved(self, customer: str, number: int, *, before: Mapping[str, str]) -> Moved:
        key, label, event = self._key_of(customer), before[customer], live_event(customer, number)
        began = time.perf_counter()
        self._stream.put([event])
        until = began + _WAITS_S
        while (kept := self._states.read(_TENANT, key)).segment == label:
            if time.perf_counter() > until:
                raise RuntimeError(f"the label of {customer} did not move: see the function's log")
            time.sleep(_LOOK_S)
        seconds = time.perf_counter() - began
        return Moved(customer, event["EventName"], label, kept.segment, seconds)

    def _wait_for_rules(self) -> None:
        key, until = naming.label_rules_key(_TENANT), time.monotonic() + _WAITS_S
        while not self._system.keys(self._system.data_bucket, key):
            if time.monotonic() > until:
                lines = [line for _, line in self._system.logs() if "KeepLabels" in line]
                raise RuntimeError(f"KeepLabels wrote no rules: {lines[-3:]}")
            time.sleep(0.1)

    def _counted(self, key: str) -> str:
        """Follow the run that an upload starts. Return its id."""
        source = naming.upload_source(key.removesuffix(naming.FOLDER_COMPLETE))
        with self._terminal.step(f"Run {source}"):
            execution = self._system.execution_of(key)
            quiet = Terminal(quiet=True)
            decide = Here(approve=True, terminal=quiet, ask=None)
            show(self._system, execution, quiet, decide=decide)
            if self._system.wait(execution)["status"] != "SUCCEEDED":
                raise failure_of(self._system, execution, self._request, names={})
            ours = self._system.run_of(execution)
            assert ours is not None  # noqa: S101 (an execution that succeeded has named its run)
        return ours[1]

    def _labels(self, run_id: str) -> Mapping[str, str]:
        """Write a run's results, and return each customer's label."""
        outputs.write_results(
            self._system, self._out, tenant=_TENANT, run_id=run_id, holders=self._system
        )
        with (self._out / "customers.csv").open(encoding="utf-8", newline="") as file:
            return {row["customer_id"]: row["segment"] for row in csv.DictReader(file)}


def _ask(state: Path, *, customers: int) -> list[str]:
    """Ask the warehouse and the dashboard for the last run. Return what they say."""
    with warehouse(state) as made:
        rows = list(made.query(_QUERY).rows)
    counted = sum(row[1] for row in rows)
    if counted != customers:
        raise AssertionError(f"customer_360 has {counted} customers, and the run {customers}")
    shown = list(dashboard_data(state))
    full = sum(bool(one.rows) for one in shown)
    sheets = len({one.sheet.id for one in shown})
    return [
        *table(
            ("Segment in customer_360", "Customers", "Orders", "Revenue"),
            [(name, f"{count:,}", f"{orders:,}", f"{money:,.2f}")
             for name, count, orders, money in rows],
        ),
        "",
        f"  The dashboard: {full} of {len(shown)} visuals on {sheets} sheets have data.",
    ]  # fmt: skip

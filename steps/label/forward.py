"""Send single moves to destinations between two runs, so that the next run has nothing to send.

A message only says who has moved. What is sent is the last run's content with the label that holds
now, so messages may come again and in any order. What can't be sent is left to the next run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from adapters.stores.label_states import LabelStates
from adapters.stores.moves import SingleMoves
from steps.activate.activation import Activation
from steps.label.label import state_of
from steps.label.rules import RulesInForce
from tessera.destinations.planning.ledger import Entry, acknowledged
from tessera.destinations.planning.load import Account, Load
from tessera.destinations.planning.plan import digest
from tessera.destinations.port import Item, Loaded
from tessera.errors import Retryable
from tessera.labels.forwarding import moved_content
from tessera.labels.packing import unpack_events
from tessera.labels.rules import LiveLabel, Rules
from tessera.labels.state import LiveState
from tessera.records.loads.moves import MovesRecord

_AT_ONCE = 16
_TURN_WAITS_S = 30.0
_RESERVE_S = 30.0


@dataclasses.dataclass(kw_only=True)
class ForwardReport:
    """What became of the customers of some messages at a destination.

    Parameters
    ----------
    forwarded, refused
        Who was sent: acknowledged, or refused by the destination.
    same
        Who is there as they should be.
    over
        Who would have been beyond the limit of an hour.
    left
        Those that only the next run can send: unknown to the last run, waiting for the batch, of
        a suspended tenant, or at a destination that the last run did not load.
    """

    forwarded: int = 0
    refused: int = 0
    same: int = 0
    over: int = 0
    left: int = 0

    def add(self, other: ForwardReport) -> None:
        """Add the counts of another destination."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Live:
    """A customer as the events since the last run make them.

    Parameters
    ----------
    label, state
        By the rules of the last run.
    window
        The latest day of the stream among those events, in days since 1970.
    """

    label: LiveLabel
    state: LiveState
    window: int


class Forwarding:
    """What forwarding needs.

    Parameters
    ----------
    states, rules
        The table of live labels, and the rules in force.
    most_an_hour
        How many customers a destination gets in an hour, for one tenant.
    now
        Returns the present instant.
    seconds_left
        Returns how long this call may still take.
    pause
        Waits a number of seconds.
    """

    def __init__(
        self,
        states: LabelStates,
        *,
        rules: RulesInForce,
        most_an_hour: int,
        now: Callable[[], dt.datetime],
        seconds_left: Callable[[], float],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._states, self._rules, self._most = states, rules, most_an_hour
        self._now, self._seconds_left, self._pause = now, seconds_left, pause

    def forward(
        self, tenant: str, keys: Iterable[str], *, finished_run: bool, to: SingleMoves,
        activation: Callable[[str], Activation],
    ) -> ForwardReport:  # fmt: skip
        """Send those of some customers whose label a destination lacks.

        Parameters
        ----------
        keys
            The customers, by customer_key.
        finished_run
            Whether a run has finished. Then the customers are looked at too that it left alone,
            because the destination has a newer label.
        to
            The moves at the destination.
        activation
            Returns the destination as a run, given by its id, loaded it.

        Raises
        ------
        Retryable
            A run is loading the destination, or the destination is busy: try again.
        Refused, InvalidInput
            As the transport's ``send``.
        """
        with to.turn(wait_seconds=_TURN_WAITS_S):
            record = to.record()
            if record is None:
                return ForwardReport(left=len(set(keys)))
            loaded = activation(record.run_id)
            wanted = {*keys, *(record.moved if finished_run else ())}
            if not wanted:
                return ForwardReport()
            if not _is_open(loaded):
                return ForwardReport(left=len(wanted))
            rules = self._rules.of(tenant)
            if rules is None or rules.record.run_id != record.run_id:
                if rules and activation(rules.record.run_id).started_at > record.started_at:
                    # Later runs loaded the destination without forwarding, or not at all.
                    return ForwardReport(left=len(wanted))
                raise Retryable("the live labels are not yet those of the last run")
            return self._send(tenant, wanted, rules=rules, record=record, to=to, loaded=loaded)

    def _send(
        self, tenant: str, keys: Iterable[str], *, rules: Rules, record: MovesRecord,
        to: SingleMoves, loaded: Activation,
    ) -> ForwardReport:  # fmt: skip
        vendor = loaded.vendor
        assert vendor is not None  # noqa: S101 (a destination of files takes no moves)
        live = self._live(tenant, keys, rules=rules)
        moved = {key: one for key, one in live.items() if one is not None}
        had = loaded.contents().of(moved)
        sent = to.acknowledged(record)
        items = {key: _item(had[key], moved[key], vendor=vendor) for key in sorted(had)}
        known = {key: _known(had[key], record=record, sent=sent) for key in items}
        due = [item for key, item in items.items() if item.digest != known[key]]
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        room = max(0, self._most - (record.forwarded if record.hour == hour else 0))
        report = ForwardReport(
            same=len(items) - len(due), over=len(due[room:]), left=len(live) - len(items)
        )
        if not due[:room]:
            return report
        record = to.note(record, {item.key: moved[item.key].window for item in due[:room]})
        account = self._load(due[:room], loaded=loaded, vendor=vendor)
        entries = {one.key: acknowledged(one, vendor=vendor) for one in account.acknowledged}
        to.acknowledge(record, {**sent, **entries}.values())
        to.count(record, len(entries), hour=hour)
        if account.rows < len(due[:room]):
            raise Retryable("there was no time for all moves")
        return dataclasses.replace(report, forwarded=len(entries), refused=len(account.refused))

    def _live(self, tenant: str, keys: Iterable[str], *, rules: Rules) -> dict[str, Live | None]:
        """Return customers as they are now. None for those that only a run can label."""
        wanted = sorted(set(keys))

        def read(key: str) -> Live | None:
            kept = self._states.read(tenant, key)
            days = [event.window for event in unpack_events(kept.recent)]
            state = state_of(kept, rules=rules)
            label = rules.label(state)
            if not kept.base or label.waits:
                return None
            return Live(label=label, state=state, window=max(days, default=0))

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return dict(zip(wanted, pool.map(read, wanted), strict=True))

    def _load(self, items: Sequence[Item], *, loaded: Activation, vendor: Loaded) -> Account:
        reserve = _RESERVE_S + vendor.CAPABILITIES.exchange_seconds
        load = Load(
            vendor=vendor,
            transport=loaded.transport(),
            go_on=lambda: self._seconds_left() > reserve,
            pause=self._pause,
        )
        return load.send(items)


def _is_open(loaded: Activation) -> bool:
    """Return whether a run's load succeeded, so that moves may follow it.

    Raises
    ------
    Retryable
        It has not ended.
    """
    report = loaded.report()
    if report is None:
        raise Retryable("a run is loading the destination")
    is_loaded = not (report.held or report.failed or report.recreated)
    return is_loaded and loaded.contents().exists


def _item(had: Item, live: Live, *, vendor: Loaded) -> Item:
    content = moved_content(had.content, label=live.label, state=live.state)
    capabilities = vendor.CAPABILITIES
    made = digest(content, volatile=capabilities.volatile, drifting=capabilities.drifting)
    return Item(had.key, had.customer_id, made, content)


def _known(had: Item, *, record: MovesRecord, sent: Mapping[str, Entry]) -> str | None:
    """Return the digest of what the destination has, None where that is not certain."""
    if had.key in sent:
        return sent[had.key].digest
    return None if had.key in record.moved else had.digest

"""After a run: write its rules, and the states of the customers whose history changed.

Everything follows from the tenant's last run and its stored events, so a call may be repeated, and
a call that failed is made up for by the next one. The rules come last: with new states an earlier
run's rules still hold, and without any state no label is known. A call during which another run
finishes begins again with that run, so that an older run never has the last word.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.engines.duckdb.history import StoredUpload, open_history
from adapters.engines.duckdb.label_states import read_states
from adapters.engines.duckdb.session import connect
from adapters.stores.events import EventStore, UploadRecord
from adapters.stores.label_digests import read_digests, write_digests
from adapters.stores.label_states import KeptLabel, LabelStates
from adapters.stores.records import read_record, write_record
from steps.label.label import TRIES, labelled
from tessera import naming
from tessera.customers.orders.overlap import newness
from tessera.customers.summary import Period
from tessera.errors import Retryable
from tessera.labels.events import LiveEvent
from tessera.labels.packing import pack_events, pack_state, unpack_events
from tessera.labels.rules import Rules
from tessera.labels.run_rules import rules_of_run
from tessera.labels.state import LiveState
from tessera.records.label_rules import LabelRules
from tessera.records.runs.latest import Latest
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.score import ScoreRecord

_AT_ONCE, _BETWEEN_LOOKS = 32, 500
_UNSURE = 0  # no digest is 0, but for one in 2^64
_LATE_DAYS = 2  # for which a day of the stream may get parts after its end
_NOBODY = LiveState()


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeepReport:
    """What a run left behind: the states of ``customers``, of which so many were ``written``."""

    run_id: str
    customers: int
    written: int
    waiting: int


def keep_labels(
    tenant: str, *, data: Objects, states: LabelStates, folder: Path, memory_mb: int
) -> KeepReport:
    """Bring the states to the tenant's last run.

    Parameters
    ----------
    folder
        An empty folder, as large as a few times the history.
    memory_mb
        Of the engine.

    Raises
    ------
    Retryable
        DynamoDB or S3 was busy: call it again.
    InvalidInput
        A document of the run is missing.
    """
    unsure: set[str] = set()
    while True:
        with tempfile.TemporaryDirectory(dir=folder) as turn:
            try:
                return _keep(
                    tenant, data=data, states=states, folder=Path(turn), memory_mb=memory_mb,
                    unsure=unsure,
                )  # fmt: skip
            except _SupersededError as later:
                unsure.update(later.written)


class _SupersededError(Exception):
    """Another run has finished. What was ``written`` until then is of the earlier one."""

    def __init__(self, written: Collection[str]) -> None:
        super().__init__()
        self.written = written


def _keep(
    tenant: str, *, data: Objects, states: LabelStates, folder: Path, memory_mb: int,
    unsure: Collection[str],
) -> KeepReport:  # fmt: skip
    """Bring the states to the tenant's last run. The digests of ``unsure`` may be wrong."""
    events = EventStore(data, tenant=tenant)
    uploads = events.uploads()
    record, period = _last_run(tenant, data, uploads)
    rules = Rules(record)
    before = read_digests(data, tenant=tenant, folder=folder)
    before.update(dict.fromkeys(unsure, _UNSURE))
    after: dict[str, int] = {}
    work = _Work(
        tenant, states, rules, is_last=lambda: _latest(tenant, data).run_id == record.run_id
    )
    with connect(folder, memory_limit_mb=memory_mb) as connection:
        open_history(connection, [_stored(events, one, folder) for one in uploads])
        rows = read_states(
            connection,
            period=period,
            names=[one.name for one in uploads],
            newness=newness([one.held for one in uploads]),
        )
        work.write(_changed(rows, before, after))
    work.write((key, _NOBODY) for key in before.keys() - after.keys())
    write_digests(after, data, tenant=tenant, folder=folder)
    write_record(record, data, naming.label_rules_key(tenant))
    return KeepReport(
        run_id=record.run_id,
        customers=len(after),
        written=len(work.written),
        waiting=work.waiting,
    )


def _latest(tenant: str, data: Objects) -> Latest:
    return read_record(Latest, data, naming.latest_key(tenant), tolerant=True)


def _last_run(
    tenant: str, data: Objects, uploads: Iterable[UploadRecord]
) -> tuple[LabelRules, Period]:
    """Return the rules of the tenant's last run, and the period that it counted."""
    run_id = _latest(tenant, data).run_id
    folder = naming.run_prefix(tenant, run_id)
    ticket = read_record(Ticket, data, folder + naming.TICKET, tolerant=True)
    record = rules_of_run(
        ticket,
        read_record(PrepareRecord, data, folder + naming.PREPARE_RECORD, tolerant=True),
        read_record(ScoreRecord, data, folder + naming.SCORE_RECORD, tolerant=True),
        uploads=[one.name for one in uploads],
    )
    period = Period(
        as_of=record.as_of,
        window_months=ticket.settings.window_months,
        time_zone=record.time_zone,
    )
    return record, period


def _stored(events: EventStore, record: UploadRecord, folder: Path) -> StoredUpload:
    return StoredUpload(
        events.download(record, folder), record, events.download_voided(record, folder)
    )


def _changed(
    rows: Iterable[tuple[str, LiveState]], before: Mapping[str, int], after: dict[str, int]
) -> Iterator[tuple[str, LiveState]]:
    """Yield the customers whose state is another than when it was last written."""
    for key, state in rows:
        after[key] = digest = _digest(state)
        if before.get(key) != digest:
            yield key, state


def _digest(state: LiveState) -> int:
    """Return what stands for a state. The marks of event ids age, and change no label."""
    packed = pack_state(dataclasses.replace(state, ids=set()))
    return int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest(), "big", signed=True)


class _Work:
    """Writes states, many at once, as long as the run is the tenant's last one."""

    def __init__(
        self, tenant: str, states: LabelStates, rules: Rules, *, is_last: Callable[[], bool]
    ) -> None:
        self._tenant, self._states, self._rules, self._is_last = tenant, states, rules, is_last
        self.written: set[str] = set()
        self.waiting = 0

    def write(self, customers: Iterable[tuple[str, LiveState]]) -> None:
        """Write each customer's state under the events that no run has counted."""
        left = iter(customers)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(itertools.islice(left, _BETWEEN_LOOKS)):
                self._look()
                self.written.update(key for key, _ in some)
                self.waiting += sum(pool.map(self._write, some))
        self._look()

    def _look(self) -> None:
        if not self._is_last():
            raise _SupersededError(self.written)

    def _write(self, customer: tuple[str, LiveState]) -> bool:
        key, base = customer
        for _ in range(TRIES):
            kept = self._states.read(self._tenant, key)
            after = rebased(kept, base, rules=self._rules)
            if self._states.write(self._tenant, key, after):
                return after.waits
        raise Retryable(f"others wrote a customer's label {TRIES} times meanwhile")


def rebased(kept: KeptLabel, base: LiveState, *, rules: Rules) -> KeptLabel:
    """Return what to keep of a customer after a run.

    The run's own label is no move of an event: destinations and transitions have it from the run.
    """
    recent = [
        event for event in unpack_events(kept.recent) if not _counted(event, base, rules=rules)
    ]
    packed = pack_state(base)
    state = dataclasses.replace(base) if not recent else _copy(base)
    rules.fold(state, recent)
    blank = dataclasses.replace(
        kept, base=packed if base is not _NOBODY else b"", recent=pack_events(recent)
    )
    after = labelled(blank, rules.label(state), new=(), rules=rules)
    is_announced = kept.segment == kept.announced
    return dataclasses.replace(after, announced=after.segment if is_announced else kept.announced)


def _copy(state: LiveState) -> LiveState:
    copied = dataclasses.replace(state)
    for field in dataclasses.fields(LiveState):
        value = getattr(state, field.name)
        if isinstance(value, (set, dict)):
            setattr(copied, field.name, value.copy())
    return copied


def _counted(event: LiveEvent, base: LiveState, *, rules: Rules) -> bool:
    """Return whether the run has judged an event, whatever it made of it."""
    is_old = event.window < rules.record.last_window - _LATE_DAYS
    return is_old or (event.mark is not None and event.mark in base.ids)

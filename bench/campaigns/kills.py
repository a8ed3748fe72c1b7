"""Kill the workers of a run again and again, then compare plan, inbox and ledger."""

from __future__ import annotations

import dataclasses
import datetime as dt
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.campaigns.file_ledger import FileLedger
from bench.campaigns.kill_worker import RUN, TENANT, work
from bench.report import Ratio, Section, table
from steps.campaign.runs import resolve
from tessera.campaigns.planning.chunks import CHUNK_SIZE, RecipientChunk, chunk_file
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.sending.outcomes import UNKNOWN
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import CampaignRun

RECIPIENTS, KILLS = 100_000, 100
_WORKERS = 2  # at once, over the same chunks
_HELD_OUT = 10  # one of so many
_MARKS_LOST = 0.1  # at a kill, the marks of chunks that are done
_LOOKS_EVERY_S = 0.002


@dataclasses.dataclass(frozen=True, kw_only=True)
class KillReport:
    """What a run with kills came to.

    Parameters
    ----------
    kills
        Processes that got SIGKILL while they were sending.
    sent
        Messages in the inbox.
    duplicates
        Recipients with more than one.
    held_out_mailed
        Held-out people with a message.
    claims
        Rows that were CLAIMED at the end of sending.
    proved
        Of these, settled by events.
    doubts, unsent
        Recipients in doubt at the end, and those without a message: they should be the same.
    doubts_are_the_unsent
        Whether they are.
    state
        The run's, after settling.
    seconds
        From the first worker to the last.
    """

    kills: int
    sent: int
    duplicates: int
    held_out_mailed: int
    claims: int
    proved: int
    doubts: int
    unsent: int
    doubts_are_the_unsent: bool
    state: str
    seconds: float


def kill_run(
    folder: Path,
    *,
    recipients: int,
    kills: int,
    seed: int,
    lost_events: float = 0.0,
    takes_s: float = 0.0,
) -> KillReport:
    """Send to so many recipients while workers are killed.

    Parameters
    ----------
    folder
        Gets ledger and inbox.
    recipients
        Of the run, held-out people beside them not included.
    kills
        How many workers are killed.
    seed
        Decides when, and about faults of the service.
    lost_events
        The share of messages of which no event comes.
    takes_s
        How long a call of SendEmail takes.
    """
    people = [_recipient(n) for n in range(2 * recipients)]
    held_out = {one.recipient for one in people[::_HELD_OUT]}
    planned = [one for one in people if one.recipient not in held_out][:recipients]
    _write_chunks(folder / "chunks", planned)
    _write_chunks(folder / "holdout", [one for one in people if one.recipient in held_out])
    (folder / "done").mkdir()
    chance = random.Random(seed)  # noqa: S311 (when to kill)
    started = time.monotonic()
    killed = _killing(
        folder, kills=kills, chance=chance, each=recipients // (2 * kills), takes_s=takes_s
    )
    seconds = time.monotonic() - started

    lines = (folder / "inbox.txt").read_text(encoding="ascii").split()
    inbox = list(zip(lines[::2], lines[1::2], strict=True))
    copies = Counter(recipient for recipient, _ in inbox)
    events = {recipient: one for recipient, one in inbox if chance.random() >= lost_events}
    later = dt.datetime.now(dt.UTC) + CLAIM_LASTS
    ledger = FileLedger(folder / "ledger.sqlite", now=lambda: later)
    claims = len(list(ledger.unsettled()))
    resolved = resolve(_Runs(len(planned), later), RUN, ledger=ledger, proofs=_Events(events),
                       at=later)  # fmt: skip
    doubts = {row.recipient for row in ledger.unsettled() if row.state == UNKNOWN}
    ledger.close()
    unsent = {one.recipient for one in planned} - set(copies)
    return KillReport(
        kills=killed, sent=len(inbox), duplicates=sum(count > 1 for count in copies.values()),
        held_out_mailed=len(held_out & set(copies)), claims=claims, proved=resolved.proved,
        doubts=len(doubts), unsent=len(unsent), doubts_are_the_unsent=doubts == unsent,
        state=resolved.run.state, seconds=seconds,
    )  # fmt: skip


def measure(*, say: Callable[[str], None]) -> Section:
    """Kill a hundred workers of a run of 100,000 recipients."""
    say(f"campaigns: {KILLS} kills in {RECIPIENTS:,} recipients")
    with tempfile.TemporaryDirectory() as folder:
        report = kill_run(Path(folder), recipients=RECIPIENTS, kills=KILLS, seed=1)
    rows = [(name, str(value)) for name, value in dataclasses.asdict(report).items()]
    wrong = report.duplicates + report.held_out_mailed + (not report.doubts_are_the_unsent)
    return Section(
        title="A campaign whose workers are killed",
        lines=tuple(table(["figure", "value"], rows)),
        ratios=(
            Ratio("duplicates, held-out people mailed, doubts that are not the unsent", wrong, 0),
        ),
    )


def _killing(folder: Path, *, kills: int, chance: random.Random, each: int, takes_s: float) -> int:
    """Keep workers running until the run is through. Return how many were killed."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["bench.campaigns.kill_worker"])
    inbox = folder / "inbox.txt"
    inbox.touch()

    def started() -> BaseProcess:
        worker = processes.Process(target=work, args=(folder, chance.randrange(2**32), takes_s))
        worker.start()
        return worker

    workers, killed = [started() for _ in range(_WORKERS)], 0
    while killed < kills:
        _await_growth(inbox, workers, messages=chance.randint(1, each))
        victim = chance.randrange(_WORKERS)
        workers[victim].kill()
        workers[victim].join()
        killed += workers[victim].exitcode == -9
        if all(worker.exitcode == 0 for worker in workers):
            break  # the run was through before
        if chance.random() < _MARKS_LOST:
            for mark in (folder / "done").iterdir():
                mark.unlink()
        workers[victim] = started()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError(f"a worker ended with {worker.exitcode}: see its error above")
    return killed


def _await_growth(inbox: Path, workers: Sequence[BaseProcess], *, messages: int) -> None:
    line = len(f"{'0' * 32} {'0' * 16}\n")
    size = inbox.stat().st_size + messages * line
    while inbox.stat().st_size < size and any(worker.is_alive() for worker in workers):
        time.sleep(_LOOKS_EVERY_S)


def _write_chunks(folder: Path, recipients: Sequence[Recipient]) -> None:
    folder.mkdir()
    at = dt.datetime.now(dt.UTC)
    for first in range(0, len(recipients), CHUNK_SIZE):
        chunk = RecipientChunk(
            name=f"{folder.name}/{first:07}.json", opens_at=at, closes_at=at,
            zones=("UTC",),
            recipients=tuple(recipients[first : first + CHUNK_SIZE]),
        )  # fmt: skip
        (folder / f"{first:07}.json").write_bytes(chunk_file(chunk)[0])


def _recipient(n: int) -> Recipient:
    key = f"{n % 16:x}{n:031x}"
    return Recipient(recipient=key, customer_key=f"c{n}", address=f"p{n}@mail.example", variant="a")


class _Runs:
    """The one run, about to settle."""

    def __init__(self, recipients: int, at: dt.datetime) -> None:
        self._run = CampaignRun(
            tenant=TENANT, run_id=RUN, state="SETTLING", starts_at=at, latest_start=at,
            deadline=at, changed_at=at, recipients=recipients,
        )  # fmt: skip

    def read(self, sk: str) -> CampaignRun | None:  # noqa: ARG002
        """Return it."""
        return self._run

    def change(
        self,
        sk: str,  # noqa: ARG002 (there is one)
        change: Callable[[CampaignRun | None], CampaignRun],
    ) -> CampaignRun:
        """Change it."""
        self._run = change(self._run)
        return self._run


class _Events:
    """The events that came."""

    def __init__(self, accepted: Mapping[str, str]) -> None:
        self._accepted = accepted

    def accepted(
        self,
        tenant: str,  # noqa: ARG002 (there is one)
        run: str,  # noqa: ARG002
        recipients: Sequence[str],
    ) -> Mapping[str, str]:
        """Return the message ids of recipients that an event names."""
        return {one: self._accepted[one] for one in recipients if one in self._accepted}

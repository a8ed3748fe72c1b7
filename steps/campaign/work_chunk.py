"""Work on one chunk of a run as its state and the hour ask for: send it, close it, or leave it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from steps.campaign.runs import RunKeeper, move, run_of
from steps.campaign.send_chunk import LANES, ChunkReport, close_chunk, send_chunk
from tessera.campaigns.planning.chunks import ChunkEntry, RecipientChunk
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.planning.send_times import SendWindow
from tessera.campaigns.sending import states
from tessera.campaigns.sending.attempt import Attempts, Result
from tessera.campaigns.sending.next_step import ChunkMark, window_at
from tessera.campaigns.sending.ports import SendingLedger
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.errors import InvalidInput

# The daily quota and the warm-up count 24 hours back, so some of it comes free all the time.
DEFERRED_FOR = dt.timedelta(minutes=15)


class MarkKeeper(Protocol):
    """Keeps what became of a run's chunks."""

    def change(self, sk: str, change: Callable[[ChunkMark | None], ChunkMark]) -> ChunkMark:
        """Change a chunk's mark."""


class ChunkFiles(Protocol):
    """Reads what was planned."""

    def manifest(self) -> RunManifest:
        """Return the manifest."""

    def chunk(self, entry: ChunkEntry) -> RecipientChunk:
        """Return a chunk as it was frozen."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChunkWork:
    """What one worker needs.

    Parameters
    ----------
    run_id, round
        The run, and which round of its chunks it is.
    runs, marks, files, ledger
        Where everything about it is kept.
    attempts
        Given the number of recipients, returns how one is sent to.
    state
        Reads the run's state, and remembers it for a second.
    window_of
        Given now, returns the function from time zones to the first window that has not closed.
    now, until
        The clock, and when the worker's time is up.
    lanes
        How many messages are under way at once.
    """

    run_id: str
    round: int
    runs: RunKeeper
    marks: MarkKeeper
    files: ChunkFiles
    ledger: SendingLedger
    attempts: Callable[[int], Attempts[Any]]
    state: Callable[[], RunState]
    window_of: Callable[[dt.datetime], Callable[[tuple[str, ...]], SendWindow]]
    now: Callable[[], dt.datetime]
    until: dt.datetime
    lanes: int = LANES


def work_chunk(work: ChunkWork, name: str) -> ChunkMark | None:
    """Work on a chunk, and return its mark. None where it is left as it is.

    Raises
    ------
    InvalidInput
        The plan has no such chunk, its file was changed, or a template is missing. The run is
        paused with that reason, because every further attempt would fail the same way.
    """
    run = run_of(work.runs, work.run_id)
    try:
        return _worked(work, run, _entry(work.files.manifest(), name))
    except InvalidInput as error:
        _pause(work, run, str(error))
        raise


def _worked(work: ChunkWork, run: CampaignRun, entry: ChunkEntry) -> ChunkMark | None:
    if run.closes:
        return _close(work, entry, reason=run.reason)
    if run.state != "SENDING":
        return None
    at = work.now()
    window = window_at(entry, work.window_of(at), at=at)
    if window.opens_at >= run.deadline:
        return _close(work, entry, reason=f"no hours of sending were left before {run.deadline}")
    if window.opens_at > at:
        return None
    return _send(work, run, entry, closes_at=min(window.closes_at, run.deadline))


def _send(
    work: ChunkWork, run: CampaignRun, entry: ChunkEntry, *, closes_at: dt.datetime
) -> ChunkMark:
    recipients = work.files.chunk(entry).recipients
    report = send_chunk(
        recipients, attempts=work.attempts(len(recipients)), ledger=work.ledger,
        run_state=work.state, is_over=lambda: work.now() >= min(work.until, closes_at),
        lanes=work.lanes,
    )  # fmt: skip
    if report.stops:
        _pause(work, run, report.reason)
    deferred = report.counts.get(Result.DEFERRED.value, 0)
    held = bool(deferred) and not report.stops and work.now() < min(work.until, closes_at)
    return _mark(
        work, entry.name, is_done=not report.left and not deferred, report=report,
        retry_at=work.now() + DEFERRED_FOR if held else None,
    )  # fmt: skip


def _pause(work: ChunkWork, run: CampaignRun, reason: str) -> None:
    def paused(run: CampaignRun) -> CampaignRun:
        # Another worker, or a person, may have been faster.
        return states.pause(run, reason=reason, at=work.now()) if run.state == "SENDING" else run

    move(work.runs, run.run_id, paused)


def _close(work: ChunkWork, entry: ChunkEntry, *, reason: str) -> ChunkMark:
    recipients = work.files.chunk(entry).recipients
    skipped = close_chunk(recipients, ledger=work.ledger, reason=reason)
    counts: Mapping[str, int] = {Result.SKIPPED.value: skipped} if skipped else {}
    report = ChunkReport(counts=counts, left=0, reason=reason)
    return _mark(work, entry.name, is_done=True, report=report, retry_at=None)


def _mark(
    work: ChunkWork, name: str, *, is_done: bool, report: ChunkReport,
    retry_at: dt.datetime | None,
) -> ChunkMark:  # fmt: skip
    mark = ChunkMark(
        name=name, at=work.now(), round=work.round, is_done=is_done, retry_at=retry_at,
        reason=report.reason, counts=report.counts,
    )  # fmt: skip
    return work.marks.change(name, lambda _: mark)


def _entry(manifest: RunManifest, name: str) -> ChunkEntry:
    entry = next((one for one in manifest.chunks if one.name == name), None)
    if entry is None:
        raise InvalidInput(f"run {manifest.run} has no chunk {name!r}: it was planned again")
    return entry

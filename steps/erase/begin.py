"""Begin an erasure at its tenant's turn: no run reads or writes the tenant's history meanwhile."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, Self

from adapters.erasure.cases import CaseFiles
from adapters.erasure.versions import VersionedObjects
from adapters.stores.run_queue import QueueEntry, RunQueue
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from steps.check_upload.turns import ahead_of, wait_seconds
from steps.erase.finish import answers_of
from tessera import naming
from tessera.erasure.case import FAILED
from tessera.erasure.request import check_case
from tessera.errors import InvalidInput
from tessera.naming import check_tenant

BeginStatus = Literal["READY", "QUEUED", "ENDED"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureTurn:
    """An execution that asks for the turn: the input of BeginErasure.

    Parameters
    ----------
    tenant, case
        Which erasure.
    execution_arn
        The execution.
    began_ms
        When it began, in milliseconds since 1970. It waits among the runs in this order.
    """

    tenant: str
    case: str
    execution_arn: str
    began_ms: int = 0

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read the input.

        Raises
        ------
        InvalidInput
            A field is missing or wrong.
        """
        try:
            return cls(
                tenant=check_tenant(str(event["tenant"])),
                case=check_case(str(event["case"])),
                execution_arn=str(event["execution_arn"]),
                began_ms=int(event.get("began_ms", 0)),
            )
        except KeyError as missing:
            raise InvalidInput(f"the event lacks {missing}") from missing


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureBegun:
    """The reply of BeginErasure.

    Parameters
    ----------
    status
        ``READY`` at its turn, ``QUEUED`` before it, ``ENDED`` where nothing is left to do.
    destinations
        Those to ask.
    wait_seconds
        How long to wait before it asks again.
    """

    status: BeginStatus
    destinations: tuple[str, ...] = ()
    wait_seconds: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureQueue:
    """Where an erasure waits for its turn.

    Parameters
    ----------
    runs, queue, tenants
        The runs table, the queue in it, and the tenants table.
    max_runs
        How many runs of a tenant may be under way, unless its record says otherwise.
    """

    runs: Runs
    queue: RunQueue
    tenants: Tenants
    max_runs: int


def begin_erasure(
    turn: ErasureTurn,
    *,
    files: CaseFiles,
    identities: VersionedObjects,
    queue: ErasureQueue,
    now: dt.datetime,
) -> ErasureBegun:
    """Take the tenant's turn, or say how long to wait for it.

    A suspended tenant's customers are erased too: they have the right, whatever the shop owes.

    Parameters
    ----------
    files, identities
        The erasure's files, and the bucket with the tenant's ledgers.

    Raises
    ------
    InvalidInput
        There is no such erasure.
    """
    entry = QueueEntry(tenant=turn.tenant, execution_arn=turn.execution_arn, began_ms=turn.began_ms)
    if _has_ended(turn, files, queue.tenants):
        queue.queue.leave(entry)
        return ErasureBegun(status="ENDED")
    ahead = ahead_of(entry, runs=queue.runs, queue=queue.queue, started_at=now.isoformat())
    if ahead is not None:
        seconds = wait_seconds(ahead, max_runs=queue.max_runs)
        return ErasureBegun(status="QUEUED", wait_seconds=seconds)
    state = files.state()
    if FAILED in state:
        files.write_state({name: value for name, value in state.items() if name != FAILED})
    return ErasureBegun(status="READY", destinations=_to_ask(files, identities))


def _has_ended(turn: ErasureTurn, files: CaseFiles, tenants: Tenants) -> bool:
    """Return whether nothing is left to do. The removal of a tenant takes its erasures too."""
    case, known = files.known(), tenants.get(turn.tenant)
    return case.has_ended or (known is not None and known.state == "removing")


def _to_ask(files: CaseFiles, identities: VersionedObjects) -> tuple[str, ...]:
    """Return the destinations that have got customers, but for those that have answered."""
    there = identities.folders(f"{naming.tenant_prefix(files.tenant)}destinations/")
    answers = answers_of(files)
    known = {*there, *files.state().get("destinations", ())}
    return tuple(sorted(n for n in known if n not in answers or answers[n].failed))

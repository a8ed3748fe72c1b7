"""An upload whose owner withdraws it: its events, identities and order ids go with this run."""

from __future__ import annotations

import dataclasses

from adapters.stores.events import UploadRecord
from steps.prepare.run import PrepareRun
from tessera.errors import InvalidInput
from tessera.plurals import plural
from tessera.records.runs.prepare import Outcome
from tessera.records.runs.ticket import Upload

_CONTENT = "withdrawn"  # the content of an upload that has none


@dataclasses.dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A withdrawn upload.

    Parameters
    ----------
    record
        What its record becomes.
    events
        How many stored events it has, which do not count in this run.
    """

    record: UploadRecord
    events: int

    def warnings(self) -> tuple[str, ...]:
        """Return what the owner should know, a sentence each."""
        if not self.events:
            return (f"{self.record.name} is withdrawn and had no events",)
        return (f"{self.record.name} is withdrawn: its {plural(self.events, 'event')} are removed",)


def open_withdrawal(run: PrepareRun, upload: Upload) -> Withdrawal:
    """Return the withdrawal that starts a run. Nothing is changed yet."""
    stored = run.workspace.uploads.events.find(upload.id)
    return Withdrawal(
        record=UploadRecord(
            id=upload.id,
            name=upload.name,
            content=_CONTENT,
            since=run.ticket.began,
            events=0,
            event_ids=0,
            first_event_at=None,
            last_event_at=None,
            currency=stored.currency if stored else "",
            keyed_ids=True,
            run_id=run.workspace.run_id,
            withdrawn=True,
        ),
        events=stored.events if stored else 0,
    )


def store_withdrawal(run: PrepareRun, withdrawal: Withdrawal) -> Outcome:
    """Record the withdrawal beside the upload's events, which go when the run has finished."""
    outcome = run.workspace.uploads.begin(withdrawal.record)
    run.workspace.decided("withdrawn", events=withdrawal.events, outcome=outcome)
    return outcome


def complete_without_run(run: PrepareRun, withdrawal: Withdrawal) -> InvalidInput:
    """Remove the upload's events now, because no run can finish that has nothing to count.

    Returns
    -------
    InvalidInput
        What its owner should know.
    """
    if store_withdrawal(run, withdrawal) != "unchanged":
        run.workspace.uploads.keep(withdrawal.record.id, run_id=run.workspace.run_id)
        run.workspace.uploads.settle(run.workspace.run_id)
    tenant = run.workspace.tenant
    return InvalidInput(
        f"{withdrawal.record.name} is withdrawn, its {plural(withdrawal.events, 'event')} are "
        f"removed, and nothing is left to count for tenant {tenant!r}. No further run starts until "
        "it has events again. Destinations still have the labels of the last run: upload the "
        "events that are to count, or remove the labels there"
    )

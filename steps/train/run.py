"""What earlier steps decided, as a training job's channels have it."""

from __future__ import annotations

from adapters.aws.container import Container, read_json
from tessera.naming import PREPARE_RECORD, PREVIOUS_RECORD, TICKET
from tessera.records.codec import decode
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.previous import PreviousRun, read_previous
from tessera.records.runs.ticket import Ticket


def ticket_of(container: Container) -> Ticket:
    """Return what the run is, from the channel ``ticket``."""
    path = container.channel("ticket") / TICKET
    return decode(Ticket, read_json(path), document=path.name)


def prepared_of(container: Container) -> PrepareRecord:
    """Return what Prepare counted, from the channel ``record``."""
    path = container.channel("record") / PREPARE_RECORD
    return decode(PrepareRecord, read_json(path), document=path.name)


def previous_of(container: Container) -> PreviousRun | None:
    """Return the run to compare with, from the channel ``previous``. None without one."""
    path = container.channel("previous") / PREVIOUS_RECORD.rpartition("/")[2]
    previous = read_previous(read_json(path), document=path.name)
    return previous if isinstance(previous, PreviousRun) else None

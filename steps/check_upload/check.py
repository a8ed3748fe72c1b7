"""Decide whether an event is a run, and of what.

It fails fast. Everything that an object's name, size and first bytes reveal is checked here, before
a job is paid for.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence

from adapters.aws.documents import read_document
from adapters.aws.objects import Objects
from adapters.stores.events import has_events
from adapters.stores.records import write_record
from adapters.stores.run_queue import QueueEntry, RunQueue
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from steps.check_upload import uploads
from steps.check_upload.turns import ahead_of, wait_seconds, why_waiting
from tessera import naming
from tessera.environments.tenancy import Tenancy
from tessera.errors import InvalidInput
from tessera.insights.ticket import check_as_of, merge_settings, scheduled_day
from tessera.records.messages.replies import CheckUploadReply, CheckUploadStatus
from tessera.records.runs.ticket import Ticket, Trigger
from tessera.records.tenant import Tenant, why_closed
from tessera.settings import RunSettings
from tessera.sources.source_settings import settings_of_source


@dataclasses.dataclass(frozen=True, kw_only=True)
class StartRequest:
    """A request for a run: one version of an uploaded object, or a tenant's schedule.

    Parameters
    ----------
    trigger, tenant, execution_arn
        What starts the run, the tenant, and the execution that asks.
    key, version_id
        The object. Empty for a schedule. An event of S3 has the version, who starts a run by hand
        has none.
    time
        The schedule's instant, ISO 8601. Empty for an upload.
    began_ms
        When the execution began, in milliseconds since 1970. Runs wait in this order.
    """

    trigger: Trigger
    tenant: str
    execution_arn: str
    key: str = ""
    version_id: str = ""
    time: str = ""
    began_ms: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeploymentLimits:
    """What the deployment allows.

    Parameters
    ----------
    run_defaults
        The address of the stage's run settings. A tenant's own settings override them.
    destinations
        The destinations that exist in this stage.
    max_upload_bytes
        The largest upload.
    tenancy
        What holds for a tenant that has no own rules.
    """

    run_defaults: str
    destinations: Sequence[str]
    max_upload_bytes: int
    tenancy: Tenancy = dataclasses.field(default_factory=Tenancy)

    def of_tenant(self, known: Tenant | None) -> DeploymentLimits:
        """Return what a tenant may use of it."""
        if known is None:
            return self
        own = known.limits.max_runs
        tenancy = dataclasses.replace(self.tenancy, max_runs=own) if own else self.tenancy
        destinations = known.may_use(self.destinations)
        return dataclasses.replace(self, destinations=destinations, tenancy=tenancy)


def check_upload(
    request: StartRequest,
    *,
    data: Objects,
    runs: Runs,
    queue: RunQueue,
    tenants: Tenants,
    limits: DeploymentLimits,
    now: dt.datetime,
) -> CheckUploadReply:
    """Return whether to start a run. If so, claim it and write its ticket.

    Parameters
    ----------
    request
        What asks for the run.
    data, runs, queue, tenants
        The data bucket, the runs table, the queue in it, and the tenants table.
    limits
        What the deployment allows.
    now
        When the run starts.

    Raises
    ------
    InvalidInput
        The upload or a setting is wrong, or the tenant is suspended or unknown. The message says
        what to do.
    """
    status = _nothing_to_run(request, data)
    if status is None:
        limits = limits.of_tenant(_admitted(request.tenant, tenants, limits))
    ticket = None if status else _ticket_of_current(request, data, limits, now=now)
    if status or ticket is None:
        return _no_ticket(status or "SUPERSEDED", request)
    claimed = runs.claim(
        ticket.tenant,
        ticket.run_id,
        execution_arn=request.execution_arn,
        started_at=ticket.began,
        upload=ticket.source.name if ticket.source else "",
    )
    if not claimed:
        return _reply("DUPLICATE", ticket)
    if request.trigger == "upload":  # from now on the tenant has a daily run
        tenants.add(ticket.tenant, seen_at=ticket.began)
    entry = QueueEntry(
        tenant=ticket.tenant, execution_arn=request.execution_arn, began_ms=request.began_ms
    )
    ahead = ahead_of(entry, runs=runs, queue=queue, started_at=ticket.began)
    if ahead is not None:
        return _queued(ticket, ahead, entry=entry, runs=runs, max_runs=limits.tenancy.max_runs)
    write_record(ticket, data, naming.run_key(ticket.tenant, ticket.run_id, naming.TICKET))
    attributes = bool(ticket.attributes) or any(data.keys(naming.attributes_prefix(ticket.tenant)))
    stored = data.sizes(naming.events_prefix(ticket.tenant))
    return dataclasses.replace(
        _reply("START", ticket), attributes=attributes, history_bytes=sum(stored.values())
    )


def _admitted(tenant: str, tenants: Tenants, limits: DeploymentLimits) -> Tenant | None:
    """Return a tenant's record, and refuse one that is suspended or unknown."""
    known = tenants.get(tenant)
    if why := why_closed(tenant, known, is_open=limits.tenancy.open):
        raise InvalidInput(why)
    return known


def _nothing_to_run(request: StartRequest, data: Objects) -> CheckUploadStatus | None:
    if request.trigger == "schedule":
        # A tenant that withdrew all its uploads has nothing to count until the next one comes.
        return None if has_events(data, tenant=request.tenant) else "WAITING"
    if uploads.is_incomplete(request.key):
        return "WAITING"
    if _is_superseded(request, data):
        return "SUPERSEDED"
    # An erasure wrote it again, and S3 says so: no row is new. Who starts it by hand wants it read,
    # because the run before it failed: no event, and so no version.
    rewritten = bool(request.version_id) and uploads.is_rewritten(
        data, request.key, version_id=request.version_id
    )
    return "DUPLICATE" if rewritten else None


def _is_superseded(request: StartRequest, data: Objects) -> bool:
    return uploads.is_superseded(data, request.key, version_id=request.version_id)


def _ticket_of_current(
    request: StartRequest, data: Objects, limits: DeploymentLimits, *, now: dt.datetime
) -> Ticket | None:
    """Return the ticket. None where the upload was replaced while we looked at its parts."""
    try:
        return _ticket(request, data, limits, now=now)
    except InvalidInput:
        if request.trigger == "upload" and _is_superseded(request, data):
            return None
        raise


def _ticket(
    request: StartRequest, data: Objects, limits: DeploymentLimits, *, now: dt.datetime
) -> Ticket:
    source = naming.upload_source(naming.upload_folder(request.key) or request.key)
    settings = settings_of_source(_settings(request.tenant, data, limits), source=source)
    issue = functools.partial(
        Ticket.issue,
        tenant=request.tenant,
        trigger=request.trigger,
        settings=settings,
        started_at=now,
    )
    if request.trigger == "schedule":
        return issue(as_of=scheduled_day(request.time, time_zone=settings.time_zone))
    gathered = uploads.gather(
        data,
        request.key,
        version_id=request.version_id,
        settings=settings,
        max_bytes=limits.max_upload_bytes,
    )
    as_of = check_as_of(gathered.as_of, where=f"s3://{data.bucket}/{request.key}")
    if naming.holds_attributes(request.key):
        return issue(as_of=as_of, attributes=gathered.upload)
    return issue(as_of=as_of, upload=gathered.upload)


def _settings(tenant: str, data: Objects, limits: DeploymentLimits) -> RunSettings:
    key, defaults = naming.settings_key(tenant), read_document(limits.run_defaults)
    if "destinations" in defaults:  # a tenant may use fewer than the stage's runs go to
        allowed = [name for name in defaults["destinations"] if name in limits.destinations]
        defaults = {**defaults, "destinations": allowed}
    # Listed first: a role that may list only some folders gets 403 for a missing object.
    return merge_settings(
        defaults,
        data.read(key) if key in data.keys(key) else None,
        where=f"s3://{data.bucket}/{key}",
        available=limits.destinations,
    )


def _queued(
    ticket: Ticket, ahead: int, *, entry: QueueEntry, runs: Runs, max_runs: int
) -> CheckUploadReply:
    """Let a run wait, and say so in its item."""
    why = why_waiting(ahead, tenant=ticket.tenant, max_runs=max_runs)
    runs.note_queued(ticket.tenant, ticket.run_id, execution_arn=entry.execution_arn, why=why)
    return dataclasses.replace(
        _reply("QUEUED", ticket), wait_seconds=wait_seconds(ahead, max_runs=max_runs)
    )


def _no_ticket(status: CheckUploadStatus, request: StartRequest) -> CheckUploadReply:
    return CheckUploadReply(status=status, tenant=request.tenant)


def _reply(status: CheckUploadStatus, ticket: Ticket) -> CheckUploadReply:
    return CheckUploadReply(
        status=status,
        tenant=ticket.tenant,
        run_id=ticket.run_id,
        bytes=ticket.source.bytes if ticket.source else 0,
        engine=ticket.settings.engine,
        destinations=ticket.settings.destinations,
    )

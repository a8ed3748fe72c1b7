"""Decide whether an event is a run, and of what. Called by the `CheckUpload` state.

Fails fast: whatever can be known from the object's name, size and first bytes is refused here,
before a job is paid for.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from typing import Any

from adapters.aws.documents import read_document
from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from lambdas.check_upload import uploads
from lambdas.check_upload.request import Request
from tessera import naming
from tessera.environments import CheckUploadEnvironment
from tessera.insights.ticket import check_as_of, merge_settings, scheduled_day
from tessera.records.codec import encode
from tessera.records.ticket import Ticket
from tessera.settings import RunSettings


@logged("CheckUpload", message="status", facts=("bytes", "engine", "destinations", "attributes"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply whether to START, or to ask again (QUEUED); what errors mean, the machine decides."""
    request = Request.parse(event)
    if request.trigger == "upload" and uploads.is_incomplete(request.key):
        return _reply("WAITING", request.tenant)
    env = CheckUploadEnvironment.from_env(os.environ)
    objects = Objects(env.data_bucket)
    if uploads.is_superseded(objects, request.key, version_id=request.version_id):
        return _reply("SUPERSEDED", request.tenant)
    ticket = _ticket(request, objects, env, now=dt.datetime.now(dt.UTC))
    started_at = ticket.started_at.isoformat(timespec="milliseconds")
    runs = Runs(env.runs_table)
    claimed = runs.claim(
        ticket.tenant,
        ticket.run_id,
        execution_arn=request.execution_arn,
        started_at=started_at,
        upload=ticket.source.name if ticket.source else "",
    )
    if not claimed:
        return _reply("DUPLICATE", ticket.tenant, ticket)
    if request.trigger == "upload":  # from now on the tenant has a daily run
        Tenants(env.tenants_table).add(ticket.tenant, seen_at=started_at)
    if not runs.take_turn(
        ticket.tenant, execution_arn=request.execution_arn, started_at=started_at
    ):
        return _reply("QUEUED", ticket.tenant, ticket)
    objects.write_json(naming.run_key(ticket.tenant, ticket.run_id, naming.TICKET), encode(ticket))
    attributes = bool(ticket.attributes) or any(
        objects.keys(naming.attributes_prefix(ticket.tenant))
    )
    return _reply("START", ticket.tenant, ticket) | {"attributes": attributes}


def _ticket(
    request: Request, objects: Objects, env: CheckUploadEnvironment, *, now: dt.datetime
) -> Ticket:
    settings = _settings(request.tenant, objects, env)
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
        objects,
        request.key,
        version_id=request.version_id,
        settings=settings,
        max_bytes=int(env.max_upload_bytes),
    )
    as_of = check_as_of(gathered.as_of, where=f"s3://{objects.bucket}/{request.key}")
    if naming.holds_attributes(request.key):
        return issue(as_of=as_of, attributes=gathered.upload)
    return issue(as_of=as_of, upload=gathered.upload)


def _settings(tenant: str, objects: Objects, env: CheckUploadEnvironment) -> RunSettings:
    key = naming.settings_key(tenant)
    # Listed, not asked for: a role that may list only some folders gets 403 for a missing object.
    return merge_settings(
        read_document(env.run_defaults),
        objects.read(key) if key in objects.keys(key) else None,
        where=f"s3://{objects.bucket}/{key}",
        available=[name.strip() for name in env.available_destinations.split(",")],
    )


def _reply(status: str, tenant: str, ticket: Ticket | None = None) -> dict[str, Any]:
    return {
        "status": status,
        "tenant": tenant,
        "run_id": ticket.run_id if ticket else "",
        "bytes": ticket.source.bytes if ticket and ticket.source else 0,
        "engine": ticket.settings.engine if ticket else "",
        "destinations": list(ticket.settings.destinations) if ticket else [],
        "attributes": False,
    }

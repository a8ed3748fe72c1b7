"""The API as a Lambda function behind an HTTP API, whose authorizer has checked the credential."""

from __future__ import annotations

import datetime as dt
import functools
import os
from typing import Any

from fastapi import Request
from mangum import Mangum

from adapters.aws.customer_search import CustomerSearchFunction
from adapters.aws.documents import read_document
from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged_requests
from adapters.aws.objects import Objects
from adapters.aws.presigned_uploads import PresignedUploads
from adapters.aws.tasks import Tasks
from adapters.aws.user_pool import UserPool
from adapters.stores.api_keys import ApiKeys
from adapters.stores.idempotency import Idempotency
from adapters.stores.items import Items
from adapters.stores.minute_counts import RequestCounts
from adapters.stores.profile_reader import ProfileReader
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from adapters.stores.write_keys import WriteKeys
from lambdas.api.app import create_app
from lambdas.api.function import as_function
from steps.serve.campaign_services import CampaignServices
from steps.serve.gate import TenantGate
from steps.serve.services import Services
from tessera.api.roles import Principal, membership
from tessera.environments.api import ApiCampaigns, ApiEnvironment
from tessera.environments.tenancy import Tenancy


@functools.cache
def _function() -> Mangum:
    env = ApiEnvironment.from_env(os.environ)
    return as_function(
        create_app(
            _services(env), principal=_authorized, log=logged_requests("Api"), one_at_a_time=True
        )
    )


def _services(env: ApiEnvironment) -> Services:
    data, items = Objects(env.data_bucket), Items(env.api_table)
    return Services(
        data=data,
        profiles=ProfileReader(data),
        runs=Runs(env.runs_table),
        tasks=Tasks(),
        executions=Executions(env.state_machine_arn),
        uploads=PresignedUploads(env.data_bucket),
        keys=ApiKeys(items),
        requests=Idempotency(items),
        users=UserPool(env.user_pool_id),
        finder=CustomerSearchFunction(env.find_customer_function),
        gate=TenantGate(
            Tenants(env.tenants_table).get,
            RequestCounts(env.api_table),
            tenancy=Tenancy.from_text(env.tenancy),
        ),
        run_defaults=lambda: read_document(env.run_defaults),
        destinations=[name.strip() for name in env.available_destinations.split(",")],
        clock=_now,
        campaigns=functools.cache(lambda: _campaigns(env)) if env.campaigns else None,
        write_keys=WriteKeys(Items(env.write_keys_table)) if env.write_keys_table else None,
    )


def _campaigns(env: ApiEnvironment) -> CampaignServices:
    # Most instances answer none of their routes, and need none of their clients.
    from steps.serve.campaign_stores import campaign_services  # noqa: PLC0415

    return campaign_services(ApiCampaigns.from_text(env.campaigns), clock=_now)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _authorized(request: Request) -> Principal | None:
    """Return the principal that the authorizer has put into the event."""
    context = request.scope["aws.event"]["requestContext"].get("authorizer", {}).get("lambda", {})
    member = membership([f"{context.get('tenant')}:{context.get('role')}"])
    subject = context.get("subject")
    if member is None or not subject:
        return None
    return Principal(tenant=member[0], role=member[1], subject=str(subject))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Answer one request. The app logs it, without parameters and bodies."""
    return dict(_function()(event, context))

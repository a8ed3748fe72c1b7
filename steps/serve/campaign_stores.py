"""Where the API finds campaigns, in an account and on a laptop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.aws.called_function import CalledFunction
from adapters.aws.executions import Executions
from adapters.aws.objects import Objects
from adapters.aws.presigned_uploads import PresignedUploads
from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.functions import CampaignFunctions
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.message_history import MessageHistory
from adapters.campaigns.run_files import CampaignFiles
from adapters.campaigns.tenant_records import TenantRecords
from steps.serve.campaign_services import CampaignServices
from tessera.environments.api import ApiCampaigns

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_Kept = TypeVar("_Kept")


def campaign_services(
    places: ApiCampaigns,
    *,
    clock: Callable[[], dt.datetime],
    client: Callable[[str], Any],
    uploads: PresignedUploads,
) -> CampaignServices:
    """Return what campaigns work with.

    Parameters
    ----------
    places
        Where everything is.
    clock
        Returns the present instant, UTC.
    client
        Makes a boto3 client of a service. None is for the environment's credentials and region.
    uploads
        Signs where files of the identities bucket go.
    """
    dynamodb: DynamoDBClient | None = client("dynamodb")
    identities = Objects(places.identities_bucket, client=client("s3"))

    def of(tenant: str) -> TenantRecords:
        return TenantRecords(places.table, tenant=tenant, dynamodb=dynamodb)

    def called(name: str, does: str) -> CalledFunction:
        return CalledFunction(name, does=does, client=client("lambda"))

    return CampaignServices(
        records=lambda tenant: of(tenant).campaigns,
        requests=lambda tenant: of(tenant).requests,
        runs=lambda tenant: of(tenant).runs,
        progress=lambda tenant: of(tenant).progress,
        postmaster=lambda tenant: of(tenant).postmaster,
        ledger=lambda tenant, run_id: CampaignLedger(
            places.table, tenant=tenant, run_id=run_id, now=clock, dynamodb=dynamodb
        ),
        files=lambda tenant, run_id: CampaignFiles(identities, tenant=tenant, run_id=run_id),
        executions=Executions(places.machine_arn, states=client("stepfunctions")),
        consent=ConsentRows(places.table, dynamodb=dynamodb),
        history=MessageHistory(places.table, dynamodb=dynamodb),
        events=EventSet(places.table, dynamodb=dynamodb),
        identities=identities,
        uploads=uploads,
        functions=CampaignFunctions(
            count_audience=called(places.count_audience, "the count of an audience"),
            import_consent=called(places.import_consent, "the import of consents"),
            send_test=called(places.send_test, "the test of a template"),
        ),
    )

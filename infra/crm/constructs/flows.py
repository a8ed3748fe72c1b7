"""AppFlow: each object of Salesforce as Parquet, once a day, in the folder of its exports."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_appflow as appflow
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.crm.settings import SALESFORCE, ExportSettings
from infra.foundation.foundation import Foundation
from tessera import naming

_OBJECTS = {
    "salesforce-opportunities": "Opportunity",
    "salesforce-accounts": "Account",
    "salesforce-contacts": "Contact",
}


class SalesforceFlows(Construct):
    """A flow for opportunities, accounts and contacts, and the right to write into the bucket."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: ExportSettings, foundation: Foundation,
        stage: str,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self._allow_writing(foundation, tenant=settings.tenant)
        for name, entity in _OBJECTS.items():
            self._flow(name, entity, settings=settings, foundation=foundation, stage=stage)

    def _allow_writing(self, foundation: Foundation, *, tenant: str) -> None:
        """Let AppFlow write exports. It has no role: the bucket and the key let it in."""
        foundation.identities_key.serve("appflow")
        bucket = foundation.identities
        ours = {"StringEquals": {"aws:SourceAccount": Stack.of(self).account}}
        for actions, resource in (
            (["s3:GetBucketAcl", "s3:ListBucketMultipartUploads"], bucket.bucket_arn),
            (
                ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject",
                 "s3:PutObjectAcl"],
                bucket.arn_for_objects(f"{naming.crm_exports_prefix(tenant, SALESFORCE + '*')}*"),
            ),
        ):  # fmt: skip
            bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("appflow.amazonaws.com")],
                    actions=actions,
                    resources=[resource],
                    conditions=ours,
                )
            )

    def _flow(
        self, name: str, entity: str, *, settings: ExportSettings, foundation: Foundation,
        stage: str,
    ) -> None:  # fmt: skip
        flow = appflow.CfnFlow
        hour = (settings.hour - 1) % 24
        flow(
            self,
            entity,
            flow_name=f"tessera-{stage}-{name}",
            description=f"Tessera: Salesforce's {entity} objects",
            kms_arn=foundation.identities_key.key_arn,
            flow_status="Active",
            trigger_config=flow.TriggerConfigProperty(
                trigger_type="Scheduled",
                trigger_properties=flow.ScheduledTriggerPropertiesProperty(
                    schedule_expression=f"cron(0 {hour} * * ? *)",
                    data_pull_mode="Complete",
                    time_zone="UTC",
                ),
            ),
            source_flow_config=flow.SourceFlowConfigProperty(
                connector_type="Salesforce",
                connector_profile_name=settings.appflow_connection,
                source_connector_properties=flow.SourceConnectorPropertiesProperty(
                    salesforce=flow.SalesforceSourcePropertiesProperty(object=entity)
                ),
            ),
            destination_flow_config_list=[
                flow.DestinationFlowConfigProperty(
                    connector_type="S3",
                    destination_connector_properties=flow.DestinationConnectorPropertiesProperty(
                        s3=flow.S3DestinationPropertiesProperty(
                            bucket_name=foundation.identities.bucket_name,
                            bucket_prefix=naming.crm_exports_prefix(settings.tenant, name).rstrip(
                                "/"
                            ),
                            s3_output_format_config=flow.S3OutputFormatConfigProperty(
                                file_type="PARQUET",
                                prefix_config=flow.PrefixConfigProperty(
                                    prefix_type="PATH", prefix_format="DAY"
                                ),
                            ),
                        )
                    ),
                )
            ],
            tasks=[
                flow.TaskProperty(
                    task_type="Map_all",
                    source_fields=[],
                    task_properties=[
                        flow.TaskPropertiesObjectProperty(
                            key="EXCLUDE_SOURCE_FIELDS_LIST", value="[]"
                        )
                    ],
                )
            ],
        )

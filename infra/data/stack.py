"""What is kept: the foundation, the profile domains, and what analysts may read."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from constructs import Construct

from infra.data.constructs.analysts import AnalystsPolicy
from infra.data.constructs.governed import GovernedAnalysts
from infra.data.constructs.profiles import ProfilesDomain
from infra.data.constructs.trail import DataTrail
from infra.data.constructs.uploaders import UploadersPolicy
from infra.data.settings import DataSettings
from infra.foundation.foundation import Foundation
from infra.kit.alarm import RunbookAlarm


class DataStack(Stack):
    """Stateful resources. Removing the stack leaves them in place where the stage says so."""

    def __init__(self, scope: Construct, id_: str, *, settings: DataSettings, **stack: Any) -> None:
        super().__init__(scope, id_, termination_protection=settings.retain, **stack)
        name = f"tessera-{settings.stage}"
        keep = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        self.foundation = Foundation.build(self, settings=settings)
        if settings.has_customer_profiles:
            self.foundation.identities_key.serve("profile")
            profiles = ProfilesDomain(
                self,
                "Profiles",
                domain=settings.profiles_domain,
                settings=settings.customer_profiles,
                key=self.foundation.identities_key,
                removal_policy=keep,
            )
            if profiles.rejected:
                metric = profiles.rejected.metric_approximate_number_of_messages_visible(
                    period=Duration.minutes(5)
                )
                RunbookAlarm(
                    self,
                    "ProfilesRejected",
                    metric=metric,
                    about="Customer Profiles accepted objects and then could not store them",
                    to_do="Read the messages in its queue: each names the object and the reason",
                    topic=self.foundation.topic,
                )
        if settings.uploaders_policy:
            UploadersPolicy(self, "Uploaders", foundation=self.foundation)
        if settings.analytics_policy:
            AnalystsPolicy(self, "Analysts", foundation=self.foundation, name=name)
        if settings.lake_formation:
            # Who gets its policy reads no object, whatever else they may do. The one above is then
            # the dashboards' alone.
            GovernedAnalysts(
                self, "GovernedAnalysts", foundation=self.foundation, name=f"{name}-analysts"
            )
        if settings.audit.data_events:
            DataTrail(
                self,
                "Trail",
                foundation=self.foundation,
                name=name,
                keep_days=settings.audit.trail_days,
                noncurrent_days=settings.storage.noncurrent_days,
                removal_policy=keep,
            )
        self._outputs(settings)

    def _outputs(self, settings: DataSettings) -> None:
        values = {
            "DataBucket": self.foundation.bucket.bucket_name,
            "IdentitiesBucket": self.foundation.identities.bucket_name,
            "RunsTable": self.foundation.runs.table_name,
            "TenantsTable": self.foundation.tenants.table_name,
            "Database": self.foundation.catalog.database_name,
            "PseudonymSecretArn": self.foundation.secret.secret_arn,
            "ReceiptKeyArn": self.foundation.receipt_key.key_arn,
            "TopicArn": self.foundation.topic.topic_arn,
            "ProfilesDomain": settings.profiles_domain or "none",
        }
        if self.foundation.campaigns:
            values["CampaignsTable"] = self.foundation.campaigns.table_name
        for name, value in values.items():
            CfnOutput(self, name, value=value)

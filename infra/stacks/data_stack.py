"""What is kept: keys, buckets, the runs table, the secret, the catalog, the profiles domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.config import StageSettings
from infra.constructs.analysts import AnalystsPolicy
from infra.constructs.bucket import AccessLogs, PrivateBucket
from infra.constructs.catalog import Catalog
from infra.constructs.keys import Key
from infra.constructs.profiles import ProfilesDomains
from infra.nag import acknowledge
from tessera import naming


class DataStack(Stack):
    """Stateful resources; removing the stack leaves them in place where the stage says so."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: StageSettings, **stack: Any
    ) -> None:
        super().__init__(scope, id_, termination_protection=settings.retain, **stack)
        self._settings = settings
        self._keep = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        name = f"tessera-{settings.stage}"

        self.data_key = self._key("DataKey", alias=name, about="Tessera: pseudonymous data")
        self.data_key.serve_logs()
        self.data_key.serve("cloudwatch", "events")
        self.identities_key = self._key(
            "IdentitiesKey", alias=f"{name}-identities", about="Tessera: who the customers are"
        )

        access_logs = AccessLogs(
            self,
            "AccessLogs",
            keep_days=settings.storage.access_log_days,
            removal_policy=self._keep,
        )
        self.bucket = self._bucket(
            "Data",
            key=self.data_key,
            access_logs=access_logs,
            rules=[
                *_expiry("uploads", settings.storage.upload_days, prefix=naming.UPLOADS),
                *self._run_rules(),
            ],
        )
        self.bucket.send_events()
        self.identities = self._bucket(
            "Identities",
            key=self.identities_key,
            access_logs=access_logs,
            rules=self._run_rules(),
        )

        self.runs = self._runs_table()
        self.secret = self._pseudonym_secret()
        self.catalog = Catalog(
            self,
            "Catalog",
            name=name.replace("-", "_"),
            location=self.bucket.s3_url_for_object("tenants/"),
        )
        self.profiles_domain = self._profiles_domains()
        if settings.analytics_policy:
            AnalystsPolicy(
                self,
                "Analysts",
                bucket=self.bucket,
                identities=self.identities,
                key=self.data_key,
                catalog=self.catalog,
            )
        self._outputs()

    def _key(self, id_: str, *, alias: str, about: str) -> Key:
        return Key(self, id_, alias=alias, about=about, removal_policy=self._keep)

    def _bucket(
        self,
        id_: str,
        *,
        key: Key,
        access_logs: s3.IBucket,
        rules: Sequence[s3.LifecycleRule],
    ) -> PrivateBucket:
        return PrivateBucket(
            self,
            id_,
            key=key,
            access_logs=access_logs,
            noncurrent_days=self._settings.storage.noncurrent_days,
            removal_policy=self._keep,
            rules=rules,
        )

    def _run_rules(self) -> list[s3.LifecycleRule]:
        # A lifecycle rule takes no pattern, so it is one a tenant.
        days = self._settings.storage.run_days
        prefixes = {each: naming.run_prefix(each, "") for each in self._settings.tenants}
        return [
            rule
            for tenant, prefix in prefixes.items()
            for rule in _expiry(f"runs-{tenant}", days, prefix=prefix.removesuffix("/"))
        ]

    def _runs_table(self) -> dynamodb.Table:
        text = dynamodb.AttributeType.STRING
        return dynamodb.Table(
            self,
            "Runs",
            partition_key=dynamodb.Attribute(name="tenant", type=text),
            sort_key=dynamodb.Attribute(name="run_id", type=text),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.data_key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self._settings.retain,
            removal_policy=self._keep,
        )

    def _pseudonym_secret(self) -> secretsmanager.Secret:
        secret = secretsmanager.Secret(
            self,
            "PseudonymSecret",
            description="Makes customer keys from customer ids. Changing it changes every key.",
            encryption_key=self.identities_key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=64, exclude_punctuation=True
            ),
            removal_policy=self._keep,
        )
        acknowledge(
            secret,
            {
                "AwsSolutions-SMG4": (
                    "A new secret gives every customer a new key and so cuts their history off: "
                    "it is replaced by hand, with the whole history read again."
                )
            },
        )
        return secret

    def _profiles_domains(self) -> str:
        if not self._settings.has_customer_profiles:
            return ""
        self.identities_key.serve("profile")
        return ProfilesDomains(
            self,
            "Profiles",
            stage=self._settings.stage,
            settings=self._settings.customer_profiles,
            tenants=self._settings.tenants,
            key=self.identities_key,
            removal_policy=self._keep,
        ).domain_name

    def _outputs(self) -> None:
        values = {
            "DataBucket": self.bucket.bucket_name,
            "IdentitiesBucket": self.identities.bucket_name,
            "RunsTable": self.runs.table_name,
            "Database": self.catalog.database_name,
            "ProfilesDomain": self.profiles_domain or "none",
        }
        for name, value in values.items():
            CfnOutput(self, name, value=value)


def _expiry(id_: str, days: int, *, prefix: str) -> list[s3.LifecycleRule]:
    if not days:
        return []
    return [s3.LifecycleRule(id=id_, prefix=prefix, expiration=Duration.days(days))]

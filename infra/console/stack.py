"""The console: sign-in, the API and the page at one address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, RemovalPolicy, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.console.constructs.functions import ApiFunctions
from infra.console.constructs.gateway import Gateway
from infra.console.constructs.owned_tables import tables_of
from infra.console.constructs.removing import TenantRemoval
from infra.console.constructs.site import Site
from infra.console.constructs.users import Users
from infra.console.constructs.watch import ConsoleWatch
from infra.console.settings import ConsoleSettings
from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from infra.foundation.tables import text_table
from infra.kit.retention import retention


class ConsoleStack(Stack):
    """Browser or script → CloudFront → the page, or authorizer and API → the foundation.

    ``write_keys`` is the name of the table with the keys of pages, ``labels`` of the one with live
    labels. Both are empty in a stage without.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ConsoleSettings,
        foundation: Foundation,
        run_defaults: Mapping[str, Any],
        write_keys: str = "",
        labels: str = "",
        longest_write_seconds: int,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        keep = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        days = retention(settings.log_retention_days)
        key = Key(
            self,
            "Key",
            alias=f"tessera-{settings.stage}-console",
            about="Tessera: the console's table and logs",
            removal_policy=keep,
        )
        key.serve_logs()
        # API keys, and answers to requests with an Idempotency-Key.
        table = text_table(self, "Table", "pk", "sk", key=key, keep=keep, expires="ttl")
        users = Users(self, "Users", stage=settings.stage, removal_policy=keep)
        gateway = Gateway(self, "Gateway", stage=settings.stage, key=key, retention=days)
        # Lists of receivers and consents name persons, so they go into the other bucket.
        buckets = [foundation.bucket, *([foundation.identities] if foundation.campaigns else [])]
        uploads = [f"https://{one.bucket_regional_domain_name}" for one in buckets]
        site = Site(
            self,
            "Site",
            settings=settings.console,
            api_host=gateway.host,
            api_paths=("/v1/*", *(("/u/*",) if settings.campaigns.enabled else ())),
            calls=(users.origin, *uploads),
        )
        client_id = users.add_client(site.address)
        functions = ApiFunctions(
            self, "Functions", settings=settings, foundation=foundation, key=key, table=table
        )
        authorizer = functions.authorizer(issuer=users.issuer, client_id=client_id)
        find_customer = functions.find_customer()
        user_pool = (users.pool.user_pool_id, users.pool.user_pool_arn)
        removing = TenantRemoval(
            self,
            "Removing",
            settings=settings,
            foundation=foundation,
            functions=functions,
            key=key,
            tables=tables_of(
                self, foundation=foundation, table=table, key=key, names=(write_keys, labels)
            ),
            user_pool=user_pool,
            longest_write_seconds=longest_write_seconds,
        )
        function = functions.api(
            run_defaults=run_defaults,
            user_pool=user_pool,
            find_customer=find_customer,
            write_keys=write_keys,
        )
        gateway.connect(function=function, authorizer=authorizer)
        self.api_id = gateway.api_id
        site.publish(
            {
                "mode": "cognito",
                "domain": users.origin,
                "issuer": users.issuer,
                "client_id": client_id,
                "campaigns": settings.campaigns.enabled,
            },
            log_group=logs.LogGroup(
                self,
                "UploadLogs",
                encryption_key=key,
                retention=days,
                removal_policy=RemovalPolicy.DESTROY,
            ),
        )
        if settings.console.origin:
            for bucket in buckets:
                _let_upload(bucket, settings.console.origin)
        ConsoleWatch(
            self,
            "Watch",
            failures=gateway.failures(),
            functions=[function, authorizer, find_customer, removing.function],
            topic=foundation.topic,
        )
        CfnOutput(self, "ConsoleUrl", value=site.address)
        CfnOutput(self, "DistributionDomain", value=site.given_domain)
        CfnOutput(self, "UserPoolId", value=users.pool.user_pool_id)
        CfnOutput(self, "ApiTable", value=table.table_name)


def _let_upload(bucket: s3.Bucket, origin: str) -> None:
    """Let pages of one origin send the requests that the API has signed."""
    bucket.add_cors_rule(
        allowed_methods=[s3.HttpMethods.PUT, s3.HttpMethods.POST],
        allowed_origins=[origin],
        allowed_headers=["content-type"],
        exposed_headers=["ETag"],
        max_age=3600,
    )

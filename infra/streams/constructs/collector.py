"""``POST /v1/events``: what pages of a shop send, checked and put on the stream."""

from __future__ import annotations

import json

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.foundation.tables import text_table
from infra.kit.alarm import RunbookAlarm
from infra.kit.function import PythonFunction
from infra.kit.grants import allow
from infra.kit.nag import acknowledge
from infra.kit.retention import retention
from infra.streams.settings import StreamSettings
from tessera import naming
from tessera.environments.collect_events import CollectEventsEnvironment
from tessera.environments.tenancy import Tenancy

ROUTE = "/v1/events"
_REQUESTS_A_SECOND = 100
_BURST = 200
_PREFLIGHT_SECONDS = 86_400
# One line a request, without addresses, pages and bodies.
_LINE = {
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "ms": "$context.responseLatency",
    "error": "$context.error.messageString",
    "id": "$context.requestId",
}


class PageCollector(Construct):
    """An HTTP API with one route. Its key is in the body, so nothing stands in front of it."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        settings: StreamSettings,
        stream: kinesis.IStream,
        tenancy: Tenancy,
    ) -> None:
        super().__init__(scope, id_)
        self._maker = maker
        foundation, stage = maker.foundation, maker.stage.stage
        # Keys open nothing but this route, so they go with it.
        table = text_table(
            self,
            "Keys",
            "pk",
            "sk",
            key=foundation.data_key,
            keep=RemovalPolicy.DESTROY,
            expires="ttl",
            name=naming.write_keys_table(stage),
        )
        function = maker.make(
            self,
            "CollectEvents",
            folder="collect_events",
            environment=CollectEventsEnvironment(
                events_stream=stream.stream_name,
                write_keys_table=table.table_name,
                origins=" ".join(settings.origins),
                most_a_minute=str(settings.page_events_a_minute),
                tenants_table=foundation.tenants.table_name,
                tenancy=tenancy.to_text(),
            ),
            minutes=1,
            no_queue="Called synchronously: the page sends again what was not taken.",
        )
        allow(function.role, ["kinesis:PutRecords"], stream.stream_arn)
        _allow_keys(function.role, table)
        allow(function.role, ["dynamodb:GetItem"], foundation.tenants.table_arn)
        made = self._api(settings, function)
        RunbookAlarm(
            self,
            "PagesFailed",
            metric=cloudwatch.Metric(
                namespace="AWS/ApiGateway",
                metric_name="5xx",
                dimensions_map={"ApiId": made.ref},
                statistic="Sum",
                period=Duration.minutes(5),
            ),
            about="Events of pages were not taken, for a failure of ours",
            to_do="Read the log of CollectEvents: pages send again for some minutes only",
            topic=foundation.topic,
            threshold=5,
        )
        stack = Stack.of(self)
        host = f"{made.ref}.execute-api.{stack.region}.{stack.url_suffix}"
        CfnOutput(stack, "PageEventsUrl", value=f"https://{host}{ROUTE}")
        CfnOutput(stack, "CollectEventsFunction", value=function.arn)
        CfnOutput(stack, "WriteKeysTable", value=table.table_name)

    def _api(self, settings: StreamSettings, function: PythonFunction) -> api.CfnApi:
        stage = self._maker.stage
        made = api.CfnApi(
            self,
            "Api",
            name=f"tessera-{stage.stage}-pages",
            description="Tessera: events of pages",
            protocol_type="HTTP",
            cors_configuration=api.CfnApi.CorsProperty(
                allow_credentials=False,
                allow_headers=["content-type"],
                allow_methods=["POST"],
                allow_origins=list(settings.origins),
                max_age=_PREFLIGHT_SECONDS,
            ),
        )
        log = logs.LogGroup(
            self,
            "Access",
            encryption_key=self._maker.foundation.data_key,
            retention=retention(stage.log_retention_days),
            removal_policy=RemovalPolicy.DESTROY,
        )
        api.CfnStage(
            self,
            "Stage",
            api_id=made.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=api.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=_REQUESTS_A_SECOND, throttling_burst_limit=_BURST
            ),
            access_log_settings=api.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(_LINE)
            ),
        )
        self._route(made, function)
        return made

    def _route(self, made: api.CfnApi, function: PythonFunction) -> None:
        integration = api.CfnIntegration(
            self,
            "Integration",
            api_id=made.ref,
            integration_type="AWS_PROXY",
            integration_uri=function.arn,
            payload_format_version="2.0",
            timeout_in_millis=29_000,
        )
        route = api.CfnRoute(
            self,
            "Route",
            api_id=made.ref,
            route_key=f"POST {ROUTE}",
            authorization_type="NONE",
            target=f"integrations/{integration.ref}",
        )
        acknowledge(
            route,
            {
                "AwsSolutions-APIG4|Serverless-APIGWDefaultAuthorizer": (
                    "A beacon of a page has no headers, so its write-only key is in the body. The "
                    "function checks it."
                )
            },
        )
        function.live.add_permission(
            "InvokePages",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=Stack.of(self).format_arn(
                service="execute-api", resource=made.ref, resource_name=f"*/*{ROUTE}"
            ),
        )


def _allow_keys(role: iam.Role, table: dynamodb.ITable) -> None:
    """Let the function read keys and count events: it can neither list, make nor change a key."""
    for action, partitions in (("GetItem", "KEY#*"), ("UpdateItem", "COUNT#*")):
        only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [partitions]}}
        allow(role, [f"dynamodb:{action}"], table.table_arn, conditions=only)

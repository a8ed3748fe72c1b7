"""The HTTP API: every route needs a key or a token, checked before the API's function starts."""

from __future__ import annotations

import json

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.foundation.keys import Key
from infra.kit.function import PythonFunction

_REQUESTS_A_SECOND = 100
_BURST = 200
# Spreadsheets send no headers: there a viewer's key may stand in the address.
KEY_IN_ADDRESS = ("/v1/segment-statistics.csv",)
_KEPT_SECONDS = 300  # how long a credential's answer counts, and so a revoked key still works
# One line a request, without addresses, parameters and bodies.
_LINE = {
    "at": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "ms": "$context.responseLatency",
    "tenant": "$context.authorizer.tenant",
    "subject": "$context.authorizer.subject",
    "error": "$context.error.messageString",
    "id": "$context.requestId",
}


class Gateway(Construct):
    """Routes to one function. Spreadsheets, which send no headers, have a separate route."""

    def __init__(
        self, scope: Construct, id_: str, *, stage: str, key: Key, retention: logs.RetentionDays
    ) -> None:
        super().__init__(scope, id_)
        self._api = api.CfnApi(
            self,
            "Api",
            name=f"tessera-{stage}",
            description="Tessera: the console's API",
            protocol_type="HTTP",
        )
        log = logs.LogGroup(
            self,
            "Access",
            encryption_key=key,
            retention=retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        api.CfnStage(
            self,
            "Stage",
            api_id=self._api.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=api.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=_REQUESTS_A_SECOND, throttling_burst_limit=_BURST
            ),
            access_log_settings=api.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(_LINE)
            ),
        )

    @property
    def api_id(self) -> str:
        """The API's id, for routes that another capability brings."""
        return str(self._api.ref)

    @property
    def host(self) -> str:
        """The API's own host name."""
        stack = Stack.of(self)
        return f"{self._api.ref}.execute-api.{stack.region}.{stack.url_suffix}"

    def failures(self) -> cloudwatch.Metric:
        """Return how many requests met a failure of ours."""
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name="5xx",
            dimensions_map={"ApiId": self._api.ref},
            statistic="Sum",
            period=Duration.minutes(5),
        )

    def connect(self, *, function: PythonFunction, authorizer: PythonFunction) -> None:
        """Send all requests that the authorizer lets in to a function."""
        integration = api.CfnIntegration(
            self,
            "Function",
            api_id=self._api.ref,
            integration_type="AWS_PROXY",
            integration_uri=function.arn,
            payload_format_version="2.0",
            timeout_in_millis=29_000,
        )
        by_header = self._guard("ByHeader", authorizer, source="$request.header.Authorization")
        anywhere = self._guard("Anywhere", authorizer)
        routes = {
            "ANY /v1/{proxy+}": by_header,
            **{f"GET {path}": anywhere for path in KEY_IN_ADDRESS},
        }
        for number, (route, guard) in enumerate(routes.items()):
            api.CfnRoute(
                self,
                f"Route{number}",
                api_id=self._api.ref,
                route_key=route,
                authorization_type="CUSTOM",
                authorizer_id=guard.ref,
                target=f"integrations/{integration.ref}",
            )
        for name, each in (("Api", function), ("Authorizer", authorizer)):
            each.live.add_permission(
                f"Invoke{name}",
                principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
                source_arn=Stack.of(self).format_arn(
                    service="execute-api", resource=self._api.ref, resource_name="*"
                ),
            )

    def _guard(
        self, id_: str, authorizer: PythonFunction, *, source: str = ""
    ) -> api.CfnAuthorizer:
        """Return an authorizer. By ``source`` its answers are remembered, and it must be there."""
        stack = Stack.of(self)
        functions = f"arn:{stack.partition}:apigateway:{stack.region}:lambda:path/2015-03-31"
        return api.CfnAuthorizer(
            self,
            id_,
            api_id=self._api.ref,
            name=id_,
            authorizer_type="REQUEST",
            authorizer_payload_format_version="2.0",
            enable_simple_responses=True,
            identity_source=[source] if source else None,
            authorizer_result_ttl_in_seconds=_KEPT_SECONDS if source else 0,
            authorizer_uri=f"{functions}/functions/{authorizer.arn}/invocations",
        )

"""Unsubscribe links: their keys, and the two routes of the console's API that need no login."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.kit.function import PythonFunction
from infra.kit.nag import acknowledge

_KEY_LETTERS = 64


def link_keys(scope: Construct, *, key: kms.IKey, keep: RemovalPolicy) -> secretsmanager.Secret:
    """Return the secret with the first key. Another one is added by hand, and old ones stay."""
    secret = secretsmanager.Secret(
        scope,
        "LinkKeys",
        description="Signs unsubscribe links: a link works as long as its key is in here.",
        encryption_key=key,
        generate_secret_string=secretsmanager.SecretStringGenerator(
            secret_string_template='{"current":"k1"}',  # noqa: S106 (a form)
            generate_string_key="k1",
            password_length=_KEY_LETTERS,
            exclude_punctuation=True,
        ),
        removal_policy=keep,
    )
    acknowledge(
        secret,
        {
            "AwsSolutions-SMG4": (
                "A replaced key would break the links of all messages that were sent. So keys are "
                "added, and the current one is chosen, by hand."
            )
        },
    )
    return secret


class UnsubscribeRoutes(Construct):
    """``GET`` and ``POST /u/{token}``. The token is the credential, so there is no authorizer."""

    def __init__(
        self, scope: Construct, id_: str, *, api_id: str, function: PythonFunction
    ) -> None:
        super().__init__(scope, id_)
        integration = api.CfnIntegration(
            self,
            "Function",
            api_id=api_id,
            integration_type="AWS_PROXY",
            integration_uri=function.arn,
            payload_format_version="2.0",
            timeout_in_millis=29_000,
        )
        for method in ("GET", "POST"):
            route = api.CfnRoute(
                self,
                method,
                api_id=api_id,
                route_key=f"{method} /u/{{token}}",
                authorization_type="NONE",
                target=f"integrations/{integration.ref}",
            )
            acknowledge(
                route,
                {
                    "AwsSolutions-APIG4|Serverless-APIGWDefaultAuthorizer": (
                        "RFC 8058 wants a POST without cookies or login. The signed token is the "
                        "credential."
                    )
                },
            )
        function.live.add_permission(
            "InvokeLinks",
            principal=iam.ServicePrincipal("apigateway.amazonaws.com"),
            source_arn=Stack.of(self).format_arn(
                service="execute-api", resource=api_id, resource_name="*/*/u/*"
            ),
        )

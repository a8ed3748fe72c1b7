"""The SDK's clients, one function a service, so that every call is checked against its types."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:  # only `make lint` has the types
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_pinpoint import PinpointClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_stepfunctions import SFNClient

_ATTEMPTS = 3
_S3_CONNECTIONS = 32
_TIMEOUT_SECONDS = 10
_OF_THE_ENVIRONMENT: Mapping[str, Any] = MappingProxyType({})


def s3(
    *, config: Config | None = None, credentials: Mapping[str, Any] = _OF_THE_ENVIRONMENT
) -> S3Client:
    """Return a client of S3. As many threads as it has connections may use it at once.

    ``credentials`` are others than the environment's, as boto3 takes them.
    """
    wide = Config(max_pool_connections=_S3_CONNECTIONS)
    merged = wide.merge(config) if config else wide
    client: S3Client = boto3.client("s3", config=merged, **credentials)
    return client


def dynamodb(*, credentials: Mapping[str, Any] = _OF_THE_ENVIRONMENT) -> DynamoDBClient:
    """Return a client of DynamoDB. ``credentials`` are as for ``s3``."""
    client: DynamoDBClient = boto3.client("dynamodb", **credentials)
    return client


def of(service: str, *, credentials: Mapping[str, Any] = _OF_THE_ENVIRONMENT) -> Any:  # noqa: ANN401 (any service's)
    """Return a client of a service, where several are made in one place."""
    return boto3.client(service, **credentials)


def sts() -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of STS, in the region of the environment."""
    return boto3.client("sts", config=_limited(_ATTEMPTS))


def secrets_manager() -> SecretsManagerClient:
    """Return a client of Secrets Manager."""
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client


def event_bridge() -> EventBridgeClient:
    """Return a client of EventBridge."""
    client: EventBridgeClient = boto3.client("events")
    return client


def lake_formation() -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of Lake Formation."""
    return boto3.client("lakeformation")


def kinesis(*, attempts: int = _ATTEMPTS) -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of Kinesis Data Streams. ``attempts`` is how often it tries a call."""
    return boto3.client("kinesis", config=_limited(attempts))


def kms() -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of KMS."""
    return boto3.client("kms", config=_limited(_ATTEMPTS))


def redshift_data() -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of Redshift's Data API."""
    return boto3.client("redshift-data", config=_limited(_ATTEMPTS))


def redshift_serverless() -> Any:  # noqa: ANN401 (its types are not installed)
    """Return a client of Redshift Serverless."""
    return boto3.client("redshift-serverless", config=_limited(_ATTEMPTS))


def sns() -> SNSClient:
    """Return a client of SNS."""
    client: SNSClient = boto3.client("sns")
    return client


def glue() -> GlueClient:
    """Return a client of Glue."""
    client: GlueClient = boto3.client("glue")
    return client


def step_functions(*, attempts: int | None = None) -> SFNClient:
    """Return a client of Step Functions. ``attempts`` is how often it tries a call."""
    config = _limited(attempts) if attempts else None
    client: SFNClient = boto3.client("stepfunctions", config=config)
    return client


def cognito() -> CognitoIdentityProviderClient:
    """Return a client of Cognito's user pools."""
    client: CognitoIdentityProviderClient = boto3.client("cognito-idp", config=_limited(_ATTEMPTS))
    return client


def functions(
    *, attempts: int = _ATTEMPTS, read_timeout_seconds: float = _TIMEOUT_SECONDS
) -> LambdaClient:
    """Return a client of Lambda. ``attempts`` is how often it tries a call."""
    config = _limited(attempts, read_timeout_seconds=read_timeout_seconds)
    client: LambdaClient = boto3.client("lambda", config=config)
    return client


def customer_profiles(*, attempts: int = _ATTEMPTS) -> CustomerProfilesClient:
    """Return a client of Customer Profiles. ``attempts`` is how often it tries a call."""
    client: CustomerProfilesClient = boto3.client("customer-profiles", config=_limited(attempts))
    return client


def pinpoint(*, attempts: int = _ATTEMPTS) -> PinpointClient:
    """Return a client of Pinpoint. ``attempts`` is how often it tries a call."""
    client: PinpointClient = boto3.client("pinpoint", config=_limited(attempts))
    return client


def ses(*, attempts: int = _ATTEMPTS) -> SESV2Client:
    """Return a client of SES. ``attempts`` is how often it tries a call."""
    client: SESV2Client = boto3.client("sesv2", config=_limited(attempts))
    return client


def logs(*, attempts: int = _ATTEMPTS) -> CloudWatchLogsClient:
    """Return a client of CloudWatch Logs. ``attempts`` is how often it tries a call."""
    client: CloudWatchLogsClient = boto3.client("logs", config=_limited(attempts))
    return client


def _limited(attempts: int, *, read_timeout_seconds: float = _TIMEOUT_SECONDS) -> Config:
    return Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=read_timeout_seconds,
    )


@functools.cache
def shared_s3() -> S3Client:
    """Return the one S3 client of a process, whose connections stay open."""
    return s3()

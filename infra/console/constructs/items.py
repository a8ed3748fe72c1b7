"""The console's table: API keys, and answers to requests with an ``Idempotency-Key``."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct


class ConsoleTable(dynamodb.Table):
    """JSON documents by ``pk`` and ``sk``, removed some time after their ``ttl``."""

    def __init__(
        self, scope: Construct, id_: str, *, key: kms.IKey, removal_policy: RemovalPolicy
    ) -> None:
        text = dynamodb.AttributeType.STRING
        super().__init__(
            scope,
            id_,
            partition_key=dynamodb.Attribute(name="pk", type=text),
            sort_key=dynamodb.Attribute(name="sk", type=text),
            time_to_live_attribute="ttl",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=removal_policy == RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )

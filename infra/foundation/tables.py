"""Tables of DynamoDB: keys of text, own encryption, backups of every second."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct


def text_table(
    scope: Construct,
    id_: str,
    partition: str,
    sort: str = "",
    *,
    key: kms.IKey,
    keep: RemovalPolicy,
    expires: str | None = None,
    name: str | None = None,
) -> dynamodb.Table:
    """Return a table whose keys are texts, paid by request.

    Parameters
    ----------
    partition, sort
        The names of its keys.
    key
        Encrypts it.
    keep
        What becomes of it with its stack. One that is retained cannot be deleted either.
    expires
        The attribute with the second from which on DynamoDB removes an item. None keeps all.
    name
        By which another capability knows it. By default CloudFormation makes one.
    """
    text = dynamodb.AttributeType.STRING
    return dynamodb.Table(
        scope,
        id_,
        partition_key=dynamodb.Attribute(name=partition, type=text),
        sort_key=dynamodb.Attribute(name=sort, type=text) if sort else None,
        table_name=name,
        time_to_live_attribute=expires,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        deletion_protection=keep == RemovalPolicy.RETAIN,
        removal_policy=keep,
    )

"""The one way a dead-letter queue is made."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.nag import acknowledge


def dead_letter_queue(scope: Construct, id_: str, *, key: kms.IKey) -> sqs.Queue:
    """Return a queue for what could not be delivered. It waits there for 14 days."""
    queue = sqs.Queue(
        scope,
        id_,
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    acknowledge(
        queue, {"AwsSolutions-SQS3|Serverless-SQSRedrivePolicy": "It is a dead-letter queue."}
    )
    return queue

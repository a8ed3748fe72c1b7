"""The topic that runs and alarms publish to."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.kit.nag import acknowledge


class NoticeTopic(sns.Topic):
    """An encrypted topic that this account's alarms may publish to."""

    def __init__(self, scope: Construct, id_: str, *, key: kms.IKey, email: str) -> None:
        super().__init__(scope, id_, master_key=key, enforce_ssl=True)
        stack = Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch",
            resource="alarm",
            resource_name="*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        # A policy of ours replaces the topic's default one, which let the whole account publish.
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsMayPublish",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": alarms},
                },
            )
        )
        if email:
            self.add_subscription(subscriptions.EmailSubscription(email))
            acknowledge(
                self, {"Serverless-SNSRedrivePolicy": "A mail that bounces goes to no queue."}
            )

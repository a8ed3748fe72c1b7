"""What CloudFormation creates on a laptop: one short function a type, each through the real API.

Some types mean nothing here (``INERT``). A type that is in neither table is refused with its name,
and so is a property that a type neither uses nor knowingly ignores.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.aws.resources import compute, messaging, profiles, stateful
from local.aws.resources.kinds import Kind, Made

__all__ = ["INERT", "KINDS", "Made"]

KINDS: Mapping[str, Kind] = {
    **stateful.KINDS,
    **compute.KINDS,
    **messaging.KINDS,
    **profiles.KINDS,
}

INERT = frozenset({
    # The console of this machine answers in place of an HTTP API.
    "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage", "AWS::AppFlow::Flow",
    "AWS::ApplicationInsights::Application", "AWS::Athena::WorkGroup", "AWS::Budgets::Budget",
    "AWS::CDK::Metadata", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard", "AWS::Glue::Connection", "AWS::Glue::SecurityConfiguration",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Permission",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition", "AWS::Logs::ResourcePolicy", "AWS::ResourceGroups::Group",
    # moto obeys a policy's Deny and not its Condition, so that "TLS only" would refuse every call
    "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
})  # fmt: skip

"""Rules, schedules, topics, queues, streams and subscriptions."""

from __future__ import annotations

import json
from collections.abc import Mapping

from local.aws.resources.kinds import Client, Kind, Made, Properties, only, words
from local.loopback.place import ACCOUNT, REGION

_SCHEDULE = words(
    "Name GroupName Description ScheduleExpression ScheduleExpressionTimezone State Target"
    " FlexibleTimeWindow"
)

_LARGEST_BATCH = {"sqs": 10, "kinesis": 10_000}  # at moto

_QUEUE = words(
    "QueueName DelaySeconds MaximumMessageSize MessageRetentionPeriod ReceiveMessageWaitTimeSeconds"
    " RedrivePolicy VisibilityTimeout"
)


def _rule(p: Properties, client: Client) -> Made:
    events = client("events")
    wanted = only(p, words("Name Description ScheduleExpression State EventBusName"))
    if "EventPattern" in p:
        wanted["EventPattern"] = json.dumps(p["EventPattern"])
    arn = events.put_rule(**wanted)["RuleArn"]
    if p.get("Targets"):
        events.put_targets(Rule=p["Name"], Targets=p["Targets"])
    return Made(p["Name"], {"Arn": arn})


def _schedule(p: Properties, client: Client) -> Made:
    made = client("scheduler").create_schedule(**only(p, _SCHEDULE))
    return Made(p["Name"], {"Arn": made["ScheduleArn"]})


def _topic(p: Properties, client: Client) -> Made:
    arn = client("sns").create_topic(Name=p["TopicName"])["TopicArn"]
    return Made(arn, {"TopicArn": arn, "TopicName": p["TopicName"]})


def _subscription(p: Properties, client: Client) -> Made:
    made = client("sns").subscribe(
        TopicArn=p["TopicArn"], Protocol=p["Protocol"], Endpoint=p["Endpoint"],
        Attributes={"RawMessageDelivery": str(p.get("RawMessageDelivery", False)).lower()},
        ReturnSubscriptionArn=True,
    )  # fmt: skip
    return Made(made["SubscriptionArn"])


def _queue(p: Properties, client: Client) -> Made:
    given = only(p, _QUEUE - {"QueueName"})
    texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in given.items()}
    url = client("sqs").create_queue(QueueName=p["QueueName"], Attributes=texts)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{p['QueueName']}"
    return Made(url, {"Arn": arn, "QueueName": p["QueueName"], "QueueUrl": url})


def _stream(p: Properties, client: Client) -> Made:
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName=p["Name"], ShardCount=int(p["ShardCount"]))
    described = kinesis.describe_stream_summary(StreamName=p["Name"])
    return Made(p["Name"], {"Arn": described["StreamDescriptionSummary"]["StreamARN"]})


def _mapping(p: Properties, client: Client) -> Made:
    most = _LARGEST_BATCH[p["EventSourceArn"].split(":")[2]]
    made = client("lambda").create_event_source_mapping(
        EventSourceArn=p["EventSourceArn"], FunctionName=p["FunctionName"],
        BatchSize=min(int(p["BatchSize"]), most),
    )  # fmt: skip
    return Made(made["UUID"])


def _configuration_set(p: Properties, _client: Client) -> Made:
    return Made(p["Name"])  # the stand-in for SES takes any


def _event_destination(p: Properties, _client: Client) -> Made:
    return Made(p["ConfigurationSetName"])


def _identity(p: Properties, _client: Client) -> Made:
    domain, numbers = p["EmailIdentity"], range(1, 4)
    names = {f"DkimDNSTokenName{n}": f"k{n}._domainkey.{domain}" for n in numbers}
    values = {f"DkimDNSTokenValue{n}": f"k{n}.dkim.amazonses.com" for n in numbers}
    return Made(domain, {**names, **values})


KINDS: Mapping[str, Kind] = {
    "AWS::Events::Rule": Kind(
        _rule, words("Name Description EventBusName EventPattern ScheduleExpression State Targets"),
        words("RoleArn Tags"), name="Name",
    ),
    "AWS::Scheduler::Schedule": Kind(_schedule, _SCHEDULE, words("KmsKeyArn"), name="Name"),
    "AWS::SNS::Topic": Kind(
        _topic, words("TopicName"),
        words("DisplayName KmsMasterKeyId SignatureVersion Tags TracingConfig"), name="TopicName",
    ),
    "AWS::SNS::Subscription": Kind(
        _subscription, words("TopicArn Protocol Endpoint RawMessageDelivery"), words("Region"),
    ),
    "AWS::Lambda::EventSourceMapping": Kind(
        _mapping, words("EventSourceArn FunctionName BatchSize"),
        # A stream is read from its first record on, and a batch is tried until it succeeds.
        words("MaximumBatchingWindowInSeconds Tags StartingPosition BisectBatchOnFunctionError"
              " MaximumRetryAttempts MaximumRecordAgeInSeconds ParallelizationFactor"
              " FunctionResponseTypes DestinationConfig ScalingConfig"),
    ),
    "AWS::Kinesis::Stream": Kind(
        _stream, words("Name ShardCount"),
        words("RetentionPeriodHours StreamEncryption StreamModeDetails Tags"), name="Name",
    ),
    # Nothing here has DNS, and the stand-in puts every event on the default bus.
    "AWS::SES::ConfigurationSet": Kind(
        _configuration_set, words("Name"),
        words("ReputationOptions SendingOptions SuppressionOptions Tags"),
    ),
    "AWS::SES::ConfigurationSetEventDestination": Kind(
        _event_destination, words("ConfigurationSetName"), words("EventDestination"),
    ),
    "AWS::SES::EmailIdentity": Kind(
        _identity, words("EmailIdentity"),
        words("DkimAttributes FeedbackAttributes MailFromAttributes Tags"),
    ),
    "AWS::SQS::Queue": Kind(
        _queue, _QUEUE,
        words("KmsDataKeyReusePeriodSeconds KmsMasterKeyId RedriveAllowPolicy SqsManagedSseEnabled"
              " Tags"),
        name="QueueName",
    ),
}  # fmt: skip

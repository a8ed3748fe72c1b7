"""What CloudFormation creates on a laptop: one short function a type, each through the real API.

Some types mean nothing here (``INERT``). A type that is in neither table is refused with its name,
and so is a property that a type neither uses nor knowingly ignores.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any

from local.aws.place import ACCOUNT, REGION

Properties = dict[str, Any]
Client = Callable[[str], Any]


@dataclasses.dataclass(frozen=True)
class Made:
    """A created resource: what ``Ref`` gives, and what ``Fn::GetAtt`` gives."""

    ref: str
    attributes: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Kind:
    """How to create one type.

    Parameters
    ----------
    create
        (properties, client) to what was made.
    uses
        The properties that ``create`` obeys.
    ignores
        The properties that mean nothing on a laptop.
    name
        The property that names the resource; filled in when a template leaves it out.
    """

    create: Callable[[Properties, Client], Made]
    uses: frozenset[str]
    ignores: frozenset[str] = frozenset()
    name: str | None = None


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def _bucket(p: Properties, client: Client) -> Made:
    s3, name = client("s3"), p["BucketName"]
    s3.create_bucket(Bucket=name)
    if "VersioningConfiguration" in p:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=p["VersioningConfiguration"])
    bridge = p.get("NotificationConfiguration", {}).get("EventBridgeConfiguration")
    if bridge is not None and str(bridge.get("EventBridgeEnabled", True)).lower() == "true":
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
    domain = f"{name}.s3.amazonaws.com"
    return Made(
        name, {"Arn": f"arn:aws:s3:::{name}", "DomainName": domain, "RegionalDomainName": domain}
    )


def _function(p: Properties, client: Client) -> Made:
    made = client("lambda").create_function(**_only(p, _FUNCTION))
    return Made(p["FunctionName"], {"Arn": made["FunctionArn"]})


_FUNCTION = words(
    "FunctionName Runtime Role Handler Code Description Timeout MemorySize Environment"
    " Architectures EphemeralStorage LoggingConfig PackageType"
)


def _machine(p: Properties, client: Client) -> Made:
    if "DefinitionS3Location" in p:
        at = p["DefinitionS3Location"]
        body = client("s3").get_object(Bucket=at["Bucket"], Key=at["Key"])["Body"]
        definition = body.read().decode()
    else:
        definition = p.get("DefinitionString") or json.dumps(p["Definition"])
    for name, value in (p.get("DefinitionSubstitutions") or {}).items():
        definition = definition.replace(f"${{{name}}}", str(value))
    made = client("stepfunctions").create_state_machine(
        name=p["StateMachineName"],
        definition=definition,
        roleArn=p["RoleArn"],
        type=p.get("StateMachineType", "STANDARD"),
    )
    arn = made["stateMachineArn"]
    return Made(arn, {"Arn": arn, "Name": p["StateMachineName"]})


def _table(p: Properties, client: Client) -> Made:
    made = client("dynamodb").create_table(**p)["TableDescription"]
    return Made(p["TableName"], {"Arn": made["TableArn"]})


def _rule(p: Properties, client: Client) -> Made:
    events = client("events")
    wanted = _only(p, words("Name Description ScheduleExpression State EventBusName"))
    if "EventPattern" in p:
        wanted["EventPattern"] = json.dumps(p["EventPattern"])
    arn = events.put_rule(**wanted)["RuleArn"]
    if p.get("Targets"):
        events.put_targets(Rule=p["Name"], Targets=p["Targets"])
    return Made(p["Name"], {"Arn": arn})


def _topic(p: Properties, client: Client) -> Made:
    arn = client("sns").create_topic(Name=p["TopicName"])["TopicArn"]
    return Made(arn, {"TopicArn": arn, "TopicName": p["TopicName"]})


def _queue(p: Properties, client: Client) -> Made:
    given = _only(p, _QUEUE - {"QueueName"})
    texts = {n: v if isinstance(v, str) else json.dumps(v) for n, v in given.items()}
    url = client("sqs").create_queue(QueueName=p["QueueName"], Attributes=texts)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{p['QueueName']}"
    return Made(url, {"Arn": arn, "QueueName": p["QueueName"], "QueueUrl": url})


_QUEUE = words(
    "QueueName DelaySeconds MaximumMessageSize MessageRetentionPeriod ReceiveMessageWaitTimeSeconds"
    " RedrivePolicy VisibilityTimeout"
)


def _parameter(p: Properties, client: Client) -> Made:
    client("ssm").put_parameter(Name=p["Name"], Value=p["Value"], Type=p["Type"])
    return Made(p["Name"], {"Type": p["Type"], "Value": p["Value"]})


def _role(p: Properties, client: Client) -> Made:
    made = client("iam").create_role(
        RoleName=p["RoleName"], AssumeRolePolicyDocument=json.dumps(p["AssumeRolePolicyDocument"])
    )["Role"]
    return Made(p["RoleName"], {"Arn": made["Arn"], "RoleId": made["RoleId"]})


def _key(p: Properties, client: Client) -> Made:
    made = client("kms").create_key(Description=p.get("Description", ""))["KeyMetadata"]
    return Made(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


def _alias(p: Properties, client: Client) -> Made:
    target = p["TargetKeyId"].rpartition("/")[2]
    client("kms").create_alias(AliasName=p["AliasName"], TargetKeyId=target)
    return Made(p["AliasName"])


def _log_group(p: Properties, client: Client) -> Made:
    client("logs").create_log_group(logGroupName=p["LogGroupName"])
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{p['LogGroupName']}:*"
    return Made(p["LogGroupName"], {"Arn": arn})


def _secret(p: Properties, client: Client) -> Made:
    manager = client("secretsmanager")
    text = p.get("SecretString")
    if text is None:
        wanted = dict(p.get("GenerateSecretString") or {})
        template, key = (
            wanted.pop("SecretStringTemplate", None),
            wanted.pop("GenerateStringKey", ""),
        )
        text = manager.get_random_password(**wanted)["RandomPassword"]
        if template is not None:
            text = json.dumps({**json.loads(template), key: text})
    arn = manager.create_secret(Name=p["Name"], SecretString=text)["ARN"]
    return Made(arn, {"Id": arn})


def _subscription(p: Properties, client: Client) -> Made:
    made = client("sns").subscribe(
        TopicArn=p["TopicArn"], Protocol=p["Protocol"], Endpoint=p["Endpoint"],
        Attributes={"RawMessageDelivery": str(p.get("RawMessageDelivery", False)).lower()},
        ReturnSubscriptionArn=True,
    )  # fmt: skip
    return Made(made["SubscriptionArn"])


def _glue_database(p: Properties, client: Client) -> Made:
    client("glue").create_database(DatabaseInput=p["DatabaseInput"])
    return Made(p["DatabaseInput"]["Name"])


def _glue_table(p: Properties, client: Client) -> Made:
    client("glue").create_table(DatabaseName=p["DatabaseName"], TableInput=p["TableInput"])
    return Made(p["TableInput"]["Name"])


_GLUE_JOB = words(
    "Name Description Role Command DefaultArguments NonOverridableArguments ExecutionProperty"
    " MaxRetries Timeout MaxCapacity GlueVersion NumberOfWorkers WorkerType LogUri"
    " SecurityConfiguration ExecutionClass"
)


def _glue_job(p: Properties, client: Client) -> Made:
    job = _only(p, _GLUE_JOB)
    for name in ("MaxRetries", "Timeout", "NumberOfWorkers"):
        if name in job:
            job[name] = int(job[name])
    client("glue").create_job(**job)
    return Made(p["Name"])


def _schedule(p: Properties, client: Client) -> Made:
    made = client("scheduler").create_schedule(**_only(p, _SCHEDULE))
    return Made(p["Name"], {"Arn": made["ScheduleArn"]})


_SCHEDULE = words(
    "Name GroupName Description ScheduleExpression ScheduleExpressionTimezone State Target"
    " FlexibleTimeWindow"
)


def _profiles_domain(p: Properties, client: Client) -> Made:
    client("customer-profiles").create_domain(**_only(p, _DOMAIN))
    return Made(p["DomainName"])


_DOMAIN = words("DomainName DefaultExpirationDays")


def _profiles_object_type(p: Properties, client: Client) -> Made:
    wanted = _only(p, _OBJECT_TYPE)
    for name, inner in (("Fields", "ObjectTypeField"), ("Keys", "ObjectTypeKeyList")):
        if name in wanted:
            wanted[name] = {item["Name"]: item[inner] for item in wanted[name]}
    client("customer-profiles").put_profile_object_type(**wanted)
    return Made(f"{p['DomainName']}|{p['ObjectTypeName']}")


_OBJECT_TYPE = words(
    "DomainName ObjectTypeName Description TemplateId ExpirationDays AllowProfileCreation"
    " SourceLastUpdatedTimestampFormat MaxProfileObjectCount Fields Keys"
)


def _only(properties: Properties, names: frozenset[str]) -> Properties:
    return {name: value for name, value in properties.items() if name in names}


KINDS: Mapping[str, Kind] = {
    "AWS::S3::Bucket": Kind(
        _bucket, words("BucketName VersioningConfiguration NotificationConfiguration"),
        words(
            "AccessControl BucketEncryption LifecycleConfiguration LoggingConfiguration"
            " OwnershipControls PublicAccessBlockConfiguration Tags ObjectLockEnabled"
            " MetricsConfigurations"
        ),
        name="BucketName",
    ),
    "AWS::Lambda::Function": Kind(
        _function, _FUNCTION,
        words("Tags TracingConfig KmsKeyArn DeadLetterConfig ReservedConcurrentExecutions"
              " RecursiveLoop RuntimeManagementConfig"),
        name="FunctionName",
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        _machine,
        words("StateMachineName StateMachineType Definition DefinitionString RoleArn"
              " DefinitionSubstitutions DefinitionS3Location"),
        words("LoggingConfiguration TracingConfiguration EncryptionConfiguration Tags"),
        name="StateMachineName",
    ),
    "AWS::DynamoDB::Table": Kind(
        _table,
        words("TableName KeySchema AttributeDefinitions BillingMode GlobalSecondaryIndexes"
              " LocalSecondaryIndexes StreamSpecification ProvisionedThroughput"),
        words("ContributorInsightsSpecification DeletionProtectionEnabled"
              " KinesisStreamSpecification PointInTimeRecoverySpecification ResourcePolicy"
              " SSESpecification TableClass Tags TimeToLiveSpecification WarmThroughput"),
        name="TableName",
    ),
    "AWS::Events::Rule": Kind(
        _rule, words("Name Description EventBusName EventPattern ScheduleExpression State Targets"),
        words("RoleArn Tags"), name="Name",
    ),
    "AWS::SNS::Topic": Kind(
        _topic, words("TopicName"),
        words("DisplayName KmsMasterKeyId SignatureVersion Tags TracingConfig"), name="TopicName",
    ),
    "AWS::SQS::Queue": Kind(
        _queue, _QUEUE,
        words("KmsDataKeyReusePeriodSeconds KmsMasterKeyId RedriveAllowPolicy SqsManagedSseEnabled"
              " Tags"),
        name="QueueName",
    ),
    "AWS::SSM::Parameter": Kind(
        _parameter, words("Name Type Value"), words("AllowedPattern Description Tags Tier"),
        name="Name",
    ),
    "AWS::IAM::Role": Kind(
        _role, words("RoleName AssumeRolePolicyDocument"),
        words("Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies"
              " Tags"),
        name="RoleName",
    ),
    "AWS::KMS::Key": Kind(
        _key, words("Description"),
        words("Enabled EnableKeyRotation KeyPolicy KeySpec KeyUsage MultiRegion"
              " PendingWindowInDays RotationPeriodInDays Tags"),
    ),
    "AWS::KMS::Alias": Kind(_alias, words("AliasName TargetKeyId")),
    "AWS::Logs::LogGroup": Kind(
        _log_group, words("LogGroupName"),
        words("KmsKeyId LogGroupClass RetentionInDays DataProtectionPolicy FieldIndexPolicies"
              " Tags"),
        name="LogGroupName",
    ),
    "AWS::SecretsManager::Secret": Kind(
        _secret, words("Name SecretString GenerateSecretString"),
        words("Description KmsKeyId Tags"), name="Name",
    ),
    "AWS::SNS::Subscription": Kind(
        _subscription, words("TopicArn Protocol Endpoint RawMessageDelivery"), words("Region"),
    ),
    "AWS::Glue::Database": Kind(_glue_database, words("CatalogId DatabaseInput"), words("Tags")),
    "AWS::Glue::Table": Kind(_glue_table, words("CatalogId DatabaseName TableInput")),
    "AWS::Glue::Job": Kind(
        _glue_job, _GLUE_JOB, words("Tags Connections JobRunQueuingEnabled MaintenanceWindow"),
        name="Name",
    ),
    "AWS::Scheduler::Schedule": Kind(_schedule, _SCHEDULE, words("KmsKeyArn"), name="Name"),
    "AWS::CustomerProfiles::Domain": Kind(
        _profiles_domain, _DOMAIN,
        words("DeadLetterQueueUrl DefaultEncryptionKey Tags Matching RuleBasedMatching DataStore"),
    ),
    "AWS::CustomerProfiles::ObjectType": Kind(
        _profiles_object_type, _OBJECT_TYPE, words("EncryptionKey Tags"),
    ),
}  # fmt: skip

INERT = frozenset({
    "AWS::ApplicationInsights::Application", "AWS::Athena::WorkGroup", "AWS::Budgets::Budget",
    "AWS::CDK::Metadata", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard", "AWS::Glue::SecurityConfiguration", "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy", "AWS::Lambda::EventInvokeConfig", "AWS::Lambda::Permission",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition", "AWS::Logs::ResourcePolicy", "AWS::ResourceGroups::Group",
    # moto obeys a policy's Deny and not its Condition, so that "TLS only" would refuse every call
    "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
})  # fmt: skip

"""Buckets, tables, keys, secrets, parameters and the Glue catalog."""

from __future__ import annotations

import json
from collections.abc import Mapping

from local.aws.resources.kinds import Client, Kind, Made, Properties, words


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


def _table(p: Properties, client: Client) -> Made:
    made = client("dynamodb").create_table(**p)["TableDescription"]
    return Made(p["TableName"], {"Arn": made["TableArn"]})


def _key(p: Properties, client: Client) -> Made:
    kind = {name: p[name] for name in ("KeySpec", "KeyUsage") if name in p}
    made = client("kms").create_key(Description=p.get("Description", ""), **kind)["KeyMetadata"]
    return Made(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})


def _alias(p: Properties, client: Client) -> Made:
    target = p["TargetKeyId"].rpartition("/")[2]
    client("kms").create_alias(AliasName=p["AliasName"], TargetKeyId=target)
    return Made(p["AliasName"])


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


def _parameter(p: Properties, client: Client) -> Made:
    client("ssm").put_parameter(Name=p["Name"], Value=p["Value"], Type=p["Type"])
    return Made(p["Name"], {"Type": p["Type"], "Value": p["Value"]})


def _glue_database(p: Properties, client: Client) -> Made:
    client("glue").create_database(DatabaseInput=p["DatabaseInput"])
    return Made(p["DatabaseInput"]["Name"])


def _glue_table(p: Properties, client: Client) -> Made:
    client("glue").create_table(DatabaseName=p["DatabaseName"], TableInput=p["TableInput"])
    return Made(p["TableInput"]["Name"])


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
    "AWS::DynamoDB::Table": Kind(
        _table,
        words("TableName KeySchema AttributeDefinitions BillingMode GlobalSecondaryIndexes"
              " LocalSecondaryIndexes StreamSpecification ProvisionedThroughput"),
        words("ContributorInsightsSpecification DeletionProtectionEnabled"
              " KinesisStreamSpecification PointInTimeRecoverySpecification ResourcePolicy"
              " SSESpecification TableClass Tags TimeToLiveSpecification WarmThroughput"),
        name="TableName",
    ),
    "AWS::KMS::Key": Kind(
        _key, words("Description KeySpec KeyUsage"),
        words("Enabled EnableKeyRotation KeyPolicy MultiRegion"
              " PendingWindowInDays RotationPeriodInDays Tags"),
    ),
    "AWS::KMS::Alias": Kind(_alias, words("AliasName TargetKeyId")),
    "AWS::SecretsManager::Secret": Kind(
        _secret, words("Name SecretString GenerateSecretString"),
        words("Description KmsKeyId Tags"), name="Name",
    ),
    "AWS::SSM::Parameter": Kind(
        _parameter, words("Name Type Value"), words("AllowedPattern Description Tags Tier"),
        name="Name",
    ),
    "AWS::Glue::Database": Kind(_glue_database, words("CatalogId DatabaseInput"), words("Tags")),
    "AWS::Glue::Table": Kind(_glue_table, words("CatalogId DatabaseName TableInput")),
}  # fmt: skip

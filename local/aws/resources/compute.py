"""Functions, state machines, Glue jobs, their roles and log groups."""

from __future__ import annotations

import json
from collections.abc import Mapping

from local.aws.resources.kinds import Client, Kind, Made, Properties, only, words
from local.loopback.place import ACCOUNT, REGION

_FUNCTION = words(
    "FunctionName Runtime Role Handler Code Description Timeout MemorySize Environment"
    " Architectures EphemeralStorage LoggingConfig PackageType"
)

_GLUE_JOB = words(
    "Name Description Role Command DefaultArguments NonOverridableArguments ExecutionProperty"
    " MaxRetries Timeout MaxCapacity GlueVersion NumberOfWorkers WorkerType LogUri"
    " SecurityConfiguration ExecutionClass"
)


def _function(p: Properties, client: Client) -> Made:
    made = client("lambda").create_function(**only(p, _FUNCTION))
    return Made(p["FunctionName"], {"Arn": made["FunctionArn"]})


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
    attributes = {"Arn": arn, "Name": p["StateMachineName"], "StateMachineRevisionId": "1"}
    return Made(arn, attributes)


def _machine_version(p: Properties, _client: Client) -> Made:
    return Made(p["StateMachineArn"], {"Arn": p["StateMachineArn"]})


def _machine_alias(p: Properties, _client: Client) -> Made:
    [route] = p["RoutingConfiguration"]
    arn = route["StateMachineVersionArn"]
    return Made(arn, {"Arn": arn})


def _function_version(p: Properties, _client: Client) -> Made:
    return Made(_function_arn(p["FunctionName"]), {"Version": "1"})


def _function_alias(p: Properties, _client: Client) -> Made:
    return Made(_function_arn(p["FunctionName"]))


def _function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def _glue_job(p: Properties, client: Client) -> Made:
    job = only(p, _GLUE_JOB)
    for name in ("MaxRetries", "Timeout", "NumberOfWorkers"):
        if name in job:
            job[name] = int(job[name])
    client("glue").create_job(**job)
    return Made(p["Name"])


def _role(p: Properties, client: Client) -> Made:
    made = client("iam").create_role(
        RoleName=p["RoleName"], AssumeRolePolicyDocument=json.dumps(p["AssumeRolePolicyDocument"])
    )["Role"]
    return Made(p["RoleName"], {"Arn": made["Arn"], "RoleId": made["RoleId"]})


def _log_group(p: Properties, client: Client) -> Made:
    client("logs").create_log_group(logGroupName=p["LogGroupName"])
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{p['LogGroupName']}:*"
    return Made(p["LogGroupName"], {"Arn": arn})


KINDS: Mapping[str, Kind] = {
    "AWS::Lambda::Function": Kind(
        _function, _FUNCTION,
        # A layer's libraries are in our own environment, and any network is this machine's.
        words("Layers VpcConfig Tags TracingConfig KmsKeyArn DeadLetterConfig"
              " ReservedConcurrentExecutions"
              " RecursiveLoop RuntimeManagementConfig"),
        name="FunctionName",
    ),
    # Nothing is deployed twice here: a version and its alias are the function or machine itself.
    "AWS::Lambda::Version": Kind(_function_version, words("FunctionName"), words("Description")),
    "AWS::Lambda::Alias": Kind(
        _function_alias, words("FunctionName"), words("Name FunctionVersion Description"),
    ),
    "AWS::StepFunctions::StateMachineVersion": Kind(
        _machine_version, words("StateMachineArn"), words("StateMachineRevisionId Description"),
    ),
    "AWS::StepFunctions::StateMachineAlias": Kind(
        _machine_alias, words("RoutingConfiguration"), words("Name Description"),
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        _machine,
        words("StateMachineName StateMachineType Definition DefinitionString RoleArn"
              " DefinitionSubstitutions DefinitionS3Location"),
        words("LoggingConfiguration TracingConfiguration EncryptionConfiguration Tags"),
        name="StateMachineName",
    ),
    "AWS::Glue::Job": Kind(
        _glue_job, _GLUE_JOB, words("Tags Connections JobRunQueuingEnabled MaintenanceWindow"),
        name="Name",
    ),
    "AWS::IAM::Role": Kind(
        _role, words("RoleName AssumeRolePolicyDocument"),
        words("Description ManagedPolicyArns MaxSessionDuration Path PermissionsBoundary Policies"
              " Tags"),
        name="RoleName",
    ),
    "AWS::Logs::LogGroup": Kind(
        _log_group, words("LogGroupName"),
        words("KmsKeyId LogGroupClass RetentionInDays DataProtectionPolicy FieldIndexPolicies"
              " Tags"),
        name="LogGroupName",
    ),
}  # fmt: skip

"""A synthesized app as tests ask about it, with CloudFormation's functions resolved."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ACCOUNT, REGION = "111122223333", "us-east-1"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
_ARNS = {
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{id}",
    "AWS::StepFunctions::StateMachineAlias": (
        "arn:aws:states:{region}:{account}:stateMachine:{id}:live"
    ),
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{id}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{id}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{id}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{id}",
    "AWS::S3::Bucket": "arn:aws:s3:::{id}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{id}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{id}",
}
_REFS = {
    "AWS::Lambda::Alias": "arn:aws:lambda:{region}:{account}:function:{id}:live",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{id}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:{region}:{account}:secret:{id}-AbCdEf",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:{id}",
    "AWS::S3::Bucket": "{id}",
}


class App:
    """The templates of one cloud assembly.

    Names that CloudFormation would make are the logical ids, in lower case for buckets.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates = {
            path.name.split(".")[0].rsplit("-", 1)[-1].lower(): json.loads(path.read_text())
            for path in sorted(folder.glob("*.template.json"))
        }
        self._all = {
            name: resource
            for template in self.templates.values()
            for name, resource in template["Resources"].items()
        }

    @functools.cached_property
    def region(self) -> str:
        """The region of the app's stacks."""
        artifacts = json.loads((self.folder / "manifest.json").read_text())["artifacts"]
        [region] = {
            each["environment"].rsplit("/", 1)[-1]
            for each in artifacts.values()
            if each["type"] == "aws:cloudformation:stack"
        }
        return str(region)

    def resources(self, kind: str) -> list[dict[str, Any]]:
        """Return the properties of every resource of a type."""
        return [each.get("Properties", {}) for each in self.whole(kind)]

    def whole(self, kind: str) -> list[dict[str, Any]]:
        """Return every resource of a type with its policies and metadata."""
        return [each for each in self._all.values() if each["Type"] == kind]

    def named(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return every whole resource of a type by its logical id."""
        return {name: each for name, each in self._all.items() if each["Type"] == kind}

    def everything(self) -> dict[str, dict[str, Any]]:
        """Return every whole resource by its logical id."""
        return dict(self._all)

    def kinds(self) -> set[str]:
        """Return the types of all resources."""
        return {each["Type"] for each in self._all.values()}

    def outputs(self) -> dict[str, Any]:
        """Return every named output, resolved."""
        by_stack = (t.get("Outputs", {}) for t in self.templates.values())
        return {
            name: self.resolve(output["Value"])
            for outputs in by_stack
            for name, output in outputs.items()
            if not name.startswith("ExportsOutput")
        }

    @functools.cached_property
    def _exports(self) -> dict[str, Any]:
        outputs = [o for t in self.templates.values() for o in t.get("Outputs", {}).values()]
        return {o["Export"]["Name"]: o["Value"] for o in outputs if "Export" in o}

    def resolve(self, value: Any) -> Any:
        """Return a property's value with every function evaluated."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._function(function, argument)
        return {name: self.resolve(item) for name, item in value.items()}

    def _function(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return _PSEUDO.get(argument) or self._name(argument, _REFS)
            case "Fn::GetAtt":
                return self._name(argument[0], _ARNS)
            case "Fn::ImportValue":
                return self.resolve(self._exports[argument])
            case "Fn::Join":
                return argument[0].join(self.resolve(argument[1]))
            case "Fn::Sub":
                return re.sub(r"\$\{([^}]+)\}", lambda match: _PSEUDO[match[1]], argument)
        raise AssertionError(f"{function} is new here")

    def _name(self, logical_id: str, patterns: dict[str, str]) -> str:
        kind = self._all[logical_id]["Type"]
        name = logical_id.lower() if kind == "AWS::S3::Bucket" else logical_id
        return patterns.get(kind, "{id}").format(account=ACCOUNT, region=REGION, id=name)

    def document(self, uri: str) -> Any:
        """Return the value of a JSON document by its address, as the assembly has it."""
        [key] = re.findall(r"/([0-9a-f]{64}\.json)$", uri)
        return json.loads((self.folder / f"asset.{key}").read_text())

    def _policies(self) -> list[dict[str, Any]]:
        """Return the policies of roles, with what was too much for the policy inside a role."""
        managed = self.resources("AWS::IAM::ManagedPolicy")
        overflow = [policy for policy in managed if "Roles" in policy]
        return [*self.resources("AWS::IAM::Policy"), *overflow]

    def statements(self, owner: str) -> list[dict[str, Any]]:
        """Return what a role may do, the role being the one whose name contains ``owner``."""
        return [
            statement
            for policy in self._policies()
            if any(owner in role["Ref"] for role in policy["Roles"])
            for statement in self.resolve(policy["PolicyDocument"]["Statement"])
        ]

    def all_statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every statement of an identity policy with the roles that have it."""
        for policy in self._policies():
            owner = " ".join(role["Ref"] for role in policy["Roles"])
            for statement in self.resolve(policy["PolicyDocument"]["Statement"]):
                yield owner, statement


def listed(value: Any) -> list[Any]:
    """Return a policy's one or many as a list."""
    return value if isinstance(value, list) else [value]

"""Create one stack from its template: resolve CloudFormation's functions, make each resource once.

moto has a CloudFormation too, which imports half of moto, drops properties without a word and
takes no unknown type. A template of ours needs a dozen functions and the types of ``resources``.
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Mapping
from typing import Any

from local.aws.resources import INERT, KINDS, Made
from local.loopback.place import ACCOUNT, REGION

_PLACE = re.compile(r"\$\{(!?)([^}]+)\}")
_LONGEST_NAME = 63
_SUFFIX = string.ascii_lowercase + string.digits


class StackError(Exception):
    """A resource or expression of a template failed. The message names it."""


def unknown(template: Mapping[str, Any]) -> list[str]:
    """Return what a template has that can't be created here, each with its logical id."""
    unsupported = []
    for logical_id, resource in template["Resources"].items():
        type_name = resource["Type"]
        kind = KINDS.get(type_name)
        if kind is not None:
            extra = set(resource.get("Properties", {})) - kind.uses - kind.ignores
            unsupported += [
                f"{logical_id}: property {name} of {type_name}" for name in sorted(extra)
            ]
        elif type_name not in INERT:
            unsupported.append(f"{logical_id}: type {type_name}")
    return unsupported


class Stack:
    """A stack being created.

    Parameters
    ----------
    name
        The stack's name.
    template
        Its template. ``unknown`` has found nothing in it.
    exports
        What the stacks before it exported. This one's exports are added.
    client
        Makes a boto3 client of a service.
    secrets
        Texts of secrets that would be generated, by the start of their logical ids.
    """

    def __init__(
        self,
        name: str,
        template: Mapping[str, Any],
        *,
        exports: dict[str, Any],
        client: Callable[[str], Any],
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._secrets = secrets or {}
        self._name = name
        self._template = template
        self._exports = exports
        self._client = client
        self._made: dict[str, Made] = {}
        self._parameters = {
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{name}/local",
            "AWS::StackName": name,
            "AWS::URLSuffix": "amazonaws.com",
            **{key: value.get("Default") for key, value in self._part("Parameters").items()},
        }

    def create(self) -> dict[str, str]:
        """Create every resource. Return the outputs."""
        for logical_id in self._part("Resources"):
            if self._wanted(self._part("Resources")[logical_id]):
                self._resource(logical_id)
        outputs = {}
        for key, output in self._part("Outputs").items():
            if self._wanted(output):
                outputs[key] = self.resolve(output["Value"])
                if "Export" in output:
                    self._exports[self.resolve(output["Export"]["Name"])] = outputs[key]
        return outputs

    def _part(self, name: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self._template.get(name) or {}
        return part

    def _wanted(self, item: Mapping[str, Any]) -> bool:
        return "Condition" not in item or self._condition(item["Condition"])

    def _resource(self, logical_id: str) -> Made:
        if logical_id not in self._made:
            resource = self._part("Resources")[logical_id]
            before = resource.get("DependsOn", [])
            for other in [before] if isinstance(before, str) else before:
                if self._wanted(self._part("Resources")[other]):
                    self._resource(other)
            self._made[logical_id] = self._make(logical_id, resource)
        return self._made[logical_id]

    def _make(self, logical_id: str, resource: Mapping[str, Any]) -> Made:
        kind = KINDS.get(resource["Type"])
        if kind is None:
            return Made(logical_id, {"Arn": f"arn:aws:local:::{self._name}/{logical_id}"})
        wanted = resource.get("Properties", {})
        properties = {key: self.resolve(wanted[key]) for key in wanted if key in kind.uses}
        properties = {key: value for key, value in properties.items() if value is not None}
        if kind.name:
            properties.setdefault(kind.name, self._physical_name(logical_id, resource["Type"]))
        if resource["Type"] == "AWS::SecretsManager::Secret":
            for start, given in self._secrets.items():
                if logical_id.startswith(start):
                    properties["SecretString"] = given
        try:
            return kind.create(properties, self._client)
        except Exception as error:
            raise StackError(
                f"{logical_id} ({resource['Type']}) of stack {self._name} could not be created: "
                f"{error}"
            ) from error

    def _physical_name(self, logical_id: str, type_name: str) -> str:
        suffix = "".join(secrets.choice(_SUFFIX) for _ in range(12))
        name = f"{self._name}-{logical_id}"[: _LONGEST_NAME - 13] + f"-{suffix}"
        return name.lower() if type_name == "AWS::S3::Bucket" else name

    # ---- functions -----------------------------------------------------------------------------

    def resolve(self, value: Any) -> Any:
        """Return a template's value with its functions called. None for AWS::NoValue."""
        if isinstance(value, list):
            items = [self.resolve(item) for item in value]
            return [item for item in items if item is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not None}

    def _call(self, name: str, argument: Any) -> Any:
        functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::If": self._if,
            "Fn::ImportValue": lambda a: self._exports[self.resolve(a)],
            "Fn::Join": lambda a: str(a[0]).join(str(item) for item in self.resolve(a[1])),
            "Fn::Select": lambda a: self.resolve(a[1])[int(a[0])],
            "Fn::Split": lambda a: str(self.resolve(a[1])).split(a[0]),
            "Fn::Sub": self._sub,
            "Fn::ToJsonString": lambda a: json.dumps(self.resolve(a)),
        }
        if name not in functions:
            raise StackError(f"stack {self._name} uses {name}, which embedded AWS does not know")
        return functions[name](argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return None
        return self._parameters[name] if name in self._parameters else self._resource(name).ref

    def _get_att(self, argument: str | list[str]) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        logical_id, attribute = parts
        attributes = self._resource(logical_id).attributes
        if attribute not in attributes:
            type_name = self._part("Resources")[logical_id]["Type"]
            raise StackError(
                f"stack {self._name} asks for {attribute} of {logical_id}, which embedded AWS does "
                f"not give for {type_name}"
            )
        return attributes[attribute]

    def _if(self, argument: list[Any]) -> Any:
        condition, yes, no = argument
        return self.resolve(yes if self._condition(condition) else no)

    def _sub(self, argument: str | list[Any]) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else argument

        def value(match: re.Match[str]) -> str:
            if match[1]:
                return f"${{{match[2]}}}"
            if match[2] in given:
                return str(self.resolve(given[match[2]]))
            return str(self._get_att(match[2]) if "." in match[2] else self._ref(match[2]))

        return _PLACE.sub(value, text)

    def _condition(self, condition: Any) -> bool:
        if isinstance(condition, str):
            return self._condition(self._part("Conditions")[condition])
        ((name, argument),) = condition.items()
        if name == "Condition":
            return self._condition(argument)
        if name == "Fn::Equals":
            left, right = self.resolve(argument)
            return bool(left == right)
        parts = [self._condition(part) for part in argument]
        return {"Fn::And": all(parts), "Fn::Or": any(parts), "Fn::Not": not parts[0]}[name]

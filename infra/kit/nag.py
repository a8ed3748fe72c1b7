"""cdk-nag's packs behind one validation plugin that understands patterns.

cdk-nag v3 acknowledges exact ids only. The ids of IAM findings hold ARNs and, across stacks,
whole intrinsic functions. So a construct states a pattern and a reason beside the code that it
excuses, matched once there are findings. An acknowledgement that excuses nothing is an error too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import (
    App,
    CfnElement,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
    Validations,
)
from constructs import IConstruct

if TYPE_CHECKING:
    from cdk_nag import NagPack

_EVERYTHING = "AwsSolutions-IAM5[Resource::*]"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Findings that are excused: those of a pattern, at and under a path."""

    path: str
    pattern: re.Pattern[str]
    reason: str

    def covers(self, rule: str, path: str) -> bool:
        """Return whether it excuses a finding."""
        inside = path == self.path or path.startswith(self.path + "/")
        return inside and self.pattern.fullmatch(rule) is not None


_ACKNOWLEDGED: WeakKeyDictionary[IConstruct, list[Acknowledgement]] = WeakKeyDictionary()
_PLACES: WeakKeyDictionary[IConstruct, tuple[IConstruct, str]] = WeakKeyDictionary()


def acknowledge(scope: IConstruct, findings: Mapping[str, str]) -> None:
    """Excuse findings at and under ``scope``: {regular expression for the whole id: reason}."""
    root, path = _place(scope)
    known = _ACKNOWLEDGED.setdefault(root, [])
    known += [Acknowledgement(path, re.compile(p), why) for p, why in findings.items()]


def _place(scope: IConstruct) -> tuple[IConstruct, str]:
    """Return the app of a construct and its path, which Node.js is asked for once."""
    if scope not in _PLACES:
        node = scope.node
        _PLACES[scope] = (node.root, node.path)
    return _PLACES[scope]


def attach(app: App) -> None:
    """Check the app at synthesis."""
    # Node.js takes half a second to load the packs. An app without checks does without them.
    from cdk_nag import AwsSolutionsChecks, ServerlessChecks  # noqa: PLC0415

    Validations.of(app).add_plugins(
        NagPlugin(app, packs=(AwsSolutionsChecks(), ServerlessChecks()))
    )


@jsii.implements(IPolicyValidationPlugin)
class NagPlugin:
    """What some packs of cdk-nag find, less what is acknowledged."""

    def __init__(self, app: App, *, packs: Iterable[NagPack]) -> None:
        self._app = app
        self._packs = packs

    @property
    def name(self) -> str:
        """What the report calls it."""
        return "cdk-nag"

    @property
    def version(self) -> str | None:
        """Unknown."""
        return None

    @property
    def rule_ids(self) -> list[str] | None:
        """Unknown."""
        return None

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Return every finding without an excuse, and every excuse that covers too little or much.

        An excuse that matches nothing is stale. One for a policy on every resource must name each
        action that the policy allows there: otherwise an action that joins later hides behind it.
        """
        known = tuple(_ACKNOWLEDGED.get(self._app, ()))
        used: set[Acknowledgement] = set()
        left: list[PolicyViolation] = []
        everywhere: set[str] = set()
        for violation in _findings(self._app, self._packs):
            rule = violation.rule_name
            open_ = []
            if rule == _EVERYTHING:
                everywhere |= {each.construct_path or "" for each in violation.violating_resources}
            for resource in violation.violating_resources:
                by = {each for each in known if each.covers(rule, resource.construct_path or "")}
                used |= by
                if not by:
                    open_.append(resource)
            if open_:
                left.append(_violation(rule, violation.description, open_))
        left += [_stale(each) for each in known if each not in used]
        left += _unnamed(
            {path: self._logical_id(path) for path in everywhere},
            known,
            _policies(context.template_paths),
        )
        return PolicyValidationPluginReport(success=not left, violations=left)

    def _logical_id(self, path: str) -> str:
        construct: IConstruct = self._app
        for part in path.split("/"):
            construct = construct.node.find_child(part)
        assert isinstance(construct, CfnElement)  # noqa: S101 (a finding is about a resource)
        return str(Stack.of(construct).get_logical_id(construct))


def _policies(paths: Iterable[str]) -> dict[str, list[Mapping[str, Any]]]:
    """Return the statements of every policy in the templates, by its logical id."""
    statements: dict[str, list[Mapping[str, Any]]] = {}
    for path in paths:
        resources = json.loads(Path(path).read_text(encoding="utf-8"))["Resources"]
        for name, resource in resources.items():
            if resource["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
                statements[name] = resource["Properties"]["PolicyDocument"]["Statement"]
    return statements


def _unnamed(
    policies: Mapping[str, str],
    known: Iterable[Acknowledgement],
    statements: Mapping[str, list[Mapping[str, Any]]],
) -> list[PolicyViolation]:
    """Return the actions on every resource that no excuse names.

    ``policies`` are those with such actions: their logical ids by their paths.
    """
    excuses = [each for each in known if each.pattern.fullmatch(_EVERYTHING)]
    violations = []
    for path, name in sorted(policies.items()):
        reasons = " ".join(each.reason for each in excuses if each.covers(_EVERYTHING, path))
        named = set(re.findall(r"[a-z0-9-]+:[A-Za-z]+", reasons))
        where = PolicyViolatingResource(construct_path=path, locations=["Properties"])
        violations += [
            _violation("UnnamedAction", f"no excuse names {action}, allowed on *", [where])
            for action in sorted(_everywhere(statements[name]) - named)
        ]
    return violations


def _everywhere(statements: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the actions that a policy allows on every resource."""
    actions: set[str] = set()
    for statement in statements:
        if statement["Effect"] == "Allow" and statement["Resource"] == "*":
            action = statement["Action"]
            actions |= {action} if isinstance(action, str) else set(action)
    return actions


def _findings(app: App, packs: Iterable[NagPack]) -> list[PolicyViolation]:
    return [finding for pack in packs for finding in pack.validate_scope(app).violations]


def _stale(acknowledgement: Acknowledgement) -> PolicyViolation:
    where = PolicyViolatingResource(construct_path=acknowledgement.path, locations=["Properties"])
    pattern = acknowledgement.pattern.pattern
    return _violation("StaleAcknowledgement", f"{pattern} excuses nothing", [where])


def _violation(
    rule: str, description: str, resources: list[PolicyViolatingResource]
) -> PolicyViolation:
    return PolicyViolation(
        rule_name=rule, description=description, severity="error", violating_resources=resources
    )

"""cdk-nag's packs behind one validation plugin that understands patterns.

cdk-nag v3 acknowledges exact ids only; the ids of IAM findings hold ARNs and, across stacks,
whole intrinsic functions. So a construct states a pattern and a reason beside the code that it
excuses, matched once there are findings. An acknowledgement that excuses nothing is an error too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import jsii
from aws_cdk import (
    App,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Validations,
)
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from constructs import IConstruct


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Findings that are excused: those of a pattern, at and under a path."""

    path: str
    pattern: re.Pattern[str]
    reason: str

    def covers(self, rule: str, path: str) -> bool:
        """Tell whether a finding is excused by it."""
        inside = path == self.path or path.startswith(self.path + "/")
        return inside and self.pattern.fullmatch(rule) is not None


_ACKNOWLEDGED: WeakKeyDictionary[IConstruct, list[Acknowledgement]] = WeakKeyDictionary()


def acknowledge(scope: IConstruct, findings: Mapping[str, str]) -> None:
    """Excuse findings at and under ``scope``: {regular expression for the whole id: reason}."""
    known = _ACKNOWLEDGED.setdefault(scope.node.root, [])
    known += [Acknowledgement(scope.node.path, re.compile(p), why) for p, why in findings.items()]


def attach(app: App) -> None:
    """Check the app at synthesis."""
    Validations.of(app).add_plugins(NagPlugin(app))


@jsii.implements(IPolicyValidationPlugin)
class NagPlugin:
    """The AwsSolutions and Serverless packs, less what is acknowledged."""

    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def name(self) -> str:
        """What the report calls it."""
        return "cdk-nag"

    @property
    def version(self) -> str | None:
        """Not told."""
        return None

    @property
    def rule_ids(self) -> list[str] | None:
        """Not told."""
        return None

    def validate(self, context: object) -> PolicyValidationPluginReport:  # noqa: ARG002 (jsii's)
        """Return every finding that nobody excused, and every excuse that found nothing."""
        known = tuple(_ACKNOWLEDGED.get(self._app, ()))
        used: set[Acknowledgement] = set()
        left: list[PolicyViolation] = []
        for violation in _findings(self._app):
            rule = violation.rule_name
            open_ = []
            for resource in violation.violating_resources:
                by = {each for each in known if each.covers(rule, resource.construct_path or "")}
                used |= by
                if not by:
                    open_.append(resource)
            if open_:
                left.append(_violation(rule, violation.description, open_))
        left += [_stale(each) for each in known if each not in used]
        return PolicyValidationPluginReport(success=not left, violations=left)


def _findings(app: App) -> list[PolicyViolation]:
    packs = (AwsSolutionsChecks(), ServerlessChecks())
    return [found for pack in packs for found in pack.validate_scope(app).violations]


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

"""What starts a run: an upload."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import allow
from infra.kit.trust import trusted
from tessera.naming import (
    ATTRIBUTES_FOLDER,
    FOLDER_COMPLETE,
    LATEST_RUNS,
    OPEN_PARTS,
    QUERY_RESULTS,
    REMOVALS,
    TENANTS,
    UPLOADS,
)


class Triggers(Construct):
    """A rule to the state machine. What could not be delivered waits in ``missed``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        machine: sfn.IStateMachine,
        live_arn: str,
        bucket: s3.IBucket,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, id_)
        self._machine = machine
        # The CDK's own role for a target can be assumed for anybody's rules.
        self._role = iam.Role(self, "StartRole", assumed_by=trusted("events"))
        allow(self._role, ["states:StartExecution"], machine.state_machine_arn)
        self.missed = dead_letter_queue(self, "Missed", key=key)
        rule = events.Rule(
            self,
            "Uploads",
            description="An upload has arrived, or the last part of one",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [bucket.bucket_name]},
                    "object": {"key": upload_patterns()},
                },
            ),
            targets=[
                self._run(
                    {
                        "trigger": "upload",
                        "key": events.EventField.from_path("$.detail.object.key"),
                        "version_id": events.EventField.from_path("$.detail.object.version-id"),
                    }
                )
            ],
        )

        made = rule.node.default_child
        assert isinstance(made, events.CfnRule)  # noqa: S101 (what the CDK makes)
        # The CDK has no target for an alias, and rights are about the machine anyway.
        made.add_property_override("Targets.0.Arn", live_arn)

    def _run(self, event: dict[str, Any]) -> targets.SfnStateMachine:
        return targets.SfnStateMachine(
            self._machine,
            input=events.RuleTargetInput.from_object(event),
            role=self._role,
            dead_letter_queue=self.missed,
            retry_attempts=8,
            max_event_age=Duration.hours(2),
        )


def upload_patterns() -> list[dict[str, Any]]:
    """Return which keys start a run, as EventBridge's content filters. One must match.

    A part of a folder starts nothing, because its folder ends with ``_SUCCESS``: a stream writes
    thousands of parts a day. A filter cannot say both "in uploads/" and "not in a folder of it".
    So the last one excludes all else that is in the bucket. Any other key starts a run, and a file
    of an unknown type or in a wrong place is refused aloud.
    """
    written = (TENANTS, QUERY_RESULTS, LATEST_RUNS, OPEN_PARTS, REMOVALS)  # by ourselves
    others = [*(f"{prefix}*" for prefix in written), f"{UPLOADS}*/*/*"]
    return [
        {"wildcard": f"{UPLOADS}*/{FOLDER_COMPLETE}"},
        {"wildcard": f"{UPLOADS}*/{ATTRIBUTES_FOLDER}/*"},
        {"prefix": f"{UPLOADS}{ATTRIBUTES_FOLDER}/"},
        {"anything-but": {"wildcard": others}},
    ]

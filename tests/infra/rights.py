"""Which step may do what. A role's name contains the name of its step."""

from __future__ import annotations

import fnmatch

from tests.infra.template import listed

ACTIVATE = {"StartLoad", "PollLoad", "EnsureSegments"}
PREPARE = {"Prepare", "PrepareOnSpark"}
STEPS = {
    "CheckUpload", *PREPARE, "Train", "TrainForecasts", "TrainChurn", "Score", "AwaitApproval",
    "DecideRun", "MapSchema", "PlanLoads",
    *ACTIVATE, "FinishRun", "FailRun",
}  # fmt: skip


def may(app, step, action, resource):
    """Return whether a step's role may do an action on a resource."""
    return any(
        statement["Effect"] == "Allow"
        and action in listed(statement["Action"])
        and any(fnmatch.fnmatchcase(resource, each) for each in listed(statement["Resource"]))
        for statement in app.statements(f"{step}Role")
    )


def who(app, action, resource):
    """Return the steps that may do an action on a resource."""
    return {step for step in STEPS if may(app, step, action, resource)}

"""Whose data each function and job works with: one tenant's, or in turn that of several.

The tests watch what each of them asks S3 and DynamoDB for, and docs/tenants.md shows this table.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

Serves = Literal["one tenant", "tenants of its events", "every tenant in turn", "no tenant"]
ONE: Serves = "one tenant"
EVENTS: Serves = "tenants of its events"
EVERY: Serves = "every tenant in turn"
NONE: Serves = "no tenant"
SCANNING = "scanning session"

_RUN = "the run, which its first state names by the upload's folder"
_CLAIM = "the credential"
_CALLER = "the API, by the credential"
_MACHINE = "the execution"


@dataclasses.dataclass(frozen=True, kw_only=True)
class IsolatedStep:
    """A function or job.

    Parameters
    ----------
    name
        What its log calls it.
    serves
        Whose data one call works with.
    knows_by
        What says which tenant that is.
    border
        What holds beside the code: ``session`` is a role that ends at the tenant, ``mounted`` are
        inputs that the state machine gives. ``scanning session`` is such a role, which scans whole
        tables for the tenant's items. Empty for nothing.
    """

    name: str
    serves: Serves
    knows_by: str
    border: str = ""


def _of_a_run(*names: str, border: str = "") -> tuple[IsolatedStep, ...]:
    return tuple(
        IsolatedStep(name=name, serves=ONE, knows_by=_RUN, border=border) for name in names
    )


def _of_a_campaign(*names: str) -> tuple[IsolatedStep, ...]:
    return tuple(IsolatedStep(name=name, serves=ONE, knows_by=_MACHINE) for name in names)


def _of_an_erasure(*names: str) -> tuple[IsolatedStep, ...]:
    return tuple(
        IsolatedStep(name=name, serves=ONE, knows_by="the case of the erasure") for name in names
    )


def _called_by_the_api(*names: str) -> tuple[IsolatedStep, ...]:
    return tuple(IsolatedStep(name=name, serves=ONE, knows_by=_CALLER) for name in names)


def _by_events(*names: str, knows_by: str) -> tuple[IsolatedStep, ...]:
    return tuple(IsolatedStep(name=name, serves=EVENTS, knows_by=knows_by) for name in names)


def _by_the_clock(*names: str) -> tuple[IsolatedStep, ...]:
    return tuple(
        IsolatedStep(name=name, serves=EVERY, knows_by="the list of tenants") for name in names
    )


STEPS: tuple[IsolatedStep, ...] = (
    *_of_a_run("CheckUpload"),
    *_of_a_run("Prepare", "TrainKMeans", "TrainForecasts", "TrainChurn", "Score", border="mounted"),
    *_of_a_run("RunJob", border="mounted"),
    *_of_a_run(
        "PrepareOnSpark", "AwaitApproval", "MapSchema", "StartLoad", "PollLoad", "EnsureSegments",
        "FinishRun", "FailRun",
    ),
    IsolatedStep(name="DecideRun", serves=ONE, knows_by="the person who calls it"),
    IsolatedStep(name="PlanLoads", serves=ONE, knows_by="the person who calls it"),
    *_of_an_erasure("BeginErasure", "EraseData", "EraseAtDestination", "FinishErasure"),
    IsolatedStep(name="KeepLabels", serves=ONE, knows_by="the run that has finished"),
    IsolatedStep(name="PullSource", serves=ONE, knows_by=_MACHINE),
    IsolatedStep(name="Curate", serves=ONE, knows_by=_MACHINE),
    *_of_a_campaign("PlanCampaign", "AdvanceCampaign", "SendChunk", "MeasureCampaign"),
    IsolatedStep(name="Api", serves=ONE, knows_by=_CLAIM, border="session"),
    *_called_by_the_api("FindCustomer", "CountAudience", "ImportConsent", "SendTest"),
    IsolatedStep(
        name="RemoveTenant", serves=ONE, knows_by="the record that an operator has marked",
        border=SCANNING,
    ),
    *_by_events("StoreEvents", "LabelEvents", knows_by="each record of the stream"),
    *_by_events("ForwardMoves", "WriteEvents", knows_by="each message of the queue"),
    *_by_events("CollectEvents", knows_by="the key in the body"),
    *_by_events("Unsubscribe", knows_by="the signed link"),
    *_by_the_clock(
        "StartDailyRuns", "WatchSources", "KeepCampaigns", "CloseWindows", "PlanPulls",
        "RetryErasures", "RunWarehouseSql",
    ),
    *(
        IsolatedStep(name=name, serves=NONE, knows_by="–")
        for name in ("Authorizer", "WatchRuns", "ExpireLogs")
    ),
)  # fmt: skip
BY_NAME = {step.name: step for step in STEPS}

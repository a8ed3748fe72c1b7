"""A run that waits for an approval: its event, its notification, and the decision on it.

All of it has counts and labels only, no customers.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from collections.abc import Mapping
from typing import Any, Literal, Self

from tessera.errors import InvalidInput
from tessera.insights.scrub import scrub
from tessera.naming import DEFAULT_TENANT, check_tenant
from tessera.records.messages.run_waiting import RunWaitingDetail
from tessera.records.runs.run_item import WaitingRun
from tessera.records.scoring.movement import Breaker

Verb = Literal["approve", "reject"]

_RUN_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_LIMITS = {"by": 100, "why": 500}  # characters
_EXPECTED = (
    'expected {"tenant": "default", "run_id": "…", "decision": "approve" or "reject", '
    '"by": "who decides", "why": "a reason"}, with "by" and "why" optional'
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether a run may continue. ``by`` and ``why`` are what the person wrote, or empty."""

    tenant: str
    run_id: str
    verb: Verb
    by: str = ""
    why: str = ""

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read a request to decide.

        Raises
        ------
        InvalidInput
            It lacks the run or the decision, or has something that was not expected.
        """
        verb, run_id = event.get("decision"), event.get("run_id")
        if verb not in ("approve", "reject"):
            raise InvalidInput(f"the decision is {verb!r}: {_EXPECTED}")
        if not isinstance(run_id, str) or _RUN_ID.fullmatch(run_id) is None:
            raise InvalidInput(f"the run is {run_id!r}: {_EXPECTED}")
        unknown = sorted(set(event) - {"tenant", "run_id", "decision", *_LIMITS})
        if unknown:
            raise InvalidInput(f"unknown field {unknown[0]!r}: {_EXPECTED}")
        tenant = check_tenant(str(event.get("tenant") or DEFAULT_TENANT))
        return cls(tenant=tenant, run_id=run_id, verb=verb, **_texts(event))

    @property
    def outcome(self) -> dict[str, str]:
        """The decision as the state machine records it."""
        return {"decision": self.verb, "by": self.by, "why": self.why}

    @property
    def rejection(self) -> str:
        """Why a rejected run fails, as one sentence."""
        who = self.by or "somebody who gave no name"
        return f"the run waited for an approval and was rejected by {who}: " + (
            self.why or "no reason was given"
        )


def _texts(event: Mapping[str, Any]) -> dict[str, str]:
    texts = {}
    for name, limit in _LIMITS.items():
        text = event.get(name) or ""
        if not isinstance(text, str) or len(text) > limit:
            raise InvalidInput(f"{name!r} must be a text of at most {limit} characters")
        texts[name] = scrub(" ".join(text.split()))
    return texts


def event_detail(run: WaitingRun, *, breaker: Breaker) -> RunWaitingDetail:
    """Return the detail of the event "Run Waiting"."""
    return RunWaitingDetail(
        **dataclasses.asdict(run),
        share=breaker.share,
        limit=breaker.limit,
        changed=breaker.changed,
        customers=breaker.customers,
    )


def notification(run: WaitingRun, *, function: str, region: str) -> tuple[str, str]:
    """Return the subject and text that ask people to decide.

    Parameters
    ----------
    run
        The run that waits.
    function, region
        The function that takes the decision, and its region.
    """
    lines = [
        f"Tenant {run.tenant}, run {run.run_id}: everything is computed, nothing was sent.",
        run.reason,
        *filter(None, [run.expected_cost]),
        "",
        "To send it:",
        _command(run, "approve", function=function, region=region),
        "",
        "To stop it; the history and the results of earlier runs stay in force:",
        _command(run, "reject", function=function, region=region),
        "",
        f"Without a decision by {run.until} the run fails. The tenant's next runs wait behind it.",
    ]
    return f"Tessera: a run waits for your approval ({run.tenant})", "\n".join(lines) + "\n"


def _command(run: WaitingRun, verb: Verb, *, function: str, region: str) -> str:
    request = {"tenant": run.tenant, "run_id": run.run_id, "decision": verb}
    extra = {"by": "your name"} if verb == "approve" else {"by": "your name", "why": "a reason"}
    payload = shlex.quote(json.dumps({**request, **extra}))
    return (
        f"  aws lambda invoke --region {region} --function-name {function} "
        f"--cli-binary-format raw-in-base64-out --payload {payload} /dev/stdout"
    )

"""A run that waits for an approval: what is told of it, and what may be answered.

Only counts and labels are told, never customers. Needs no NumPy.
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

Verb = Literal["approve", "reject"]

_RUN_ID = re.compile(r"[A-Za-z0-9-]{1,80}")
_LIMITS = {"by": 100, "why": 500}  # characters
_EXPECTED = (
    'expected {"tenant": "default", "run_id": "…", "decision": "approve" or "reject", '
    '"by": "who decides", "why": "a reason"}, of which "by" and "why" may be left out'
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether a run may go on; ``by`` and ``why`` are what somebody wrote, or empty."""

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
        """What the state machine is told of an approval."""
        return {"decision": self.verb, "by": self.by, "why": self.why}

    @property
    def rejection(self) -> str:
        """Why a rejected run fails, as one sentence."""
        who = self.by or "somebody who gave no name"
        return f"the run waited for an approval and was rejected by {who}: " + (
            self.why or "no reason was given"
        )


def _texts(event: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, limit in _LIMITS.items():
        text = event.get(name) or ""
        if not isinstance(text, str) or len(text) > limit:
            raise InvalidInput(f"{name!r} must be a text of at most {limit} characters")
        found[name] = scrub(" ".join(text.split()))
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Waiting:
    """A run whose activation waits.

    Parameters
    ----------
    tenant, run_id
        Which run.
    reason
        What the circuit breaker says.
    until
        When the wait ends and the run fails, ISO 8601, UTC.
    """

    tenant: str
    run_id: str
    reason: str
    until: str

    def detail(self, breaker: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the event "Run Waiting" says."""
        counts = {name: breaker[name] for name in ("share", "limit", "changed", "customers")}
        return {**dataclasses.asdict(self), **counts}

    def notification(self, *, function: str, region: str) -> tuple[str, str]:
        """Return the subject and text that ask a person to decide.

        Parameters
        ----------
        function
            The name of the function that takes the decision.
        region
            Where it is.
        """
        lines = [
            f"Tenant {self.tenant}, run {self.run_id}: everything is computed, nothing was sent.",
            self.reason,
            "",
            "To send it:",
            self._command("approve", function=function, region=region),
            "",
            "To stop it; the results of earlier runs stay in force:",
            self._command("reject", function=function, region=region),
            "",
            f"Without a decision by {self.until} the run fails. The tenant's next runs wait "
            "behind it.",
        ]
        return f"Tessera: a run waits for your approval ({self.tenant})", "\n".join(lines) + "\n"

    def _command(self, verb: Verb, *, function: str, region: str) -> str:
        request = {"tenant": self.tenant, "run_id": self.run_id, "decision": verb}
        extra = {"by": "your name"} if verb == "approve" else {"by": "your name", "why": "a reason"}
        payload = shlex.quote(json.dumps({**request, **extra}))
        return (
            f"  aws lambda invoke --region {region} --function-name {function} "
            f"--cli-binary-format raw-in-base64-out --payload {payload} /dev/stdout"
        )

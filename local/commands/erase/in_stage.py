"""``tessera erase --stage``: start an erasure in an account, follow it, and fetch the receipt."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from adapters.aws.executions import Executions
from adapters.erasure.cases import CaseFiles
from adapters.erasure.versions import VersionedObjects
from infra.kit.states import LIVE
from local.app.elsewhere.account import reaching
from local.app.inputs.settings_file import stage_settings
from local.terminal import Terminal
from steps.erase.start import ErasureDesk
from tessera.erasure.case import EXECUTION, FAILED, ErasureCase
from tessera.erasure.request import ErasureRequest
from tessera.errors import InvalidInput, Retryable

_POLL_S = 10.0
_SHOWN = {
    "waiting": "It waits for the tenant's turn",
    "working": "What is stored is erased, and the destinations are asked",
    "open": "A part is left",
    "complete": "Nothing is left",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class StageErasure:
    """An erasure in an account.

    Parameters
    ----------
    desk
        Where it is asked for.
    now, pause
        The clock, and what waits for some seconds.
    """

    desk: ErasureDesk
    now: Callable[[], dt.datetime]
    pause: Callable[[float], None] = time.sleep

    def carry_out(
        self, terms: tuple[str, ...], *, tenant: str, case: str, terminal: Terminal
    ) -> dict[str, Any]:
        """Ask for an erasure, or go on with one, and wait for its end. Return the receipt.

        Parameters
        ----------
        terms
            Ids or addresses. Empty to go on with a case.

        Raises
        ------
        InvalidInput
            Nobody is known by what was given, or there is no such case.
        Retryable
            The attempt failed. The clock tries again.
        """
        if terms:
            request = ErasureRequest(case=case, tenant=tenant, terms=terms, requested_at=self.now())
            self.desk.ask(request)
        else:
            self.desk.start(tenant, case, now=self.now())
        files = self.desk.files(tenant, case)
        terminal.say(f"  Erasure {case} of tenant {tenant}. Ctrl-C leaves it running, and")
        terminal.say(f"  `tessera erase --retry {case}` with the same stage fetches the receipt.")
        known = self._followed(files, terminal)
        if known.state == "refused":
            raise InvalidInput(known.why)
        receipt = files.receipt()
        if receipt is None or files.state().get(FAILED):
            raise Retryable(
                f"the attempt ended without a receipt: {known.why or 'it was stopped'}. It is "
                "tried again every day"
            )
        return receipt

    def _followed(self, files: CaseFiles, terminal: Terminal) -> ErasureCase:
        """Wait until the case's last execution has ended, and show its states."""
        shown = ""
        while True:
            name = str(files.state().get(EXECUTION, ""))
            is_running = bool(name) and self.desk.executions.is_running(name)
            known = files.known()
            if known.state != shown and known.state in _SHOWN:
                shown = known.state
                terminal.say(f"  {_shown(known)}.")
            if not is_running:
                return known
            self.pause(_POLL_S)


def _shown(case: ErasureCase) -> str:
    if case.open_until is None:
        return _SHOWN[case.state]
    return f"Everything is searched again after {case.open_until:%Y-%m-%d %H:%M} UTC"


@contextlib.contextmanager
def erasing_in(stage: str) -> Iterator[StageErasure]:
    """Give the erasures of a deployed stage.

    Raises
    ------
    InvalidInput
        The stage is not deployed, or the shell has no credentials.
    """
    with reaching(stage_settings(stage=stage)) as (aws, outputs):
        named = {key: value for one in outputs.values() for key, value in one.items()}
        s3, machine = aws.client("s3"), named["ErasuresMachineArn"]
        yield StageErasure(
            desk=ErasureDesk(
                data=VersionedObjects(named["DataBucket"], client=s3),
                identities=VersionedObjects(named["IdentitiesBucket"], client=s3),
                executions=Executions(f"{machine}:{LIVE}", states=aws.client("stepfunctions")),
            ),
            now=lambda: dt.datetime.now(dt.UTC),
        )


def text_of(document: dict[str, Any]) -> str:
    """Return a receipt's document as a file has it."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

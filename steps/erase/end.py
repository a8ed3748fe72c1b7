"""End an attempt of an erasure: the receipt, or why it failed. Then the tenant's turn is free."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from adapters.erasure.cases import CaseFiles
from adapters.stores.runs import Runs
from steps.erase.begin import ErasureTurn
from steps.erase.finish import finish
from tessera.erasure.case import FAILED
from tessera.erasure.receipt import AgesOut, Signer
from tessera.erasure.second_look import ALONE
from tessera.insights.failure.understanding import CaughtError, understand

EndStatus = Literal["COMPLETE", "OPEN", "REFUSED", "FAILED"]
_ENDINGS: Mapping[str, EndStatus] = {"complete": "COMPLETE", "refused": "REFUSED"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasureEnding:
    """An attempt that ends: the input of FinishErasure.

    Parameters
    ----------
    turn
        Which erasure, and the execution that has the turn.
    caught
        The error that ended it, and where. None without one.
    """

    turn: ErasureTurn
    caught: CaughtError | None

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """Read the input.

        Raises
        ------
        InvalidInput
            A field is missing or wrong.
        """
        caught = CaughtError.parse(event) if event.get("state") else None
        return cls(turn=ErasureTurn.parse(event), caught=caught)


def end_erasure(
    ending: ErasureEnding,
    *,
    files: CaseFiles,
    runs: Runs,
    signer: Signer,
    ages_out: Sequence[AgesOut],
    longest_write: dt.timedelta = ALONE,
    now: dt.datetime,
) -> EndStatus:
    """Sign the receipt of what is done, or keep why the attempt failed. Then end the turn.

    A failed attempt is tried again by the clock, from where it was.
    """
    if ending.caught is not None:
        failure = understand(ending.caught)
        files.write_state({**files.state(), FAILED: f"{failure.error}: {failure.message}"})
        status: EndStatus = "FAILED"
    else:
        case = files.summary()
        if case is None or case.state != "refused":
            finish(files, signer=signer, ages_out=ages_out, now=now, longest_write=longest_write)
            case = files.summary()
        status = _ENDINGS.get(case.state, "OPEN") if case else "OPEN"
    runs.give_turn(ending.turn.tenant, execution_arn=ending.turn.execution_arn)
    return status

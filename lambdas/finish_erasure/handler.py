"""Sign the receipt of an erasure, or keep why it failed. Called by the state `FinishErasure`.

The event is {"tenant", "case", "execution_arn"}, with {"state", "error"} after a failure. The reply
names nobody.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.erasure.cases import CaseFiles
from adapters.erasure.signing import ReceiptSigner
from adapters.erasure.versions import VersionedObjects
from adapters.stores.runs import Runs
from steps.erase.ages_out import usual_ages_out
from steps.erase.end import ErasureEnding, end_erasure
from tessera.environments.erasing import FinishErasureEnvironment, KeptDays


@logged("FinishErasure", message="status")
def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Reply COMPLETE, OPEN, REFUSED or FAILED."""
    env, ending = FinishErasureEnvironment.from_env(os.environ), ErasureEnding.parse(event)
    turn = ending.turn
    status = end_erasure(
        ending,
        files=CaseFiles(
            VersionedObjects(env.data_bucket),
            VersionedObjects(env.identities_bucket),
            tenant=turn.tenant,
            case=turn.case,
        ),
        runs=Runs(env.runs_table),
        signer=ReceiptSigner(env.receipt_key),
        ages_out=usual_ages_out(**dataclasses.asdict(KeptDays.from_text(env.kept_days))),
        longest_write=dt.timedelta(seconds=int(env.longest_write_seconds)),
        now=dt.datetime.now(dt.UTC),
    )
    return {"status": status, "tenant": turn.tenant}

"""One erasure at its tenant's turn: who is to be erased in, everything without them out."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.aws.container import Container
from adapters.aws.logs import Decided, job_log
from adapters.aws.secrets import read_secret
from adapters.erasure.disk import Disk
from adapters.erasure.tables import CampaignItems, LabelItems
from adapters.erasure.versions import VersionedObjects
from adapters.stores.runs import Runs
from steps.erase.data import erase_or_refuse
from steps.erase.tools import ErasureTools
from steps.erase.waiting import waiting_uploads
from tessera.environments.erasing import EraseEnvironment

_AT_ONCE = 4  # objects in memory: of each a row group, or a record


def main(argv: Sequence[str] | None = None) -> None:
    """Erase in this container. Any error is left where SageMaker reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--case", required=True)
    arguments = parser.parse_args(argv)
    with (
        Container(os.environ).failing_to("message"),
        job_log("EraseData", tenant=arguments.tenant, run_id=arguments.case) as log,
        tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder,
    ):
        erase_or_refuse(
            _tools(
                EraseEnvironment.from_env(os.environ),
                tenant=arguments.tenant,
                case=arguments.case,
                folder=Path(folder),
                decided=log.decided,
            )
        )


def _tools(
    environment: EraseEnvironment, *, tenant: str, case: str, folder: Path, decided: Decided
) -> ErasureTools:
    data = VersionedObjects(environment.data_bucket)
    labels, campaigns = environment.labels_table, environment.campaigns_table
    waiting = waiting_uploads(tenant, data=data, runs=Runs(environment.runs_table), now=_now())
    return ErasureTools(
        data=data,
        identities=VersionedObjects(environment.identities_bucket),
        tenant=tenant,
        case=case,
        secret=read_secret(environment.pseudonym_secret),
        folder=folder,
        now=_now,
        decided=decided,
        labels=LabelItems(labels) if labels else None,
        campaigns=CampaignItems(campaigns) if campaigns else None,
        at_once=_AT_ONCE,
        disk=Disk(shutil.disk_usage(folder).free),
        waiting=waiting,
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


if __name__ == "__main__":
    main()

"""Remove a tenant from a deployed stage, a `serve` that runs here, or a state."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.objects import Objects
from adapters.aws.user_pool import UserPool
from adapters.stores.runs import Runs
from adapters.stores.tenant_remains import (
    ItemRemains,
    ObjectRemains,
    PartitionRemains,
    SecretRemains,
)
from adapters.stores.tenants import Tenants
from infra.settings import StageSettings
from local.app.elsewhere.account import CONSOLE, DATA, LABELS, STREAMS, reaching
from local.app.elsewhere.remote import connected
from local.app.inputs.settings_file import stage_settings
from local.app.state.folder import StateFolder
from local.app.system import System
from local.commands.tenant.places import StateTenants
from local.commands.tenant.state_remains import state_removal
from local.terminal import Terminal
from steps.remove_tenant import Remains, Removal
from tessera import naming
from tessera.records.codec import decode, encode
from tessera.records.removal import RemovalReceipt

_AGES_OUT = (
    "Backups of the tables, which restore any second of the last 35 days",
    "Access logs of the buckets and logs of functions, which have keys and pseudonyms",
    "Records of the event stream, until its retention ends",
)


class BucketReceipts:
    """Receipts in the data bucket, which no tenant can read."""

    def __init__(self, data: Objects) -> None:
        self._data = data

    def read(self, case: str) -> RemovalReceipt | None:
        """Return a receipt, None without one."""
        key = naming.removal_key(case)
        if not self._data.exists(key):
            return None
        return decode(RemovalReceipt, self._data.read_json(key), document=key)

    def write(self, receipt: RemovalReceipt) -> None:
        """Write a receipt."""
        self._data.write_json(naming.removal_key(receipt.case), encode(receipt))


@contextlib.contextmanager
def removal_at(
    tenant: str, *, stage: str, endpoint: str, state: Path, terminal: Terminal
) -> Iterator[Removal]:
    """Give what removes a tenant where it is.

    Raises
    ------
    InvalidInput
        There is no such place.
    """
    naming.check_tenant(tenant)
    settings = stage_settings(stage=stage) if stage else stage_settings()
    if stage:
        names = [DATA, *_further(settings)]
        with reaching(settings, capabilities=names) as (aws, outputs):
            named = {key: value for one in outputs.values() for key, value in one.items()}
            yield _removal(tenant, named, settings=settings, client=aws.client)
    elif endpoint:
        with connected(endpoint) as system:
            yield _removal(tenant, _outputs(system), settings=settings, client=system.client)
    else:
        folder = StateFolder(state)
        with folder.locked(wait=lambda: terminal.say(f"  Waiting for another use of {state} …")):
            yield state_removal(tenant, folder=folder, tenants=StateTenants(folder))


def _further(settings: StageSettings) -> list[str]:
    """Return the capabilities of a stage that hold something of tenants."""
    held = {
        CONSOLE: settings.console.enabled,
        STREAMS: settings.stream.collects,
        LABELS: settings.labels.enabled,
    }
    return [name for name, is_on in held.items() if is_on]


def _outputs(system: System) -> dict[str, str]:
    """Return the outputs of a ``serve``. Each of its tables but the tenants' may hold something."""
    tables = system.client("dynamodb").list_tables()["TableNames"]
    others = {f"Table{name}": name for name in tables if name != system.tenants_table}
    return {
        "DataBucket": system.data_bucket,
        "IdentitiesBucket": system.identities_bucket,
        "RunsTable": system.runs_table,
        "TenantsTable": system.tenants_table,
        **others,
    }


def _removal(
    tenant: str, outputs: dict[str, str], *, settings: StageSettings, client: Callable[[str], Any]
) -> Removal:
    data = Objects(outputs["DataBucket"], client=client("s3"))
    identities = Objects(outputs["IdentitiesBucket"], client=client("s3"))
    dynamodb = client("dynamodb")
    runs = Runs(outputs["RunsTable"], dynamodb=dynamodb, states=client("stepfunctions"))
    own = f"{naming.TENANTS}{tenant}/"
    places: list[Remains] = [
        ObjectRemains(
            data,
            what="versions of objects in the data bucket",
            prefixes=(
                own,
                f"{naming.UPLOADS}{tenant}/",
                f"{naming.OPEN_PARTS}{tenant}/",
                naming.latest_run_key(tenant),
            ),
        ),
        ObjectRemains(identities, what="versions of objects with identities", prefixes=(own,)),
        *_tables(tenant, outputs, dynamodb),
        SecretRemains(settings.stage, tenant=tenant, client=client("secretsmanager")),
    ]
    if "Database" in outputs:
        places.append(PartitionRemains(outputs["Database"], tenant=tenant, client=client("glue")))
    if "UserPoolId" in outputs:
        pool = UserPool(outputs["UserPoolId"], cognito=client("cognito-idp"))
        places.append(UserRemains(pool, tenant=tenant))
    return Removal(
        tenants=Tenants(outputs["TenantsTable"], dynamodb=dynamodb),
        receipts=BucketReceipts(data),
        places=places,
        under_way=lambda: _under_way(tenant, runs),
        by_hand=by_hand(settings.destinations),
        ages_out=_AGES_OUT,
        clock=lambda: dt.datetime.now(dt.UTC),
    )


def _tables(tenant: str, outputs: dict[str, str], dynamodb: Any) -> list[Remains]:
    names = sorted(
        {
            table
            for output, table in outputs.items()
            if output.endswith("Table") or output.startswith("Table")
        }
        - {outputs["TenantsTable"]}
    )
    return [
        ItemRemains(name, what=f"items of the table {name}", tenant=tenant, dynamodb=dynamodb)
        for name in names
    ]


def _under_way(tenant: str, runs: Runs) -> list[str]:
    return [
        run.run_id
        for run in runs.of_tenant(tenant)
        if run.status == "RUNNING" and runs.is_running(run.execution_arn)
    ]


@dataclasses.dataclass(frozen=True)
class UserRemains:
    """A tenant's users of the console."""

    pool: UserPool
    tenant: str
    what: str = "users"

    def count(self) -> int:
        """Return how many there are."""
        return len(self.pool.of_tenant(self.tenant))

    def delete(self) -> None:
        """Remove them, and their groups."""
        self.pool.remove_tenant(self.tenant)


def by_hand(destinations: Sequence[str]) -> tuple[str, ...]:
    """Return what people must do after a removal."""
    there = ", ".join(name for name in destinations if name != "export") or "none"
    return (
        f"What destinations hold stays there: delete it in the shop's accounts ({there})",
        "A sending tenant in Amazon SES and a Customer Profiles domain of the shop stay: delete "
        "them if the stage has them",
    )


def receipt_lines(receipt: RemovalReceipt) -> list[str]:
    """Return a receipt for people."""
    parts = [f"  {part.had:>8,}  {part.what}" for part in receipt.parts if part.had]
    left = [f"  {part.left:>8,}  LEFT: {part.what}" for part in receipt.parts if part.left]
    end = (
        f"  Tenant {receipt.tenant} is removed. Receipt {receipt.case}."
        if receipt.is_complete
        else f"  Not all is gone. Run the same command again. Receipt {receipt.case}."
    )
    notes = [f"  {note}." for note in (*receipt.by_hand, *receipt.ages_out)]
    return [*parts, *left, end, *notes]

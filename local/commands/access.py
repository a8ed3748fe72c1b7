"""``tessera access``: what a state or a deployed stage has of one person, as JSON."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.erasure.campaign_rows import CampaignPartitions, ItemPartitions, Partitions
from local.app.elsewhere.account import DATA as DATA_STACK
from local.app.elsewhere.account import reaching
from local.app.inputs.settings_file import stage_settings
from local.app.state.files import StateFiles
from local.app.state.folder import StateFolder
from local.app.state.objects import StateObjects
from local.app.state.snapshot import CAMPAIGNS, DATA, IDENTITIES
from local.terminal import Terminal
from steps.erase.access import person_data
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class AccessPlace:
    """Where a person's data is read: both buckets, the campaigns' table, and the secret."""

    data: Objects
    identities: Objects
    secret: bytes = dataclasses.field(repr=False)
    campaigns: Partitions | None


def access(
    customer: str, *, tenant: str, stage: str, state: Path, to: Path | None, terminal: Terminal
) -> None:
    """Write one person's data, to a file or as the result.

    Raises
    ------
    InvalidInput
        There is no state or stage, or nobody is known by the id or address.
    """
    with _in_stage(stage) if stage else _in_state(state) as place:
        document = person_data(
            place.data,
            place.identities,
            tenant=tenant,
            term=customer,
            secret=place.secret,
            campaigns=place.campaigns,
            now=dt.datetime.now(dt.UTC),
        )
    if to is None:
        terminal.json(document)
        return
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    to.touch(mode=0o600)
    to.write_text(text, encoding="utf-8")
    terminal.say(f"  {to} has the person's data: {len(document['events'])} events")


@contextlib.contextmanager
def _in_state(state: Path) -> Iterator[AccessPlace]:
    folder, files = StateFolder(state), StateFiles(state)
    snapshot = folder.read()
    if snapshot is None:
        raise InvalidInput(f"{state} has no run yet")
    file = snapshot.tables.get(CAMPAIGNS)
    items = json.loads(folder.file(file).read_text(encoding="utf-8")) if file else None
    yield AccessPlace(
        data=StateObjects(files, DATA),
        identities=StateObjects(files, IDENTITIES),
        secret=snapshot.secret.encode(),
        campaigns=ItemPartitions(items) if items is not None else None,
    )


@contextlib.contextmanager
def _in_stage(stage: str) -> Iterator[AccessPlace]:
    """Give a deployed stage, read with the credentials of this shell.

    No copy of the person's data is made there. The shell needs the rights of Prepare: to read
    both buckets, the secret and the campaigns' table.
    """
    with reaching(stage_settings(stage=stage), capabilities=[DATA_STACK]) as (aws, outputs):
        [named] = outputs.values()
        s3, table = aws.client("s3"), named.get("CampaignsTable")
        secret = aws.client("secretsmanager").get_secret_value(
            SecretId=named["PseudonymSecretArn"]
        )["SecretString"]
        yield AccessPlace(
            data=Objects(named["DataBucket"], client=s3),
            identities=Objects(named["IdentitiesBucket"], client=s3),
            secret=str(secret).encode(),
            campaigns=CampaignPartitions(table, dynamodb=aws.client("dynamodb")) if table else None,
        )

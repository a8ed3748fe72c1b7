"""``tessera pull``: ask a shop for its orders, keep them, and run what changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from adapters.connectors.connect import ShopKey, connect
from adapters.connectors.journal import ChangeJournal
from adapters.engines.choice import choose
from adapters.stores.upload_folder import UploadFolder
from local.app.folder_bucket import FolderBucket
from local.app.inputs.settings_file import read_settings
from local.app.state.folder import StateFolder
from local.commands.pull import words
from local.commands.pull.request import PullOptions, key_of
from local.commands.run.command import run
from local.commands.run.request import check_state
from local.terminal import Terminal
from steps.curate.curate import curate
from steps.curate.source import pulled_source
from steps.pull.pull import Clock, PullRecord
from steps.pull.pull import pull as pull_orders
from tessera import naming
from tessera.plurals import plural
from tessera.records.curated import CurateRecord
from tessera.sources.connectors.catalog import folder_of
from tessera.sources.orders.money import Included, included_by

_KEPT = "pulls"  # in the state's folder
_MONEY, _RAN = "money.txt", "ran.txt"  # what amounts include, and which parts were run


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a connector's orders are kept, of one tenant."""

    identities: FolderBucket
    data: FolderBucket
    tenant: str
    name: str

    @property
    def raw(self) -> str:
        return naming.raw_prefix(self.tenant, self.name)

    @property
    def parts(self) -> Path:
        """The folder of the upload."""
        return self.data.folder / naming.source_folder(self.tenant, self.name)

    def note(self, name: str) -> str:
        """Return a note about the orders, empty for none."""
        key = self.raw + name
        return self.identities.read(key).decode() if self.identities.exists(key) else ""

    def write(self, name: str, text: str) -> None:
        """Write a note about the orders."""
        self.identities.write(self.raw + name, text.encode())


def pull(
    options: PullOptions, *, terminal: Terminal, environment: Mapping[str, str] = os.environ
) -> bool:
    """Pull a shop's orders, then run them or leave them in a folder.

    Return whether every destination got all that was due.

    Raises
    ------
    InvalidInput, Refused, Retryable
        The shop can't be pulled. What came so far is kept: the next pull goes on from there.
    """
    naming.check_tenant(options.run.tenant)
    check_state(options.run)
    included = included_by(read_settings(options.run.settings))
    key = key_of(options, environment=environment)
    with StateFolder(options.state).locked(
        wait=lambda: terminal.say("  Another command uses the state: waiting for its end.")
    ):
        place = _place(options)
        record = _pulled(options, place, key=key, included=included, terminal=terminal,
                         environment=environment)  # fmt: skip
        curated = _curated(place, terminal)
    for line in words.lines(record, curated):
        terminal.say(line)
    return _handed_over(options, place, curated, terminal)


def _place(options: PullOptions) -> _Place:
    folder = options.state / _KEPT
    return _Place(
        identities=FolderBucket(folder / "identities"),
        data=FolderBucket(folder / "data"),
        tenant=options.run.tenant,
        name=folder_of(options.connector),
    )


def _pulled(
    options: PullOptions, place: _Place, *, key: ShopKey, included: Included, terminal: Terminal,
    environment: Mapping[str, str],
) -> PullRecord:  # fmt: skip
    money = included.in_words()
    changed = place.note(_MONEY) not in ("", money)
    if changed:
        terminal.say(f"  Amounts are now {money}: all orders are read again.")
    with tempfile.TemporaryDirectory(prefix="tessera-pull-") as folder:
        connector, transport = connect(
            options.connector,
            key=key,
            included=included,
            folder=Path(folder) / "files",
            endpoint=environment.get(naming.endpoint_variable(options.connector), ""),
        )
        with terminal.step(f"Pull {connector.account}") as step:
            record = pull_orders(
                connector,
                transport=transport,
                journal=ChangeJournal(place.identities, prefix=place.raw),
                clock=Clock(now=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds")),
                reload=options.reload or changed,
            )
            step.note(f"{record.requests:,} requests")
    place.write(_MONEY, money)
    return record


def _curated(place: _Place, terminal: Terminal) -> CurateRecord:
    source = pulled_source(place.tenant, name=place.name)
    uploads = UploadFolder(place.data, tenant=place.tenant, name=place.name)
    with (
        tempfile.TemporaryDirectory(prefix="tessera-pull-") as folder,
        terminal.step("Fold the changes"),
    ):
        return curate(
            source,
            identities=place.identities,
            uploads=uploads,
            engine=choose("duckdb"),
            folder=Path(folder),
            now=dt.datetime.now(dt.UTC),
        )


def _handed_over(
    options: PullOptions, place: _Place, curated: CurateRecord, terminal: Terminal
) -> bool:
    if not curated.written:
        terminal.say("  No order counts, so there is nothing to run.")
        return True
    parts = sorted(path.name for path in place.parts.iterdir() if naming.is_data(path.name))
    if options.to is not None:
        _copy(place, parts, options.to)
        terminal.say(f"  Orders: {options.to}/ ({plural(len(parts), 'file')}, with personal data)")
        return True
    mark = "\n".join(parts)
    if place.note(_RAN) == mark and options.run.out.exists():
        terminal.say("  Nothing changed since the last run: there is no new run.")
        return True
    complete = run(dataclasses.replace(options.run, source=place.parts), terminal=terminal)
    if not options.run.plan:
        place.write(_RAN, mark)
    return complete


def _copy(place: _Place, parts: list[str], folder: Path) -> None:
    """Let a folder have exactly these parts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in parts:
        if not (folder / name).exists():
            shutil.copyfile(place.parts / name, folder / f".{name}")
            (folder / f".{name}").replace(folder / name)
    for path in folder.glob("part-*.parquet"):
        if path.name not in parts:
            path.unlink()

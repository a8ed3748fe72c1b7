"""What a run leaves on the laptop: a folder with exact names, whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from local.loopback.held import Seen
from tessera import naming
from tessera.errors import InvalidInput

_MARKS = (naming.MANIFEST, naming.ERROR)  # one of them is in every folder that we made
_FROM_EXPORT = ("customers.parquet", "customers.csv", "segments.json", "segments")
_FROM_RUN = (naming.SUMMARY, naming.MANIFEST, naming.REPORT)

HELD = "held.json"  # in a destination's folder: what its stand-in holds after the run
HELD_MOST = 100_000  # customers listed in it. The counts cover all

EXPLAIN = "explain"  # the folder of what `tessera explain` reads
SCORE = "score.json"  # thresholds, segment sets, models
SUMMARIES = "customers"  # the customer summary, which models read
SUBSCRIPTIONS = "subscriptions"  # who subscribed when, which the retention model reads
TRANSITIONS = "transitions"  # who moved, and why
PREVIOUS = "previous"  # the profiles of the run before, where there was one


def check_target(target: Path) -> None:
    """Refuse a folder that holds something else than an earlier run's results."""
    if target.exists() and not target.is_dir():
        raise InvalidInput(f"{target} is a file: give a folder for the results")
    if target.is_dir() and any(target.iterdir()):
        ours = any((target / name).exists() for name in _MARKS)
        if not ours:
            raise InvalidInput(
                f"{target} is not empty and holds no earlier results: give another folder"
            )
    check_writable(target)


def check_writable(target: Path) -> None:
    """Refuse a place where no folder can be made.

    Raises
    ------
    InvalidInput
        It can't. The message says why.
    """
    parents = target.resolve().parents
    parent = next(each for each in parents if each.exists())
    try:
        with tempfile.TemporaryDirectory(dir=parent, prefix=f".{target.name}-"):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(
            f"{target} can't be written, because of {parent}: {reason}. Give another folder"
        ) from error


class Holders(Protocol):
    """Shows what stand-ins hold."""

    @property
    def stand_ins(self) -> list[str]:
        """The destinations that have a stand-in."""
        ...

    def look_into(self, destination: str, *, most: int = 0, customer: str = "") -> Seen:
        """Return what a stand-in holds."""
        ...


class RunObjects(Protocol):
    """The objects of runs, in an app or in a state."""

    data_bucket: str
    identities_bucket: str

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Return the keys below a prefix, sorted."""
        ...

    def read(self, bucket: str, key: str) -> bytes:
        """Return an object's bytes."""
        ...

    def read_json(self, bucket: str, key: str) -> Any:
        """Return an object's JSON value."""
        ...


def write_results(
    system: RunObjects, target: Path, *, tenant: str, run_id: str, holders: Holders | None = None
) -> None:
    """Replace ``target`` by the results of a run that succeeded.

    ``holders`` adds what the stand-ins of its destinations hold by now.
    """
    run = naming.run_prefix(tenant, run_id)
    with _replacing(target) as folder:
        for name in _FROM_RUN:
            (folder / name).write_bytes(system.read(system.data_bucket, run + name))
        rejects = system.read(system.identities_bucket, run + naming.REJECTS)
        (folder / "rejects.csv").write_bytes(gzip.decompress(rejects))
        destinations = f"{run}destinations/"
        for key in system.keys(system.identities_bucket, destinations):
            path = folder / "destinations" / key.removeprefix(destinations)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(system.read(system.identities_bucket, key))
        for name in _FROM_EXPORT:
            exported = folder / "destinations" / "export" / name
            if exported.is_dir():
                shutil.copytree(exported, folder / name)
            elif exported.exists():
                shutil.copyfile(exported, folder / name)
        if holders is not None:
            _write_held(holders, folder / "destinations")
        _write_explain(system, folder / EXPLAIN, tenant=tenant, run_id=run_id)


def _write_held(holders: Holders, destinations: Path) -> None:
    for name in holders.stand_ins:
        if (destinations / name).is_dir():
            seen = holders.look_into(name, most=HELD_MOST)
            text = json.dumps(seen, indent=1, ensure_ascii=False)
            (destinations / name / HELD).write_text(text + "\n", encoding="utf-8")


def _write_explain(system: RunObjects, folder: Path, *, tenant: str, run_id: str) -> None:
    run = naming.run_prefix(tenant, run_id)
    score = system.read_json(system.data_bucket, run + naming.SCORE_RECORD)
    folder.mkdir()
    (folder / SCORE).write_bytes(system.read(system.data_bucket, run + naming.SCORE_RECORD))
    partition = naming.profiles_partition(score["as_of"], run_id)
    _fetch(system, run + naming.CUSTOMERS, to=folder / SUMMARIES)
    _fetch(system, run + naming.SUBSCRIPTIONS, to=folder / SUBSCRIPTIONS)
    _fetch(system, naming.transitions_prefix(tenant) + partition, to=folder / TRANSITIONS)
    before = score.get("previous")
    if before:
        partition = naming.profiles_partition(before["as_of"], before["run_id"])
        _fetch(system, naming.profiles_prefix(tenant) + partition, to=folder / PREVIOUS)


def _fetch(system: RunObjects, prefix: str, *, to: Path) -> None:
    to.mkdir()
    for key in system.keys(system.data_bucket, prefix):
        (to / key.rpartition("/")[2]).write_bytes(system.read(system.data_bucket, key))


def write_error(target: Path, record: Mapping[str, Any]) -> None:
    """Replace ``target`` by the account of a failure."""
    with _replacing(target) as folder:
        text = json.dumps(record, indent=1, sort_keys=True, ensure_ascii=False)
        (folder / naming.ERROR).write_text(text + "\n", encoding="utf-8")


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Give a new folder that takes the target's place when it is complete."""
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
    try:
        fresh, old = work / "new", work / "old"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)

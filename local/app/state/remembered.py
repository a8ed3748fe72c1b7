"""One run's use of a state: what it starts with, and what it leaves."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.stores.runs import RUNNING, SUCCEEDED, TURN
from local.app.secret import kept_secret
from local.app.state.folder import StateFolder
from local.app.state.snapshot import Snapshot, StoredObject
from local.loopback.memory import NotRememberedError, Remembering, memory_of, recall
from local.terminal import Terminal
from tessera import naming

_DESTINATION = re.compile(r"tenants/[^/]+/destinations/([^/]+)/")
_AT_ONCE = 25  # DynamoDB's limit of a batch
_STREAM_DAYS = 2  # in which a part of a stream's day may come
_SETTINGS = re.compile(r"tenants/[^/]+/settings\.toml")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StatePlace:
    """A deployed app in an embedded AWS of this process.

    ``buckets`` has the names of ``DATA`` and ``IDENTITIES``, ``stand_ins`` what stands in for each
    destination, ``tables`` the names of further tables by what they hold.
    """

    buckets: Mapping[str, str]
    runs_table: str
    stand_ins: Mapping[str, object]
    client: Callable[[str], Any]
    tables: Mapping[str, str] = dataclasses.field(default_factory=dict)


class State:
    """A state that this run alone uses.

    Parameters
    ----------
    folder
        Where it is.
    keep_days
        How long a run's files are kept, by the tag of their kind. 0 keeps them for ever.
    """

    def __init__(self, folder: StateFolder, *, keep_days: Mapping[str, int] | None = None) -> None:
        self._folder = folder
        self._keep_days = keep_days or {}
        self._before = folder.read()

    @property
    def secret(self) -> str:
        """The secret that makes customer keys."""
        return self._before.secret if self._before is not None else kept_secret()

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._folder.path

    @property
    def before(self) -> str:
        """What it has of the runs before this one, in words."""
        if self._before is None:
            return "nothing yet"
        done = [item for item in self._before.runs if item["status"]["S"] == SUCCEEDED]
        if not done:
            return "no earlier run"
        last = max(done, key=lambda item: item["finished_at"]["S"])
        number = f"{len(done)} earlier run{'' if len(done) == 1 else 's'}"
        upload = last["upload"]["S"].rpartition("/")[2]
        return f"{number}, the last on {last['finished_at']['S'][:10]} of {upload or 'no upload'}"

    @property
    def is_new(self) -> bool:
        """Whether no run has finished before this one."""
        runs = () if self._before is None else self._before.runs
        return not any(item["status"]["S"] == SUCCEEDED for item in runs)

    # ---- out of the state ------------------------------------------------------------------------

    def restore(self, place: StatePlace) -> list[str]:
        """Fill a fresh app. Return the destinations that start again with an empty ledger."""
        if self._before is None:
            return []
        from local.aws.objects.files import put  # noqa: PLC0415 (moto: only when needed)

        forgot = self._recall(self._before, place.stand_ins)
        again = set()
        for bucket, name in place.buckets.items():
            for one in self._before.objects[bucket]:
                destination = _destination(one.facts.key)
                if destination in forgot:
                    again.add(destination)
                else:
                    put(name, one.facts, self._folder.file(one.file))
        for item in self._before.runs:
            place.client("dynamodb").put_item(TableName=place.runs_table, Item=item)
        for kind, table in place.tables.items():
            self._refill(table, self._before.tables.get(kind), place)
        return sorted(again)

    def _refill(self, table: str, file: str | None, place: StatePlace) -> None:
        """Put the items of a file into a table. None: it had no file yet."""
        if file is None:
            return
        items = json.loads(self._folder.file(file).read_text(encoding="utf-8"))
        dynamodb = place.client("dynamodb")
        for first in range(0, len(items), _AT_ONCE):
            puts = [{"PutRequest": {"Item": item}} for item in items[first : first + _AT_ONCE]]
            dynamodb.batch_write_item(RequestItems={table: puts})  # all of it: nothing is busy here

    def _recall(self, before: Snapshot, stand_ins: Mapping[str, object]) -> set[str]:
        """Give each stand-in its memory. Return the destinations whose stand-in has none.

        A ledger must not claim what an empty stand-in never received.
        """
        forgot = set()
        for name, made in stand_ins.items():
            file = before.stand_ins.get(name)
            if file is None or not isinstance(made, Remembering):
                forgot.add(name)
                continue
            try:
                recall(made, json.loads(self._folder.file(file).read_text(encoding="utf-8")))
            except (NotRememberedError, ValueError):
                forgot.add(name)
        return forgot

    # ---- into the state --------------------------------------------------------------------------

    def save(self, place: StatePlace, *, now: dt.datetime) -> None:
        """Make what the app holds the state, at once or not at all."""
        try:
            self._folder.write(self._snapshot(place, now=now), before=self._before)
        except OSError:  # a full disk: what was written so far would keep it full
            self._folder.tidy(self._before)
            raise

    def _snapshot(self, place: StatePlace, *, now: dt.datetime) -> Snapshot:
        """Write the new files, and return the state that they make."""
        before = self._before
        stand_ins = dict(before.stand_ins) if before is not None else {}
        forgetful = set()
        for name, made in place.stand_ins.items():
            if isinstance(made, Remembering):
                stand_ins[name] = self._written(memory_of(made))
            else:
                forgetful.add(name)
        tables = dict(before.tables) if before is not None else {}
        for kind, table in place.tables.items():
            tables[kind] = self._written(list(_items(place, table)))
        objects = {
            bucket: tuple(self._objects(name, forgetful=forgetful, now=now))
            for bucket, name in place.buckets.items()
        }
        return Snapshot(
            secret=self.secret,
            saved_at=now.isoformat(timespec="seconds"),
            objects=objects,
            runs=tuple(_ended(place)),
            stand_ins=stand_ins,
            tables=tables,
        )

    def _written(self, value: object) -> str:
        path = self._folder.new_file()
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return path.name

    def _objects(
        self, bucket: str, *, forgetful: Iterable[str], now: dt.datetime
    ) -> Iterator[StoredObject]:
        from local.aws.objects.files import current  # noqa: PLC0415 (moto: only when needed)

        for one in current(bucket):
            key = one.facts.key
            if not _is_kept(key) or _destination(key) in forgetful:
                continue
            if self._has_expired(key, dt.datetime.fromisoformat(one.facts.modified), now):
                continue
            file = one.file or self._folder.new_file()
            if one.file is None:
                one.write(file)
            yield StoredObject(facts=one.facts, file=file.name)

    def _has_expired(self, key: str, modified: dt.datetime, now: dt.datetime) -> bool:
        days = self._keep_days.get(naming.expiry_tag(key), 0)
        if _source(key) == naming.STREAM:
            days = _STREAM_DAYS
        return bool(days) and now.replace(tzinfo=None) - modified > dt.timedelta(days=days)


@contextlib.contextmanager
def opened(
    path: Path | None, *, terminal: Terminal, keep_days: Mapping[str, int]
) -> Iterator[State | None]:
    """Give the state of a folder and keep other runs out of it. Without a folder, give None.

    Raises
    ------
    InvalidInput
        The folder is no state, or one of another version.
    """
    if path is None:
        yield None
        return
    folder = StateFolder(path)
    folder.read()  # refused before it waits

    def wait() -> None:
        terminal.say(f"  Another run uses the state {path}: waiting until it has ended …")

    with folder.locked(wait=wait):
        yield State(folder, keep_days=keep_days)


def _is_kept(key: str) -> bool:
    """Return whether an object is remembered.

    Not uploads, of which the user has the file, unless they were made of another source. Not
    settings: the command line says which hold.
    """
    if key.startswith(naming.UPLOADS):
        return _source(key) != naming.UPLOADED
    return not _SETTINGS.fullmatch(key)


def _source(key: str) -> str:
    """Return the source of the upload that an object is a part of."""
    return naming.upload_source(f"{key.rpartition('/')[0]}/")


def _destination(key: str) -> str:
    """Return the destination whose ledger an object belongs to, or an empty text."""
    match = _DESTINATION.match(key)
    return match[1] if match else ""


def _ended(place: StatePlace) -> Iterator[dict[str, Any]]:
    """Yield the items of the runs that have ended."""
    for item in _items(place, place.runs_table):
        if "status" not in item or item["run_id"]["S"] == TURN:
            continue  # a place in a queue, or a turn
        if item["status"]["S"] != RUNNING:
            yield item


def _items(place: StatePlace, table: str) -> Iterator[dict[str, Any]]:
    for page in place.client("dynamodb").get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]

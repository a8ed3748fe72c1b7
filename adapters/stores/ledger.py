"""Where the ledger of a destination lies: a base file and the journal of what came after."""

from __future__ import annotations

import contextlib
import gzip
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from adapters.aws.objects import Objects
from tessera.destinations.planning import ledger
from tessera.destinations.planning.ledger import Entry
from tessera.naming import LEDGER_JOURNAL, LEDGER_TARGET, ledger_prefix

_BASE = "base.csv.gz"
_FORGET = "!forget"  # sorts before the parts of the same run


class Ledger:
    """The ledger of one tenant at one destination, in the identities bucket.

    Only MapSchema folds and reads it. A load only adds to the journal. What two runs add at once
    is ordered by when the runs began.
    """

    def __init__(self, objects: Objects, *, tenant: str, destination: str) -> None:
        self._objects = objects
        self._prefix = ledger_prefix(tenant, destination)

    def acknowledge(self, entries: Iterable[Entry], *, started_at: str, name: str) -> None:
        """Record what a part of a run's load came to. The same name again replaces it.

        Parameters
        ----------
        entries
            Sorted by customer_key.
        started_at
            When the run began, ISO 8601.
        name
            Unique to the part.
        """
        text = "".join(ledger.to_line(entry) for entry in entries)
        key = self._journal_key(started_at, name)
        self._objects.write(key, gzip.compress(text.encode(), mtime=0))

    def acknowledged(self, *, started_at: str, name: str) -> list[Entry]:
        """Return what ``acknowledge`` recorded under a name, until a later run folds it."""
        key = self._journal_key(started_at, name)
        if not self._objects.exists(key):
            return []
        text = gzip.decompress(self._objects.read(key)).decode()
        return list(ledger.from_lines(io.StringIO(text, newline="\n")))

    def _journal_key(self, started_at: str, name: str) -> str:
        return f"{self._prefix}{LEDGER_JOURNAL}{started_at}-{name}.csv.gz"

    def target(self) -> str:
        """Return the identity of the target that acknowledged the entries, empty if unknown."""
        key = self._prefix + LEDGER_TARGET
        return str(self._objects.read_json(key)["identity"]) if self._objects.exists(key) else ""

    def bind(self, identity: str) -> None:
        """Record the identity of the target that acknowledges entries from now on."""
        self._objects.write_json(self._prefix + LEDGER_TARGET, {"identity": identity})

    def forget(self, *, started_at: str, run_id: str) -> None:
        """Let no entry count that was recorded before this run.

        Parameters
        ----------
        started_at, run_id
            The run, as ``acknowledge`` gets it.
        """
        key = f"{self._prefix}{LEDGER_JOURNAL}{started_at}-{run_id}{_FORGET}"
        self._objects.write(key, b"")

    @contextlib.contextmanager
    def folded(self) -> Iterator[Iterator[Entry]]:
        """Fold the journal into the base, then give every entry, sorted by customer_key."""
        journal = list(self._objects.keys(self._prefix + LEDGER_JOURNAL))
        base = [key for key in [self._prefix + _BASE] if self._objects.exists(key)]
        with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as open_files:
            streams = [
                open_files.enter_context(_entries(self._objects, key, folder=Path(folder)))
                for key in _counting([*base, *journal])
            ]
            if journal:
                path = _write(Path(folder) / "folded.csv.gz", ledger.overlay(streams))
                self._objects.upload(path, self._prefix + _BASE)
                for key in journal:
                    self._objects.delete_prefix(key)
                streams = [open_files.enter_context(_opened(path))]
            yield ledger.overlay(streams)


def _counting(keys: Sequence[str]) -> Sequence[str]:
    """Return the files whose entries count: those after the last ``forget``."""
    forgets = [index for index, key in enumerate(keys) if key.endswith(_FORGET)]
    return keys[forgets[-1] + 1 :] if forgets else keys


@contextlib.contextmanager
def _entries(objects: Objects, key: str, *, folder: Path) -> Iterator[Iterator[Entry]]:
    path = objects.download(key, folder / key.rpartition("/")[2])
    with _opened(path) as entries:
        yield entries


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Iterator[Entry]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield ledger.from_lines(lines)


def _write(path: Path, entries: Iterator[Entry]) -> Path:
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as text,
    ):
        text.writelines(ledger.to_line(entry) for entry in entries)
    return path

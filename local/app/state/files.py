"""The objects of a state, read without an embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.app.state.folder import StateFolder
from local.app.state.snapshot import DATA, IDENTITIES
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.runs.run_item import RunItem


class StateFiles:
    """What a state has of its runs.

    Parameters
    ----------
    path
        The state's folder.

    Raises
    ------
    InvalidInput
        There is no state, or it is another version's.
    """

    data_bucket, identities_bucket = DATA, IDENTITIES

    def __init__(self, path: Path) -> None:
        self._folder = StateFolder(path)
        self.path = path
        snapshot = self._folder.read()
        if snapshot is None:
            raise InvalidInput(
                f"{path} has no run yet: `tessera run FILE` keeps its state beside its results, or "
                "name another folder with --state"
            )
        self._snapshot = snapshot
        self._files = {
            bucket: {one.facts.key: one.file for one in listed}
            for bucket, listed in snapshot.objects.items()
        }

    def runs(self) -> list[RunItem]:
        """Return every run that has succeeded, the first one first."""
        where = str(self._folder.index)
        texts = (
            {name: value.get("S", "") for name, value in item.items()}
            for item in self._snapshot.runs
        )
        items = [decode(RunItem, one, document=where, tolerant=True) for one in texts]
        done = [one for one in items if one.status == "SUCCEEDED"]
        return sorted(done, key=lambda one: (one.finished_at, one.run_id))

    def find(self, run_id: str) -> RunItem:
        """Return the run with this id, or with an id that starts with it.

        Raises
        ------
        InvalidInput
            No run matches, or more than one does.
        """
        runs = self.runs()
        matches = [run for run in runs if run.run_id.startswith(run_id)]
        if run_id and len(matches) == 1:
            return matches[0]
        known = ", ".join(run.run_id for run in runs) or "none"
        raise InvalidInput(
            f"{self.path} has {'more than one run' if matches else 'no run'} with an id that "
            f"begins with {run_id!r}: there are {known}"
        )

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Return the keys below a prefix, sorted."""
        return sorted(key for key in self._files[bucket] if key.startswith(prefix))

    def file(self, bucket: str, key: str) -> Path:
        """Return the file with an object's bytes.

        Raises
        ------
        InvalidInput
            The state has no such object.
        """
        try:
            return self._folder.file(self._files[bucket][key])
        except KeyError as error:
            raise InvalidInput(f"{self.path} no longer has {key}: it has expired") from error

    def read(self, bucket: str, key: str) -> bytes:
        """Return an object's bytes."""
        return self.file(bucket, key).read_bytes()

    def read_json(self, bucket: str, key: str) -> Any:
        """Return an object's JSON value."""
        return json.loads(self.read(bucket, key))

    def summary(self, run: RunItem) -> dict[str, Any]:
        """Return a run's summary.json."""
        key = naming.run_key(run.tenant, run.run_id, naming.SUMMARY)
        summary: dict[str, Any] = self.read_json(DATA, key)
        return summary

    def profiles(self, run: RunItem) -> Iterator[Path]:
        """Yield the files of a run's profiles."""
        as_of = self.summary(run)["as_of"]
        prefix = naming.profiles_prefix(run.tenant) + naming.profiles_partition(as_of, run.run_id)
        for key in self.keys(DATA, prefix):
            yield self.file(DATA, key)

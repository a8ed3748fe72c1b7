"""The folder of a state: its files, its lock, and the one file whose replacement is the switch.

``state.json`` names the files in ``objects/``, which never change once they are written. A new
state is its new files first, then a new ``state.json`` in place of the old one. A run that is
killed at any moment leaves the old state in force.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from local.app.state.snapshot import Snapshot
from tessera.errors import InvalidInput

INDEX, OBJECTS, LOCK = "state.json", "objects", "lock"
_ABOUT = """\
What Tessera remembers between runs on this machine: the order history, who the customers are, what
destinations acknowledged, and earlier runs.

It has PERSONAL DATA, and the secret that makes customer keys. Only your user may read it. Keep it
out of repositories and shared folders. To forget everything, remove this folder.
"""


class StateFolder:
    """A folder with a state, or with none yet.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    InvalidInput
        It is a file, or holds something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_dir():
            raise InvalidInput(f"{path} is a file: give a folder for the state")
        if path.is_dir() and any(path.iterdir()) and not (path / LOCK).exists():
            raise InvalidInput(
                f"{path} is not empty and is no state of Tessera: give another folder with --state"
            )

    @property
    def index(self) -> Path:
        """The document that is the state."""
        return self.path / INDEX

    @contextlib.contextmanager
    def locked(self, *, wait: Callable[[], object]) -> Iterator[None]:
        """Keep other runs out while a ``with`` block lasts. Make the folder if there is none.

        Parameters
        ----------
        wait
            Called when another run has it, before this one waits for its end.
        """
        self._make()
        with (self.path / LOCK).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait()
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        (self.path / OBJECTS).mkdir(mode=0o700, exist_ok=True)
        (self.path / ".gitignore").write_text("*\n", encoding="ascii")
        (self.path / "README.txt").write_text(_ABOUT, encoding="ascii")

    def read(self) -> Snapshot | None:
        """Return the state. None before the first run has succeeded.

        Raises
        ------
        InvalidInput
            It is damaged, or another version's.
        """
        try:
            text = self.index.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Snapshot.parse(text, where=self.index)

    def file(self, name: str) -> Path:
        """Return where a file of the state is."""
        return self.path / OBJECTS / name

    def new_file(self) -> Path:
        """Return where a new file can be written."""
        return self.file(secrets.token_hex(12))

    def write(self, snapshot: Snapshot, *, before: Snapshot | None = None) -> None:
        """Make this the state, then remove the files that it does not name.

        Parameters
        ----------
        snapshot
            The new state.
        before
            The state that it replaces, whose files are on the disk already.
        """
        known = before.files if before is not None else set()
        for name in snapshot.files - known:
            _sync(self.file(name))
        fresh = self.index.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(snapshot.to_json(), encoding="utf-8")
        _sync(fresh)
        _sync(self.path / OBJECTS)
        fresh.replace(self.index)
        _sync(self.path)
        self.tidy(snapshot)

    def tidy(self, snapshot: Snapshot | None) -> None:
        """Remove the files that a state does not name."""
        named = snapshot.files if snapshot is not None else set()
        for path in (self.path / OBJECTS).iterdir():
            if path.name not in named:
                path.unlink()


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

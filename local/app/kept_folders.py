"""Folders that are made once and kept: those that a process uses, and the newest."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path


class KeptFolders:
    """Folders of one parent, each made by the first process that wants it.

    A folder is locked by each process that has asked for it, until that ends. No other process
    removes it then, however many newer ones there are.

    Parameters
    ----------
    most
        How many are kept besides those that a process uses.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._held: dict[Path, int] = {}

    def get(self, target: Path, *, make: Callable[[Path], None]) -> Path:
        """Return a folder, made if it is not there. It stays for as long as this process lives.

        Parameters
        ----------
        target
            Where it is.
        make
            Makes it at a path beside the others. No other process sees it before it is complete.
        """
        if self._hold(target):
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.parent / ".lock"):
            if not self._hold(target):
                with tempfile.TemporaryDirectory(dir=target.parent, prefix=".making-") as making:
                    made = Path(making) / "made"
                    make(made)
                    made.rename(target)
                self._hold(target)
            self._forget_old(target.parent)
        return target

    def _hold(self, target: Path) -> bool:
        """Lock a folder against being removed. False if there is none."""
        if target not in self._held:
            try:
                descriptor = os.open(target, os.O_RDONLY)
            except FileNotFoundError:
                return False
            fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while another process removes it
            self._held[target] = descriptor
        if not _is_open_at(self._held[target], target):
            os.close(self._held.pop(target))
            return False
        os.utime(target)
        return True

    def _forget_old(self, parent: Path) -> None:
        folders = [one for one in parent.iterdir() if one.is_dir() and one.name[0] != "."]
        for path in sorted(folders, key=lambda one: one.stat().st_mtime)[: -self._most]:
            with contextlib.suppress(BlockingIOError):  # a process uses it
                _remove_unused(path)


def _remove_unused(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".old-") as gone:
            path.rename(Path(gone) / path.name)
    finally:
        os.close(descriptor)


def _is_open_at(descriptor: int, target: Path) -> bool:
    """Return whether an open folder still is at its place, and not another one."""
    return target.exists() and os.path.samestat(os.fstat(descriptor), target.stat())


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block: the others take what the first one made."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

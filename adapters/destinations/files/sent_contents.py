"""Every customer's content of a run at a destination, of which one is found without the others.

A file of blocks, each of so many lines in the keys' order and compressed alone, and an index of
where each block begins.
"""

from __future__ import annotations

import bisect
import functools
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.aws.objects import Objects
from tessera.destinations.port import Item
from tessera.naming import CONTENTS

if TYPE_CHECKING:  # it needs Arrow, which the functions that read contents lack
    from adapters.destinations.files.import_files import ImportFolder

BLOCK = 500  # customers: about 30 kB to read for each who moved
_BLOCKS, _INDEX = f"{CONTENTS}blocks.gz", f"{CONTENTS}index.json"
_AT_ONCE = 16


class SentContents:
    """Writes the contents of a run beside its import files.

    Parameters
    ----------
    folder
        The destination's.
    """

    def __init__(self, folder: ImportFolder) -> None:
        self._folder = folder
        self._waiting: list[tuple[str, str]] = []
        self._firsts: list[str] = []
        self._starts = [0]
        self._rows = 0

    def add(self, keys: Sequence[str], lines: Sequence[str]) -> None:
        """Take the next customers, in the keys' order, each with its item as a line."""
        self._rows += len(keys)
        self._waiting += zip(keys, lines, strict=True)
        while len(self._waiting) >= BLOCK:
            self._write(self._waiting[:BLOCK])
            del self._waiting[:BLOCK]

    def finish(self) -> None:
        """Put both files into the bucket."""
        if self._waiting:
            self._write(self._waiting)
        self._path(_BLOCKS).touch()
        index = {"keys": self._firsts, "starts": self._starts}
        self._path(_INDEX).write_text(json.dumps(index), encoding="utf-8")
        for name in (_BLOCKS, _INDEX):  # the index last: without it there is nothing
            self._folder.publish(name, rows=self._rows)

    def _write(self, block: Sequence[tuple[str, str]]) -> None:
        packed = gzip.compress(
            "".join(line for _, line in block).encode(), mtime=0, compresslevel=6
        )
        with self._path(_BLOCKS).open("ab") as file:
            file.write(packed)
        self._firsts.append(block[0][0])
        self._starts.append(self._starts[-1] + len(packed))

    def _path(self, name: str) -> Path:
        path = self._folder.file(name)
        path.parent.mkdir(exist_ok=True)
        return path


class KeptContents:
    """Reads the contents of some customers.

    Parameters
    ----------
    objects, prefix
        The bucket, and the destination's folder of the run.
    """

    def __init__(self, objects: Objects, *, prefix: str) -> None:
        self._objects, self._prefix = objects, prefix

    @property
    def exists(self) -> bool:
        """Whether they are still there: the next run removes them, and so does an erasure."""
        return self._objects.exists(self._prefix + _INDEX)

    def of(self, keys: Iterable[str]) -> Mapping[str, Item]:
        """Return the items of those customers that the run has, by key."""
        wanted = set(keys)
        blocks = sorted({self._block(key) for key in wanted} - {-1})
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            items = [item for read in pool.map(self._read, blocks) for item in read]
        return {item.key: item for item in items if item.key in wanted}

    @functools.cached_property
    def _index(self) -> tuple[list[str], list[int]]:
        index = self._objects.read_json(self._prefix + _INDEX)
        return index["keys"], index["starts"]

    def _block(self, key: str) -> int:
        """Return the place of the block that may have a customer, -1 if none."""
        return bisect.bisect_right(self._index[0], key) - 1

    def _read(self, place: int) -> list[Item]:
        start, end = self._index[1][place : place + 2]
        packed = self._objects.read_range(self._prefix + _BLOCKS, start, end - start)
        return [Item.from_line(line) for line in gzip.decompress(packed).decode().split("\n")[:-1]]

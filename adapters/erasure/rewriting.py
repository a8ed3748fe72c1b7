"""One file without some people, whatever its format."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Literal

import pyarrow as pa

from adapters.erasure.parquet_files import rewrite_parquet
from adapters.erasure.text_files import rewrite_text
from adapters.erasure.texts import DAMAGED, GZIP, UnreadError, texts_of
from tessera.erasure.identifying import IdentifyingHeaders
from tessera.erasure.json_values import without_people
from tessera.erasure.people import Needles
from tessera.erasure.places import is_ours
from tessera.settings import RunSettings

Action = Literal["rewritten", "deleted", "unread"]
_TABLES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
_PARQUET = b"PAR1"
# What hides its texts: zstd, xz, 7z, LZ4 and an old workbook, then ORC, Avro, bzip2 and PDF.
_BINARY = (
    b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x04\x22\x4d\x18", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_SEALED = (*_BINARY, b"ORC", b"Obj\x01", b"BZh", b"%PDF")
_ZIP = b"PK\x03\x04"
_CELL = re.compile(r">([^<>]{1,200})<")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rewriting:
    """What becomes of a file with people in it.

    Parameters
    ----------
    action
        ``rewritten`` without their rows. ``deleted`` where no row of the format can be removed.
        ``unread`` where a format or a damage hides who is in it: nothing was done.
    rows
        How many rows or entries went. 1 for a whole file.
    """

    action: Action
    rows: int


class Rewriter:
    """Rewrites files without some people.

    Parameters
    ----------
    needles
        Who.
    headers
        Columns and members that identify a customer, by file.
    settings
        How the tenant's uploads are read.
    """

    def __init__(
        self, needles: Needles, *, headers: IdentifyingHeaders, settings: RunSettings
    ) -> None:
        self._needles, self._headers, self._settings = needles, headers, settings

    def rewrite(self, key: str, source: Path, target: Path) -> Rewriting | None:
        """Write a file without them to ``target``. None, and no file that counts, without any."""
        start = _start(source)
        try:
            rows = self._rows(key, source, target, start=start)
            if rows is not None:
                return Rewriting(action="rewritten", rows=rows) if rows else None
            hit = any(self._names(text) for text in texts_of(source))
        except DAMAGED:
            return Rewriting(action="unread", rows=0)
        if hit:
            return Rewriting(action="deleted", rows=1)
        return Rewriting(action="unread", rows=0) if start.startswith(_SEALED) else None

    def _rows(self, key: str, source: Path, target: Path, *, start: bytes) -> int | None:
        """Return how many rows went. None for a format whose rows can't be removed."""
        name = key.lower().removesuffix(".gz")
        if start.startswith(_PARQUET):
            return self._rewrite_parquet(key, source, target)
        if name.endswith(".parquet"):  # called so by somebody, or packed once more
            if start.startswith(GZIP):
                raise UnreadError
            return None
        if name.endswith(".json"):
            return self._rewrite_json(source, target, headers=self._headers.of(key))
        if name.endswith(_TABLES) and not start.startswith((*_BINARY, _ZIP)):
            return rewrite_text(
                source, target, self._needles, key=key, headers=self._headers.of(key),
                settings=self._settings,
            )  # fmt: skip
        return None

    def _rewrite_parquet(self, key: str, source: Path, target: Path) -> int:
        try:
            return rewrite_parquet(
                source, target, self._needles, headers=self._headers.of(key), is_ours=is_ours(key)
            )
        except pa.ArrowException as error:
            raise UnreadError from error
        except OSError as error:  # what Arrow raises for pages that are damaged has no number
            if error.errno is not None:
                raise
            raise UnreadError from error

    def _rewrite_json(self, source: Path, target: Path, *, headers: frozenset[str]) -> int | None:
        try:
            document = json.loads(source.read_bytes())
        except ValueError:
            return None
        after, removed = without_people(document, self._needles, headers=headers)
        if removed:
            text = json.dumps(after, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
            target.write_text(text, encoding="utf-8")
        return removed

    def _names(self, text: str) -> bool:
        if self._needles.is_in(text):
            return True
        return any(self._needles.is_id(cell.strip()) for cell in _CELL.findall(text))


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)

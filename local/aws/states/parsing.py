"""Parse a state machine once: moto does at its creation and again at every start.

With a folder to keep programs in, other processes need not parse it either. It takes the lexer half
a second. There a definition goes by its text without the names that each deployment makes up.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import io
import os
import pickle
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend import execution_worker

# The end of a physical name, and the id of a key.
_MADE_UP = re.compile(r"(?<=-)[a-z0-9]{12}(?![a-z0-9])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACE = re.compile("\0([0-9]+)\0")
_MADE_WITH = f"{importlib.metadata.version('moto')}.{sys.implementation.cache_tag}"


class KeepingParser:
    """moto's parser, which hands every caller a separate program."""

    folder: Path | None = None
    _kept: ClassVar[dict[str, bytes]] = {}

    @classmethod
    def parse(cls, definition: str) -> tuple[Any, None]:
        """Return the program of a definition, and no tree: only static analysers read that."""
        packed = cls._kept.get(definition)
        if packed is None:
            program = cls._program(definition)
            packed = cls._kept[definition] = pickle.dumps(program)
        return pickle.loads(packed), None  # noqa: S301 (packed above, in this process)

    @classmethod
    def _program(cls, definition: str) -> Any:
        """Return a program that was kept, or parse it and keep it."""
        if cls.folder is None:
            return _parsed(definition)
        names = MadeUpNames(definition)
        digest = hashlib.sha256(names.without(definition).encode()).hexdigest()[:16]
        file = cls.folder / f"machine.{digest}.{_MADE_WITH}.pickle"
        if file.exists():
            return names.unpacked(file.read_bytes())
        program = _parsed(definition)
        fresh = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
        fresh.write_bytes(names.packed(program))
        fresh.replace(file)
        return program


class MadeUpNames:
    """The names in a definition that the next deployment makes up again."""

    def __init__(self, definition: str) -> None:
        self._names = list(dict.fromkeys(_MADE_UP.findall(definition)))
        self._places = {name: f"\0{place}\0" for place, name in enumerate(self._names)}

    def without(self, text: str) -> str:
        """Return a text with their places in place of them."""
        return _MADE_UP.sub(lambda match: self._places.get(match[0], match[0]), text)

    def packed(self, program: Any) -> bytes:
        """Return a program without them."""
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer)
        pickler.persistent_id = self._of  # type: ignore[method-assign]
        pickler.dump(program)
        return buffer.getvalue()

    def unpacked(self, packed: bytes) -> Any:
        """Return a program with them."""
        unpickler = pickle.Unpickler(io.BytesIO(packed))  # noqa: S301 (packed by ``packed``)
        unpickler.persistent_load = self._filled  # type: ignore[method-assign]
        return unpickler.load()

    def _of(self, value: object) -> str | None:
        """Return a text's form without them, None for what has none of them."""
        if type(value) is not str or not _MADE_UP.search(value):
            return None
        return self.without(value)

    def _filled(self, text: str) -> str:
        return _PLACE.sub(lambda match: self._names[int(match[1])], text)


def _parsed(definition: str) -> Any:
    return AmazonStateLanguageParser.parse(definition)[0]


def install() -> None:
    """Make moto's backend and its executions use the parser above."""
    models.AmazonStateLanguageParser = KeepingParser
    execution_worker.AmazonStateLanguageParser = KeepingParser


@contextlib.contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Keep programs in a folder for a while, for other processes too."""
    KeepingParser.folder = folder
    try:
        yield
    finally:
        KeepingParser.folder = None

"""Read and replace cdk.json: whole or not at all, and nothing in it but what was changed."""

from __future__ import annotations

import copy
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tessera.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[2]
CDK_FILE = ROOT / "cdk.json"  # of this checkout, whatever folder a command is called in
_MISSING = object()


class CdkFile:
    """cdk.json, and in it the context "tessera".

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InvalidInput
        The file is missing or is not what cdk.json should be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()  # a link stays a link, and its target is replaced
        try:
            self._document: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise InvalidInput(f"{path} is not JSON: {error}. Restore it from git") from error
        try:
            self._tree()["stages"]
        except (KeyError, TypeError) as error:
            raise InvalidInput(
                f"{path} has no stages under context.tessera.stages: restore it from git"
            ) from error

    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = self._document["context"]["tessera"]
        return tree

    @property
    def tree(self) -> dict[str, Any]:
        """A copy of the context "tessera"."""
        return copy.deepcopy(self._tree())

    @property
    def stages(self) -> list[str]:
        """The stages' names, in the file's order."""
        return list(self._tree()["stages"])

    def value(self, stage: str, path: tuple[str, ...]) -> object | None:
        """Return a stage's setting, or the one of `defaults`, or None where neither has it."""
        layers = (self._tree()["stages"].get(stage, {}), self._tree().get("defaults", {}))
        values = (_at(layer, path) for layer in layers)
        return next((value for value in values if value is not _MISSING), None)

    def tree_with(self, stage: str, values: Mapping[tuple[str, ...], object]) -> dict[str, Any]:
        """Return the context "tessera" with settings of one stage changed."""
        tree = self.tree
        settings = tree["stages"].setdefault(stage, {})
        for path, value in values.items():
            place = settings
            for name in path[:-1]:
                place = place.setdefault(name, {})
            place[path[-1]] = value
        return tree

    def save(self, tree: Mapping[str, Any]) -> bool:
        """Replace the context "tessera". Return whether anything has changed."""
        if tree == self._tree():
            return False
        context = {**self._document["context"], "tessera": dict(tree)}
        _replace(self._path, {**self._document, "context": context})
        return True


def _at(layer: object, path: tuple[str, ...]) -> object:
    for name in path:
        if not isinstance(layer, Mapping) or name not in layer:
            return _MISSING
        layer = layer[name]
    return layer


def _replace(path: Path, document: Mapping[str, Any]) -> None:
    """Write beside the file, then rename: a full disk or a crash leaves the old one as it was."""
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    made = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        made.chmod(path.stat().st_mode & 0o777)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)

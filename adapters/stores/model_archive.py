"""The model.tar.gz that SageMaker packs from a training job's model folder."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path, PurePosixPath
from typing import Any

from tessera.errors import InvalidInput

MODEL = "model.json"
FORECASTS = "forecasts.json"


def read_model(folder: Path, *, name: str = MODEL) -> tuple[dict[str, Any], str]:
    """Return the JSON file of this name inside the archive in a folder, and its SHA-256.

    The archive itself has no stable hash: SageMaker packs it with times.

    Raises
    ------
    InvalidInput
        There is no archive, or no such file in it.
    """
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        raise InvalidInput(f"there is no model.tar.gz in {folder}: the training job writes it")
    with tarfile.open(archives[0]) as archive:
        member = next((m for m in archive if PurePosixPath(m.name).name == name), None)
        file = archive.extractfile(member) if member is not None else None
        if file is None:
            raise InvalidInput(f"{archives[0]} holds no {name}: train it again")
        text = file.read()
    return json.loads(text), hashlib.sha256(text).hexdigest()

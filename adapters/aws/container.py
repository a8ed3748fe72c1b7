"""A SageMaker container's folders, and how a job in it says why it failed."""

from __future__ import annotations

import contextlib
import json
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tessera.errors import InvalidInput, TesseraError
from tessera.naming import TICKET

_DEFAULT_ROOT = "/opt/ml"
_LONGEST_MESSAGE = 900  # SageMaker keeps the first 1,024 characters


class Container:
    """The folders below ``$ML_ROOT``, ``/opt/ml`` in SageMaker.

    Parameters
    ----------
    environment
        The process's environment variables.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.root = Path(environment.get("ML_ROOT", _DEFAULT_ROOT))

    def channel(self, name: str) -> Path:
        """Return a training job's input folder."""
        return self.root / "input" / "data" / name

    @property
    def model(self) -> Path:
        """Where a training job leaves its model. SageMaker packs it as model.tar.gz."""
        return self.root / "model"

    def input(self, name: str) -> Path:
        """Return a processing job's input folder."""
        return self.root / "processing" / "input" / name

    def output(self, name: str) -> Path:
        """Return a processing job's output folder."""
        return self.root / "processing" / "output" / name

    @contextlib.contextmanager
    def failing_to(self, name: str) -> Iterator[None]:
        """Leave any error in ``output/<name>`` and let it pass. Ours exit with status 1.

        Parameters
        ----------
        name
            ``failure`` for training jobs, ``message`` for processing jobs: what SageMaker reads.
        """
        try:
            yield
        except Exception as error:
            path = self.root / "output" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            reason = {
                "error": type(error).__name__,
                **({} if isinstance(error, TesseraError) else {"place": _place(error)}),
                "message": str(error)[:_LONGEST_MESSAGE],
            }
            path.write_text(json.dumps(reason, ensure_ascii=False), encoding="utf-8")
            if isinstance(error, TesseraError):
                raise SystemExit(1) from error
            raise


def _place(error: Exception) -> str:
    """Return where in our code an error arose: a file, a line and a function, no data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "-packages" not in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno} {ours[-1].name}"


def read_json(path: Path) -> Any:  # noqa: ANN401 (a JSON value)
    """Return a JSON file's value, or raise InvalidInput that names the missing file."""
    if not path.is_file():
        raise InvalidInput(f"{path} does not exist: the step before this one writes it")
    return json.loads(path.read_text(encoding="utf-8"))


def run_of(ticket_folder: Path) -> dict[str, str]:
    """Return the tenant and the run id of the ticket in a job's input, for its log."""
    ticket = read_json(ticket_folder / TICKET)
    return {"tenant": str(ticket["tenant"]), "run_id": str(ticket["run_id"])}


def write_json(path: Path, value: object) -> Path:
    """Write a JSON file whose bytes depend on the value alone. Return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
    return path

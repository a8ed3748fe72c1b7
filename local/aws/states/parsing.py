"""Parse a state machine once: moto does at its creation and again at every start."""

from __future__ import annotations

import pickle
from typing import Any

from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend import execution_worker

_kept: dict[str, bytes] = {}


class KeepingParser:
    """moto's parser, which hands every caller a separate program."""

    @staticmethod
    def parse(definition: str) -> tuple[Any, None]:
        """Return the program of a definition, and no tree: only static analysers read that."""
        packed = _kept.get(definition)
        if packed is None:
            program, _tree = AmazonStateLanguageParser.parse(definition)
            packed = _kept[definition] = pickle.dumps(program)
        return pickle.loads(packed), None  # noqa: S301 (packed above, in this process)


def install() -> None:
    """Make moto's backend and its executions use the parser above."""
    models.AmazonStateLanguageParser = KeepingParser
    execution_worker.AmazonStateLanguageParser = KeepingParser

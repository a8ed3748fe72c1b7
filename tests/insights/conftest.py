"""Records of a run of the Online Retail history; its rejected and refused rows are made up."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tessera.insights.records import Records

_RUN = json.loads((Path(__file__).parents[1] / "data" / "online_retail_run.json").read_text())


def _records(**changes: Any) -> Records:
    values = copy.deepcopy(_RUN)
    for name, change in changes.items():
        values[name] = {**values[name], **change} if isinstance(change, dict) else change
    values["destinations"] = tuple(values["destinations"])
    values["loads"] = tuple(values["loads"])
    return Records(**values)


@pytest.fixture
def make_records() -> Callable[..., Records]:
    """Make records; ``prepare={"currency": "SEK"}`` changes one value of one record."""
    return _records

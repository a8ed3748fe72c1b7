"""The user's settings file, read as CheckUpload will read its copy, with the user's own words."""

from __future__ import annotations

import json
from pathlib import Path

from infra.config import StageSettings
from local.assembly import ROOT, STAGE
from tessera.errors import InvalidInput
from tessera.insights.ticket import merge_settings
from tessera.settings import RunSettings


def stage_settings() -> StageSettings:
    """Return the settings of the stage that is deployed on this machine."""
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return StageSettings.parse(STAGE, context["tessera"])


def read_settings(path: Path | None) -> RunSettings:
    """Return a settings file's settings over the stage's.

    Raises
    ------
    InvalidInput
        The file can't be read, or something in it is wrong; the message names the file.
    """
    stage = stage_settings()
    try:
        own = None if path is None else path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"settings file {path} can't be read: {reason}") from error
    return merge_settings(
        json.loads(stage.run_defaults),
        own,
        where=f"settings file {path}",
        available=stage.destinations,
    )

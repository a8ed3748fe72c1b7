"""The user's settings file, read as CheckUpload will read its copy, with the user's own words."""

from __future__ import annotations

from pathlib import Path

from infra.settings import StageSettings
from local.app.assembly import STAGE, context_of, for_this_machine
from tessera.errors import InvalidInput
from tessera.insights.ticket import merge_settings
from tessera.settings import RunSettings


def stage_settings(
    destinations: tuple[str, ...] = (), *, stage: str = STAGE, campaigns: bool = False
) -> StageSettings:
    """Return the settings of a stage of cdk.json.

    Parameters
    ----------
    destinations
        In place of those in cdk.json, unless it is empty.
    stage
        By default the one that is deployed on this machine.
    campaigns
        Whether it is the stage that is deployed here with campaigns.
    """
    context = context_of(stage, destinations=destinations)
    if campaigns:
        context = for_this_machine(context, campaigns=True)
    return StageSettings.parse(stage, context["tessera"])


def read_settings(path: Path | None, *, destinations: tuple[str, ...] = ()) -> RunSettings:
    """Return a settings file's settings over the stage's, which may have other destinations.

    Raises
    ------
    InvalidInput
        The file can't be read, or something in it is wrong. The message names the file.
    """
    stage = stage_settings(destinations)
    try:
        own = None if path is None else path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(f"settings file {path} can't be read: {reason}") from error
    return merge_settings(
        stage.run.to_dict(),
        own,
        where=f"settings file {path}",
        available=stage.destinations,
    )

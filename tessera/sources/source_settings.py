"""How the uploads of a source are read, whatever the tenant's own files look like."""

from __future__ import annotations

import dataclasses

from tessera import naming
from tessera.settings import RunSettings
from tessera.sources.recognition.decision import OFF


def settings_of_source(settings: RunSettings, *, source: str) -> RunSettings:
    """Return the settings by which a source's uploads are read.

    A source writes the data contract's own columns and spellings. A stream's day also has the rows
    of producers that work, so bad ones don't refuse it. They are listed, and the stream itself has
    an alarm about their share.

    Parameters
    ----------
    settings
        The tenant's.
    source
        As of ``naming.upload_source``. Uploads of people keep the tenant's settings.
    """
    if source == naming.UPLOADED:
        return settings
    bad = 1.0 if source == naming.STREAM else settings.max_bad_share
    return dataclasses.replace(
        settings, mapping=OFF, columns={}, decimal="dot", dates="auto", sheet="", max_bad_share=bad
    )

"""The settings of curation."""

from __future__ import annotations

import dataclasses

from infra.foundation.settings import FoundationSettings
from infra.kit.checks import failed

_WORKERS = ("G.1X", "G.2X", "G.4X", "G.8X")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CurationSettings:
    """Machines of the job that curates databases, CRM exports and pulls.

    A stage without such sources has no job. ``hours`` is the job's time limit.
    """

    worker: str = "G.1X"
    workers: int = 2
    hours: int = 4

    def problems(self) -> dict[str, str]:
        """Return what was expected of each setting that is wrong."""
        return failed(
            {
                "worker": (self.worker in _WORKERS, f"one of {_WORKERS}"),
                "workers": (2 <= self.workers <= 299, "from 2 to 299"),
                "hours": (1 <= self.hours <= 48, "from 1 to 48"),
            }
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class CuratedSettings(FoundationSettings):
    """A stage with its curation."""

    curation: CurationSettings = dataclasses.field(default_factory=CurationSettings)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportsPlace:
    """Where the job copies exports from.

    Parameters
    ----------
    bucket, prefix
        A bucket of the user's, and where in it. Without one it is the identities bucket.
    key_arn
        The key of that bucket. Empty where none of the user's encrypts it.
    """

    bucket: str = ""
    prefix: str = ""
    key_arn: str = ""

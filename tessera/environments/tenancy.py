"""What a stage gives each of its tenants, as functions get it in their environment."""

from __future__ import annotations

import dataclasses
import json
from typing import Self


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tenancy:
    """What holds for a tenant that has no own rules.

    Parameters
    ----------
    open
        Whether the first upload of an unknown tenant makes it.
    max_runs
        How many runs of a tenant may be under way.
    requests_per_minute
        How many requests to the API a tenant may send in a minute.
    """

    open: bool = True
    max_runs: int = 2
    requests_per_minute: int = 600

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what ``to_text`` writes."""
        return cls(**json.loads(text))

    def to_text(self) -> str:
        """Return it as one line, for an environment variable."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

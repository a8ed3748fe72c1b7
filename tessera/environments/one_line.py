"""Values that a variable of an environment holds together, as one line."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Self


@dataclasses.dataclass(frozen=True, kw_only=True)
class OneLine:
    """Fields that are texts, numbers, and tuples of texts."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what ``to_text`` writes."""
        known: dict[str, Any] = json.loads(text)
        return cls(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in known.items()
            }
        )

    def to_text(self) -> str:
        """Return them as one line, for an environment variable."""
        return json.dumps(dataclasses.asdict(self), separators=(",", ":"))

"""The environment of a function or job, as fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True)
class Environment:
    """Fields map one to one to upper-case environment variables. Every value is text."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read every field, or name all that are missing."""
        names = [field.name for field in dataclasses.fields(cls)]
        missing = [name.upper() for name in names if name.upper() not in env]
        if missing:
            raise InvalidInput(f"missing environment variables: {', '.join(missing)}")
        return cls(**{name: env[name.upper()] for name in names})

    def to_env(self) -> dict[str, str]:
        """Write the variables that ``from_env`` reads."""
        return {name.upper(): value for name, value in dataclasses.asdict(self).items()}

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> Self:
        """Read every field from parsed ``--field value`` arguments (Glue has no environment)."""
        return cls.from_env({name.upper(): value for name, value in arguments.items()})

    def to_arguments(self) -> dict[str, str]:
        """Write the arguments that ``from_arguments`` reads."""
        return {f"--{name}": value for name, value in dataclasses.asdict(self).items()}

"""The environment of a function or job, as fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True)
class Environment:
    """Fields map one to one to upper-case environment variables. Every value is text.

    A field with a default is for a switch that is off by default: without it there is no variable.
    """

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read every field, or name all that are missing."""
        fields = dataclasses.fields(cls)
        required = [field.name for field in fields if field.default is dataclasses.MISSING]
        missing = [name.upper() for name in required if name.upper() not in env]
        if missing:
            raise InvalidInput(f"missing environment variables: {', '.join(missing)}")
        names = [field.name for field in fields if field.name.upper() in env]
        return cls(**{name: env[name.upper()] for name in names})

    def to_env(self) -> dict[str, str]:
        """Write the variables that ``from_env`` reads."""
        return {name.upper(): value for name, value in self._set().items()}

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> Self:
        """Read every field from parsed ``--field value`` arguments (Glue has no environment)."""
        return cls.from_env({name.upper(): value for name, value in arguments.items()})

    def to_arguments(self) -> dict[str, str]:
        """Write the arguments that ``from_arguments`` reads."""
        return {f"--{name}": value for name, value in self._set().items()}

    def _set(self) -> dict[str, str]:
        """Return the fields that have another value than their default."""
        values = ((field, getattr(self, field.name)) for field in dataclasses.fields(self))
        return {field.name: value for field, value in values if value != field.default}

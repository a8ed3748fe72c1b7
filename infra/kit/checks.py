"""Checks of settings: each names the setting, its value and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from tessera.errors import InvalidInput

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def failed(checks: Mapping[str, tuple[bool, str]]) -> dict[str, str]:
    """Return, of checks by setting, what was expected where one failed."""
    return {name: expected for name, (good, expected) in checks.items() if not good}


def refuse(name: str, value: object, expected: str) -> NoReturn:
    """Raise InvalidInput for a setting, with its value and what was expected."""
    raise InvalidInput(f"setting {name!r} is {value!r}: expected {expected}")

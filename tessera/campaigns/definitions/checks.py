"""Checks of a definition's members: each names the member, its value and what was expected."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from tessera.errors import InvalidInput
from tessera.records.fields import json_fields

SLUG_PATTERN = r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?"
SLUG = "1 to 48 lower-case letters, digits and hyphens, beginning and ending with no hyphen"


def require(record: object, checks: Mapping[str, tuple[bool, str]]) -> None:
    """Refuse the first member that fails its check.

    Parameters
    ----------
    record
        What has the members.
    checks
        Whether each is good, and what was expected.

    Raises
    ------
    InvalidInput
        A check failed. The codec puts the member's place before the message.
    """
    for name, (good, expected) in checks.items():
        if not good:
            value = getattr(record, name)
            raise InvalidInput(f"{_member(record, name)} is {value!r}: expected {expected}")


def _member(record: object, name: str) -> str:
    """Return what a field is called in the document."""
    return next(
        member for member, (field, _) in json_fields(type(record)).items() if field.name == name
    )


def is_slug(text: str) -> bool:
    """Return whether a text may be an id: it stands in keys, tags and addresses of pages."""
    return re.fullmatch(SLUG_PATTERN, text) is not None


def is_named(text: str) -> bool:
    """Return whether a text names something for people: not blank, on one line, not too long."""
    return 0 < len(text.strip()) <= 200 and text.isprintable()


def are_distinct(texts: Collection[str]) -> bool:
    """Return whether texts are all different and none is blank."""
    return len(set(texts)) == len(texts) and all(text.strip() for text in texts)

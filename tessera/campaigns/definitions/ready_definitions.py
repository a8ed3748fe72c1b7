"""Definitions that ship with Tessera, for a user to begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.segments.toml_tables import listed
from tessera.shipped_files import read_toml

READY = ("at_risk", "left_champions", "rising_risk")


def ready_definition(
    name: str, *, first_day: dt.date, templates: Mapping[str, TemplateChoice]
) -> CampaignDefinition:
    """Return a shipped definition with the user's templates.

    Parameters
    ----------
    name
        One of ``READY``.
    first_day
        The day of its first run.
    templates
        A template for each of its variants, by the variant's name.

    Raises
    ------
    InvalidInput
        The name is unknown, or a variant has no template.
    """
    document = _document(name)
    document["schedule"]["first_day"] = first_day.isoformat()
    for variant in document["variants"]:
        variant["template"] = _template(name, variant["name"], templates)
    return parse_definition(document)


def ready_variants(name: str) -> tuple[str, ...]:
    """Return the names of a shipped definition's variants. Raises InvalidInput if it is unknown."""
    return tuple(variant["name"] for variant in _document(name)["variants"])


def _document(name: str) -> dict[str, Any]:
    if name not in READY:
        raise InvalidInput(f"ready campaign {name!r} is unknown: expected one of {listed(READY)}")
    return read_toml("tessera.campaigns.definitions", f"ready/{name}.toml")


def _template(name: str, variant: str, templates: Mapping[str, TemplateChoice]) -> dict[str, Any]:
    if variant not in templates:
        raise InvalidInput(
            f"ready campaign {name!r} needs a template for its variant {variant!r}: got those for "
            f"{listed(templates) or 'none'}"
        )
    return encode(templates[variant])

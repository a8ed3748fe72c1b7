"""Definitions whose templates are not chosen yet: to begin with, and to count an audience by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import definition_document, parse_definition
from tessera.campaigns.definitions.ready_definitions import ready_definition, ready_variants
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.records.codec import encode

_ANY = TemplateChoice(id="any", version=1)


def ready_document(name: str, *, first_day: dt.date) -> dict[str, Any]:
    """Return a shipped definition's document with every default, its templates null.

    Parameters
    ----------
    name
        One of ``READY``.
    first_day
        The day of its first run.
    """
    chosen = dict.fromkeys(ready_variants(name), _ANY)
    document = definition_document(ready_definition(name, first_day=first_day, templates=chosen))
    for variant in document["variants"]:
        variant["template"] = None
    return document


def parse_unfinished(document: Mapping[str, Any]) -> CampaignDefinition:
    """Return a definition to count by. Any template stands for one that is null or absent.

    Raises
    ------
    InvalidInput
        As ``parse_definition``, which also reads what is no definition at all.
    """
    variants = document.get("variants")
    if not _sends_mail(document) or not isinstance(variants, list):
        return parse_definition(document)
    return parse_definition({**document, "variants": [_with_template(one) for one in variants]})


def _sends_mail(document: Mapping[str, Any]) -> bool:
    channel = document.get("channel", {})
    return isinstance(channel, Mapping) and channel.get("kind", "email") == "email"


def _with_template(variant: object) -> object:
    if not isinstance(variant, Mapping) or variant.get("template") is not None:
        return variant
    return {**variant, "template": encode(_ANY)}

"""A definition as a JSON document, which is also the body of the API's requests."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import Any

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.timing import SendSchedule
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.segments.toml_tables import listed


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignReuse:
    """What a run changes of its definition. The rest, and the holdout, stay.

    Parameters
    ----------
    audience
        Another audience, such as another list of receivers or other churn bands. None for the
        definition's.
    schedule
        Another schedule. None for the definition's.
    """

    audience: CampaignAudience | None = None
    schedule: SendSchedule | None = None


def parse_definition(document: object) -> CampaignDefinition:
    """Return a definition from its JSON document.

    Raises
    ------
    InvalidInput
        A member is unknown, missing or wrong. The message names it, shows its value and says what
        was expected.
    """
    return decode(CampaignDefinition, document, document=_called(document), advice="")


def parse_reuse(document: object) -> CampaignReuse:
    """Return what a run changes, from its JSON document.

    Raises
    ------
    InvalidInput
        As ``parse_definition``.
    """
    return decode(CampaignReuse, document, document="run", advice="")


def definition_document(definition: CampaignDefinition) -> dict[str, Any]:
    """Return a definition as its JSON document. ``parse_definition`` reads it back equal."""
    return encode(definition)


def reused(definition: CampaignDefinition, change: CampaignReuse) -> CampaignDefinition:
    """Return the definition as one run uses it.

    Raises
    ------
    InvalidInput
        The changed parts do not fit the rest, such as an audience that no variant is for.
    """
    given = {field.name: getattr(change, field.name) for field in dataclasses.fields(change)}
    present = {name: part for name, part in given.items() if part is not None}
    try:
        return dataclasses.replace(definition, **present)
    except InvalidInput as error:
        raise InvalidInput(f"campaign {definition.id!r} with this run's changes: {error}") from None


def check_change(before: CampaignDefinition, after: CampaignDefinition) -> None:
    """Refuse a change that would move people between the treated and the held out.

    Call it once a campaign has had a run.

    Raises
    ------
    InvalidInput
        The holdout or the id differs.
    """
    for name in ("id", "holdout", "purpose", "result_days"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            raise InvalidInput(
                f"campaign {before.id!r}: {name} is {now!r}, expected {was!r} as in the campaign's "
                "runs. Copy the campaign to change it"
            )


def check_labels(definition: CampaignDefinition, *, known: Mapping[str, Collection[str]]) -> None:
    """Refuse labels that no customer can have.

    Parameters
    ----------
    definition
        The campaign's.
    known
        All labels by profile column: ``segment``, ``churn_band`` and ``value_tier``. A column that
        is absent here is one that the tenant's runs do not compute.

    Raises
    ------
    InvalidInput
        The message names the campaign, the label and those that there are.
    """
    asked = [
        (f"audience, {column}", column, label)
        for column, labels in definition.audience.labels.items()
        for label in labels
    ]
    for variant in definition.variants:
        asked += [(f"variant {variant.name!r}", "segment", label) for label in variant.segments]
    if definition.trigger is not None:
        trigger = definition.trigger
        moved = (*trigger.into, *trigger.out_of)
        asked += [("trigger", trigger.set, label) for label in moved]
    for where, column, label in asked:
        if label not in known.get(column, ()):
            expected = listed(known[column]) if known.get(column) else "no label of this set"
            raise InvalidInput(
                f"campaign {definition.id!r}: {where} has {label!r}, expected one of {expected}"
            )


def _called(document: object) -> str:
    name = document.get("id") if isinstance(document, Mapping) else None
    return f"campaign {name!r}" if isinstance(name, str) else "campaign"

"""Why a campaign would not work here and now, before anybody is planned."""

from __future__ import annotations

from collections.abc import Iterator

from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera import naming
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.definition_problems import definition_problems
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings


def campaign_problems(
    definition: CampaignDefinition, *, tenant: str, services: Services
) -> tuple[str, ...]:
    """Return why a run of a definition would fit nobody or send nothing, a sentence each."""
    settings = run_settings(tenant, services=services)
    return (
        *definition_problems(
            definition,
            settings=settings.campaigns,
            labels=_labels(settings),
            shop_zone=settings.time_zone,
            now=services.clock(),
        ),
        *_unpublished(definition, tenant=tenant, services=services),
    )


def _labels(settings: RunSettings) -> dict[str, tuple[str, ...]]:
    """Return all labels that the tenant's runs give, by profile column."""
    sets = sets_for(settings)
    by_column = {one.name: tuple(label.label for label in one.everyone) for one in sets.beside}
    return {"segment": tuple(one.label for one in sets.definition.everyone), **by_column}


def _unpublished(
    definition: CampaignDefinition, *, tenant: str, services: Services
) -> Iterator[str]:
    for variant in definition.variants:
        template = variant.template
        if template is None:
            continue
        key = naming.published_template_key(tenant, template.id, template.version)
        if not services.data.exists(key):
            yield (
                f"Variant {variant.name!r} sends version {template.version} of the template "
                f"{template.id!r}, which is not published: publish it, or choose another one."
            )

"""Why a campaign would not work here and now, before anybody is planned."""

from __future__ import annotations

from collections.abc import Iterator

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera import naming
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.definition_problems import definition_problems
from tessera.segments.sets.catalog import sets_for


def campaign_problems(
    definition: CampaignDefinition, *, tenant: str, services: Services
) -> tuple[str, ...]:
    """Return why a run of a definition would fit nobody or send nothing, a sentence each."""
    settings = run_settings(tenant, services=services)
    return (
        *definition_problems(
            definition,
            settings=settings.campaigns,
            labels=sets_for(settings).column_labels,
            destinations=settings.destinations,
            shop_zone=settings.time_zone,
            now=services.clock(),
        ),
        *_unpublished(definition, tenant=tenant, services=services),
        *_not_uploaded(definition, tenant=tenant, services=services),
    )


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


def _not_uploaded(
    definition: CampaignDefinition, *, tenant: str, services: Services
) -> Iterator[str]:
    name = definition.audience.receivers
    if name is None:
        return
    key = naming.receivers_key(tenant, name)
    if key not in campaigns_of(services).identities.keys(key):
        yield f"There is no list of receivers {name!r}: upload it, or choose another one."

"""The templates of a run's messages, and the products that they show."""

from __future__ import annotations

import functools

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from tessera import naming
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.campaigns.templates.rendering.for_recipients import RunMessages, most_bought_products
from tessera.campaigns.templates.rendering.message import MessageTemplate, message_template
from tessera.campaigns.templates.rendering.variables import MessageProduct
from tessera.campaigns.templates.versions import read_version
from tessera.records.insights.insights import Insights
from tessera.records.runs.latest import Latest


def run_messages(
    definition: CampaignDefinition, *, tenant: str, data: Objects, product_link: str
) -> RunMessages:
    """Return what renders the messages of a run.

    Parameters
    ----------
    definition
        As the run uses it.
    tenant, data
        Whose, and the data bucket with its templates and figures.
    product_link
        The address of a product's page in the shop, or an empty text.

    Raises
    ------
    InvalidInput
        A template's version is missing or cannot be compiled.
    """
    return RunMessages(
        campaign_id=definition.id,
        campaign_name=definition.name,
        templates={
            one.name: published_template(one.template, tenant=tenant, data=data)
            for one in definition.variants
            if one.template
        },
        most_bought=_products(tenant, data=data, link=product_link),
    )


def published_template(choice: TemplateChoice, *, tenant: str, data: Objects) -> MessageTemplate:
    """Return a published version, compiled. A process compiles it once: it never changes.

    Raises
    ------
    InvalidInput
        There is no such version, or it cannot be compiled.
    """
    return _compiled(data, naming.published_template_key(tenant, choice.id, choice.version))


@functools.lru_cache(maxsize=32)
def _compiled(data: Objects, key: str) -> MessageTemplate:
    version = read_version(data.read_json(key))
    return message_template(version.document, version.brand)


def _products(tenant: str, *, data: Objects, link: str) -> tuple[MessageProduct, ...]:
    if not data.exists(naming.latest_key(tenant)):
        return ()
    latest = read_record(Latest, data, naming.latest_key(tenant), tolerant=True)
    key = naming.run_key(tenant, latest.run_id, naming.INSIGHTS)
    if not data.exists(key):
        return ()
    sold = read_record(Insights, data, key, tolerant=True).products
    return most_bought_products(sold.most_bought if sold else (), link=link)

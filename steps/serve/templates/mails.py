"""What needs the libraries of mails: findings, publishing, and previews for one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steps.serve.insights import insights_of
from steps.serve.services import Services
from steps.serve.settings import run_settings
from tessera import naming
from tessera.api.documents.templates import MessagePreview, PreviewRequest, TemplateDraft
from tessera.api.refusals import ProblemPart, conflict, missing, wrong
from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.checking.check import template_findings
from tessera.campaigns.templates.checking.finding import TemplateFinding
from tessera.campaigns.templates.checking.liquid import sample_customer
from tessera.campaigns.templates.document import read_document
from tessera.campaigns.templates.rendering.for_recipients import most_bought_products
from tessera.campaigns.templates.rendering.message import check_message, message_template
from tessera.campaigns.templates.rendering.profile_fields import PROFILE_FIELDS, profile_fields
from tessera.campaigns.templates.rendering.variables import (
    RECIPIENT_FIELDS,
    MessageProduct,
    MessageVariables,
)
from tessera.campaigns.templates.versions import (
    UnpublishableDraft,
    next_version,
    read_version,
    write_version,
)
from tessera.errors import InvalidInput

if TYPE_CHECKING:
    from steps.serve.settings import Author
    from steps.serve.templates.folder import TemplateFolder

_FIELDS = (*PROFILE_FIELDS, *(name for name in RECIPIENT_FIELDS if name not in PROFILE_FIELDS))
_NOWHERE = "https://example.com/unsubscribe"  # a preview's link: following it changes nothing


def findings_of(draft: TemplateDraft, brand: BrandKit) -> tuple[TemplateFinding, ...]:
    """Return what is wrong with a draft."""
    return template_findings(read_document(draft.template), brand, customer_fields=_FIELDS)


def publish(
    folder: TemplateFolder, draft: TemplateDraft, *, brand: BrandKit, author: Author
) -> None:
    """Write a draft as the next published version, unless the last one is the same.

    Raises
    ------
    RequestRefusal
        The draft has errors, or somebody published at the same moment.
    """
    data, number = folder.services.data, folder.last_published()
    try:
        version = next_version(
            read_document(draft.template),
            brand,
            last=read_version(data.read_json(folder.published_key(number))) if number else None,
            customer_fields=_FIELDS,
            by=author.subject,
            now=author.now,
        )
    except UnpublishableDraft as error:
        parts = [
            ProblemPart(where=_place(one), what=f"{one.problem}. {one.action}")
            for one in error.errors
        ]
        raise wrong("The draft has errors, and cannot be published.", *parts) from None
    if version and not data.create_json(
        folder.published_key(version.number), write_version(version)
    ):
        raise conflict("Somebody published this template at the same moment: read it again.")


def preview(folder: TemplateFolder, request: PreviewRequest, *, brand: BrandKit) -> MessagePreview:
    """Return a draft as one customer would get it. It reads profiles and no identities.

    Raises
    ------
    RequestRefusal
        There is no such template or customer, or the request has values for a real customer.
    InvalidInput
        The draft cannot be rendered. The message says why.
    """
    template = message_template(read_document(folder.draft().template), brand)
    message = template.fill(
        MessageVariables(
            customer=customer_values(folder, request),
            campaign_id="preview",
            campaign_name="Preview",
            unsubscribe_url=_NOWHERE,
            products=_products(folder.tenant, folder.services),
        )
    )
    problem = None
    try:
        check_message(message, unsubscribe_url=_NOWHERE)
    except InvalidInput as error:
        problem = str(error)
    return MessagePreview(
        subject=message.subject, html=message.html, text=message.text, problem=problem
    )


def customer_values(folder: TemplateFolder, request: PreviewRequest) -> dict[str, str]:
    """Return what a template shows of a customer of the latest run, or of a made-up one.

    Raises
    ------
    RequestRefusal
        There is no such customer, or the request has values for a real one.
    """
    if request.customer_key is None:
        if unknown := sorted(request.values.keys() - {*_FIELDS}):
            raise wrong(f"values: there is no field {unknown[0]!r} of a customer.")
        return sample_customer(_FIELDS) | dict(request.values)
    if request.values:
        raise wrong("values: a real customer has values already. Send customer_key or values.")
    insights = insights_of(folder.tenant, None, data=folder.services.data)
    row = folder.services.profiles.row(insights.profiles, request.customer_key)
    if row is None:
        raise missing("customer of this key")
    return profile_fields(row)


def _products(tenant: str, services: Services) -> tuple[MessageProduct, ...]:
    """Return the shop's most bought products, as a run would show them."""
    if not services.data.exists(naming.latest_key(tenant)):
        return ()
    sold = insights_of(tenant, None, data=services.data).products
    link = run_settings(tenant, services=services).campaigns.product_link
    return most_bought_products(sold.most_bought if sold else (), link=link)


def _place(finding: TemplateFinding) -> str:
    block = f" (block {finding.block})" if finding.block else ""
    return finding.where + block

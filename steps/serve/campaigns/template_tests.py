"""Tests of a template: one mail to an address that somebody enters."""

from __future__ import annotations

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.templates.folder import TemplateFolder
from tessera import naming
from tessera.api.documents.campaigns.messages import TemplateTest, TemplateTestResult
from tessera.api.documents.templates import PreviewRequest
from tessera.api.refusals import missing
from tessera.campaigns.definitions.variants import TemplateChoice


def send_test(
    tenant: str, template_id: str, request: TemplateTest, *, services: Services
) -> TemplateTestResult:
    """Send a published template to one address.

    Raises
    ------
    RequestRefusal
        The tenant has no such template, no such published version of it, or no such customer.
    InvalidInput
        The sender is not set up. The message says what to do.
    """
    # Imported here, as the API's room imports this: most requests need no library of mails.
    from steps.serve.templates.mails import customer_values  # noqa: PLC0415

    functions = campaigns_of(services).functions
    folder = TemplateFolder(tenant=tenant, template_id=template_id, services=services)
    folder.draft()
    key = naming.published_template_key(tenant, template_id, request.version)
    if not services.data.exists(key):
        raise missing("published version of this number")
    return functions.send_test(
        tenant,
        TemplateChoice(id=template_id, version=request.version),
        to=request.to,
        fields=customer_values(folder, PreviewRequest(customer_key=request.customer_key)),
    )

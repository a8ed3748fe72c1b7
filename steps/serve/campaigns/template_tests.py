"""Tests of a template: one mail to an address that somebody enters."""

from __future__ import annotations

from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.templates.folder import TemplateFolder
from tessera import naming
from tessera.api.documents.campaigns.messages import TemplateTest, TemplateTestResult
from tessera.api.refusals import missing


def send_test(
    tenant: str, template_id: str, request: TemplateTest, *, services: Services
) -> TemplateTestResult:
    """Send a published template to one address.

    Raises
    ------
    RequestRefusal
        The tenant has no such template, or no such published version of it.
    InvalidInput
        The sender is not set, or the customer is unknown. The message says what to do.
    """
    functions = campaigns_of(services).functions
    TemplateFolder(tenant=tenant, template_id=template_id, services=services).draft()
    key = naming.published_template_key(tenant, template_id, request.version)
    if not services.data.exists(key):
        raise missing("published version of this number")
    return functions.send_test(tenant, template_id, request)

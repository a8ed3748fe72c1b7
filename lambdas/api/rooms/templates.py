"""E-mail templates and the brand kit.

Each function imports its steps: most instances of the API never answer one of these routes, and
need not wait for the palette and the libraries of mails.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, author_of, body_of
from lambdas.api.parameters import Requested, TemplatePath
from steps.serve.once import once
from tessera.api.documents.templates import (
    BrandChange,
    BrandDocument,
    CheckedTemplate,
    DuplicateRequest,
    MessagePreview,
    PreviewRequest,
    PublishRequest,
    TemplateChange,
    TemplateExport,
    TemplateList,
)

_ChangeBody = Annotated[TemplateChange, Depends(body_of(TemplateChange))]
_PublishBody = Annotated[PublishRequest, Depends(body_of(PublishRequest))]
_CopyBody = Annotated[DuplicateRequest, Depends(body_of(DuplicateRequest))]
_PreviewBody = Annotated[PreviewRequest, Depends(body_of(PreviewRequest))]
_ImportBody = Annotated[TemplateExport, Depends(body_of(TemplateExport))]
_BrandBody = Annotated[BrandChange, Depends(body_of(BrandChange))]


def templates(call: Caller) -> TemplateList:
    """Return every template."""
    from steps.serve.templates import drafts as steps

    return steps.list_templates(call.tenant, services=call.services)


def template(call: Caller, template_id: TemplatePath) -> CheckedTemplate:
    """Return one template."""
    from steps.serve.templates import drafts as steps

    return steps.read_template(call.tenant, template_id, services=call.services)


def save_template(call: Caller, template_id: TemplatePath, body: _ChangeBody) -> CheckedTemplate:
    """Save a draft."""
    from steps.serve.templates import drafts as steps

    return steps.save_template(template_id, body, author_of(call), services=call.services)


def publish_template(
    call: Caller, template_id: TemplatePath, body: _PublishBody
) -> CheckedTemplate:
    """Publish a draft."""
    from steps.serve.templates import drafts as steps

    return steps.publish_template(template_id, body, author_of(call), services=call.services)


def duplicate_template(
    call: Caller, template_id: TemplatePath, body: _CopyBody, idempotency_key: Requested
) -> CheckedTemplate:
    """Make a copy."""
    from steps.serve.templates import drafts as steps

    return once(
        attempt_of(
            call, key=idempotency_key, operation=f"duplicate_template {template_id}", body=body
        ),
        lambda: steps.duplicate_template(
            template_id, body, author_of(call), services=call.services
        ),
        kind=CheckedTemplate,
        requests=call.services.requests,
    )


def preview_template(call: Caller, template_id: TemplatePath, body: _PreviewBody) -> MessagePreview:
    """Return a draft as one customer would get it."""
    from steps.serve.templates import drafts as steps

    return steps.preview_template(call.tenant, template_id, body, services=call.services)


def export_template(call: Caller, template_id: TemplatePath) -> TemplateExport:
    """Return a template for another shop."""
    from steps.serve.templates import drafts as steps

    return steps.export_template(call.tenant, template_id, services=call.services)


def import_template(
    call: Caller, template_id: TemplatePath, body: _ImportBody, idempotency_key: Requested
) -> CheckedTemplate:
    """Make a template of an exported one."""
    from steps.serve.templates import drafts as steps

    return once(
        attempt_of(
            call, key=idempotency_key, operation=f"import_template {template_id}", body=body
        ),
        lambda: steps.import_template(template_id, body, author_of(call), services=call.services),
        kind=CheckedTemplate,
        requests=call.services.requests,
    )


def brand(call: Caller) -> BrandDocument:
    """Return the brand kit."""
    from steps.serve.templates import brand as steps

    return steps.read_brand_kit(call.tenant, services=call.services)


def save_brand(call: Caller, body: _BrandBody) -> BrandDocument:
    """Save the brand kit."""
    from steps.serve.templates import brand as steps

    return steps.save_brand_kit(body, author_of(call), services=call.services)

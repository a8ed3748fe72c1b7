"""A tenant's e-mail templates: their drafts, copies and published versions.

What checks, compiles or renders is in ``steps.serve.templates.mails``, imported where it is called:
most requests need none of its libraries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from steps.serve.saved_versions import version_number
from steps.serve.services import Services
from steps.serve.settings import Author
from steps.serve.templates.brand import brand_kit
from steps.serve.templates.folder import TemplateFolder, published_number
from tessera import naming
from tessera.api.documents.templates import (
    CheckedTemplate,
    DuplicateRequest,
    MessagePreview,
    PreviewRequest,
    PublishRequest,
    TemplateChange,
    TemplateDraft,
    TemplateExport,
    TemplateFacts,
    TemplateList,
)
from tessera.api.refusals import conflict
from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.document import read_document, write_document
from tessera.records.fields import part_of

_AT_ONCE = 8  # templates, whose two files each cost a request


def list_templates(tenant: str, *, services: Services) -> TemplateList:
    """Return a tenant's templates, by id."""
    prefix = naming.templates_prefix(tenant)
    names: dict[str, list[str]] = defaultdict(list)
    for key in services.data.keys(prefix):
        template_id, _, name = key.removeprefix(prefix).partition("/")
        names[template_id].append(name)

    def facts(template_id: str) -> TemplateFacts:
        folder = TemplateFolder(tenant=tenant, template_id=template_id, services=services)
        return _facts(folder, names[template_id])

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return TemplateList(items=tuple(pool.map(facts, sorted(names))))


def read_template(tenant: str, template_id: str, *, services: Services) -> CheckedTemplate:
    """Return a template's draft with the checker's findings.

    Raises
    ------
    RequestRefusal
        The tenant has no such template.
    """
    folder = TemplateFolder(tenant=tenant, template_id=template_id, services=services)
    return _checked(folder, folder.draft(), brand=brand_kit(tenant, services=services))


def save_template(
    template_id: str, change: TemplateChange, author: Author, *, services: Services
) -> CheckedTemplate:
    """Save a template's draft. Version 0 makes a new template.

    Raises
    ------
    RequestRefusal
        It is based on an older version.
    InvalidInput
        The document has not the form of a template. The message gives the place.
    """
    draft = TemplateDraft(
        version=change.version + 1,
        saved_by=author.subject,
        saved_at=author.now,
        name=change.name,
        template=write_document(read_document(change.template)),
    )
    folder = TemplateFolder(tenant=author.tenant, template_id=template_id, services=services)
    folder.drafts.add(draft, these="This draft is")
    return _checked(folder, draft, brand=brand_kit(author.tenant, services=services))


def publish_template(
    template_id: str, request: PublishRequest, author: Author, *, services: Services
) -> CheckedTemplate:
    """Publish a template's draft as its next version. The same draft again makes none.

    Raises
    ------
    RequestRefusal
        There is no such template, it is another version by now, or the draft has errors: each is
        named by its block and field.
    """
    from steps.serve.templates.mails import publish  # noqa: PLC0415 (see above)

    folder = TemplateFolder(tenant=author.tenant, template_id=template_id, services=services)
    draft = folder.draft()
    if draft.version != request.version:
        raise conflict(
            f"Version {request.version} is to be published, and the draft is version "
            f"{draft.version} by now: read it first."
        )
    brand = brand_kit(author.tenant, services=services)
    publish(folder, draft, brand=brand, author=author)
    return _checked(folder, draft, brand=brand)


def duplicate_template(
    template_id: str, request: DuplicateRequest, author: Author, *, services: Services
) -> CheckedTemplate:
    """Make a new template with a template's draft.

    Raises
    ------
    RequestRefusal
        There is no such template, or one with the copy's id.
    """
    original = TemplateFolder(tenant=author.tenant, template_id=template_id, services=services)
    draft = original.draft()
    return _create(request.id, request.name, draft.template, author, services=services)


def preview_template(
    tenant: str, template_id: str, request: PreviewRequest, *, services: Services
) -> MessagePreview:
    """Return a template's draft as one customer would get it.

    Raises
    ------
    RequestRefusal
        There is no such template or customer.
    InvalidInput
        The draft cannot be rendered. The message says why.
    """
    from steps.serve.templates.mails import preview  # noqa: PLC0415 (see above)

    folder = TemplateFolder(tenant=tenant, template_id=template_id, services=services)
    return preview(folder, request, brand=brand_kit(tenant, services=services))


def export_template(tenant: str, template_id: str, *, services: Services) -> TemplateExport:
    """Return a template's draft for another shop.

    Raises
    ------
    RequestRefusal
        The tenant has no such template.
    """
    folder = TemplateFolder(tenant=tenant, template_id=template_id, services=services)
    return part_of(folder.draft(), TemplateExport, format="tessera-template")


def import_template(
    template_id: str, brought: TemplateExport, author: Author, *, services: Services
) -> CheckedTemplate:
    """Make a new template of an exported one.

    Raises
    ------
    RequestRefusal
        There is a template of this id.
    InvalidInput
        The document has not the form of a template. The message gives the place.
    """
    return _create(template_id, brought.name, brought.template, author, services=services)


def _create(
    template_id: str,
    name: str,
    template: Mapping[str, Any],
    author: Author,
    *,
    services: Services,
) -> CheckedTemplate:
    folder = TemplateFolder(tenant=author.tenant, template_id=template_id, services=services)
    if folder.drafts.last():
        raise conflict(f"There is a template {template_id!r} already: choose another id.")
    change = TemplateChange(version=0, name=name, template=template)
    return save_template(template_id, change, author, services=services)


def _facts(folder: TemplateFolder, files: list[str]) -> TemplateFacts:
    drafts = [name for name in files if name.startswith(naming.TEMPLATE_DRAFTS)]
    numbers = [published_number(name) for name in files if name not in drafts]
    draft = folder.drafts.read(version_number(drafts[-1]))
    published = folder.published(max(numbers, default=0))
    return part_of(draft, TemplateFacts, id=folder.template_id, published=published)


def _checked(folder: TemplateFolder, draft: TemplateDraft, *, brand: BrandKit) -> CheckedTemplate:
    from steps.serve.templates.mails import findings_of  # noqa: PLC0415 (see above)

    return part_of(
        draft,
        CheckedTemplate,
        id=folder.template_id,
        published=folder.published(folder.last_published()),
        findings=findings_of(draft, brand),
    )

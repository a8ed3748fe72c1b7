"""A tenant's brand kit, versioned."""

from __future__ import annotations

from steps.serve.saved_versions import SavedVersions
from steps.serve.services import Services
from steps.serve.settings import Author
from tessera import naming
from tessera.api.documents.templates import BrandChange, BrandDocument
from tessera.campaigns.templates.brand import BrandKit, default_brand, read_brand


def read_brand_kit(tenant: str, *, services: Services) -> BrandDocument:
    """Return the brand kit, with defaults where none was saved."""
    versions = _brands(tenant, services)
    number = versions.last()
    if number:
        return versions.read(number)
    fields = dict(default_brand().fields)
    return BrandDocument(version=0, saved_by=None, saved_at=None, brand=fields)


def save_brand_kit(change: BrandChange, author: Author, *, services: Services) -> BrandDocument:
    """Save the brand kit. What is published already keeps its own.

    Raises
    ------
    RequestRefusal
        It is based on an older version.
    InvalidInput
        A field is wrong, or two colours contrast too little to be read.
    """
    document = BrandDocument(
        version=change.version + 1,
        saved_by=author.subject,
        saved_at=author.now,
        brand=dict(read_brand(change.brand).fields),
    )
    _brands(author.tenant, services).add(document, these="This brand kit is")
    return document


def brand_kit(tenant: str, *, services: Services) -> BrandKit:
    """Return the brand kit in use."""
    saved = read_brand_kit(tenant, services=services).brand
    return BrandKit({**default_brand().fields, **saved})  # a version before a field has no value


def _brands(tenant: str, services: Services) -> SavedVersions[BrandDocument]:
    prefix = naming.brand_prefix(tenant)
    return SavedVersions(data=services.data, prefix=prefix, kind=BrandDocument)

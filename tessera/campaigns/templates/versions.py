"""A saved template: one draft that changes, and published versions that never do."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tessera.campaigns.templates.brand import BrandKit, read_brand
from tessera.campaigns.templates.checking.check import publishing_errors, template_findings
from tessera.campaigns.templates.checking.finding import TemplateFinding
from tessera.campaigns.templates.document import (
    TemplateDocument,
    read_document,
    write_document,
)
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishedVersion:
    """A version that campaigns send. It keeps the brand kit that it was published with.

    Parameters
    ----------
    number
        1 for the first.
    published_at
        UTC.
    published_by
        Who published it, such as ``user:<id>``.
    """

    number: int
    document: TemplateDocument
    brand: BrandKit
    published_at: dt.datetime
    published_by: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SavedTemplate:
    """A template of a shop.

    Parameters
    ----------
    draft
        What the editor shows.
    versions
        Published ones, the oldest first.
    """

    id: str
    name: str
    draft: TemplateDocument
    versions: tuple[PublishedVersion, ...] = ()

    def version(self, number: int) -> PublishedVersion:
        """Return a published version.

        Raises
        ------
        InvalidInput
            It has not been published.
        """
        for version in self.versions:
            if version.number == number:
                return version
        raise InvalidInput(
            f"template {self.id} has no version {number}. Published are "
            f"{', '.join(str(one.number) for one in self.versions) or 'none'}"
        )


class UnpublishableDraft(InvalidInput):
    """A draft has errors, which block publishing.

    Parameters
    ----------
    template_id
        Which template.
    errors
        At least one finding.
    """

    def __init__(self, template_id: str, errors: Sequence[TemplateFinding]) -> None:
        first = errors[0]
        super().__init__(
            f"template {template_id} has {len(errors)} errors. The first is in {first.where}: "
            f"{first.problem}. {first.action}"
        )
        self.errors = tuple(errors)


def write_version(version: PublishedVersion) -> dict[str, Any]:
    """Return a published version as JSON."""
    return {
        "number": version.number,
        "published_at": version.published_at.isoformat(),
        "published_by": version.published_by,
        "template": write_document(version.document),
        "brand": dict(version.brand.fields),
    }


def read_version(value: Mapping[str, Any]) -> PublishedVersion:
    """Return a published version from its JSON.

    Raises
    ------
    InvalidInput
        The file was not written by ``write_version``, or by another version of Tessera.
    """
    try:
        return PublishedVersion(
            number=int(value["number"]),
            document=read_document(value["template"]),
            brand=read_brand(value["brand"]),
            published_at=dt.datetime.fromisoformat(value["published_at"]),
            published_by=str(value["published_by"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"a published version of a template cannot be read ({error}): publish it again"
        ) from None


def saved(template: SavedTemplate, draft: TemplateDocument) -> SavedTemplate:
    """Return a template with another draft. What is published stays as it is."""
    return dataclasses.replace(template, draft=draft)


def published(
    template: SavedTemplate,
    brand: BrandKit,
    *,
    customer_fields: Collection[str],
    by: str,
    now: dt.datetime,
) -> SavedTemplate:
    """Return a template with its draft as the next version.

    A draft that is published already, with the same brand kit, gets no second version.

    Raises
    ------
    UnpublishableDraft
        The draft has errors. The message gives the first one and its place.
    """
    last = template.versions[-1] if template.versions else None
    if last and last.document == template.draft and last.brand == brand:
        return template
    findings = template_findings(template.draft, brand, customer_fields=customer_fields)
    if errors := publishing_errors(findings):
        raise UnpublishableDraft(template.id, errors)
    version = PublishedVersion(
        number=last.number + 1 if last else 1,
        document=template.draft,
        brand=brand,
        published_at=now,
        published_by=by,
    )
    return dataclasses.replace(template, versions=(*template.versions, version))


def duplicated(template: SavedTemplate, *, id_: str, name: str) -> SavedTemplate:
    """Return a new template with the same draft and no published versions."""
    return SavedTemplate(id=id_, name=name, draft=template.draft)

"""The published versions of a template: its draft changes, and they never do."""

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


class UnpublishableDraft(InvalidInput):
    """A draft has errors, which block publishing.

    Parameters
    ----------
    errors
        At least one finding.
    """

    def __init__(self, errors: Sequence[TemplateFinding]) -> None:
        first = errors[0]
        super().__init__(
            f"the draft has {len(errors)} errors. The first is in {first.where}: "
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


def next_version(
    draft: TemplateDocument,
    brand: BrandKit,
    *,
    last: PublishedVersion | None,
    customer_fields: Collection[str],
    by: str,
    now: dt.datetime,
) -> PublishedVersion | None:
    """Return a draft as the next version. None if ``last`` has this draft and brand kit already.

    Raises
    ------
    UnpublishableDraft
        The draft has errors. The message gives the first one and its place.
    """
    if last and last.document == draft and last.brand == brand:
        return None
    findings = template_findings(draft, brand, customer_fields=customer_fields)
    if errors := publishing_errors(findings):
        raise UnpublishableDraft(errors)
    return PublishedVersion(
        number=last.number + 1 if last else 1,
        document=draft,
        brand=brand,
        published_at=now,
        published_by=by,
    )

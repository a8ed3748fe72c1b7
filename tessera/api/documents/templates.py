"""E-mail templates and the brand kit: what the API takes and says of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Literal

from tessera.api.documents.settings import Revision
from tessera.campaigns.definitions.checks import SLUG_PATTERN, is_slug
from tessera.campaigns.templates.checking.finding import TemplateFinding
from tessera.errors import InvalidInput

_MOST_NAME = 100
_VISIBLE = r"\S"
_NAME = {"schema": {"minLength": 1, "maxLength": _MOST_NAME, "pattern": _VISIBLE}}


def _check_name(name: str) -> None:
    if len(name) > _MOST_NAME or not re.search(_VISIBLE, name):
        raise InvalidInput(f"name: expected 1 to {_MOST_NAME} characters, not blanks alone")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateDraft(Revision):
    """One version of a template's draft, as it is kept.

    Parameters
    ----------
    name
        The template's name for people.
    template
        Its document: subject and blocks.
    """

    name: str
    template: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishedFacts:
    """Which published version campaigns send.

    Parameters
    ----------
    number
        1 for the first.
    published_by, published_at
        Who published it, and when.
    """

    number: int
    published_by: str
    published_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateFacts(Revision):
    """A template without its contents.

    Parameters
    ----------
    id, name
        Its name in addresses, and for people.
    published
        The last published version. None before the first.
    """

    id: str
    name: str
    published: PublishedFacts | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateList:
    """The templates of a tenant, by id."""

    items: tuple[TemplateFacts, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckedTemplate(TemplateFacts):
    """A template's draft, and what the checker says about it.

    Parameters
    ----------
    template
        Its document: subject and blocks.
    findings
        What is wrong with the draft. An error blocks publishing.
    """

    template: Mapping[str, Any]
    findings: tuple[TemplateFinding, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateChange:
    """A template's new draft, whole.

    Parameters
    ----------
    version
        The version that it is based on, 0 for a new template. Another one in the meantime is a
        conflict.
    name
        The template's name for people, in 1 to 100 characters.
    template
        Its document: subject and blocks.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    name: str = dataclasses.field(metadata=_NAME)
    template: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse a name that no template may have."""
        _check_name(self.name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublishRequest:
    """A wish to publish a draft.

    Parameters
    ----------
    version
        The draft's version. Another one in the meantime is a conflict.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 1}})


@dataclasses.dataclass(frozen=True, kw_only=True)
class DuplicateRequest:
    """A wish for a copy of a template's draft.

    Parameters
    ----------
    id
        The copy's id: 1 to 48 lower-case letters, digits and hyphens.
    name
        The copy's name for people, in 1 to 100 characters.
    """

    id: str = dataclasses.field(metadata={"schema": {"pattern": f"^{SLUG_PATTERN}$"}})
    name: str = dataclasses.field(metadata=_NAME)

    def __post_init__(self) -> None:
        """Refuse an id or a name that no template may have."""
        if not is_slug(self.id):
            raise InvalidInput("id: expected 1 to 48 lower-case letters, digits and hyphens")
        _check_name(self.name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PreviewRequest:
    """Which customer a preview of a template's draft is for.

    Parameters
    ----------
    customer_key
        A customer of the latest run. None for a made-up one.
    values
        The made-up customer's fields, by name. Others have a sample's value. Only without
        ``customer_key``.
    """

    customer_key: str | None = None
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessagePreview:
    """A draft as one customer would get it.

    Parameters
    ----------
    subject, html, text
        The parts of the mail. Its link to unsubscribe leads nowhere.
    problem
        Why this mail would not be sent as it is. None where it would.
    """

    subject: str
    html: str
    text: str
    problem: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateExport:
    """A template that another shop can import.

    Parameters
    ----------
    format
        What this is.
    name
        The template's name for people, in 1 to 100 characters.
    template
        Its document: subject and blocks.
    """

    format: Literal["tessera-template"]
    name: str = dataclasses.field(metadata=_NAME)
    template: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BrandDocument(Revision):
    """The brand kit: one version as it is kept, and as it is shown.

    Parameters
    ----------
    brand
        Every field of it, such as the font and the postal address.
    """

    brand: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BrandChange:
    """A new brand kit, whole.

    Parameters
    ----------
    version
        The version that it is based on. Another one in the meantime is a conflict.
    brand
        Its fields. What is absent has its default.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    brand: Mapping[str, Any]

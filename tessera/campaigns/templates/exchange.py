"""Templates in and out: JSON both ways, MJML and HTML out.

MJML is not read, because MJML can include files and hold any HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.templates.brand import BrandKit
from tessera.campaigns.templates.compiling.html import to_html
from tessera.campaigns.templates.compiling.liquid_tokens import LINK, LINK_PART, SHOWN
from tessera.campaigns.templates.compiling.source import compile_document
from tessera.campaigns.templates.document import (
    TemplateDocument,
    read_document,
    write_document,
)
from tessera.errors import InvalidInput

FORMAT = "tessera-template"
_MOST_NAME = 100
_OWN_FILTER = re.compile(rf" \| (?:{SHOWN}|{LINK}|{LINK_PART}) (?=-?\}}\}})")


def exported(name: str, document: TemplateDocument) -> dict[str, Any]:
    """Return a template as a JSON object that another shop can import."""
    return {"format": FORMAT, "name": name, "template": write_document(document)}


def imported(value: object) -> tuple[str, TemplateDocument]:
    """Return the name and document of an exported template.

    Raises
    ------
    InvalidInput
        It is no exported template, or one of a version that is unknown here.
    """
    if not isinstance(value, Mapping) or value.get("format") != FORMAT:
        raise InvalidInput(
            f"this is no exported template: expected an object with format {FORMAT!r}. "
            "MJML and HTML cannot be imported"
        )
    if unknown := sorted(map(str, value.keys() - {"format", "name", "template"})):
        raise InvalidInput(f"the exported template: unknown member {unknown[0]!r}")
    name = value.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _MOST_NAME:
        raise InvalidInput(f"the exported template's name: expected a text, got {name!r}")
    return name.strip(), read_document(value.get("template"))


def exported_mjml(document: TemplateDocument, brand: BrandKit) -> str:
    """Return a template as MJML with the author's Liquid, for other tools."""
    return _OWN_FILTER.sub(" ", compile_document(document, brand).mjml)


def exported_html(document: TemplateDocument, brand: BrandKit) -> str:
    """Return a template as HTML with the author's Liquid, for other tools."""
    return _OWN_FILTER.sub(" ", to_html(compile_document(document, brand).mjml))

"""The fields of one block, each checked by its type."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import nh3

from tessera.campaigns.templates.checking.finding import FindingPlace, TemplateFinding
from tessera.campaigns.templates.checking.links import link_findings
from tessera.campaigns.templates.checking.liquid import liquid_findings
from tessera.campaigns.templates.compiling.escaping import write_text
from tessera.campaigns.templates.compiling.liquid_tokens import TOKEN
from tessera.campaigns.templates.compiling.rich_text import ALLOWED, as_html, tags
from tessera.campaigns.templates.palette.field import BlockField
from tessera.campaigns.templates.palette.snippet import Valued


def field_findings(
    fields: Mapping[str, BlockField],
    values: Mapping[str, Any],
    place: FindingPlace,
    *,
    customer_fields: Collection[str],
) -> Iterator[TemplateFinding]:
    """Yield what is wrong with the values of a block, a row or the brand kit."""
    prefix = f"{place.field}." if place.field else ""
    for name in sorted(values.keys() - fields.keys()):
        yield place.at(prefix + name).error(
            "unknown-field", f"there is no field {name!r}", f"Expected {', '.join(fields)}"
        )
    for name, field in fields.items():
        value, here = values.get(name, field.default), place.at(prefix + name)
        if problem := field.problem(value):
            yield _wrong_value(field, problem, here)
        elif field.type == "list":
            for index, row in enumerate(value):
                inside = here.at(f"{here.field}[{index}]")
                yield from field_findings(
                    field.fields, row, inside, customer_fields=customer_fields
                )
        elif field.holds_liquid:
            yield from _text_findings(field, value, here, customer_fields)


def _wrong_value(field: BlockField, problem: str, here: FindingPlace) -> TemplateFinding:
    if field.role == "alt":
        return here.error(
            "alt", problem, "Say in a few words what the picture shows, for people who hear it"
        )
    return here.error("value", problem, f"Correct the field “{field.label}”")


def _text_findings(
    field: BlockField, value: str, here: FindingPlace, customer_fields: Collection[str]
) -> Iterator[TemplateFinding]:
    if field.type == "url":
        yield from link_findings(value, here, image=field.role == "image")
    if field.type == "rich":
        yield from _rich_findings(value, here)
    source = write_text(Valued(field, value))
    yield from liquid_findings(source, here, customer_fields=customer_fields)


def _rich_findings(value: str, here: FindingPlace) -> Iterator[TemplateFinding]:
    for name in sorted({piece.value for piece in tags(value)} - {*ALLOWED}):
        yield here.error(
            "unsafe-html",
            f"a mail cannot have the element <{name}> here",
            f"Remove it. Allowed are {', '.join(ALLOWED)}",
        )
    for piece in tags(value):
        if piece.kind == "open" and piece.value == "a":
            yield from link_findings(piece.link, here, image=False)
    if not _is_clean(as_html(TOKEN.sub("x", value), "#000000")):
        yield here.error(
            "unsafe-html", "a second sanitizer removes a part of this text", "Enter it again"
        )


def _is_clean(source: str) -> bool:
    """Return whether nh3, an independent sanitizer, would remove nothing."""
    cleaned = nh3.clean(
        source,
        tags={*ALLOWED},
        attributes={"a": {"href", "class", "style"}},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )
    return _comparable(cleaned) == _comparable(source)


def _comparable(text: str) -> str:
    """Return HTML without the differences that two writers of the same elements have."""
    return html.unescape(text.replace("'", '"').replace("<br />", "<br>"))

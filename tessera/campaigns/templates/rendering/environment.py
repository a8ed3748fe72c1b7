"""The Liquid that templates may use: its tags, filters and limits.

The part of the language that reads files, the clock or marks text as safe is absent.
"""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote

from liquid import Environment
from liquid.builtin.filters.misc import date
from liquid.filter import with_environment

from tessera.campaigns.templates.compiling.liquid_tokens import LINK, LINK_PART, SHOWN
from tessera.errors import InvalidInput

LINK_SCHEMES = ("https://", "mailto:")
NOT_IN_LINKS = frozenset(" \t\r\n\"'<>`\\")
_TAGS = frozenset({"assign", "break", "case", "comment", "continue", "for", "if", "unless"})
_INNER_TAGS = frozenset({"illegal", "content", "output"})  # the parser's own
_FILTERS = frozenset({
    "abs", "append", "at_least", "at_most", "capitalize", "ceil", "date", "default", "divided_by",
    "downcase", "first", "floor", "join", "last", "lstrip", "minus", "modulo", "plus", "prepend",
    "remove", "remove_first", "replace", "replace_first", "reverse", "round", "rstrip", "size",
    "slice", "split", "squish", "strip", "times", "truncate", "truncatewords", "uniq", "upcase",
})  # fmt: skip


class LimitedEnvironment(Environment):
    """Liquid that ends soon, whatever a template says."""

    loop_iteration_limit = 1_000
    output_stream_limit = 500_000  # bytes
    local_namespace_limit = 100_000  # bytes


@functools.cache
def html_environment() -> LimitedEnvironment:
    """Return the Liquid of HTML: every value is escaped."""
    return _limited(LimitedEnvironment(autoescape=True))


@functools.cache
def text_environment() -> LimitedEnvironment:
    """Return the Liquid of subjects and plain text: values stay as they are."""
    return _limited(LimitedEnvironment(autoescape=False))


def _limited(environment: LimitedEnvironment) -> LimitedEnvironment:
    for tag in environment.tags.keys() - _TAGS - _INNER_TAGS:
        del environment.tags[tag]
    for name in environment.filters.keys() - _FILTERS:
        del environment.filters[name]
    environment.add_filter("date", _date)
    environment.add_filter(SHOWN, shown)
    environment.add_filter(LINK, link)
    environment.add_filter(LINK_PART, link_part)
    return environment


@with_environment
def _date(value: Any, form: str = "%d %B %Y", *, environment: Environment) -> str:  # noqa: ANN401
    if value in ("now", "today"):
        raise InvalidInput("the filter date cannot read the clock: give it a date")
    return str(date(value, form, environment=environment))


def shown(value: object) -> str:
    """Return a value as a plain text, so that HTML escapes it even if it was marked as safe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)  # a plain text again, which HTML escapes


def link(value: object) -> str:
    """Return a value that is a whole link.

    Raises
    ------
    InvalidInput
        It is no https or mailto link.
    """
    address = shown(value)
    if not address.startswith(LINK_SCHEMES) or not NOT_IN_LINKS.isdisjoint(address):
        raise InvalidInput(f"expected a link with https:// or mailto:, got {address[:80]!r}")
    return address


def link_part(value: object) -> str:
    """Return a value as a part of a link, percent-encoded."""
    return quote(shown(value), safe="")


def unknown_filters(used: dict[str, Any]) -> list[str]:
    """Return the filters of a template that do not exist here."""
    return sorted(used.keys() - text_environment().filters.keys())

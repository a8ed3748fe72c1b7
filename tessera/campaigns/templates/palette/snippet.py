"""The little language of the bodies in blocks.json, filled when a template is compiled.

==============================  ====================================================
``[[ link ]]``                  a field, escaped as its type asks for
``[[ brand.link ]]``            a field of the brand kit
``[[if link]] … [[else]] … [[end]]``  when the field is not empty
``[[if side is left]] … [[end]]``     when the field has that value
``[[each one in links]] … [[end]]``   for each row; its fields are ``one.label`` …
``[[count n to stars]] … [[end]]``    for 1 to a number, or to a number field
==============================  ====================================================

console/src/campaigns/compiler/snippet.ts does the same: change both.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tessera.campaigns.templates.palette.field import BlockField

_INSTRUCTION = re.compile(r"\[\[ ?(.+?) ?\]\]")
_COUNTED = BlockField(type="number", label="")


class Valued(NamedTuple):
    """A field and its value."""

    field: BlockField
    value: Any


Scope = Mapping[str, Valued]
Write = Callable[[Valued], str]


@dataclasses.dataclass(frozen=True)
class SnippetNode:
    """An instruction with the nodes inside it, or a piece of plain text under ``text``."""

    words: tuple[str, ...]
    inside: tuple[SnippetNode, ...] = ()
    otherwise: tuple[SnippetNode, ...] = ()


Snippet = tuple[SnippetNode, ...]


def parse(source: str) -> Snippet:
    """Return a body of blocks.json, parsed.

    Raises
    ------
    ValueError
        An ``end`` is missing or has no beginning.
    """
    pieces = iter(_INSTRUCTION.split(source))
    nodes, ended_by, _ = _until_end(pieces, start=next(pieces))
    if ended_by:
        raise ValueError(f"[[{ended_by}]] closes nothing in {source!r}")
    return nodes


def fill(snippet: Snippet, scope: Scope, write: Write) -> str:
    """Return a body with its fields.

    Parameters
    ----------
    scope
        Every field that the body may name, by its name.
    write
        Turns a value into text, escaped as its type asks for.

    Raises
    ------
    KeyError
        The body names a field that its block does not have.
    """
    return "".join(_filled(node, scope, write) for node in snippet)


def _until_end(pieces: Iterator[str], *, start: str) -> tuple[Snippet, str, str]:
    """Return the nodes up to ``end`` or ``else``, that word, and the text after it."""
    nodes = [SnippetNode(("text", start))] if start else []
    for instruction in pieces:
        text = next(pieces)
        words = tuple(instruction.split(" "))
        if words[0] in ("end", "else"):
            return tuple(nodes), words[0], text
        if words[0] in ("if", "each", "count"):
            node, text = _opened(words, pieces, text)
            nodes.append(node)
        else:
            nodes.append(SnippetNode(("value", *words)))
        if text:
            nodes.append(SnippetNode(("text", text)))
    return tuple(nodes), "", ""


def _opened(words: tuple[str, ...], pieces: Iterator[str], text: str) -> tuple[SnippetNode, str]:
    inside, ended_by, after = _until_end(pieces, start=text)
    otherwise: Snippet = ()
    if ended_by == "else":
        otherwise, ended_by, after = _until_end(pieces, start=after)
    if ended_by != "end":
        raise ValueError(f"[[{' '.join(words)}]] has no [[end]]")
    return SnippetNode(words, inside, otherwise), after


def _filled(node: SnippetNode, scope: Scope, write: Write) -> str:
    kind, *rest = node.words
    if kind == "text":
        return rest[0]
    if kind == "value":
        return write(scope[rest[0]])
    if kind == "if":
        return fill(node.inside if _holds(rest, scope) else node.otherwise, scope, write)
    inner = _rows(rest, scope) if kind == "each" else _numbers(rest, scope)
    return "".join(fill(node.inside, {**scope, **more}, write) for more in inner)


def _holds(words: list[str], scope: Scope) -> bool:
    value = scope[words[0]].value
    return str(value) == words[2] if len(words) > 1 else bool(value)


def _rows(words: list[str], scope: Scope) -> Iterator[dict[str, Valued]]:
    name, _, path = words
    field, rows = scope[path]
    for row in rows:
        yield {
            f"{name}.{key}": Valued(one, row.get(key, one.default))
            for key, one in field.fields.items()
        }


def _numbers(words: list[str], scope: Scope) -> Iterator[dict[str, Valued]]:
    name, _, limit = words
    most = int(limit) if limit.isdigit() else scope[limit].value
    for number in range(1, most + 1):
        yield {name: Valued(_COUNTED, number)}

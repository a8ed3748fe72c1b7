"""A template's document: its subject and its blocks, as the editor and the API have them.

::

    {"version": 1, "subject": "…", "preheader": "…", "language": "en", "direction": "ltr",
     "blocks": [{"id": "heading-1", "type": "heading", "fields": {"text": "…", "level": "1"}}]}

A slot field, such as a column, holds a list of blocks. Reading checks the form alone. What is wrong
with the contents is a finding, so that a half-made template can be saved.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from tessera.campaigns.templates.palette.field import BlockField
from tessera.campaigns.templates.palette.palette import palette
from tessera.errors import InvalidInput

VERSION = 1
_MOST_BLOCKS = 200
_DEEPEST = 3  # the page, show only to …, a column


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateBlock:
    """A block of a document.

    Parameters
    ----------
    id
        Unique in the document.
    type
        Its name in blocks.json.
    fields
        What is set, by field. The value of a slot is a tuple of blocks.
    """

    id: str
    type: str
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TemplateDocument:
    """A template's contents.

    Parameters
    ----------
    page
        The fields of the page: subject, preheader, language and direction.
    blocks
        From top to bottom.
    """

    page: Mapping[str, Any]
    blocks: tuple[TemplateBlock, ...]

    @property
    def subject(self) -> str:
        """The subject, still with Liquid."""
        return str(self.page["subject"])


@dataclasses.dataclass(frozen=True)
class Placed:
    """A block and where it is: ``blocks[3].first[0]``, in the slot that holds it."""

    path: str
    block: TemplateBlock
    depth: int
    holds: str


def read_document(value: object) -> TemplateDocument:
    """Return a document from parsed JSON.

    Raises
    ------
    InvalidInput
        A member is unknown, missing or of another type. The message gives its place.
    """
    members = _object(value, at="the template")
    if members.get("version") != VERSION:
        raise InvalidInput(
            f"the template: version {members.get('version')!r} is unknown. Expected {VERSION}: "
            "export it again from this version of Tessera"
        )
    fields = palette().page.fields
    if unknown := sorted(members.keys() - fields.keys() - {"version"}):
        expected = ", ".join(fields)
        raise InvalidInput(f"the template: unknown member {unknown[0]!r}. Expected {expected}")
    page = {
        name: members.get(name, field.default)
        for name, field in fields.items()
        if field.type != "slot"
    }
    blocks = _blocks(members.get("blocks", []), at="blocks", depth=1)
    document = TemplateDocument(page=page, blocks=blocks)
    if sum(1 for _ in placed_blocks(document)) > _MOST_BLOCKS:
        raise InvalidInput(f"the template has more than {_MOST_BLOCKS} blocks: remove some")
    return document


def write_document(document: TemplateDocument) -> dict[str, Any]:
    """Return a document as JSON."""
    blocks = [_as_json(block) for block in document.blocks]
    return {"version": VERSION, **document.page, "blocks": blocks}


def placed_blocks(document: TemplateDocument) -> Iterator[Placed]:
    """Yield every block from top to bottom, those in slots after the one that holds them."""
    return _within(document.blocks, "blocks", 1, "sections")


def _within(
    blocks: tuple[TemplateBlock, ...], path: str, depth: int, holds: str
) -> Iterator[Placed]:
    for index, block in enumerate(blocks):
        here = f"{path}[{index}]"
        yield Placed(here, block, depth, holds)
        for name, field in _slots(block.type).items():
            inside = block.fields.get(name, ())
            yield from _within(inside, f"{here}.{name}", depth + 1, field.holds)


def _blocks(value: object, *, at: str, depth: int) -> tuple[TemplateBlock, ...]:
    if not isinstance(value, (list, tuple)):
        raise InvalidInput(f"{at}: expected a list of blocks, got {value!r}")
    if depth > _DEEPEST:
        raise InvalidInput(f"{at}: blocks are nested too deep. Move the inner ones out")
    return tuple(_block(one, at=f"{at}[{index}]", depth=depth) for index, one in enumerate(value))


def _block(value: object, *, at: str, depth: int) -> TemplateBlock:
    members = _object(value, at=at)
    if members.keys() != {"id", "type", "fields"}:
        raise InvalidInput(f"{at}: a block has id, type and fields, got {sorted(members)}")
    for name in ("id", "type"):
        if not isinstance(members[name], str) or not members[name]:
            raise InvalidInput(f"{at}.{name}: expected a text, got {members[name]!r}")
    fields = dict(_object(members["fields"], at=f"{at}.fields"))
    for name in _slots(members["type"]):
        if name in fields:
            fields[name] = _blocks(fields[name], at=f"{at}.{name}", depth=depth + 1)
    return TemplateBlock(id=members["id"], type=members["type"], fields=fields)


def _slots(type_: str) -> dict[str, BlockField]:
    """Return the slots of a kind of block. An unknown kind is a finding, and has none."""
    kind = palette().blocks.get(type_)
    return kind.slots if kind else {}


def _object(value: object, *, at: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise InvalidInput(f"{at}: expected an object, got {value!r}")
    return value


def _as_json(block: TemplateBlock) -> dict[str, Any]:
    slots = _slots(block.type)
    fields = {
        name: [_as_json(one) for one in value] if name in slots else value
        for name, value in block.fields.items()
    }
    return {"id": block.id, "type": block.type, "fields": fields}

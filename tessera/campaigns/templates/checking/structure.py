"""Which blocks a template has and where: known ones, one footer at the end, no nested layouts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tessera.campaigns.templates.checking.finding import PAGE, FindingPlace, TemplateFinding
from tessera.campaigns.templates.document import Placed, TemplateDocument, placed_blocks
from tessera.campaigns.templates.palette.palette import FOOTER, palette


def structure_findings(document: TemplateDocument) -> Iterator[TemplateFinding]:
    """Yield what is wrong with the order of a document's blocks."""
    placed = list(placed_blocks(document))
    times = Counter(one.block.id for one in placed)
    for one in placed:
        here = place_of(one)
        if times[one.block.id] > 1:
            problem = f"{times[one.block.id]} blocks have the id {one.block.id!r}"
            yield here.error("duplicate-id", problem, "Give each block its own id")
        yield from _nesting(one, here)
    yield from _footer(document, placed)


def place_of(placed: Placed) -> FindingPlace:
    """Return the place of a block."""
    return FindingPlace(placed.path, placed.block.id)


def _nesting(placed: Placed, here: FindingPlace) -> Iterator[TemplateFinding]:
    kind = palette().blocks.get(placed.block.type)
    if kind is None:
        expected = ", ".join(palette().blocks)
        yield here.error(
            "unknown-block", f"there is no block {placed.block.type!r}", f"Expected {expected}"
        )
    elif kind.layout and placed.holds == "column":
        yield here.error(
            "nested-layout", f"{kind.label} cannot be inside a column", "Move it out of the column"
        )
    elif kind.only == "page" and placed.depth > 1:
        yield here.error(
            "nested-layout", f"{kind.label} cannot be inside another block", "Move it out"
        )


def _footer(document: TemplateDocument, placed: list[Placed]) -> Iterator[TemplateFinding]:
    footers = [one for one in placed if one.block.type == FOOTER]
    if not footers:
        yield FindingPlace(PAGE).error(
            "footer",
            "the template has no footer, so nobody could unsubscribe",
            "Add the block “Footer” at the end",
        )
    for one in footers[1:]:
        yield place_of(one).error("footer", "there is another footer", "Remove this one")
    if footers and document.blocks[-1].type != FOOTER:
        yield place_of(footers[0]).error(
            "footer", "blocks follow the footer", "Move the footer to the end"
        )

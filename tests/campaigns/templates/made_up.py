"""Templates made by a seed, full of what breaks compilers: quotes, tags, Liquid, other scripts."""

from __future__ import annotations

import random
from typing import Any

from tessera.campaigns.templates.palette.field import BlockField
from tessera.campaigns.templates.palette.palette import palette

TEXTS = (
    "Mugs", "a & b", "5 < 6 > 4", '"quoted"', "it's", "back\\slash", "Größe", "日本語", "עברית",
    "👩‍👩‍👧", "e\u0301", "\u00a0", "line\nbreak",
    "{ brace }", "{{", "%}", "&amp;", "&#57344;1&#57345;",
    "{{ customer.first_name }}", "{{- customer.city | default: 'a town' -}}", "[[ link ]]",
    "$&", "\\1",
    "{% if customer.country == 'DE' %}Hallo{% else %}Hello{% endif %}", "{{ 1 | plus: 2 }}",
    "]]", "-->",
    "{{customer.first_name|default:\"you\"}}", "{{ }}", "{{ a\n}}", "<mj-include path='x'/>", "",
)  # fmt: skip
RICH = (
    "<p>", "</p>", "<strong>", "</strong>", "<b>", "</b>", "<em class=x>", "</em>", "<u>", "</u>",
    "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<br>", "<br/>", "</a>", "<!-- note -->",
    '<a href="https://shop.example.com/?a=1&amp;b=2">', "<a href='mailto:shop@example.com'>",
    '<a href="{{ customer.page }}">', '<a target="_blank" href="javascript:alert(1)">', "<a>",
    '<a href="https://shop.example.com/{{ customer.city }}/x" onclick="y()">',
    "<script>", "</script>",
    "<mj-raw>", "</mj-raw>", "<img src=x onerror=y>", "<P>", "</P>", "<", ">", "&nbsp;",
    "&lt;b&gt;",
    "&#128512;", "&#x1F600;", "&#0;", "&#xD800;", "&eacute;", "{% if a &lt; 3 %}", "{% endif %}",
)  # fmt: skip
_LINKS = (
    "https://shop.example.com/", "https://shop.example.com/?a=1&b={{ customer.city }}",
    "mailto:a@b.c",
    "{{ customer.page }}", "{{ customer.page | downcase }}?x={{ campaign.id }}",
    "javascript:alert(1)",
    "https://shop.example.com/{% if customer.city %}a{% endif %}", "https://example.com/'\"><x>",
    "",
)  # fmt: skip


def made_up_template(seed: int) -> dict[str, Any]:
    """Return a document's JSON, valid enough to be compiled."""
    chance = random.Random(seed)  # noqa: S311 (no secret)
    document = {"version": 1, **_fields(palette().page.fields, chance, depth=1)}
    for block in document["blocks"]:
        block["id"] = f"{block['type']}-{chance.randrange(10**6)}"
    return document


def made_up_brand(seed: int) -> dict[str, Any]:
    """Return a brand kit's fields."""
    chance = random.Random(seed)  # noqa: S311
    return {name: _value(one, chance, depth=9) for name, one in palette().brand.items()}


def _fields(fields: dict[str, BlockField], chance: random.Random, *, depth: int) -> dict[str, Any]:
    return {
        name: _value(one, chance, depth=depth)
        for name, one in fields.items()
        if one.type in ("slot",) or chance.random() > 0.1
    }


def _value(field: BlockField, chance: random.Random, *, depth: int) -> Any:
    if field.type == "slot":
        return _blocks(field, chance, depth=depth)
    if field.type == "list":
        rows = range(chance.randint(max(field.least, 1), field.most))
        return [_fields(field.fields, chance, depth=depth) for _ in rows]
    if field.type == "number":
        return chance.randint(field.least, field.most)
    if field.type == "choice":
        return chance.choice(field.options)
    return {
        "text": lambda: "".join(chance.choices(TEXTS, k=3)),
        "rich": lambda: "".join(chance.choices(TEXTS + RICH * 2, k=chance.randint(0, 25))),
        "url": lambda: chance.choice(_LINKS),
        "colour": lambda: f"#{chance.randrange(2**24):06x}",
        "language": lambda: chance.choice(["en", "de-AT", "zh-Hant-TW"]),
        "word": lambda: chance.choice(["Champions", "Can't Lose Them", "Größe & Co", "a.b"]),
    }[field.type]()


def _blocks(slot: BlockField, chance: random.Random, *, depth: int) -> list[dict[str, Any]]:
    if depth > 3:
        return []
    kinds = [
        name
        for name, kind in palette().blocks.items()
        if not (slot.holds == "column" and kind.layout) and not (kind.only and depth > 1)
    ]
    return [
        {
            "id": f"{name}-{chance.randrange(10**9)}",
            "type": name,
            "fields": _fields(palette().blocks[name].fields, chance, depth=depth + 1),
        }
        for name in chance.choices(kinds, k=chance.randint(0, 8 if depth == 1 else 3))
    ]

"""The brand kit: a shop's font, colours, logo and postal address, for all of its templates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.templates.palette.palette import palette
from tessera.errors import InvalidInput

LEAST_CONTRAST = 4.5  # WCAG 2.2, level AA, for text
# Text and what is behind it.
_PAIRS = (
    ("text", "surface"),
    ("text", "tint"),
    ("link", "surface"),
    ("on_primary", "primary"),
)


@dataclasses.dataclass(frozen=True)
class BrandKit:
    """The fields of a brand kit that blocks.json declares, all of them set."""

    fields: Mapping[str, Any]


def read_brand(value: object) -> BrandKit:
    """Return a brand kit from parsed JSON. A missing field has its default.

    Raises
    ------
    InvalidInput
        A field is unknown, of another type, or two colours contrast too little to be read.
    """
    if not isinstance(value, Mapping):
        raise InvalidInput(f"the brand kit: expected an object, got {value!r}")
    declared = palette().brand
    if unknown := sorted(map(str, value.keys() - declared.keys())):
        expected = ", ".join(declared)
        raise InvalidInput(f"the brand kit: unknown field {unknown[0]!r}. Expected {expected}")
    brand = BrandKit({name: value.get(name, field.default) for name, field in declared.items()})
    for name, field in declared.items():
        if name in value and (problem := field.problem(value[name])):
            raise InvalidInput(f"the brand kit's {name}: {problem}")
    if problems := contrast_problems(brand):
        raise InvalidInput(f"the brand kit: {problems[0]}")
    return brand


def default_brand() -> BrandKit:
    """Return a brand kit of which nothing is set yet."""
    return BrandKit({name: field.default for name, field in palette().brand.items()})


def contrast_problems(brand: BrandKit) -> list[str]:
    """Return a sentence for each pair of colours that people with weak sight cannot read."""
    problems = []
    for front, back in _PAIRS:
        ratio = contrast(brand.fields[front], brand.fields[back])
        if ratio < LEAST_CONTRAST:
            problems.append(
                f"{front} on {back} has a contrast of {ratio:.1f}. Choose colours with at least "
                f"{LEAST_CONTRAST}"
            )
    return problems


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours such as ``#0b4a9e``, 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)

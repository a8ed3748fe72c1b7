"""The style sheet: which rules a screen has, and which paper has."""

from __future__ import annotations

import re

from tessera.insights.report.drawing.style import STYLE


def _media(style: str) -> list[str]:
    return [query.strip() for query in re.findall(r"@media ([^{]+)\{", style)]


def test_the_narrow_and_the_dark_layout_are_for_screens_alone() -> None:
    # A4 is narrower than a phone's limit in CSS pixels, and a dark screen prints on white paper.
    narrow_or_dark = [one for one in _media(STYLE) if "max-width" in one or "dark" in one]

    assert len(narrow_or_dark) == 2
    assert all(one.startswith("screen and ") for one in narrow_or_dark)


def test_paper_has_a_size_and_its_own_rules() -> None:
    assert "@page{size:A4" in STYLE
    assert "print" in _media(STYLE)

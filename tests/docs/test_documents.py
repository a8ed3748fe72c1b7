from pathlib import Path

import pytest

from local import documents


@pytest.mark.parametrize("page", documents.pages(), ids=lambda path: path.name)
def test_generated_pages_are_up_to_date(page: Path):
    assert page.read_text(encoding="utf-8") == documents.pages()[page], "run 'make docs'"


def test_every_setting_has_a_meaning():
    assert all(len(line.split("|")) > 4 for line in documents.settings().splitlines())


def test_links_between_pages_lead_somewhere(root):
    import re

    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in [*root.glob("*.md"), *root.glob("docs/**/*.md")]
        if "templates" not in page.parts
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken

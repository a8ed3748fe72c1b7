from pathlib import Path

import pytest

from local import documents


@pytest.mark.parametrize("page", documents.pages(), ids=lambda path: path.name)
def test_generated_pages_are_up_to_date(page: Path):
    assert page.read_text(encoding="utf-8") == documents.pages()[page], "run 'make docs'"


def test_every_setting_has_a_meaning():
    assert all(len(line.split("|")) > 4 for line in documents.settings().splitlines())

"""The console's generated files are those of today's API, settings and contract."""

import pytest

from tools.console_sources.files import ROOT, generated

FILES = generated()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_generated_file_is_current(path):
    assert path.read_text("utf-8") == FILES[path], "run 'python -m tools.console_sources'"

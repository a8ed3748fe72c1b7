"""The command, on a small project."""

from pathlib import Path

import pytest

from tools.prose.__main__ import main

SETTINGS = """
[tool.prose]
pages = ["*.md", "docs/**/*.md"]
rooms = [{rooms}]
max-words-per-sentence = 20
max-semicolons-per-sentence = 0.02
max-line-length = 100
[tool.prose.allow]
"docs/quotes.md" = ["told"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "templates").mkdir(parents=True)
    write(tmp_path, "README.md", "A plain sentence.\n")
    write(tmp_path, "pyproject.toml", SETTINGS.format(rooms=""))
    return tmp_path


def write(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text, encoding="utf-8")


def run(project: Path, capsys, *arguments: str) -> tuple[int, str]:
    status = main(["--root", str(project), *arguments])
    return status, capsys.readouterr().err


def test_a_plain_project_passes(project, capsys):
    assert run(project, capsys) == (0, "")


def test_a_banned_word_is_named_with_its_place_and_an_alternative(project, capsys):
    write(project, "docs/page.md", "# Page\n\nA line.\nCustomers are\ntold.\n")
    status, errors = run(project, capsys)
    assert status == 1
    assert errors.startswith("docs/page.md:5: 'told': rather send")


def test_the_texts_of_settings_are_checked_too(project, capsys):
    write(project, "pyproject.toml", SETTINGS.format(rooms='"presets"'))
    (project / "presets").mkdir()
    write(project, "presets/nine.toml", '[[segments]]\nmeaning = "They are told nothing."\n')
    status, errors = run(project, capsys)
    assert status == 1
    assert errors.startswith("presets/nine.toml:2: 'told': rather send")


def test_an_allowed_word_passes(project, capsys):
    write(project, "docs/quotes.md", "Customers are told.\n")
    assert run(project, capsys) == (0, "")


def test_long_sentences_fail_their_page(project, capsys):
    write(project, "docs/page.md", "word " * 21 + "\n")
    status, errors = run(project, capsys)
    assert (status, errors.split(":")[0]) == (1, "docs/page.md")


def test_too_many_semicolons_are_listed(project, capsys):
    write(project, "docs/page.md", "One; two.\n")
    assert run(project, capsys) == (1, "docs/page.md:1: ';': make it two sentences\n")
    write(project, "docs/page.md", "One; two.\n" + "A sentence.\n" * 49)
    assert run(project, capsys) == (0, "")


def test_a_line_that_is_too_long_is_named(project, capsys):
    line = "Ten words of a line are enough for its wrapping. " * 3
    rest = f"| {line} |\n\n```\n{line}\n```\n\n- {'x' * 120}\n"
    write(project, "docs/page.md", f"A line.\n\n{line}\n\n{rest}")
    assert run(project, capsys) == (
        1,
        f"docs/page.md:3: {len(line)} characters, at most 100: wrap it\n",
    )


def test_a_generated_page_is_read_and_its_template_is_not(project, capsys):
    write(project, "docs/templates/settings.md", "Customers are told: {{ table }}\n")
    write(project, "docs/settings.md", "A plain sentence.\n")
    assert run(project, capsys) == (0, "")
    write(project, "docs/settings.md", "Customers are told.\n")
    assert run(project, capsys)[0] == 1


def test_code_is_checked_where_it_is_switched_on(project, capsys):
    write(project, "code.py", '"""Return whom to send to."""\nfound = 1\n')
    assert run(project, capsys) == (0, "")
    write(project, "pyproject.toml", SETTINGS.format(rooms='"code.py"'))
    status, errors = run(project, capsys)
    assert status == 1
    assert [line.split(":")[1] for line in errors.splitlines()] == ["1", "2"]


def test_too_many_semicolons_in_docstrings_and_comments_are_listed(project, capsys):
    write(project, "pyproject.toml", SETTINGS.format(rooms='"code.py"'))
    few = '"""Read; write. ``a;b`` is code."""\nTEXT = "No; prose"\n'
    write(project, "code.py", f"{few}\nNAME = 1  # one; two\n")
    assert run(project, capsys) == (
        1,
        "code.py:1: ';': make it two sentences\ncode.py:4: ';': make it two sentences\n",
    )
    write(project, "code.py", few + "# A sentence.\n" * 48)
    assert run(project, capsys) == (0, "")


def test_each_room_of_code_is_measured_apart(project, capsys):
    write(project, "pyproject.toml", SETTINGS.format(rooms='"plain.py", "code.py"'))
    write(project, "plain.py", "# A sentence.\n" * 100)
    write(project, "code.py", "# One; two.\n")
    assert run(project, capsys) == (1, "code.py:1: ';': make it two sentences\n")


def test_code_can_be_checked_alone(project, capsys):
    write(project, "code.py", "found = 1\n")
    assert run(project, capsys, "--code", "code.py")[0] == 1


def test_a_room_that_is_not_there_is_named(project):
    with pytest.raises(SystemExit, match="nowhere: no such file or folder"):
        main(["--root", str(project), "--code", "nowhere"])

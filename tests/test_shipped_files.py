"""Files that ship inside packages, in a folder and in a zip."""

from __future__ import annotations

import zipfile

import pytest

from tessera.shipped_files import read_toml


def test_a_file_of_a_package_is_read():
    assert read_toml("tessera.segments", "presets/nine.toml")["name"] == "nine"


def test_a_file_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError):
        read_toml("tessera.segments", "presets/none.toml")


def test_a_package_inside_a_zip_has_its_files_too(monkeypatch, tmp_path):
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as app:
        app.writestr("zipped_shop/__init__.py", "")
        app.writestr("zipped_shop/words/own.toml", 'word = "straße"')
    monkeypatch.syspath_prepend(tmp_path / "app.zip")
    assert read_toml("zipped_shop", "words/own.toml") == {"word": "straße"}

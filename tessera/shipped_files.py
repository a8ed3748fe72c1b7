"""Files that ship inside the product's packages."""

from __future__ import annotations

import json
import pkgutil
import tomllib
from typing import Any


def read_toml(package: str, name: str) -> dict[str, Any]:
    """Return a TOML file that ships with a package. The package may be inside a zip app.

    Its loader knows where the file is in the zip. ``importlib.resources`` would read the zip's
    whole directory once a file, which took longer than all else that a small job reads.

    Parameters
    ----------
    name
        The file below the package, its folders separated by slashes.

    Raises
    ------
    FileNotFoundError
        The package has no such file.
    """
    return tomllib.loads(_read(package, name))


def read_json(package: str, name: str) -> dict[str, Any]:
    """Return a JSON object that ships with a package, as ``read_toml`` does.

    Raises
    ------
    FileNotFoundError
        The package has no such file.
    """
    return dict(json.loads(_read(package, name)))


def read_text(package: str, name: str) -> str:
    """Return a text file that ships with a package, as ``read_toml`` does.

    Raises
    ------
    FileNotFoundError
        The package has no such file.
    """
    return _read(package, name)


def _read(package: str, name: str) -> str:
    content = pkgutil.get_data(package, name)
    if content is None:
        raise FileNotFoundError(f"{package} has no file {name!r}")
    return content.decode("utf-8")

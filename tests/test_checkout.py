"""A checkout is complete: it reads no folder beside it, and says whose its data are."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.reference import DATA

CODE = (".py", ".toml", ".cfg", ".sh", ".mk", ".yml", ".yaml")
NAMES = ("Makefile", "run")
UP = re.compile(r"__file__\)[^\n]*?\.parents\[(\d+)\]((?:\.parent\b)*)")
PYTHON_BESIDE = re.compile(r"\b(?:ROOT|root)\.parent\b")
OTHER_BESIDE = re.compile(r"(?<![\w./])\.\./")


def tracked(root: Path) -> list[Path]:
    """The files of the checkout, as git or, in an unpacked archive, the folder lists them."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    paths = [Path(line) for line in listed] or [
        path.relative_to(root) for path in root.rglob("*") if not _made(path.relative_to(root))
    ]
    return [path for path in paths if (root / path).is_file()]


def _made(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts) or path.parts[0] == "build"


def outside(path: Path, text: str) -> list[str]:
    """Where a file's text climbs out of the checkout."""
    above = len(path.parts) - 1  # parents[above] of a file is the checkout itself
    climbs = [
        climb[0] for climb in UP.finditer(text) if int(climb[1]) + climb[2].count(".") > above
    ]
    beside = PYTHON_BESIDE if path.suffix == ".py" else OTHER_BESIDE
    return climbs + [climb[0] for climb in beside.finditer(text)]


def test_no_code_reads_a_folder_beside_the_checkout(root):
    files = [path for path in tracked(root) if path.suffix in CODE or path.name in NAMES]
    assert len(files) > 400
    here = Path(__file__).relative_to(root)
    climbing = {
        str(path): climbs
        for path in files
        if path != here and (climbs := outside(path, (root / path).read_text(encoding="utf-8")))
    }
    assert climbing == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("bench/cards.py", 'Path(__file__).resolve().parents[2] / "data"'),
        ("tests/conftest.py", "Path(__file__).resolve().parents[1].parent"),
        ("tests/conftest.py", 'ROOT.parent / "data"'),
        ("Makefile", "cp ../data ."),
    ],
)
def test_a_climb_out_of_the_checkout_is_seen(path, text):
    assert outside(Path(path), text)
    assert not outside(Path("tests/some/deep/folder.py"), 'Path(__file__).parents[3] / "x"')


def test_every_set_of_data_has_its_origin_and_terms(root):
    listed = (DATA / "README.md").read_text()
    for path in sorted(DATA.rglob("*")):
        name = path.relative_to(DATA)
        if path.is_file() and len(name.parts) > 1:
            folder, group = name.parts[0], f"{name.parts[0]}/{name.parts[1]}"
            assert f"`{group}`" in listed or f"`{folder}/`" in listed, group


def test_data_stay_small():
    sizes = [path.stat().st_size for path in DATA.rglob("*") if path.is_file()]
    assert max(sizes) < 2_000_000
    assert sum(sizes) < 3_000_000

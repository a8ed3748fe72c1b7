"""The app's templates, synthesized once for each distinct context and state of the sources.

The workers of one session and the sessions after it share them, so most need no Node.js.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from local.app import assembly
from tests.infra.template import App

if TYPE_CHECKING:
    import aws_cdk as cdk

FOLDER = assembly.ROOT / ".cache" / "templates"
KEPT = 60  # a few hundred kB each: the files of an assembly, without the code
# The assembly has no code, whose copying took more than half of a synth. Templates are the same.
NO_COPIES = {"aws:cdk:disable-asset-staging": True}
SOURCES = assembly.sources_digest()  # as they were when the tests were collected


def synthesize(context: Mapping[str, Any] | None = None) -> App:
    """Return the app of a context, checked by cdk-nag. An error of any rule raises.

    Parameters
    ----------
    context
        Wins over cdk.json. By default the stage that cdk.json names.
    """

    def build(outdir: str) -> cdk.App:
        # This starts Node.js: only when nothing is kept.
        from infra.app import build_app

        return build_app({**(context or {}), **NO_COPIES}, outdir=outdir)

    return App(kept_assembly(json.dumps(context, sort_keys=True), build))


def kept_assembly(key: str, build: Callable[[str], cdk.App]) -> Path:
    """Return the folder of an assembly, synthesized unless it is kept.

    Parameters
    ----------
    key
        What it is kept by, beside the state of the sources.
    build
        Builds the app that is synthesized into a folder.
    """
    target = FOLDER / f"{SOURCES}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _alone(target.with_suffix(".lock")):
        if not target.is_dir():
            _make(build, target)
    os.utime(target)
    _forget_old()
    return target


def _make(build: Callable[[str], cdk.App], target: Path) -> None:
    from infra.console.constructs import site
    from infra.kit import assets

    one = dataclasses.replace(assets.LIBRARIES, packages=("idna",))  # 400 MB less
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory() as page,
        mock.patch.object(assets, "LIBRARIES", one),
    ):
        site.DIST = _page(Path(page))
        build(folder).synth()
        _copy_documents(Path(folder))
        making = Path(tempfile.mkdtemp(dir=FOLDER, prefix=".making-"))
        for file in Path(folder).iterdir():
            if file.is_file() and file.suffix != ".zip":  # the CDK's own code, which is large
                shutil.copyfile(file, making / file.name)
        if assembly.sources_digest() != SOURCES:
            shutil.rmtree(making)
            raise RuntimeError("a source changed while the tests ran: run them again")
        making.rename(target)


def _copy_documents(folder: Path) -> None:
    """Copy the assets that are one file to where a deployment's assembly has them."""
    for manifest in folder.glob("*.assets.json"):
        for key, asset in json.loads(manifest.read_text())["files"].items():
            source = Path(asset["source"]["path"])
            if asset["source"]["packaging"] == "file" and source.is_absolute():
                shutil.copyfile(source, folder / f"asset.{key}{source.suffix}")


def _page(folder: Path) -> Path:
    """Make a small page with the form of the built console, which the tests do not need."""
    assets = folder / "assets"
    assets.mkdir()
    (assets / "index-0a1b2c3d.js").write_text("// the page's code\n")
    (folder / "index.html").write_text("<!doctype html>\n")
    return folder


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time into the block."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _forget_old() -> None:
    kept = sorted(FOLDER.glob("[0-9a-f]*-*[0-9a-f]"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
        path.with_suffix(".lock").unlink(missing_ok=True)

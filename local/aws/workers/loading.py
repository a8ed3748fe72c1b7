"""What a fork server has imported, and how far that may differ from what a new process would."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import os
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from local.aws.workers.lambda_worker import read_descriptions

_TASKS = "/proc/self/task"


def import_all(names: Iterable[str], *, folders: Iterable[str] = ()) -> None:
    """Import modules for all forks that come.

    What fails here fails again in a fork, where its error is read. ``folders`` have modules that
    make clients of AWS services, whose descriptions are read too.
    """
    known = frozenset(sys.modules)
    missing = [name for name in names if name not in known]
    for name in missing:
        with contextlib.suppress(BaseException):
            importlib.import_module(name)
    if not missing:
        return
    if "boto3" in sys.modules:
        with contextlib.suppress(Exception):
            _read_descriptions(folders, known=known)
    gc.freeze()  # a fork that collects garbage would copy every page


def _read_descriptions(folders: Iterable[str], *, known: frozenset[str]) -> None:
    """Read botocore's descriptions of services once for all forks, and keep no session."""
    session: Any = importlib.import_module("botocore.session")
    boto3: Any = sys.modules["boto3"]
    if not hasattr(session.create_loader, "cache_info"):
        session.create_loader = functools.cache(session.create_loader)
        boto3.client("s3")
    for folder in folders:
        read_descriptions(folder, known=known)
    boto3.DEFAULT_SESSION = None


def unsafe(paths: Sequence[str]) -> str:
    """Return why a fork would not be as a new process is. Empty if it would be.

    A lock that another thread has stays locked in a fork. And a compiled library that is loaded
    can't be loaded again from somewhere else.
    """
    if len(os.listdir(_TASKS)) > 1:  # noqa: PTH208 (a name of the kernel's)
        return "something that was imported has started a thread"
    for name, file in _others(paths):
        if file.endswith(".so"):
            return f"{name} is loaded already, and the code brings its own"
    return ""


def give_way(paths: Sequence[str]) -> None:
    """Forget modules that these folders and zips have too, as they come first on the path."""
    for name, _ in list(_others(paths)):
        del sys.modules[name]


def _others(paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the modules, with their files, that would come from these paths but did not."""
    places = tuple(f"{path}/" for path in paths)
    provided = set().union(*map(_provided, paths)) - sys.stdlib_module_names
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name.partition(".")[0] in provided and not file.startswith(places):
            yield name, file


@functools.cache
def _provided(path: str) -> frozenset[str]:
    """Return the names that can be imported from a folder or a zip."""
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            names = {name.partition("/")[0] for name in archive.namelist()}
    else:
        names = set(os.listdir(path)) if os.path.isdir(path) else set()  # noqa: PTH112, PTH208
    return frozenset(name.partition(".")[0] for name in names if not name.startswith("__"))

"""The code assets, built without Docker and kept by the hash of what goes into them.

Wheels come from the committed lock through uv, with their hashes checked. Ours is a copy. A
folder under ``build/`` is named by that hash, so a second synth only looks it up. Functions get
bytecode too, where this machine has a Python of their version.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path

from infra.kit import bytecode

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "assets"
LOCKS = (ROOT / "requirements.txt", ROOT / "requirements-console.txt")
SOURCES = (".py", ".toml", ".sql", ".html", ".css", ".json")

# What no run needs. The scripts in bin/ name this machine's Python.
LEFTOVERS = (
    "bin", ".lock", "_duckdb-stubs",
    # Headers, sources and tests, and the parts of Arrow that serve other machines over the network.
    "pyarrow/include", "pyarrow/includes", "pyarrow/src", "pyarrow/tests",
    "pyarrow/*flight*", "numpy/**/tests", "numpy/f2py", "numpy/_core/include",
    "scipy/**/tests", "sklearn/**/tests", "sklearn/datasets/data",
    # Numbers and dates of 1,100 languages, for filters that our Liquid does not have.
    "babel/locale-data",
)  # fmt: skip
# scikit-learn imports every name of NumPy.
_NEEDED_BY = {"numpy/f2py": "scikit-learn"}

_KEEP_SECONDS = 86_400
_RECIPE = "2"  # change it when this module builds something else from the same sources


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wheels:
    """Locked packages for one runtime, without their dependencies, so all are named."""

    packages: tuple[str, ...]
    python: str
    platform: str
    folder: str = ""


@dataclasses.dataclass(frozen=True)
class Built:
    """A folder ready to be an asset, the hash that stands for it, and whether it has bytecode."""

    path: Path
    digest: str
    bytecode: bool


LAMBDA_WHEELS = Wheels(
    packages=(
        "aws-lambda-powertools", "boto3", "botocore", "jmespath", "python-dateutil", "s3transfer",
        "six", "typing-extensions", "urllib3",
    ),
    python="3.13",
    platform="aarch64-manylinux_2_28",
)  # fmt: skip
# What the API has besides: its framework, the keys of tokens, Arrow to read profiles, and what
# mails are checked and rendered with.
API_WHEELS = dataclasses.replace(
    LAMBDA_WHEELS,
    packages=(
        *LAMBDA_WHEELS.packages,
        "annotated-doc", "annotated-types", "anyio", "babel", "cffi", "cryptography", "fastapi",
        "idna", "importlib-resources", "joserfc", "mangum", "markupsafe", "mjml-python", "nh3",
        "numpy", "opentelemetry-api", "pyarrow", "pycparser", "pydantic", "pydantic-core",
        "python-liquid", "pytz", "starlette", "typing-inspection",
    ),
)  # fmt: skip
# What campaigns are planned and measured with: Arrow and the pipeline's own engine.
CAMPAIGN_WHEELS = dataclasses.replace(
    LAMBDA_WHEELS,
    packages=(*LAMBDA_WHEELS.packages, "duckdb", "idna", "numpy", "pyarrow", "threadpoolctl"),
)
SAGEMAKER_WHEELS = Wheels(
    packages=("duckdb", "idna", "phonenumberslite", "python-calamine"),
    python="3.12",
    platform="x86_64-manylinux_2_28",
    folder="vendor",
)

# Glue's own packages are Python's and Spark's, Arrow and boto3: addresses need these two as well.
GLUE_WHEELS = Wheels(
    packages=("idna", "phonenumberslite"), python="3.13", platform="x86_64-manylinux_2_28"
)
# What the containers of jobs have installed, for functions that do the same work. It is for the
# processors of the jobs, so that results are the same to the last bit.
LIBRARIES = Wheels(
    packages=(
        "cloudpickle", "duckdb", "idna", "joblib", "narwhals", "numpy", "phonenumberslite",
        "pyarrow", "python-calamine", "scikit-learn", "scipy", "threadpoolctl",
    ),
    python="3.13",
    platform="x86_64-manylinux_2_28",
)  # fmt: skip


def lambda_code() -> Built:
    """Return what every Lambda function shares."""
    return _build(
        "lambda",
        packages=("lambdas", "steps", "adapters", "tessera"),
        wheels=LAMBDA_WHEELS,
        compiled=True,
    )


def api_code(*, python: str = "", platform: str = "", compiled: bool = True) -> Built:
    """Return what the API's function and its authorizer share.

    Parameters
    ----------
    python, platform
        By default Lambda's.
    compiled
        Whether it may have bytecode.
    """
    wheels = dataclasses.replace(
        API_WHEELS, python=python or API_WHEELS.python, platform=platform or API_WHEELS.platform
    )
    return _build(
        "api",
        packages=("lambdas", "steps", "adapters", "tessera"),
        wheels=wheels,
        compiled=compiled,
    )


def campaign_code() -> Built:
    """Return what the functions share that read customers for campaigns, and their purchases."""
    return _build(
        "campaigns",
        packages=("lambdas", "steps", "adapters", "tessera"),
        wheels=CAMPAIGN_WHEELS,
    )


def sagemaker_code() -> Built:
    """Return the zip app that every SageMaker job runs: ``python3 <asset>.zip <job>``."""
    return _build(
        "sagemaker",
        packages=("sagemaker_jobs", "steps", "adapters", "tessera"),
        wheels=SAGEMAKER_WHEELS,
        main=ROOT / "sagemaker_jobs" / "__main__.py",
    )


def glue_code() -> Built:
    """Return the modules that the Glue script imports, and the packages that Glue lacks."""
    return _build(
        "glue", packages=("glue_jobs", "steps", "adapters", "tessera"), wheels=GLUE_WHEELS
    )


def libraries() -> Built:
    """Return the zip of the libraries that functions unpack for small jobs, and its SHA-256.

    They are too large for a function's package. The zip is the same each time.
    """
    compiler = bytecode.compiler(LIBRARIES.python)
    folder = _wheels("libraries", LIBRARIES, compiler=compiler)
    target = folder.with_name(f"{folder.name}.zip")
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}.new")
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
        fresh.replace(target)
    with target.open("rb") as zipped:
        digest = hashlib.file_digest(zipped, "sha256").hexdigest()
    return Built(target, digest, bytecode=compiler is not None)


def _build(
    name: str,
    *,
    packages: Iterable[str],
    wheels: Wheels,
    main: Path | None = None,
    compiled: bool = False,
) -> Built:
    compiler = bytecode.compiler(wheels.python) if compiled else None
    files = sorted(file for package in packages for file in _sources(ROOT / package))
    digest = _digest(files, wheels, main, compiled=compiler is not None)
    built = Built(BUILD / f"{name}-{digest[:16]}", digest, bytecode=compiler is not None)
    if built.path.is_dir():
        return built
    _forget(name)
    with _making(built.path) as folder:
        for file in files:
            target = folder / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if compiler is not None:
            bytecode.compile_folder(folder, compiler=compiler)
        shutil.copytree(
            _wheels(name, wheels, compiler=compiler),
            folder / wheels.folder,
            copy_function=os.link,  # the same bytes, once on the disk
            dirs_exist_ok=True,
        )
        if main is not None:
            shutil.copyfile(main, folder / "__main__.py")
    return built


def _forget(name: str) -> None:
    """Remove builds of yesterday. A synth that is under way may still read today's."""
    for old in BUILD.glob(f"{name}-*"):
        if "-wheels-" not in old.name and old.stat().st_mtime < time.time() - _KEEP_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _sources(package: Path) -> list[Path]:
    return [
        Path(folder, name)
        for folder, _, names in os.walk(package)
        if not folder.endswith("__pycache__")
        for name in names
        if name.endswith(SOURCES)
    ]


def _digest(files: Iterable[Path], wheels: Wheels, main: Path | None, *, compiled: bool) -> str:
    digest = hashlib.sha256(f"{_RECIPE} {main and main.name}".encode())
    digest.update(f"{wheels} {_locked(wheels.packages)}".encode())
    if compiled:
        digest.update(b"with bytecode")
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def _wheels(name: str, wheels: Wheels, *, compiler: str | None) -> Path:
    locked = _locked(wheels.packages)
    about = f"{_RECIPE} {wheels} {locked}" + (" with bytecode" if compiler else "")
    digest = hashlib.sha256(about.encode()).hexdigest()
    target = BUILD / f"{name}-wheels-{digest[:16]}"
    if not target.is_dir():
        with _making(target) as folder, tempfile.NamedTemporaryFile("w", suffix=".txt") as list_:
            list_.write(locked)
            list_.flush()
            _install(wheels, requirements=list_.name, target=folder)
            if compiler is not None:
                bytecode.compile_folder(folder, compiler=compiler)
    return target


def _install(wheels: Wheels, *, requirements: str, target: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-config",
            "--target", str(target), "--python-version", wheels.python,
            "--python-platform", wheels.platform, "--only-binary", ":all:", "--no-deps",
            "--link-mode", "copy", "--require-hashes", "--requirement", requirements,
        ],
        check=True,
    )  # fmt: skip
    for pattern in LEFTOVERS:
        if _NEEDED_BY.get(pattern) in wheels.packages:
            continue
        for path in list(target.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    for record in [*target.rglob("RECORD"), *target.rglob("direct_url.json")]:
        record.unlink()


def _locked(packages: Iterable[str]) -> str:
    """Return the lock's entries for these packages, hashes and all."""
    text = "\n".join(lock.read_text(encoding="utf-8") for lock in LOCKS)
    entries = []
    for package in packages:
        entry = re.search(rf"^{re.escape(package)}==(?:.*\\\n)*.*", text, re.MULTILINE)
        if entry is None:
            names = ", ".join(lock.name for lock in LOCKS)
            raise LookupError(f"{names}: no lock has {package}: add it, then 'make lock'")
        entries.append(re.sub(r" ; [^\\\n]*", " ", entry.group()))
    return "\n".join(entries) + "\n"


class _making:  # noqa: N801 (used as a with statement)
    """A folder that appears under its name only when it is complete."""

    def __init__(self, target: Path) -> None:
        self._target = target
        target.parent.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))

    def __enter__(self) -> Path:
        return self._folder

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._appear()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _appear(self) -> None:
        try:
            self._folder.replace(self._target)
        except OSError:
            # Another process made the same folder meanwhile: its content is ours.
            if not self._target.is_dir():
                raise

"""The archive of libraries: the same each time, and all that the jobs import."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions

from infra.kit import assets

JOBS = ("prepare", "train_kmeans", "train_forecasts", "train_churn", "score")


def test_the_archive_is_the_same_each_time(monkeypatch, tmp_path):
    monkeypatch.setattr(
        assets, "LIBRARIES", dataclasses.replace(assets.LIBRARIES, packages=("idna",))
    )
    first = assets.libraries()
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    second = assets.libraries()
    assert (second.path.name, second.digest) == (first.path.name, first.digest)
    with zipfile.ZipFile(second.path) as archive:
        assert "idna/__init__.py" in archive.namelist()
    assert not list(tmp_path.glob("*.new"))


def test_the_jobs_import_what_the_archive_and_the_package_have_and_nothing_else(root):
    """On a laptop all is installed, so that a library which a function lacks would not show."""
    jobs = "".join(f", sagemaker_jobs.{name}.__main__" for name in JOBS)
    code = (
        f"import sys, glue_jobs.map_schema{jobs}\n"
        "import adapters.engines.duckdb.query, sklearn.cluster, python_calamine, phonenumbers\n"
        "print(*{module.__file__.rpartition('site-packages/')[2].partition('/')[0]"
        " for module in list(sys.modules.values())"
        " if 'site-packages' in (getattr(module, '__file__', None) or '')})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    owners = packages_distributions()
    # A compiled module may stand beside its package, as _duckdb does.
    names = {name.partition(".")[0].removeprefix("_") for name in ran.stdout.split()}
    imported = {_normal(owner) for name in names for owner in owners.get(name, [name])}
    brought = {*assets.LIBRARIES.packages, *assets.LAMBDA_WHEELS.packages}
    # Each of these is used where it is installed, and needed nowhere.
    optional = {
        "certifi", "charset-normalizer", "distutils-hack", "pandas", "psutil", "pytz", "rich",
    }  # fmt: skip
    assert imported - optional <= set(map(_normal, brought))


def _normal(name):
    return name.lower().replace("_", "-")

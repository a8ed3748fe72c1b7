"""The code assets, really built: they run without this environment, and always the same way."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import pytest

from infra.kit import assets, node

HANDLERS = (
    "check_upload", "start_load", "poll_load", "ensure_segments", "finish_run", "fail_run",
)  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Build into an empty folder, as on a machine that has never done it."""
    known, assets.BUILD = assets.BUILD, tmp_path_factory.mktemp("build")
    yield assets.BUILD
    assets.BUILD = known


def python(*arguments, **options):
    """Run Python without site-packages, so with nothing that an asset does not bring."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def fingerprint(folder):
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def test_every_handler_imports_from_the_bundle_alone(build):
    built = assets.lambda_code()
    imports = "\n".join(f"from lambdas.{name}.handler import handler" for name in HANDLERS)
    ran = python("-c", f"import sys; sys.path.insert(0, {str(built.path)!r})\n{imports}")
    assert ran.returncode == 0, ran.stderr
    assert "boto3" in {path.name for path in built.path.iterdir()}
    assert not list(built.path.rglob("*.so"))  # nothing that depends on the processor


def test_the_bundle_is_the_same_each_time_and_reused(build, tmp_path, monkeypatch):
    first = assets.lambda_code()
    changed = first.path.stat().st_mtime_ns
    assert assets.lambda_code() == first
    assert first.path.stat().st_mtime_ns == changed
    monkeypatch.setattr(assets, "BUILD", tmp_path)
    second = assets.lambda_code()
    assert second.digest == first.digest
    assert fingerprint(second.path) == fingerprint(first.path)
    assert not list(tmp_path.glob(".making-*"))


def test_two_processes_may_build_at_once(build, tmp_path, monkeypatch):
    first = assets.lambda_code()
    monkeypatch.setattr(assets, "BUILD", tmp_path)

    def install(_wheels, *, requirements, target):
        assert requirements
        target.joinpath("mine").touch()
        [other] = build.glob("lambda-wheels-*")
        shutil.copytree(other, tmp_path / other.name)  # the other process is done meanwhile

    monkeypatch.setattr(assets, "_install", install)
    assert fingerprint(assets.lambda_code().path) == fingerprint(first.path)
    assert not list(tmp_path.glob(".making-*"))


def test_the_jobs_are_a_zip_app_with_duckdb_for_the_container(build, tmp_path):
    built = assets.sagemaker_code()
    [library] = (built.path / "vendor").glob("_duckdb*.so")
    assert library.read_bytes()[:4] == b"\x7fELF"
    archive = shutil.make_archive(str(tmp_path / "app"), "zip", built.path)
    ran = python(archive)
    assert ran.returncode == 1
    assert "prepare|train_kmeans|train_forecasts|train_churn|score" in ran.stderr


def test_glue_gets_modules_and_only_what_its_runtime_lacks(build):
    built = assets.glue_code()
    names = {path.name for path in built.path.iterdir() if path.suffix != ".dist-info"}
    assert names == {"adapters", "glue_jobs", "steps", "tessera", "idna", "phonenumbers"}
    assert not list(built.path.rglob("*.so"))  # what is imported from a zip is Python alone


def test_glue_reads_addresses_from_its_zip_alone(build, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "modules"), "zip", assets.glue_code().path)
    code = f"""import sys; sys.path.insert(0, {archive!r})
from tessera.events.contact_points.reading import normal_address as read
print(read("SMS", "0170 1234567", country="DEU"), read("EMAIL", "A@b\u00fccher.example"))"""
    ran = python("-c", code)
    assert ran.stdout.split() == ["+491701234567", "a@xn--bcher-kva.example"], ran.stderr


def test_no_function_needs_what_reads_addresses(build):
    names = {path.name for path in assets.lambda_code().path.iterdir()}
    assert not names & {"idna", "phonenumbers"}


def test_the_presets_travel_with_the_code(build, root):
    presets = {path.name for path in (root / "tessera").rglob("*.toml")}
    for built in (assets.lambda_code(), assets.sagemaker_code(), assets.glue_code()):
        assert {path.name for path in (built.path / "tessera").rglob("*.toml")} == presets


def test_what_is_not_locked_is_not_installed():
    with pytest.raises(LookupError, match="no lock has left-pad"):
        assets._locked(["left-pad"])


def test_without_node_the_message_says_what_to_do(monkeypatch):
    def no_node(_name):
        raise AttributeError("'_NodeProcess' object has no attribute '_process'")

    monkeypatch.setattr(node.importlib, "import_module", no_node)
    with pytest.raises(RuntimeError, match="make install"):
        node.start()


def test_without_any_node_the_app_says_what_to_do(root, tmp_path):
    ran = subprocess.run(
        [sys.executable, str(root / "app.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"JSII_NODE": str(tmp_path / "none"), "PATH": "", "HOME": str(tmp_path)},
    )
    assert ran.returncode == 1
    assert "RuntimeError: The CDK could not start Node.js. Run `make install`" in ran.stderr

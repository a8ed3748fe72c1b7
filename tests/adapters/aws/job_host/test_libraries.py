"""Libraries appear on the disk complete or not at all, and once."""

from __future__ import annotations

import hashlib
import io
import zipfile

import boto3
import pytest
from moto import mock_aws

from adapters.aws.job_host import libraries
from adapters.aws.job_host.libraries import load_libraries
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput, Retryable

URI = "s3://assets/libraries.zip"


def packed(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("numbers/__init__.py", text)
        archive.writestr("numbers/_fast.so", b"\x7fELF" + bytes(5000))
    return buffer.getvalue()


ARCHIVE = packed("ONE = 1\n")
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()


@pytest.fixture
def assets(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="assets")
        made = Objects("assets")
        made.write("libraries.zip", ARCHIVE)
        yield made


def load(disk):
    return load_libraries(URI, sha256=SHA256, disk=disk)


def test_an_archive_is_unpacked_and_nothing_is_left_beside_it(assets, tmp_path):
    folder = load(tmp_path)
    assert (folder / "numbers" / "__init__.py").read_text() == "ONE = 1\n"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_second_event_takes_what_the_first_one_left(assets, tmp_path):
    first = load(tmp_path)
    boto3.client("s3").delete_object(Bucket="assets", Key="libraries.zip")
    assert load(tmp_path) == first


def test_another_release_has_its_own_folder(assets, tmp_path):
    first = load(tmp_path)
    other = packed("TWO = 2\n")
    assets.write("libraries.zip", other)
    sha256 = hashlib.sha256(other).hexdigest()
    second = load_libraries(URI, sha256=sha256, disk=tmp_path)
    assert second != first
    assert (second / "numbers" / "__init__.py").read_text() == "TWO = 2\n"


@pytest.mark.parametrize("served", [ARCHIVE[:-1], ARCHIVE[:100], b"", ARCHIVE + b"x"])
def test_other_bytes_leave_nothing(assets, tmp_path, served):
    assets.write("libraries.zip", served)
    with pytest.raises(Retryable, match="was deployed"):
        load(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_archive_leaves_nothing(assets, tmp_path):
    boto3.client("s3").delete_object(Bucket="assets", Key="libraries.zip")
    with pytest.raises(InvalidInput):
        load(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_event_that_was_cut_off_leaves_no_half_of_a_folder(assets, tmp_path, monkeypatch):
    def killed(self, folder):
        (folder / "numbers").mkdir(parents=True)  # half of it is there
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(zipfile.ZipFile, "extractall", killed)
        cut.setattr(libraries.shutil, "rmtree", lambda *_: None)  # a kill cleans nothing up
        with pytest.raises(KeyboardInterrupt):
            load(tmp_path)
    [left] = tmp_path.iterdir()
    folder = load(tmp_path)
    assert (folder / "numbers" / "_fast.so").stat().st_size == 5004
    assert not left.exists()

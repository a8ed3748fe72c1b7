"""A function does a job as its service would: folders, environment, outputs, errors."""

from __future__ import annotations

import io
import json
import os
import tarfile
import zipfile

import boto3
import pytest
from moto import mock_aws

from adapters.aws.job_host.host import JobFailed, JobHost
from adapters.aws.job_host.request import JobRequest
from adapters.aws.objects import Objects
from tessera.errors import InvalidInput, Refused, Retryable, TooLarge

PROGRAM = """
import json, os, pathlib, sys, marker
from tessera import errors
root = pathlib.Path(os.environ["ML_ROOT"])
what, *rest = sys.argv[1:]
if what == "score":
    (text,) = (file.read_text() for file in (root / "processing/input/customers").rglob("*.txt"))
    seen = {"text": text, "marker": marker.VALUE, "rest": rest,
            "cloud": sorted(name for name in os.environ if name.startswith("AWS_")),
            "own": os.environ.get("OWN"), "cwd": os.getcwd()}
    below = root / "processing/output/profiles/as_of=2026-11-30"
    below.mkdir()
    (below / "part-0.json").write_text(json.dumps(seen))
elif what == "train":
    (root / "model/model.json").write_text((root / "input/data/ticket/ticket.json").read_text())
elif what == "kill":
    os.kill(os.getpid(), 9)
elif what == "exit":
    raise SystemExit(3)
elif what == "sleep":
    __import__("time").sleep(60)
elif hasattr(errors, what):
    raise getattr(errors, what)(rest[0])
else:
    raise {"MemoryError": MemoryError, "OSError": OSError, "KeyError": KeyError}[what](*rest)
"""


@pytest.fixture
def data(aws_environment):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("sagemaker_jobs/__init__.py", "")
        archive.writestr("sagemaker_jobs/__main__.py", PROGRAM)
        archive.writestr("glue_jobs/__init__.py", "")
        archive.writestr("glue_jobs/__main__.py", PROGRAM)
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="data")
        made = Objects("data")
        made.write("app.zip", buffer.getvalue())
        made.write("run/customers/deep/a.txt", b"rows")
        made.write("run/ticket.json", b'{"tenant": "acme"}')
        yield made


@pytest.fixture
def host(tmp_path):
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    (libraries / "marker.py").write_text("VALUE = 'a library'\n")
    folder = tmp_path / "job"
    folder.mkdir()
    return JobHost(libraries=libraries, folder=folder, environment=dict(os.environ))


def job(*arguments, **more):
    known = {"module": "sagemaker_jobs", "code": "s3://data/app.zip", "arguments": arguments}
    return JobRequest(**known | more)


def test_inputs_arguments_environment_and_outputs_are_the_services(data, host):
    asked = job(
        "score",
        "--tenant",
        "acme",
        environment={"OWN": "1"},
        inputs={"processing/input/customers": "s3://data/run/customers/"},
        outputs={"processing/output/profiles": "s3://data/profiles/"},
    )
    host.run(asked, timeout_seconds=60)
    seen = data.read_json("profiles/as_of=2026-11-30/part-0.json")
    assert seen["cloud"]
    assert {name: seen[name] for name in ("text", "marker", "rest", "own", "cwd")} == {
        "text": "rows", "marker": "a library", "rest": ["--tenant", "acme"], "own": "1",
        "cwd": str(host.folder),
    }  # fmt: skip


def test_an_isolated_job_has_no_credentials(data, host):
    asked = job(
        "score",
        inputs={"processing/input/customers": "s3://data/run/customers/"},
        outputs={"processing/output/profiles": "s3://data/profiles"},
        isolated=True,
    )
    host.run(asked, timeout_seconds=60)
    assert data.read_json("profiles/as_of=2026-11-30/part-0.json")["cloud"] == []


def test_a_model_is_packed_as_training_packs_it(data, host):
    asked = job(
        "train",
        inputs={"input/data/ticket": "s3://data/run/ticket.json"},
        model="s3://data/run/model/job/output/model.tar.gz",
    )
    host.run(asked, timeout_seconds=60)
    archive = io.BytesIO(data.read("run/model/job/output/model.tar.gz"))
    with tarfile.open(fileobj=archive) as tar:
        assert tar.getnames() == ["model.json"]


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        (("InvalidInput", "row 3 has no date"), InvalidInput, "^row 3 has no date$"),
        (("Refused", "no"), Refused, "^no$"),
        (("Retryable", "busy"), Retryable, "^busy$"),
        (("kill",), TooLarge, "signal 9"),
        (("MemoryError",), TooLarge, "MemoryError"),
        (("OSError", "No space left on device"), TooLarge, "disk"),
        (("exit",), JobFailed, "exit code: 3"),
    ],
)
def test_an_error_is_the_programs_own_or_says_that_the_job_is_too_large(
    data, host, arguments, error, text
):
    with pytest.raises(error, match=text):
        host.run(job(*arguments, module="glue_jobs"), timeout_seconds=60)


def test_another_error_is_reported_as_a_container_does(data, host):
    with pytest.raises(JobFailed) as caught:
        host.run(job("KeyError", "x"), timeout_seconds=60)
    reason = json.loads(str(caught.value))
    assert reason["error"] == "KeyError"
    assert "place" in reason


def test_what_takes_too_long_is_too_large(data, host):
    with pytest.raises(TooLarge, match="1 s"):
        host.run(job("sleep"), timeout_seconds=1)


def test_a_missing_input_is_named(data, host):
    asked = job("train", inputs={"input/data/ticket": "s3://data/run/nothing.json"})
    with pytest.raises(InvalidInput, match=r"s3://data/run/nothing\.json"):
        host.run(asked, timeout_seconds=60)

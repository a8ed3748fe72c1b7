"""The account in which the battery's machines run."""

from __future__ import annotations

import io
import zipfile

from local.aws.server import EmbeddedAws
from tests.local.battery import BUCKET, COPY, ROLE, create, machine

HANDLER = """
import os, time
calls = 0
class Known(Exception):
    pass
class TooLarge(Exception):
    pass
def handler(event, context):
    global calls
    calls += 1
    if event.get("raise"):
        raise {"TooLarge": TooLarge}.get(event["raise"], Known)("as requested")
    if event.get("flaky") and calls % 3:
        raise Known("not yet")
    if event.get("exit"):
        os._exit(7)
    time.sleep(event.get("sleep", 0))
    print("handled")
    return {"seconds": 1, "echo": event, "left_ms": context.get_remaining_time_in_millis()}
"""

JOB = """
import json, os, pathlib, sys, time
root = pathlib.Path(os.environ["ML_ROOT"])
what = sys.argv[1]
if what == "sleep":
    time.sleep(30)
if what == "fail":
    (root / "output").mkdir(exist_ok=True)
    (root / "output/message").write_text("the message")
    (root / "output/failure").write_text("the failure")
    sys.exit(3)
reaches_aws = "AWS_ENDPOINT_URL" in os.environ
data = next((root / sys.argv[2]).glob("*.txt")).read_text()
out = root / sys.argv[3]
out.mkdir(parents=True, exist_ok=True)
result = {"data": data, "online": reaches_aws, "x": os.environ["X"]}
(out / "out.json").write_text(json.dumps(result))
"""

GLUE = """
import sys
from awsglue.utils import getResolvedOptions
import extra
args = getResolvedOptions(sys.argv, ["JOB_NAME", "what"])
if args["what"] == "fail":
    raise RuntimeError("glue refused")
assert extra.VALUE == 42
"""


def furnish(aws: EmbeddedAws) -> None:
    """Make what the machines call: a function, jobs' scripts, a topic, a queue, a table."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("extra.py", "VALUE = 42")
    objects = {
        "code/job.py": JOB.encode(), "in/a.txt": b"hello", "glue/script.py": GLUE.encode(),
        "glue/extra.zip": archive.getvalue(),
    }  # fmt: skip
    for key, body in objects.items():
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", HANDLER)
    aws.client("iam").create_role(RoleName="battery", AssumeRolePolicyDocument="{}")
    aws.client("lambda").create_function(
        FunctionName="battery", Runtime="python3.13", Role=ROLE, Handler="index.handler",
        Code={"ZipFile": archive.getvalue()}, Timeout=3,
    )  # fmt: skip
    aws.client("glue").create_job(
        Name="battery", Role=ROLE, GlueVersion="6.0", ExecutionProperty={"MaxConcurrentRuns": 9},
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{BUCKET}/glue/script.py"},
        DefaultArguments={"--extra-py-files": f"s3://{BUCKET}/glue/extra.zip"},
    )  # fmt: skip
    aws.client("sns").create_topic(Name="battery")
    aws.client("sqs").create_queue(QueueName="battery")
    aws.client("dynamodb").create_table(
        TableName="battery", BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )  # fmt: skip
    create(aws, "child", machine(A=COPY))

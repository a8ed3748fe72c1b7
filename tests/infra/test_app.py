"""The app as the CDK's CLI runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys


def test_a_wrong_stage_is_explained_in_one_line(root, tmp_path):
    ran = subprocess.run(
        [sys.executable, str(root / "app.py")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps({"stage": "prod"})},
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("cdk.json: setting 'alarms.email' is empty")
    assert ran.stderr.count("\n") == 1
    assert "make configure STAGE=prod" in ran.stderr


def test_an_app_loads_neither_the_checks_nor_the_stacks_that_its_stage_lacks(root):
    seen = "import sys, infra.app; print(*sys.modules, sep='\\n')"
    ran = subprocess.run(
        [sys.executable, "-c", seen], capture_output=True, text=True, check=True, cwd=root
    )
    loaded = set(ran.stdout.split())
    assert {"aws_cdk.aws_lambda", "infra.pipeline.stack"} <= loaded
    assert not {"cdk_nag", "aws_cdk.aws_cloudfront", "aws_cdk.aws_rds"} & loaded
    capabilities = {place.parent.name for place in (root / "infra").glob("*/stack.py")}
    made = {name for name in capabilities if f"infra.{name}.stack" in loaded}
    assert made == {"data", "pipeline"}

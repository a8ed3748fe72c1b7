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

"""A run that failed, in words that fit the user's own files and disk."""

from __future__ import annotations

import json
from pathlib import Path

from local.commands.run.failure import failure_of, own_names
from local.commands.run.request import RunOptions

KEY = "uploads/orders.csv"


class Failed:
    """An app whose run has failed."""

    data_bucket = "data"

    def __init__(self, message, history):
        self._record = {
            "state": "Prepare", "message": message, "what_to_do": f"Look at s3://data/{KEY}.",
            "history": history,
        }  # fmt: skip

    def error_of(self, _execution):
        return self._record


def failed(message, tmp_path, *, history=""):
    request = RunOptions(source=Path("mine/orders.csv"), out=tmp_path / "out")
    error = failure_of(Failed(message, history), "arn", request, names=own_names(request, KEY))
    return error, json.loads((tmp_path / "out" / "error.json").read_text())


def test_a_failure_names_the_users_file(tmp_path):
    error, record = failed(f"s3://data/{KEY} has no rows", tmp_path)
    assert str(error) == (
        "Prepare: mine/orders.csv has no rows\n  What to do: Look at mine/orders.csv."
    )
    assert record["message"] == "mine/orders.csv has no rows"


def test_a_failure_says_what_became_of_the_upload(tmp_path):
    error, _ = failed("it broke", tmp_path, history="The upload was not kept.")
    assert str(error).splitlines()[-1] == "  The upload was not kept."


def test_a_full_disk_is_called_so_with_what_to_free(tmp_path):
    error, record = failed("OSError: [Errno 28] No space left on device: '/x/spill'", tmp_path)
    assert str(error).startswith("Prepare: the disk is full\n  What to do: Free some space")
    assert "Errno" not in record["message"]
    assert "TMPDIR" in record["what_to_do"]

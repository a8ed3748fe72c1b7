"""Errors in words: what it is about, what to do, no exception's name."""

from __future__ import annotations

import errno
import os

import pytest

from local.commands.failures import sentence
from tessera.errors import InvalidInput


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (InvalidInput("orders.csv is empty"), "orders.csv is empty"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/x"), "out/x: the disk is full"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), "a.csv: no permission"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "logs"), "logs: Is a directory"),
        (KeyError("customers"), "Tessera itself failed: 'customers'"),
        (AssertionError(), "it gives no reason"),
    ],
)
def test_an_error_is_one_line_without_the_exceptions_name(error, words):
    text = sentence(error)
    assert words in text
    assert type(error).__name__ not in text
    assert len(text.splitlines()) == 1

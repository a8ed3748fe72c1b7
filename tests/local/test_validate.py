"""What a check of a file says, and what it refuses before reading one."""

from __future__ import annotations

import io

import pytest

from local.console import Console
from local.validate import validate
from tessera.errors import InvalidInput


def test_it_says_the_decimal_mark_and_the_currency(tmp_path):
    file, settings = tmp_path / "a.csv", tmp_path / "settings.toml"
    file.write_text("customer_id;date;amount;currency\na;2024-01-01;2,50;EUR\n")
    settings.write_text("clusters = 3\n", encoding="utf-8-sig")
    out = io.StringIO()
    assert validate(file, settings=settings, console=Console(out))
    assert "decimal comma, EUR" in out.getvalue()


@pytest.mark.parametrize(
    ("settings", "says"),
    [('preset = "nope"', "nope"), ('destinations = ["nowhere"]', "nowhere"), ("", "no rows")],
)
def test_it_refuses_what_a_run_refuses(tmp_path, settings, says):
    file, path = tmp_path / "a.csv", tmp_path / "settings.toml"
    file.write_text("customer_id,date,amount\n")
    path.write_text(settings)
    with pytest.raises(InvalidInput, match=says):
        validate(file, settings=path, console=Console(io.StringIO()))

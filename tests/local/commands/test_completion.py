"""The scripts that shells complete the command line with."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from local.commands.arguments.tree import parser
from local.commands.completion import script


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_knows_commands_options_and_destinations(shell):
    text = script(shell, top=parser())
    for word in ("validate", "migrate-pinpoint", "destinations", "klaviyo"):
        assert word in text


def test_bash_completes_a_command_an_option_and_a_value():
    bash = shutil.which("bash")
    assert bash, "bash is what the Makefile runs in"
    asked = "; ".join(
        f"COMP_WORDS=({words}); COMP_CWORD={words.count(' ')}; _shtab_tessera; "
        'echo "${COMPREPLY[@]}"'
        for words in ("tessera ex", "tessera run --des", "tessera show kl")
    )
    done = subprocess.run(
        [bash, "--norc", "-c", f"{script('bash', top=parser())}\n{asked}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["explain", "--destinations", "klaviyo"]

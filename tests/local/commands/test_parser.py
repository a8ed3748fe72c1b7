"""A mistake on the command line is answered in one line, with what was probably meant."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

from local.app import cdk_file
from local.commands.arguments.tree import parser


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rn", "a.csv"], "unknown command 'rn': did you mean run?"),
        (["xyz"], "unknown command 'xyz' (try `tessera --help`)"),
        (["run", "a.csv", "--destination", "klaviyo"], "did you mean --destinations?"),
        (["run", "a.csv", "--as", "2026-01-01"], "did you mean --as-of?"),
        (["run", "a.csv", "--sttings=my.toml"], "unknown option '--sttings=my.toml'"),
        (["run", "a.csv", "--sttings=my.toml"], "did you mean --settings?"),
        (["run", "a.csv", "b.csv"], "unknown argument 'b.csv'"),
        (["run", "a.csv", "--engine", "duckbd"], "none of duckdb, spark: did you mean duckdb?"),
        (["run", "a.csv", "--destinations", "export,klavyo"], "did you mean klaviyo?"),
        (["run", "a.csv", "--destinations", "nowhere"], "there are braze, customer_profiles"),
        (["run", "a.csv", "--mapping", "shopfy"], "no mapping 'shopfy': did you mean shopify?"),
        (["validate", "a.csv", "--mapping", "xyz"], "no mapping 'xyz': there are amazon, "),
        (["synth", "--stage", "prd"], "cdk.json has no stage 'prd': did you mean prod?"),
        (["canary", "--stage", "live"], "cdk.json has no stage 'live': there are dev, prod"),
        (["run", "a.csv", "--as-of", "31/12/2025"], "YYYY-MM-DD, so 2025-12-31"),
        (["run", "a.csv", "--as-of", "12.31.2025"], "YYYY-MM-DD, so 2025-12-31"),
        (["run", "a.csv", "--as-of", "03/04/2025"], "YYYY-MM-DD, such as 2025-12-31"),
        (["run", "a.csv", "--as-of", "yesterday"], "'yesterday' is not a day"),
        (["completion", "ksh"], "none of bash, zsh, fish"),
    ],
)
def test_a_mistake_is_answered_in_one_line(capsys, arguments, words):
    assert words in refused(capsys, *arguments)


@pytest.mark.parametrize("mapping", ["shopify", "woocommerce", "paypal", "none"])
def test_an_export_is_called_by_its_name_or_by_its_shop(mapping):
    assert parser().parse_args(["run", "a.csv", "--mapping", mapping]).mapping == mapping


def test_a_new_stage_can_be_configured():
    assert parser().parse_args(["configure", "--stage", "new"]).stage == "new"


def test_a_stage_is_one_of_the_checkouts_in_whatever_folder(tmp_path, monkeypatch, capsys):
    (tmp_path / "cdk.json").write_text('{"context": {"tessera": {"stages": {"new": {}}}}}')
    monkeypatch.chdir(tmp_path)
    assert "no stage 'new'" in refused(capsys, "synth", "--stage", "new")
    assert parser().parse_args(["synth", "--stage", "prod"]).stage == "prod"


def test_a_damaged_cdk_json_is_answered_in_one_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "cdk.json").write_text("{")
    monkeypatch.setattr(cdk_file, "CDK_FILE", tmp_path / "cdk.json")
    assert "not JSON" in refused(capsys, "drift", "--stage", "prod")


def test_the_help_of_every_command_has_an_example_of_it():
    for name, command in parser().commands():
        assert command.examples, name
        for line, _ in command.examples:
            assert line.split()[0] == name
            assert f"tessera {line}" in command.format_help()


def test_every_example_is_a_valid_command_line():
    top = parser()
    for _, command in top.commands():
        for line, _ in command.examples:
            if ">" not in line:
                assert top.parse_args(shlex.split(line)).command


def test_the_help_needs_no_library_but_pythons_own(root):
    code = (
        "import sys; from local.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'boto3', 'duckdb', 'moto', 'numpy', 'pyarrow', 'shtab'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

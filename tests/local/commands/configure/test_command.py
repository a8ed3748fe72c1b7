"""Setting up a stage: answers are checked as the synth checks them, and the file stays whole."""

import json
import stat

import pytest

from infra.settings import StageSettings
from local.app import cdk_file
from local.commands.configure.command import configure
from tessera.errors import InvalidInput

DOCUMENT = {
    "app": "python app.py",
    "context": {
        "stage": "dev",
        "tessera": {
            "defaults": {"region": "us-east-1"},
            "stages": {"dev": {"retain": False, "alarms": {"long_run_hours": 9}}, "prod": {}},
        },
        "@aws-cdk/core:flag": True,
    },
}


class Person:
    """Answers questions in order, and keeps what was shown."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.seen = []

    def ask(self, prompt):
        self.seen.append(prompt)
        return self.answers.pop(0)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cdk.json"
    path.write_text(json.dumps(DOCUMENT, indent=2) + "\n", encoding="utf-8")
    return path


def stages(file):
    return json.loads(file.read_text())["context"]["tessera"]["stages"]


def ask(file, *answers):
    person = Person(*answers)
    configure(file, stage=None, answers={}, ask=person.ask, say=person.seen.append)
    assert not person.answers
    return person.seen


def flags(file, *, stage="dev", **answers):
    printed = []
    named = {name.replace("_", "-"): value for name, value in answers.items()}
    configure(file, stage=stage, answers=named, ask=None, say=printed.append)
    return printed


def test_answers_become_settings_of_the_stage_and_all_else_stays(file):
    ask(file, "dev", "eu-central-1", "export,klaviyo", "ops@example.com", "90")
    assert stages(file) == {
        "dev": {
            "retain": False,
            "alarms": {"long_run_hours": 9, "email": "ops@example.com"},
            "region": "eu-central-1",
            "destinations": ["export", "klaviyo"],
            "log_retention_days": 90,
        },
        "prod": {},
    }
    after = json.loads(file.read_text())
    after["context"]["tessera"] = DOCUMENT["context"]["tessera"]
    assert list(after["context"]) == list(DOCUMENT["context"])
    assert after == DOCUMENT


def test_what_is_written_can_be_synthesized(file):
    ask(file, "test", "eu-west-2", "export", "ops@example.com", "30")
    tree = json.loads(file.read_text())["context"]["tessera"]
    settings = StageSettings.parse("test", tree)
    assert (settings.region, settings.alarms.email) == ("eu-west-2", "ops@example.com")


def test_enter_keeps_what_is_there_and_writes_nothing(file):
    before = file.stat()
    seen = ask(file, "", "", "", "", "")
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert "already" in seen[-1]


def test_a_wrong_answer_is_explained_and_asked_again(file):
    seen = ask(file, "", "mars-1", "", "carrierpigeon", "", "nowhere", "", "45", "90")
    text = "\n".join(seen)
    assert "setting 'region'" in text
    assert "carrierpigeon" in text
    assert "alarms.email" in text
    assert "log_retention_days" in text
    assert stages(file)["dev"]["log_retention_days"] == 90


def test_a_region_without_customer_profiles_can_be_had_with_other_destinations(file):
    seen = ask(file, "dev", "eu-west-1", "", "", "")
    assert stages(file)["dev"]["destinations"] == ["export"]
    assert any("Destinations" in line and line.endswith("[export]: ") for line in seen)


def test_a_stage_that_retains_is_asked_until_it_has_an_address_for_alarms(file):
    seen = ask(file, "prod", "", "export", "none", "ops@example.com", "")
    assert any("retains its data" in line for line in seen)
    assert stages(file)["prod"]["alarms"] == {"email": "ops@example.com"}


def test_flags_without_that_address_are_refused_with_the_flag_to_add(file):
    before = file.read_bytes()
    with pytest.raises(InvalidInput, match=r"STAGE=prod ALARM_EMAIL=<address>"):
        flags(file, stage="prod", log_days="90")
    assert file.read_bytes() == before
    flags(file, stage="prod", log_days="90", alarm_email="ops@example.com")
    assert stages(file)["prod"]["log_retention_days"] == 90


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"region": "mars-1"}, "setting 'region'"),
        ({"destinations": "export,fax"}, "fax"),
        ({"region": "eu-west-1"}, "no Customer Profiles"),
        ({"alarm_email": "nobody"}, r"alarms\.email"),
        ({"log_days": "ninety"}, "not a number of days"),
        ({"log_days": "8"}, "log_retention_days"),
        ({"log_days": "30", "stage": "Not A Stage"}, "setting 'stage'"),
        ({}, "no terminal"),
    ],
)
def test_a_wrong_flag_is_refused_and_the_file_is_untouched(file, answers, words):
    before = file.read_bytes()
    with pytest.raises(InvalidInput, match=words):
        flags(file, **answers)
    assert file.read_bytes() == before


def test_flags_need_no_terminal_and_change_nothing_else(file):
    flags(file, stage="prod", alarm_email="ops@example.com")
    assert stages(file)["prod"] == {"alarms": {"email": "ops@example.com"}}
    assert stages(file)["dev"] == DOCUMENT["context"]["tessera"]["stages"]["dev"]


def test_a_write_that_fails_leaves_the_old_file(file, monkeypatch):
    before = file.read_bytes()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cdk_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        flags(file, log_days="90")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_the_mode_stays_and_a_link_stays_a_link(file, tmp_path):
    file.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(file)
    flags(link, log_days="90")
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert stages(file)["dev"]["log_retention_days"] == 90


@pytest.mark.parametrize(
    ("text", "words"), [("{", "not JSON"), ("{}", "no stages"), ("[]", "no stages")]
)
def test_a_file_that_is_no_cdk_json_is_refused(file, text, words):
    file.write_text(text)
    with pytest.raises(InvalidInput, match=words):
        flags(file, log_days="90")
    assert file.read_text() == text


def test_the_repositorys_own_file_is_written_as_it_stands(root, tmp_path):
    """Key order and indentation stay, so that a change of one setting is a diff of one line."""
    copy = tmp_path / "cdk.json"
    copy.write_bytes((root / "cdk.json").read_bytes())
    flags(copy, stage="dev", log_days="14")
    old, new = (path.read_text().splitlines() for path in (root / "cdk.json", copy))
    assert [line for line in new if line not in old] == ['          "log_retention_days": 14']

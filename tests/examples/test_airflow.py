"""The Airflow example, with fakes in Airflow's place: it need not be installed here."""

from __future__ import annotations

import datetime as dt
import runpy
import sys
from types import ModuleType

import pytest

from lambdas.check_upload import request

# The arguments that apache-airflow-providers-amazon 8 and 9 and Airflow 2 and 3 have in common.
BASE = {"task_id", "retries", "retry_delay", "execution_timeout", "do_xcom_push"}
START = BASE | {
    "state_machine_arn", "name", "state_machine_input", "aws_conn_id", "region_name",
    "waiter_max_attempts", "waiter_delay", "deferrable",
}  # fmt: skip
WAIT = BASE | {"execution_arn", "aws_conn_id", "region_name", "mode", "poke_interval", "timeout"}
DAG = {
    "dag_id", "schedule", "start_date", "catchup", "max_active_runs", "default_args", "tags",
    "description",
}  # fmt: skip
TEMPLATED = {"state_machine_arn", "name", "state_machine_input", "execution_arn"}
MOMENT = dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)


class Recorder:
    """Stands for one class of Airflow's: keeps its arguments."""

    known: set[str]
    made: list[Recorder]

    def __init__(self, **arguments):
        unknown = set(arguments) - self.known
        assert not unknown, f"{type(self).__name__} has no argument {unknown}"
        self.arguments = arguments
        self.output = f"output of {arguments.get('task_id')}"
        self.made.append(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


@pytest.fixture
def made(root, monkeypatch):
    """The DAG, the operator and the sensor that the file makes, by their classes' names."""
    recorders: list[Recorder] = []
    amazon = "airflow.providers.amazon.aws"
    classes = {
        "airflow": ("DAG", DAG),
        f"{amazon}.operators.step_function": ("StepFunctionStartExecutionOperator", START),
        f"{amazon}.sensors.step_function": ("StepFunctionExecutionSensor", WAIT),
    }
    for module, (name, known) in classes.items():
        fake = ModuleType(module)
        setattr(fake, name, type(name, (Recorder,), {"known": known, "made": recorders}))
        monkeypatch.setitem(sys.modules, module, fake)
    for parent in ("airflow.providers", "airflow.providers.amazon", amazon, f"{amazon}.operators"):
        monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
    monkeypatch.setitem(sys.modules, f"{amazon}.sensors", ModuleType(f"{amazon}.sensors"))
    runpy.run_path(str(root / "examples" / "airflow" / "tessera_dag.py"))
    return {type(each).__name__: each.arguments for each in recorders}


def rendered(value):
    """Fill in what Airflow would."""
    if isinstance(value, dict):
        return {name: rendered(each) for name, each in value.items()}
    return (
        value.replace("{{ data_interval_end.isoformat() }}", MOMENT.isoformat())
        .replace("{{ data_interval_end.strftime('%Y%m%dT%H%M%S') }}", "20260301T050000")
        .replace("{{ var.value.tessera_state_machine_arn }}", "arn:machine")
    )


def test_the_dag_starts_one_run_at_a_time_and_makes_up_for_none(made):
    dag = made["DAG"]
    assert dag["catchup"] is False
    assert dag["max_active_runs"] == 1
    assert dag["start_date"].tzinfo is not None


def test_the_machine_understands_its_input(made):
    asked = rendered(made["StepFunctionStartExecutionOperator"]["state_machine_input"])
    parsed = request.parse({**asked, "execution_arn": "arn:execution"})
    assert (parsed.trigger, parsed.tenant) == ("schedule", "default")
    assert dt.datetime.fromisoformat(parsed.time) == MOMENT


def test_the_executions_name_is_one_that_step_functions_takes(made):
    name = rendered(made["StepFunctionStartExecutionOperator"]["name"])
    assert len(name) <= 80
    assert name.replace("-", "").isalnum()


def test_only_templated_fields_have_templates(made):
    for arguments in made.values():
        for name, value in arguments.items():
            assert "{{" not in str(value) or name in TEMPLATED


def test_the_sensor_waits_for_that_execution_without_a_worker_slot(made):
    sensor = made["StepFunctionExecutionSensor"]
    assert sensor["execution_arn"] == "output of start"
    assert sensor["mode"] == "reschedule"
    assert sensor["timeout"] >= 24 * 3600

"""Run Tessera once a day from Airflow or Amazon MWAA, and wait for the run.

Put this file into the DAG folder, and set the Airflow variable `tessera_state_machine_arn` to the
output `StateMachineArn` of the pipeline stack. docs/airflow.md has the permissions.
"""

from __future__ import annotations

import datetime as dt

from airflow import DAG
from airflow.providers.amazon.aws.operators.step_function import StepFunctionStartExecutionOperator
from airflow.providers.amazon.aws.sensors.step_function import StepFunctionExecutionSensor

TENANT = "default"
AWS_CONNECTION = "aws_default"
LONGEST_RUN = dt.timedelta(hours=24)

with DAG(
    dag_id=f"tessera_{TENANT}",
    schedule="0 5 * * *",
    start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    tags=["tessera"],
) as dag:
    start = StepFunctionStartExecutionOperator(
        task_id="start",
        state_machine_arn="{{ var.value.tessera_state_machine_arn }}",
        # A second try of this task finds the execution of the first one by its name.
        name=f"airflow-{TENANT}-" + "{{ data_interval_end.strftime('%Y%m%dT%H%M%S') }}",
        state_machine_input={
            "trigger": "schedule",
            "tenant": TENANT,
            "time": "{{ data_interval_end.isoformat() }}",
        },
        aws_conn_id=AWS_CONNECTION,
        retries=2,
    )
    # Between two looks the task holds no worker slot.
    wait = StepFunctionExecutionSensor(
        task_id="wait",
        execution_arn=start.output,
        aws_conn_id=AWS_CONNECTION,
        mode="reschedule",
        poke_interval=60,
        timeout=LONGEST_RUN.total_seconds(),
    )

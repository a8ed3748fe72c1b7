"""The runs table: one item per run, so that the same work is done once.

One more item per tenant is its turn. A tenant's runs go one after another, because each of them
reads and replaces the tenant's history and what its destinations acknowledged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated
from adapters.stores.dynamo_table import ConditionFailed, DynamoTable
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.runs.run_item import RunItem, WaitingRun

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_stepfunctions import SFNClient

RUNNING, SUCCEEDED, FAILED = "RUNNING", "SUCCEEDED", "FAILED"
TOKEN = "approval_token"  # noqa: S105 (a column; `get` omits its content)
TURN = "turn"  # the run_id of a tenant's turn. No run has it: theirs are 16 hex digits
_ABSENT = {"ExecutionDoesNotExist", "InvalidArn"}
_NO_MACHINE = "the state machine no longer exists: deploy the stage again"


class Runs(DynamoTable):
    """The runs table: each run is claimed once, then finished or failed.

    Every write is conditional. Of two executions with the same work one continues and the other
    learns that it is a duplicate, whatever their timing.

    Parameters
    ----------
    table
        The table's name. Its key is ``tenant`` and ``run_id``.
    dynamodb, states
        Clients. By default for the environment's credentials and region.
    """

    def __init__(
        self,
        table: str,
        *,
        dynamodb: DynamoDBClient | None = None,
        states: SFNClient | None = None,
    ) -> None:
        super().__init__(table, dynamodb=dynamodb)
        self._states = states

    def claim(
        self, tenant: str, run_id: str, *, execution_arn: str, started_at: str, upload: str = ""
    ) -> bool:
        """Claim a run for this execution. Return whether it has the run.

        Returns
        -------
        bool
            True if the run is unclaimed, if this execution has it already (a retry), if it failed
            before, or if its execution ended without recording so. False if it succeeded or if
            another execution is running it.
        """
        mine = {"execution_arn": execution_arn, "started_at": started_at, "upload": upload}
        if self._take(tenant, run_id, mine, holder=execution_arn):
            return True
        run = self.get(tenant, run_id)
        if run is None or run.status != RUNNING or self.is_running(run.execution_arn):
            return False
        return self._take(tenant, run_id, mine, holder=run.execution_arn)

    def take_turn(self, tenant: str, *, execution_arn: str, started_at: str) -> bool:
        """Take the tenant's turn. Return False while another running execution has it."""
        return self.claim(tenant, TURN, execution_arn=execution_arn, started_at=started_at)

    def give_turn(self, tenant: str, *, execution_arn: str) -> None:
        """End this execution's turn, and keep another execution's turn."""
        with contextlib.suppress(ConditionFailed), self._translated():
            self._dynamodb.delete_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}, "run_id": {"S": TURN}},
                ConditionExpression="execution_arn = :mine",
                ExpressionAttributeValues={":mine": {"S": execution_arn}},
            )

    def turn_holder(self, tenant: str) -> str:
        """Return the execution that has the tenant's turn, empty if none has it and still runs."""
        holder = self._item(tenant, TURN).get("execution_arn", "")
        return holder if holder and self.is_running(holder) else ""

    def note_queued(self, tenant: str, run_id: str, *, execution_arn: str, why: str) -> None:
        """Record why this execution's run waits for its turn. Claiming the run forgets it."""
        with contextlib.suppress(ConditionFailed):
            self._update(
                tenant,
                run_id,
                {"queued": why},
                condition="execution_arn = :mine",
                mine=execution_arn,
            )

    def _take(self, tenant: str, run_id: str, mine: dict[str, str], *, holder: str) -> bool:
        item = {"tenant": tenant, "run_id": run_id, "status": RUNNING, **mine}
        values = {":failed": FAILED, ":running": RUNNING, ":holder": holder}
        try:
            with self._translated():
                self._dynamodb.put_item(
                    TableName=self.table,
                    Item={name: {"S": value} for name, value in item.items()},
                    ConditionExpression=(
                        "attribute_not_exists(run_id) OR #status = :failed "
                        "OR (#status = :running AND execution_arn = :holder)"
                    ),
                    ExpressionAttributeNames={"#status": "status"},
                    ExpressionAttributeValues={k: {"S": v} for k, v in values.items()},
                )
        except ConditionFailed:
            return False
        return True

    def finish(self, tenant: str, run_id: str, *, finished_at: str) -> None:
        """Record that a claimed run succeeded. Repeating it changes nothing."""
        try:
            self._update(
                tenant,
                run_id,
                {"status": SUCCEEDED, "finished_at": finished_at},
                remove=TOKEN,
                condition="attribute_exists(run_id)",
            )
        except ConditionFailed as error:
            raise InvalidInput(
                f"run {run_id!r} of tenant {tenant!r} was never claimed: start it by an upload"
            ) from error

    def fail(
        self, tenant: str, run_id: str, *, execution_arn: str, failed_at: str, error: str
    ) -> bool:
        """Record that this execution's run failed.

        Returns
        -------
        bool
            False if the run belongs to another execution or has succeeded. It stays unchanged.
        """
        changes = {
            "status": FAILED,
            "finished_at": failed_at,
            "error": error,
            "execution_arn": execution_arn,
        }
        condition = (
            "attribute_not_exists(run_id) OR "
            "(execution_arn = :execution_arn AND #status <> :succeeded)"
        )
        try:
            self._update(
                tenant, run_id, changes, remove=TOKEN, condition=condition, succeeded=SUCCEEDED
            )
        except ConditionFailed:
            return False
        return True

    def wait(self, run: WaitingRun, *, execution_arn: str, token: str) -> None:
        """Record that this execution's run waits for a decision, and the token that ends it.

        Raises
        ------
        InvalidInput
            The run is another execution's.
        """
        waits = {
            TOKEN: token,
            "waits_for": run.reason,
            "waits_until": run.until,
            "expected_cost": run.expected_cost,
        }
        try:
            self._update(
                run.tenant,
                run.run_id,
                waits,
                condition="execution_arn = :mine",
                mine=execution_arn,
            )
        except ConditionFailed as error:
            raise InvalidInput(
                f"run {run.run_id!r} of tenant {run.tenant!r} is not this execution's: start it "
                "by an upload"
            ) from error

    def token(self, tenant: str, run_id: str) -> str:
        """Return the token of a run that waits, or an empty text."""
        return self._item(tenant, run_id).get(TOKEN, "")

    def decide(
        self,
        tenant: str,
        run_id: str,
        *,
        execution_arn: str,
        decision: str,
        by: str,
        decided_at: str,
    ) -> None:
        """Record a decision and remove the token. Keep another execution's run unchanged."""
        changes = {"decision": decision, "decided_by": by, "decided_at": decided_at}
        with contextlib.suppress(ConditionFailed):
            self._update(
                tenant,
                run_id,
                changes,
                remove=TOKEN,
                condition="execution_arn = :mine",
                mine=execution_arn,
            )

    def _update(
        self,
        tenant: str,
        run_id: str,
        changes: dict[str, str],
        *,
        condition: str,
        remove: str = "",
        **also: str,
    ) -> None:
        names = {f"#{name}": name for name in changes}
        removal = f" REMOVE {remove}" if remove else ""
        with self._translated():
            self._dynamodb.update_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}, "run_id": {"S": run_id}},
                UpdateExpression="SET "
                + ", ".join(f"#{name} = :{name}" for name in changes)
                + removal,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues={
                    f":{name}": {"S": value} for name, value in (changes | also).items()
                },
            )

    def get(self, tenant: str, run_id: str) -> RunItem | None:
        """Return a run's item without its token, or None if there is no such run."""
        item = self._item(tenant, run_id)
        if not item:
            return None
        return decode(RunItem, item, document=f"{self.table}: run {run_id}", tolerant=True)

    def of_tenant(self, tenant: str) -> list[RunItem]:
        """Return every run of a tenant, without tokens."""
        with self._translated():
            pages = self._dynamodb.get_paginator("query").paginate(
                TableName=self.table,
                KeyConditionExpression="tenant = :tenant",
                ExpressionAttributeValues={":tenant": {"S": tenant}},
            )
            items = [_texts(item) for page in pages for item in page["Items"]]
        return [
            decode(RunItem, item, document=f"{self.table}: run {item['run_id']}", tolerant=True)
            for item in items
            if item["run_id"] != TURN
        ]

    def waiting(self) -> list[WaitingRun]:
        """Return the runs that wait for an approval, sorted by tenant and run, without tokens."""
        with self._translated():
            pages = self._dynamodb.get_paginator("scan").paginate(
                TableName=self.table,
                FilterExpression=f"attribute_exists({TOKEN})",
                ProjectionExpression="tenant, run_id, waits_for, waits_until, expected_cost",
                ConsistentRead=True,
            )
            items = [_texts(item) for page in pages for item in page["Items"]]
        runs = [
            WaitingRun(
                tenant=item["tenant"],
                run_id=item["run_id"],
                reason=item["waits_for"],
                until=item["waits_until"],
                expected_cost=item.get("expected_cost", ""),
            )
            for item in items
        ]
        return sorted(runs, key=lambda run: (run.tenant, run.run_id))

    def _item(self, tenant: str, run_id: str) -> dict[str, str]:
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}, "run_id": {"S": run_id}},
                ConsistentRead=True,
            )
        return _texts(answer.get("Item", {}))

    def is_running(self, execution_arn: str) -> bool:
        """Ask Step Functions whether an execution is still running."""
        states = self._states or clients.step_functions()
        with translated("Step Functions", what=f"execution {execution_arn}", missing=_NO_MACHINE):
            try:
                status = states.describe_execution(executionArn=execution_arn)["status"]
            except ClientError as error:
                if code_of(error) not in _ABSENT:
                    raise
                return False
        return bool(status == RUNNING)

    def _words(self) -> tuple[str, str]:
        missing = f"there is no runs table {self.table!r}: deploy the data stack again"
        return f"the runs table {self.table!r}", missing


def _texts(item: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value.get("S", "")) for name, value in item.items()}

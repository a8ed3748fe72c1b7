"""The runs table: one item a run, so that the same work is done once.

And one item a tenant, its turn: a tenant's runs go one after another, since each of them reads and
replaces that tenant's history and what its destinations have acknowledged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.exceptions import ClientError

from adapters.aws.errors import code_of, translated
from tessera.errors import InvalidInput

RUNNING, SUCCEEDED, FAILED = "RUNNING", "SUCCEEDED", "FAILED"
TOKEN = "approval_token"  # noqa: S105 (a column; what is in it, `get` leaves out)
TURN = "turn"  # no run is called so: theirs are 16 hex digits, or an execution's name
_CONDITION = "ConditionalCheckFailedException"
_ABSENT = {"ExecutionDoesNotExist", "InvalidArn"}
_NO_MACHINE = "the state machine no longer exists: deploy the stage again"


class Runs:
    """Who runs what: claimed once, then finished or failed.

    Every write is conditional, so that of two executions with the same work one goes on and the
    other learns that it is a duplicate, whatever their timing.

    Parameters
    ----------
    table
        The table's name; its key is ``tenant`` and ``run_id``.
    dynamodb, states
        Clients; by default for the environment's credentials and region.
    """

    def __init__(
        self,
        table: str,
        *,
        dynamodb: Any = None,
        states: Any = None,
    ) -> None:
        self.table = table
        self._dynamodb: Any = dynamodb or boto3.client("dynamodb")
        self._states = states

    def claim(
        self, tenant: str, run_id: str, *, execution_arn: str, started_at: str, upload: str = ""
    ) -> bool:
        """Make a run this execution's own, and tell whether it is.

        Returns
        -------
        bool
            True when nobody had it, when this execution has it already (a retry), when it failed
            before, or when its execution has ended without saying so. False when it has succeeded
            or another execution is at it.
        """
        mine = {"execution_arn": execution_arn, "started_at": started_at, "upload": upload}
        if self._take(tenant, run_id, mine, holder=execution_arn):
            return True
        found = self.get(tenant, run_id)
        if found.get("status") != RUNNING or self.is_running(found["execution_arn"]):
            return False
        return self._take(tenant, run_id, mine, holder=found["execution_arn"])

    def take_turn(self, tenant: str, *, execution_arn: str, started_at: str) -> bool:
        """Make it this execution's turn, and tell whether it is.

        Returns
        -------
        bool
            False while another execution of the tenant has it and is under way.
        """
        return self.claim(tenant, TURN, execution_arn=execution_arn, started_at=started_at)

    def give_turn(self, tenant: str, *, execution_arn: str) -> None:
        """End this execution's turn; another's is left alone."""
        with contextlib.suppress(_Taken), self._translated():
            self._dynamodb.delete_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}, "run_id": {"S": TURN}},
                ConditionExpression="execution_arn = :mine",
                ExpressionAttributeValues={":mine": {"S": execution_arn}},
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
        except _Taken:
            return False
        return True

    def finish(self, tenant: str, run_id: str, *, finished_at: str) -> None:
        """Record that a claimed run succeeded; saying so again changes nothing."""
        try:
            self._update(
                tenant,
                run_id,
                {"status": SUCCEEDED, "finished_at": finished_at},
                remove=TOKEN,
                condition="attribute_exists(run_id)",
            )
        except _Taken as error:
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
            False when the run is another execution's by now, or has succeeded: nothing is changed.
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
        except _Taken:
            return False
        return True

    def wait(
        self, tenant: str, run_id: str, *, execution_arn: str, token: str, reason: str, until: str
    ) -> None:
        """Record that this execution's run waits for a decision, and the token that ends it.

        Raises
        ------
        InvalidInput
            The run is another execution's.
        """
        waits = {TOKEN: token, "waits_for": reason, "waits_until": until}
        try:
            self._update(
                tenant, run_id, waits, condition="execution_arn = :mine", mine=execution_arn
            )
        except _Taken as error:
            raise InvalidInput(
                f"run {run_id!r} of tenant {tenant!r} is not this execution's: start it by an "
                "upload"
            ) from error

    def token(self, tenant: str, run_id: str) -> str:
        """Return the token of a run that waits, empty when it doesn't."""
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
        """Record who decided what, and forget the token; another execution's run is left alone."""
        changes = {"decision": decision, "decided_by": by, "decided_at": decided_at}
        with contextlib.suppress(_Taken):
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

    def get(self, tenant: str, run_id: str) -> dict[str, str]:
        """Return a run's item without its token, empty when there is none."""
        found = self._item(tenant, run_id)
        return {name: value for name, value in found.items() if name != TOKEN}

    def _item(self, tenant: str, run_id: str) -> dict[str, str]:
        with self._translated():
            answer = self._dynamodb.get_item(
                TableName=self.table,
                Key={"tenant": {"S": tenant}, "run_id": {"S": run_id}},
                ConsistentRead=True,
            )
        return {name: str(value.get("S", "")) for name, value in answer.get("Item", {}).items()}

    def is_running(self, execution_arn: str) -> bool:
        """Ask Step Functions whether an execution is still under way."""
        states: Any = self._states or boto3.client("stepfunctions")
        with translated("Step Functions", what=f"execution {execution_arn}", missing=_NO_MACHINE):
            try:
                status = states.describe_execution(executionArn=execution_arn)["status"]
            except ClientError as error:
                if code_of(error) not in _ABSENT:
                    raise
                return False
        return bool(status == RUNNING)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        what = f"the runs table {self.table!r}"
        missing = f"there is no runs table {self.table!r}: deploy the data stack again"
        with translated("DynamoDB", what=what, missing=missing):
            try:
                yield
            except ClientError as error:
                if code_of(error) != _CONDITION:
                    raise
                raise _Taken from error


class _Taken(Exception):  # noqa: N818 (a signal inside this module)
    """The condition of a write did not hold."""

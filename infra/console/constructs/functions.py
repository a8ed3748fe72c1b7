"""The API's functions, and exactly what each may touch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aws_cdk import Annotations, ArnFormat, Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.console.constructs.campaign_access import CampaignAccess
from infra.console.constructs.erasure_access import allow_starting
from infra.console.constructs.tenant_role import TenantRole
from infra.console.settings import ConsoleSettings
from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from infra.kit import assets
from infra.kit.document import JsonDocument
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    READ,
    allow,
    allow_items,
    allow_key,
    allow_list,
    allow_objects,
    allow_partitions,
    allow_table_key,
)
from infra.kit.nag import acknowledge
from infra.kit.retention import retention
from infra.kit.states import LIVE
from tessera import naming
from tessera.environments.api import (
    ApiEnvironment,
    AuthorizerEnvironment,
    FindCustomerEnvironment,
)
from tessera.environments.environment import Environment

_REQUESTS = "#REQUESTS"  # of operators, who have no tenant
_KEYS = "KEY#*"  # keys by their id, which is how a request names one. No tenant is in it
_ONE_PROCESSOR_MB = 1769  # of memory: Lambda gives a whole one from here on
_TIMEOUT = Duration.seconds(28)  # the HTTP API waits for 29


class ApiFunctions(Construct):
    """The functions ``api``, ``authorizer`` and ``find_customer``. They share their code alone."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ConsoleSettings,
        foundation: Foundation,
        key: Key,
        table: dynamodb.ITable,
    ) -> None:
        super().__init__(scope, id_)
        self._settings, self._foundation = settings, foundation
        self._key, self._table = key, table
        built = assets.api_code()
        if not built.bytecode:
            version = assets.API_WHEELS.python
            Annotations.of(self).add_info(
                f"The functions get no bytecode, and a new instance takes 1.5 s longer to start: "
                f"this machine has no Python {version}. `uv python install {version}` installs it."
            )
        self._code = lambda_.Code.from_asset(str(built.path), asset_hash=built.digest)

    def authorizer(self, *, issuer: str, client_id: str) -> PythonFunction:
        """Return the function that decides who asks. It reads keys and no data."""
        environment = AuthorizerEnvironment(
            api_table=self._table.table_name, issuer=issuer, client_id=client_id
        )
        function = self.make("Authorizer", "authorizer", environment, memory_mb=512)
        allow(function.role, ["dynamodb:GetItem"], self._table.table_arn)
        allow_key(function.role, self._key)
        return function

    def find_customer(self) -> PythonFunction:
        """Return the function that searches by id or address: it reads the index alone.

        It may list identities, and so knows which of them have no index yet.
        """
        data, identities = self._foundation.bucket, self._foundation.identities
        environment = FindCustomerEnvironment(
            data_bucket=data.bucket_name, identities_bucket=identities.bucket_name
        )
        function = self.make(
            "FindCustomer", "find_customer", environment, memory_mb=_ONE_PROCESSOR_MB
        )
        pending = naming.events_prefix("*") + naming.PENDING_UPLOAD
        allow_objects(function.role, data, READ, pending)
        allow_objects(function.role, identities, READ, f"{naming.search_prefix('*')}*")
        allow_list(function.role, identities, f"{naming.identities_prefix('*')}*")
        allow_key(function.role, self._foundation.data_key, self._foundation.identities_key)
        return function

    def api(
        self,
        *,
        run_defaults: Mapping[str, Any],
        user_pool: tuple[str, str],
        find_customer: PythonFunction,
        write_keys: str,
    ) -> PythonFunction:
        """Return the function that answers.

        Parameters
        ----------
        run_defaults
            The stage's settings of a run.
        user_pool
            The id and the ARN of the pool whose users it lists.
        find_customer
            The function that it calls for a search.
        write_keys
            The table with the keys of pages, by its name. Empty in a stage without.
        """
        defaults = JsonDocument(self, "RunDefaults", value=run_defaults)
        pool_id, pool_arn = user_pool
        machine = self._states("stateMachine", f"tessera-{self._settings.stage}")
        removals = self._states("stateMachine", naming.removals_machine(self._settings.stage))
        campaigns = CampaignAccess.of(self, foundation=self._foundation, stage=self._settings.stage)
        erasures = self._states("stateMachine", naming.erasures_machine(self._settings.stage))
        pages = self._table_arn(write_keys) if write_keys else ""

        def environment(role: iam.Role) -> ApiEnvironment:
            of_tenants = TenantRole(
                self,
                "Tenant",
                trusted=role,
                foundation=self._foundation,
                table=self._table,
                key=self._key,
                write_keys=pages,
                campaigns=campaigns,
            )
            return ApiEnvironment(
                data_bucket=self._foundation.bucket.bucket_name,
                identities_bucket=self._foundation.identities.bucket_name,
                erasures_machine_arn=f"{erasures}:{LIVE}",
                api_table=self._table.table_name,
                runs_table=self._foundation.runs.table_name,
                state_machine_arn=f"{machine}:{LIVE}",
                user_pool_id=pool_id,
                find_customer_function=find_customer.arn,
                run_defaults=defaults.uri,
                available_destinations=",".join(self._settings.destinations),
                campaigns=campaigns.places.to_text() if campaigns else "",
                tenants_table=self._foundation.tenants.table_name,
                tenancy=self._settings.tenant.tenancy.to_text(),
                tenant_role=of_tenants.role.role_arn,
                removals_machine=f"{removals}:{LIVE}",
                write_keys_table=write_keys,
            )

        function = self.make("Api", "api", environment, memory_mb=_ONE_PROCESSOR_MB)
        defaults.allow_read(function.role)
        self._allow_no_tenants(function, pages=pages)
        self._allow_operating(function, removals)
        self._allow_runs(function, machine)
        allow_starting(function.role, machine=erasures)
        allow(function.role, ["cognito-idp:ListUsersInGroup"], pool_arn)
        allow(function.role, ["lambda:InvokeFunction"], find_customer.arn)
        if campaigns:
            campaigns.allow(function.role)
        return function

    def _allow_no_tenants(self, function: PythonFunction, *, pages: str) -> None:
        """Let the function's own role keep what has no tenant in its key, and read who is one."""
        role, foundation = function.role, self._foundation
        for table in (self._table.table_arn, *([pages] if pages else [])):
            allow_partitions(role, table, ("DeleteItem", "PutItem"), _KEYS)
        allow_table_key(role, self._key)
        allow_items(role, foundation.tenants, "GetItem", key=foundation.data_key)
        allow_key(role, self._key, foundation.data_key)

    def _allow_operating(self, function: PythonFunction, removals: str) -> None:
        """Let the function's own role serve operators, who reach no data of any tenant."""
        role, foundation = function.role, self._foundation
        tenants = ("Scan", "UpdateItem")
        allow(role, [f"dynamodb:{name}" for name in tenants], foundation.tenants.table_arn)
        items = ("DeleteItem", "GetItem", "PutItem")
        allow_partitions(role, self._table.table_arn, items, _REQUESTS)
        allow_objects(role, foundation.bucket, READ, f"{naming.REMOVALS}*")
        allow(role, ["states:StartExecution"], removals)

    def _table_arn(self, name: str) -> str:
        """Return the ARN of a table by its name: it is another stack's."""
        return str(
            Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=name)
        )

    def _allow_runs(self, function: PythonFunction, machine: str) -> None:
        """Let the API start a run, show its states, and answer for one that waits."""
        actions = ("StartExecution", "SendTaskFailure", "SendTaskSuccess")
        allow(function.role, [f"states:{name}" for name in actions], machine)
        name = f"tessera-{self._settings.stage}"
        executions = self._states("execution", f"{name}:*")
        allow(function.role, ["states:GetExecutionHistory"], executions)
        acknowledge(
            function.role,
            {
                rf"AwsSolutions-IAM5\[Resource::arn:.+:execution:{name}:\*\]": (
                    "It shows the states of this machine's executions."
                )
            },
        )

    def _states(self, kind: str, name: str) -> str:
        """Return an ARN by its name: the machine is in another capability's stack."""
        return str(
            Stack.of(self).format_arn(
                service="states",
                resource=kind,
                resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
        )

    def make(
        self,
        id_: str,
        folder: str,
        environment: Environment | Callable[[iam.Role], Environment],
        *,
        memory_mb: int,
        timeout: Duration = _TIMEOUT,
    ) -> PythonFunction:
        """Return a function of the code that all share."""
        return PythonFunction(
            self,
            id_,
            folder=folder,
            code=self._code,
            environment=environment,
            key=self._key,
            log_retention=retention(self._settings.log_retention_days),
            timeout=timeout,
            memory_mb=memory_mb,
            network=self._settings.network,
        )
